//! After a sign-in: is it what was asked for? (The class of CVE-2026-31957: the user who signed in was another one.)

use crate::cache::Login;
use crate::clouds;
use crate::entra::endpoints::origin;
use crate::entra::{Answer, Context};
use crate::error::{Error, Kind};
use crate::request::{Account, Authority, Tenant, TokenRequest};

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
pub(super) fn who(account: Option<&Account>, tenant: &Tenant, login: &Login) -> Result<(), Error> {
    if let Some(asked) = account
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
    // Also where a workspace told it: a login of another tenant would be remembered for that workspace.
    if tenant.is_guid() && Tenant::parse(&login.tenant).is_ok_and(|got| got.is_guid() && got != *tenant) {
        return Err(Error::new(
            Kind::Denied,
            format!(
                "the authority signed in to tenant `{}`, not to `{}`; nothing was stored",
                login.tenant,
                tenant.as_str()
            ),
        )
        .hint("check `--tenant` and `--authority-host`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::Setting;
    use crate::secret::Secret;

    const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const OTHER: &str = "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3";

    fn kind(account: Option<&str>, asked: &str, got: &str) -> Option<Kind> {
        let setting = Setting::new();
        let login = Login {
            authority: setting.authority.clone(),
            token_endpoint: None,
            client_id: setting.client_id.clone(),
            account: "ana@contoso.example".to_owned(),
            home_account_id: "u.t".to_owned(),
            tenant: got.to_owned(),
            flow: "browser".to_owned(),
            signed_in_on: 0,
            refresh_token: Secret::new("planted".to_owned()),
            refresh_token_obtained_on: 0,
        };
        let account = account.map(|name| Account::parse(name).unwrap());
        who(account.as_ref(), &Tenant::parse(asked).unwrap(), &login)
            .err()
            .map(|error| error.kind())
    }

    #[test]
    fn who_and_where_must_be_as_asked_or_as_the_workspace_told() {
        assert_eq!(kind(None, TENANT, TENANT), None);
        assert_eq!(kind(None, TENANT, OTHER), Some(Kind::Denied));
        // Names that may be aliases are let through.
        assert_eq!(kind(None, "organizations", OTHER), None);
        assert_eq!(kind(None, "contoso.example", OTHER), None);
        assert_eq!(kind(Some("ANA@contoso.example"), TENANT, TENANT), None);
        assert_eq!(kind(Some("eve@contoso.example"), TENANT, TENANT), Some(Kind::Denied));
    }
}
