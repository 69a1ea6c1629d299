//! `Endpoints`: where an authority takes requests. Known clouds have a fixed layout; others are asked once, at sign-in.

use super::correlation;
use super::form::Form;
use super::post::{MAX_BODY, timed};
use super::refusal::Refusal;
use super::unreachable::{self, nonsense};
use crate::clouds;
use crate::error::{Error, Kind};
use crate::request::{Authority, Tenant};
use crate::world::World;
use crate::world::http::{Method, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// Stands for the tenant in an endpoint.
const TENANT: &str = "{tenant}";

/// Where an authority takes requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// The token endpoint; may hold `{tenant}`, as may the others.
    pub token: String,
    /// Where a person signs in with a browser (RFC 6749 §3.1).
    pub authorize: Option<String>,
    /// Where a device code is asked for (RFC 8628 §3.1).
    pub device: Option<String>,
    /// Scheme, host and port of who issues its ID tokens, if it was asked: not always its own.
    pub issuer: Option<String>,
}

impl Endpoints {
    /// The layout of Microsoft's clouds.
    #[must_use]
    pub fn of_cloud(authority: &Authority) -> Self {
        let at = |name: &str| format!("{}/{TENANT}/oauth2/v2.0/{name}", authority.url());
        Self {
            token: at("token"),
            authorize: Some(at("authorize")),
            device: Some(at("devicecode")),
            issuer: None,
        }
    }

    /// Those that were discovered at sign-in, as the login keeps them: enough for a refresh.
    ///
    /// # Errors
    /// `store_unavailable` if they are not the authority's own: what is in a file is no reason to send a secret elsewhere.
    pub fn kept(token: &str, authority: &Authority) -> Result<Self, Error> {
        match own(token, authority) {
            Ok(_) => Ok(Self {
                token: token.to_owned(),
                authorize: None,
                device: None,
                issuer: None,
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
        of_tenant(&self.token, tenant)
    }

    /// Where a person of a tenant signs in with a browser.
    ///
    /// # Errors
    /// `config` if the authority has no such page.
    pub fn authorize_url(&self, tenant: &Tenant) -> Result<String, Error> {
        offered(
            self.authorize.as_deref(),
            tenant,
            "sign-in with a browser",
            "--device-code",
        )
    }

    /// Where a device code of a tenant is asked for.
    ///
    /// # Errors
    /// `config` if the authority gives none.
    pub fn device_url(&self, tenant: &Tenant) -> Result<String, Error> {
        offered(self.device.as_deref(), tenant, "sign-in by device code", "--paste")
    }
}

fn of_tenant(endpoint: &str, tenant: &Tenant) -> String {
    endpoint.replace(TENANT, tenant.as_str())
}

fn offered(endpoint: Option<&str>, tenant: &Tenant, what: &str, instead: &str) -> Result<String, Error> {
    endpoint.map(|endpoint| of_tenant(endpoint, tenant)).ok_or_else(|| {
        Error::new(Kind::Config, format!("this authority offers no {what}"))
            .hint(format!("sign in another way, such as: entra-token login {instead}"))
    })
}

/// As it stands in JSON (OpenID Connect Discovery 1.0 §3, RFC 8628 §4).
#[derive(Deserialize)]
struct Wire {
    token_endpoint: String,
    authorization_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
    #[serde(default)]
    issuer: Value,
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
    let check = |endpoint: &str, what: &str| {
        checked(endpoint, authority, tenant)
            .map_err(|why| nonsense(&response, authority, &format!("{what} endpoint {why}")))
    };
    let if_any = |endpoint: &Option<String>, what: &str| endpoint.as_deref().map(|url| check(url, what)).transpose();
    Ok(Endpoints {
        token: check(&wire.token_endpoint, "a token")?,
        authorize: if_any(&wire.authorization_endpoint, "an authorization")?,
        device: if_any(&wire.device_authorization_endpoint, "a device authorization")?,
        issuer: wire.issuer.as_str().and_then(origin),
    })
}

/// Scheme, host and port of an address.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    let origin = Url::parse(url).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
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
        let endpoints = Endpoints::kept("https://h/{tenant}/t", &Authority::parse("https://h").unwrap()).unwrap();
        assert_eq!(endpoints.token_url(&tenant), format!("https://h/{GUID}/t"));
        for error in [endpoints.authorize_url(&tenant), endpoints.device_url(&tenant)] {
            assert_eq!(error.unwrap_err().kind(), Kind::Config);
        }
    }

    #[test]
    fn every_endpoint_is_held_to_the_authority() {
        let told = |authorize: &str, device: &str| {
            let body = format!(
                r#"{{"token_endpoint":"https://localhost:8443/t","authorization_endpoint":{authorize},
                    "device_authorization_endpoint":{device}}}"#
            );
            let stage = Stage::new().answers(200, &body);
            let authority = Authority::parse("https://localhost:8443").unwrap();
            let tenant = Tenant::parse("contoso.example").unwrap();
            discover(&stage.world, &authority, &tenant, BEGAN + Duration::from_secs(5))
        };
        let found = told(r#""https://localhost:8443/contoso.example/a""#, "null").unwrap();
        assert_eq!(found.authorize.as_deref(), Some("https://localhost:8443/{tenant}/a"));
        assert_eq!(found.device, None);
        for evil in [r#""https://evil.example/a""#, r#""http://localhost:8443/a""#] {
            assert_eq!(told(evil, "null").unwrap_err().kind(), Kind::Network);
            assert_eq!(told("null", evil).unwrap_err().kind(), Kind::Network);
        }
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
