//! Asks an Azure Databricks workspace for its tenant: it redirects to its own sign-in page, whose address names
//! authority and tenant. The address comes from the network, so nothing in it is believed unchecked.

use super::correlation;
use super::post::{MAX_BODY, timed};
use super::unreachable::{self, nonsense};
use crate::clouds;
use crate::error::{Error, Kind};
use crate::request::{Authority, Host, Tenant};
use crate::world::World;
use crate::world::http::{Method, Request};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// The authority and the tenant of a workspace. The authority is that of a known cloud, under its preferred host, or
/// the `expected` one, or one that the user has `configured`. The tenant may be `common` or the like, as for an account
/// console, which belongs to none.
///
/// # Errors
/// `timeout` or `network` if the host does not answer, `config` if it does not tell, `target_not_supported` if it names
/// an authority that nobody vouches for.
pub fn tenant_of(
    world: &World,
    host: &Host,
    expected: &Authority,
    configured: &[Authority],
    until: Duration,
) -> Result<(Authority, Tenant), Error> {
    // A host is asked like an authority: https, or loopback.
    let asked = Authority::parse(&host.url()).map_err(|why| Error::new(Kind::Internal, why))?;
    let url = format!("{}/aad/auth", host.url());
    let correlation = correlation::id(world);
    let request = Request {
        method: Method::Get,
        url: &url,
        headers: vec![("accept", "text/html".to_owned())],
        body: Zeroizing::default(),
        timeout: Duration::ZERO,
        max_body: MAX_BODY,
    };
    let response = timed(world, until, request, &correlation).map_err(|fault| unreachable::explain(&fault, &asked))?;
    let location = match response.status {
        300..=399 => response.header("location"),
        500.. => return Err(nonsense(&response, &asked, "that it is in trouble")),
        _ => None,
    };
    let Some(location) = location else {
        return Err(Error::new(
            Kind::Config,
            format!("`{}` does not tell its tenant (status {})", host.key(), response.status),
        )
        .hint("check that it is a workspace, or give `--tenant`"));
    };
    let (authority, tenant) = parse(location).map_err(|why| {
        Error::new(
            Kind::Config,
            format!("`{}` redirects to a sign-in page {why}", host.key()),
        )
        .hint("check that it is a workspace, or give `--tenant`")
    })?;
    if configured.contains(&authority) {
        return Ok((authority, tenant));
    }
    if clouds::of(&authority).is_some() || authority == *expected {
        return Ok((clouds::canonical(authority), tenant));
    }
    Err(Error::new(
        Kind::TargetNotSupported,
        format!(
            "`{}` wants tokens of `{}`, which is no cloud of Microsoft",
            host.key(),
            authority.key()
        ),
    )
    .hint("if that is right, name it in a `[[host]]` of config.toml, or by `--authority-host` with `--tenant`"))
}

/// Authority and tenant of a sign-in page. Characters that readers of URLs take differently are refused, not resolved.
fn parse(location: &str) -> Result<(Authority, Tenant), &'static str> {
    let bare = location.split(['?', '#']).next().unwrap_or_default();
    let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'.' | b'-' | b'_' | b'[' | b']');
    if location.len() > 16 * 1024 || location.chars().any(char::is_control) || !bare.bytes().all(fine) {
        return Err("whose address is malformed");
    }
    let (scheme, rest) = bare.split_once("://").ok_or("whose address is not absolute")?;
    // Else what follows `://` is no authority but a part of a path, as in `https:/x://y/z`.
    if !["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err("whose address is not https");
    }
    let (name, path) = rest.split_once('/').ok_or("whose address names no tenant")?;
    if name.is_empty() || path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("whose address is malformed");
    }
    let url = Url::parse(location).map_err(|_| "whose address is malformed")?;
    let authority = Authority::parse(&url.origin().ascii_serialization()).map_err(|_| "whose address is not https")?;
    // `127.0.001` and `0x7f.1` are 127.0.0.1 to some readers, and other hosts to others.
    if !host_of(name).eq_ignore_ascii_case(authority.name()) {
        return Err("whose address is malformed");
    }
    let segment = path.split('/').next().unwrap_or_default();
    let tenant = Tenant::parse(segment)
        .ok()
        // A page without a tenant begins with another word, such as `oauth2`.
        .filter(|tenant| tenant.is_guid() || tenant.is_collective() || tenant.as_str().contains('.'))
        .ok_or("whose address names no tenant")?;
    Ok((authority, tenant))
}

