//! After a sign-in: is it what was asked for? (The class of CVE-2026-31957: the user who signed in was another one.)

use crate::cache::Login;
use crate::entra::endpoints::origin;
use crate::entra::{Context, Identity, clouds};
use crate::error::{Error, Kind};
use crate::request::{Authority, Tenant, TokenRequest};

/// Compares what the tokens say of themselves with what was asked: application, issuer, resource. Tokens that cannot be
/// read, and names that may be aliases, are let through: this finds mistakes, the authority guards.
pub(super) fn belongs(context: &Context<'_>, identity: &Identity) -> Result<(), Error> {
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
    if let (Some(audience), Some(resource)) = (&identity.audience, context.scopes.resource())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::Setting;
    use crate::entra::{Endpoints, Patience};
    use crate::request::Scopes;

    fn refused(setting: &Setting, identity: &Identity) -> Option<String> {
        let found = belongs(&setting.context(8, Patience::Once), identity);
        found.err().map(|error| {
            assert_eq!(error.kind(), Kind::Denied);
            error.message().to_owned()
        })
    }

    #[test]
    fn a_cloud_issues_by_any_of_its_names() {
        let issued = |authority: &str, issuer: &str| {
            let mut setting = Setting::new();
            setting.authority = Authority::parse(authority).unwrap();
            let issuer = Some(issuer.to_owned());
            refused(
                &setting,
                &Identity {
                    issuer,
                    ..Identity::default()
                },
            )
        };
        let public = "login.microsoftonline.com";
        for (authority, issuer) in [
            (public, "https://login.microsoftonline.com/t/v2.0"),
            (public, "https://sts.windows.net/t/"),
            ("login.windows.net", "https://login.microsoftonline.com/t/v2.0"),
            ("login.microsoftonline.us", "https://login.microsoftonline.us/t/v2.0"),
            // It tells nothing.
            (public, "joe"),
        ] {
            assert_eq!(issued(authority, issuer), None, "{authority} {issuer}");
        }
        for (authority, issuer) in [
            (public, "https://login.microsoftonline.us/t/v2.0"),
            ("login.microsoftonline.us", "https://sts.windows.net/t/"),
            (public, "https://login.microsoftonline.com.evil.example/t/v2.0"),
            (public, "https://login.microsoftonline.com:8443/t/v2.0"),
            (public, "http://login.microsoftonline.com/t/v2.0"),
            (public, "https://joe@evil.example/login.microsoftonline.com"),
        ] {
            let told = issued(authority, issuer).unwrap_or_else(|| panic!("{authority} {issuer}"));
            assert!(
                told.contains(&format!("not by `https://{authority}`; nothing was stored")),
                "{told}"
            );
        }
    }

    #[test]
    fn others_issue_by_the_name_that_they_told() {
        let mut setting = Setting::new();
        setting.authority = Authority::parse("https://sts.contoso.example").unwrap();
        let told = |issuer: Option<&str>| Endpoints {
            issuer: issuer.map(str::to_owned),
            ..Endpoints::of_cloud(&setting.authority)
        };
        let endpoints = [None, Some("https://id.contoso.example")].map(told);
        for (endpoints, issuer, fine) in [
            (&endpoints[1], "https://id.contoso.example/adfs", true),
            (&endpoints[1], "https://sts.contoso.example/adfs", false),
            (&endpoints[0], "https://anything.example", true),
        ] {
            setting.endpoints = endpoints.clone();
            let identity = Identity {
                issuer: Some(issuer.to_owned()),
                ..Identity::default()
            };
            assert_eq!(refused(&setting, &identity).is_none(), fine, "{issuer}");
        }
    }

    #[test]
    fn resources_are_compared_by_their_ids() {
        let mut setting = Setting::new();
        let of = |setting: &Setting, audience: &str| {
            let audience = Some(audience.to_owned());
            refused(
                setting,
                &Identity {
                    audience,
                    ..Identity::default()
                },
            )
        };
        let id = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
        let other = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
        assert_eq!(of(&setting, id), None);
        assert_eq!(of(&setting, &format!("api://{}/", id.to_uppercase())), None);
        // It may be the same one by its name.
        assert_eq!(of(&setting, "https://management.azure.com"), None);
        assert!(of(&setting, other).is_some());
        setting.scopes = Scopes::of_resource("https://management.azure.com/").unwrap();
        assert_eq!(of(&setting, other), None);
    }
}
