//! After a sign-in: is it what was asked for? (The class of CVE-2026-31957: the user who signed in was another one.)

use crate::cache::Login;
use crate::clouds;
use crate::entra::endpoints::origin;
use crate::entra::{Context, Identity};
use crate::error::{Error, Kind};
use crate::request::{Account, Authority, Tenant};

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
    use crate::entra::{Endpoints, Patience};
    use crate::request::Scopes;
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
