//! After a sign-in: is it what was asked for? (The class of CVE-2026-31957: the user who signed in was another one.)

use crate::cache::Login;
use crate::entra::endpoints::origin;
use crate::entra::{Answer, Context, clouds};
use crate::error::{Error, Kind};
use crate::request::{Authority, Tenant, TokenRequest};

/// Compares what the tokens say of themselves with what was asked: application, issuer, resource. Tokens that cannot be
/// read, and names that may be aliases, are let through: this finds mistakes, the authority guards.
pub(super) fn belongs(request: &TokenRequest, context: &Context<'_>, answer: &Answer) -> Result<(), Error> {
    let identity = &answer.identity;
    let refuse =
        |what: String, hint: &str| Err(Error::new(Kind::Denied, format!("{what}; nothing was stored")).hint(hint));
    if let Some(client) = &identity.client
        && !client.eq_ignore_ascii_case(context.client_id.as_str())
    {
        let what = format!(
            "the answer is for application `{client}`, not for `{}`",
            context.client_id.as_str()
        );
        return refuse(what, "check `--client-id` and `--authority-host`");
    }
    if let Some(issuer) = identity.issuer.as_deref().and_then(origin)
        && !is_its_own(&issuer, context)
    {
        let what = format!(
            "the answer was issued by `{issuer}`, not by `{}`",
            context.authority.url()
        );
        return refuse(what, "check `--cloud` and `--authority-host`");
    }
    if let (Some(audience), Some(resource)) = (&identity.audience, request.scopes.resource())
        && let (Some(got), Some(asked)) = (guid(audience), guid(resource))
        && got != asked
    {
        let what = format!("the token is for resource `{audience}`, not for `{resource}`");
        return refuse(what, "check `--resource` and `--scope`");
    }
    Ok(())
}

/// Whether an authority issues by this name: a cloud by any of its own, others by the one that they told of themselves
/// (OpenID Connect Core §3.1.3.7).
fn is_its_own(issuer: &str, context: &Context<'_>) -> bool {
    match (clouds::of(context.authority), &context.endpoints.issuer) {
        (Some(cloud), _) => Authority::parse(issuer).is_ok_and(|issuer| clouds::of(&issuer) == Some(cloud)),
        (None, Some(told)) => issuer == told,
        (None, None) => true,
    }
}

fn guid(text: &str) -> Option<Tenant> {
    Tenant::parse(text.strip_prefix("api://").unwrap_or(text).trim_end_matches('/'))
        .ok()
        .filter(Tenant::is_guid)
}

/// Compares who signed in with who was asked for (the class of CVE-2026-31957: the user who signed in was another one).
pub(super) fn who(request: &TokenRequest, login: &Login) -> Result<(), Error> {
    if let Some(asked) = &request.account
        && !asked.matches(&login.account)
        && !asked.matches(&login.home_account_id)
    {
        return Err(Error::new(
            Kind::Denied,
            format!(
                "`{}` signed in, but `{}` was asked for; nothing was stored",
                login.account,
                asked.as_str()
            ),
        )
        .hint("sign in with that account, or leave `--account` out"));
    }
    if let Some(asked) = request.tenant.as_ref().filter(|tenant| tenant.is_guid())
        && Tenant::parse(&login.tenant).is_ok_and(|got| got.is_guid() && got != *asked)
    {
        return Err(Error::new(
            Kind::Denied,
            format!(
                "the authority signed in to tenant `{}`, not to `{}`; nothing was stored",
                login.tenant,
                asked.as_str()
            ),
        )
        .hint("check `--tenant` and `--authority-host`"));
    }
    Ok(())
}
