//! `Endpoints`: where an authority takes requests. Known clouds have a fixed layout; others are asked once, at sign-in.

use super::clouds;
use super::correlation;
use super::form::Form;
use super::post::{MAX_BODY, timed};
use super::refusal::Refusal;
use super::unreachable::{self, nonsense};
use crate::error::{Error, Kind};
use crate::request::{Authority, Tenant};
use crate::world::World;
use crate::world::http::{Method, Request};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// Stands for the tenant in an endpoint.
const TENANT: &str = "{tenant}";

/// Where an authority takes requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// The token endpoint; may hold `{tenant}`.
    pub token: String,
}

impl Endpoints {
    /// The layout of Microsoft's clouds (entra.md §4.2).
    #[must_use]
    pub fn of_cloud(authority: &Authority) -> Self {
        Self {
            token: format!("{}/{TENANT}/oauth2/v2.0/token", authority.url()),
        }
    }

    /// Those that were discovered at sign-in, as the login keeps them.
    ///
    /// # Errors
    /// `store_unavailable` if they are not the authority's own: what is in a file is no reason to send a secret elsewhere.
    pub fn kept(token: &str, authority: &Authority) -> Result<Self, Error> {
        match own(token, authority) {
            Ok(_) => Ok(Self {
                token: token.to_owned(),
            }),
            Err(why) => {
                let place = authority.key();
                Err(Error::new(
                    Kind::StoreUnavailable,
                    format!("the login at `{place}` cannot be used: it has a token endpoint {why}"),
                )
                .hint("sign in again; see `entra-token login --help`"))
            }
        }
    }

    /// The token endpoint of a tenant.
    #[must_use]
    pub fn token_url(&self, tenant: &Tenant) -> String {
        self.token.replace(TENANT, tenant.as_str())
    }
}

/// As it stands in JSON (OpenID Connect Discovery 1.0 §3).
#[derive(Deserialize)]
struct Wire {
    token_endpoint: String,
}

/// Asks an authority for its endpoints; a known cloud is not asked. They must be on the authority's own scheme, host
/// and port: whoever answers cannot send our secrets elsewhere.
///
/// # Errors
/// `timeout` or `network` if there is no usable answer, `config` if it does not know the tenant.
pub fn discover(world: &World, authority: &Authority, tenant: &Tenant, until: Duration) -> Result<Endpoints, Error> {
    if clouds::of(authority).is_some() {
        return Ok(Endpoints::of_cloud(authority));
    }
    let url = format!(
        "{}/{}/v2.0/.well-known/openid-configuration",
        authority.url(),
        tenant.as_str()
    );
    let correlation = correlation::id(world);
    let request = Request {
        method: Method::Get,
        url: &url,
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("client-request-id", correlation.clone()),
        ],
        body: Zeroizing::default(),
        timeout: Duration::ZERO,
        max_body: MAX_BODY,
    };
    let response =
        timed(world, until, request, &correlation).map_err(|fault| unreachable::explain(&fault, authority))?;
    match response.status {
        200 => {}
        400..=499 => {
            let error = Error::new(
                Kind::Config,
                format!("`{}` does not know the tenant `{}`", authority.key(), tenant.as_str()),
            )
            .hint("check `--tenant` and `--authority-host`");
            return Err(match Refusal::parse(&response.body, &Form::new()) {
                Some(refusal) => error.entra(refusal.details),
                None => error.caused_by(format!("status {}", response.status)),
            });
        }
        _ => return Err(nonsense(&response, authority, "no configuration")),
    }
    let wire: Wire = serde_json::from_slice(&response.body)
        .map_err(|_| nonsense(&response, authority, "something that is no OpenID configuration"))?;
    let token = checked(&wire.token_endpoint, authority, tenant)
        .map_err(|why| nonsense(&response, authority, &format!("a token endpoint {why}")))?;
    Ok(Endpoints { token })
}

/// The endpoint with its tenant, if it has one, as a place-holder.
fn checked(endpoint: &str, authority: &Authority, asked: &Tenant) -> Result<String, &'static str> {
    let url = own(endpoint, authority)?;
    let path = url.path();
    let (first, rest) = path
        .strip_prefix('/')
        .and_then(|path| path.split_once('/'))
        .unwrap_or_default();
    // Entra answers with the tenant's GUID when asked by its domain; ADFS has no tenant in its path.
    let is_tenant = Tenant::parse(first).is_ok_and(|tenant| tenant == *asked || tenant.is_guid());
    Ok(if is_tenant {
        format!("{}/{TENANT}/{rest}", authority.url())
    } else {
        format!("{}{path}", authority.url())
    })
}