/// The host of `host:port`, without the root's dot.
fn host_of(name: &str) -> &str {
    let end = match name.rfind(']') {
        Some(bracket) => bracket + 1,
        None => name.find(':').unwrap_or(name.len()),
    };
    let host = name.get(..end).unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::{BEGAN, Stage};

    const GUID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    fn ask(stage: &Stage) -> Result<(Authority, Tenant), Error> {
        tenant_of(
            &stage.world,
            &Host::parse("adb-1.2.azuredatabricks.net").unwrap(),
            &Authority::parse("login.microsoftonline.com").unwrap(),
            &[Authority::parse("https://localhost:8443").unwrap()],
            BEGAN + Duration::from_secs(5),
        )
    }

    fn redirected(location: &str) -> Result<(String, String), Error> {
        let stage = Stage::new().answers_with(302, &[("location", location)], "");
        let answer = ask(&stage).map(|(authority, tenant)| (authority.url(), tenant.as_str().to_owned()));
        assert_eq!(stage.sent()[0].url, "https://adb-1.2.azuredatabricks.net/aad/auth");
        assert_eq!(stage.sent().len(), 1);
        answer
    }

    #[test]
    fn authority_and_tenant_of_a_workspace() {
        for (location, authority, tenant) in [
            (
                format!("https://login.microsoftonline.com/{GUID}/oauth2/authorize?client_id=2ff&x=a%20b/../c"),
                "https://login.microsoftonline.com",
                GUID,
            ),
            (
                format!("https://login.windows.net/{GUID}"),
                "https://login.microsoftonline.com",
                GUID,
            ),
            (
                "https://login.microsoftonline.us:443/Contoso.example/x".to_owned(),
                "https://login.microsoftonline.us",
                "contoso.example",
            ),
            (
                format!("https://localhost:8443/{GUID}/x"),
                "https://localhost:8443",
                GUID,
            ),
            (
                "https://login.microsoftonline.com/common/oauth2".to_owned(),
                "https://login.microsoftonline.com",
                "common",
            ),
        ] {
            assert_eq!(
                redirected(&location).unwrap(),
                (authority.to_owned(), tenant.to_owned()),
                "{location}"
            );
        }
    }

    #[test]
    fn nobody_vouches_for_a_stranger() {
        for location in [
            "https://evil.example/common/x",
            "https://login.microsoftonline.com.evil.example/common/x",
            "https://login.microsoftonline.com:8443/common/x",
            "https://localhost/common/x",
        ] {
            let error = redirected(location).unwrap_err();
            assert_eq!(error.kind(), Kind::TargetNotSupported, "{location}");
        }
    }

    #[test]
    fn hostile_addresses() {
        for location in [
            "",
            "/login",
            "//login.microsoftonline.com/common",
            "http://login.microsoftonline.com/common/x",
            "ftp://login.microsoftonline.com/common/x",
            "javascript://login.microsoftonline.com/common/x",
            "https:login.microsoftonline.com/common/x",
            "https:/login.microsoftonline.com/common/x",
            "https:/login.microsoftonline.com/x://evil.example/contoso.example/y",
            "https://login.microsoftonline.com@evil.example/common/x",
            "https://user:pw@login.microsoftonline.com/common/x",
            "https://login.microsoftonline.com\\@evil.example/common",
            "https://login.microsoftonline.com/common\\..\\x",
            "https://login.microsoftonline.com/../common/x",
            "https://login.microsoftonline.com/x/../common/x",
            "https://login.microsoftonline.com/%2e%2e/common",
            "https://login.microsoftonline.com//common",
            "https://login.microsoftonline.com/co mmon",
            "https://login.microsoftonline.com/common\r\nX: y",
            "https://login.microsoftonline.com/common?x=\u{1b}[2J",
            "https://login.microsoftonline.com/oauth2/authorize",
            "https://login.microsoftonline.com/",
            "https://login.microsoftonline.com",
            "https://login.microsoftonline.com/contoso_example/x",
            "https:///common/x",
        ] {
            let error = redirected(location).unwrap_err();
            assert_eq!(error.kind(), Kind::Config, "{location:?}: {error}");
            assert!(!format!("{error:?}").contains("pw"), "{error:?}");
        }
    }

    #[test]
    fn hosts_that_do_not_tell() {
        for (status, kind) in [
            (200, Kind::Config),
            (404, Kind::Config),
            (302, Kind::Config),
            (503, Kind::Network),
        ] {
            assert_eq!(
                ask(&Stage::new().answers(status, "")).unwrap_err().kind(),
                kind,
                "{status}"
            );
        }
    }
}