/// An endpoint on the authority's own scheme, host and port.
fn own(endpoint: &str, authority: &Authority) -> Result<Url, &'static str> {
    let url = Url::parse(endpoint).map_err(|_| "that is no URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("with a user name or password in it");
    }
    let origin = url.origin().ascii_serialization();
    if Authority::parse(&origin).ok().as_ref() != Some(authority) {
        return Err("on another host");
    }
    if url.fragment().is_some() || url.query().is_some() {
        return Err("with a query or fragment");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::{BEGAN, Stage};

    const GUID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    fn ask(stage: &Stage, authority: &str, tenant: &str) -> Result<String, Error> {
        let authority = Authority::parse(authority).unwrap();
        let tenant = Tenant::parse(tenant).unwrap();
        discover(&stage.world, &authority, &tenant, BEGAN + Duration::from_secs(5)).map(|found| found.token)
    }

    fn endpoint(token: &str) -> Result<String, Error> {
        let stage = Stage::new().answers(200, &format!(r#"{{"token_endpoint":"{token}","issuer":1}}"#));
        ask(&stage, "https://localhost:8443", "contoso.example")
    }

    #[test]
    fn known_clouds_are_not_asked() {
        let found = ask(&Stage::new(), "login.microsoftonline.us", "common").unwrap();
        assert_eq!(found, "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token");
    }

    #[test]
    fn others_are_asked_once() {
        let stage = Stage::new().answers(200, r#"{"token_endpoint":"https://localhost:8443/contoso.example/t"}"#);
        assert_eq!(
            ask(&stage, "https://localhost:8443", "contoso.example").unwrap(),
            "https://localhost:8443/{tenant}/t"
        );
        assert_eq!(
            stage.sent()[0].url,
            "https://localhost:8443/contoso.example/v2.0/.well-known/openid-configuration"
        );
    }

    #[test]
    fn the_tenant_becomes_a_place_holder() {
        for (told, kept) in [
            (
                format!("https://LOCALHOST:8443/{GUID}/oauth2/v2.0/token"),
                "https://localhost:8443/{tenant}/oauth2/v2.0/token",
            ),
            (
                "https://localhost:8443/adfs/oauth2/token".to_owned(),
                "https://localhost:8443/adfs/oauth2/token",
            ),
            (
                "https://localhost:8443/token".to_owned(),
                "https://localhost:8443/token",
            ),
            (
                "https://localhost:8443/%7Btenant%7D/x".to_owned(),
                "https://localhost:8443/%7Btenant%7D/x",
            ),
        ] {
            assert_eq!(endpoint(&told).unwrap(), kept, "{told}");
        }
        let tenant = Tenant::parse(GUID).unwrap();
        let endpoints = Endpoints {
            token: "https://h/{tenant}/t".into(),
        };
        assert_eq!(endpoints.token_url(&tenant), format!("https://h/{GUID}/t"));
    }

    #[test]
    fn endpoints_elsewhere_are_refused() {
        for told in [
            "https://evil.example/contoso.example/t",
            "https://localhost/contoso.example/t",
            "https://localhost:8443.evil.example/t",
            "https://localhost:8443@evil.example/t",
            "https://user@localhost:8443/t",
            "http://localhost:8443/t",
            "/t",
            "",
            "javascript:alert(1)",
            "https://localhost:8443/t?x=1",
            "https://localhost:8443/t#x",
        ] {
            let error = endpoint(told).unwrap_err();
            assert_eq!(error.kind(), Kind::Network, "{told}");
            assert!(!error.to_string().contains("evil"), "{error}");
        }
    }

    #[test]
    fn kept_endpoints_are_the_authoritys_own() {
        let authority = Authority::parse("https://localhost:8443").unwrap();
        let kept = "https://localhost:8443/{tenant}/oauth2/v2.0/token";
        assert_eq!(Endpoints::kept(kept, &authority).unwrap().token, kept);
        for elsewhere in ["https://evil.example/{tenant}/token", "http://localhost:8443/t", "t"] {
            let error = Endpoints::kept(elsewhere, &authority).unwrap_err();
            assert_eq!(error.kind(), Kind::StoreUnavailable);
            assert!(!error.to_string().contains("evil"), "{error}");
        }
    }

    #[test]
    fn answers_that_are_no_configuration() {
        let tried = |stage: Stage| ask(&stage, "https://localhost:8443", "contoso.example").unwrap_err();
        let error = tried(Stage::new().answers(400, r#"{"error":"invalid_tenant","error_codes":[90002]}"#));
        assert_eq!(error.kind(), Kind::Config);
        assert_eq!(error.details().unwrap().codes, [90002]);
        assert_eq!(tried(Stage::new().answers(404, "")).kind(), Kind::Config);
        for (status, body) in [(200, "{}"), (200, "<html>"), (302, ""), (500, "")] {
            assert_eq!(
                tried(Stage::new().answers(status, body)).kind(),
                Kind::Network,
                "{status} {body}"
            );
        }
    }
}
