//! Asks an Azure Databricks workspace for its tenant: it redirects to its own sign-in page, whose address names authority
//! and tenant (entra.md §4.3). The address comes from the network, so nothing in it is believed unchecked.

use super::clouds;
use super::correlation;
use super::post::{MAX_BODY, timed};
use super::unreachable::{self, nonsense};
use crate::error::{Error, Kind};
use crate::request::{Authority, Host, Tenant};
use crate::world::World;
use crate::world::http::{Method, Request};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// The authority and the tenant of a workspace. The authority is that of a known cloud, under its preferred host, or the
/// `expected` one, or one that the user has `configured`. The tenant may be `common` or the like, as for an account
/// console, which belongs to none.
///
/// # Errors
/// `timeout` or `network` if the host does not answer, `config` if it does not tell, `target_not_supported` if it names an
/// authority that nobody vouches for.
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
    .hint("if that is right, name it in a `[[host]]` of config.toml, or by `--authority` with `--tenant`"))
}

/// Authority and tenant of a sign-in page. Characters that readers of URLs take differently are refused, not resolved.
fn parse(location: &str) -> Result<(Authority, Tenant), &'static str> {
    let bare = location.split(['?', '#']).next().unwrap_or_default();
    let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'.' | b'-' | b'_' | b'[' | b']');
    if location.len() > 16 * 1024 || location.chars().any(char::is_control) || !bare.bytes().all(fine) {
        return Err("whose address is malformed");
    }
    let (_, rest) = bare.split_once("://").ok_or("whose address is not absolute")?;
    let (_, path) = rest.split_once('/').ok_or("whose address names no tenant")?;
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("whose address is malformed");
    }
    let url = Url::parse(location).map_err(|_| "whose address is malformed")?;
    // Opaque schemes have the origin `null`, which is no authority.
    let authority = Authority::parse(&url.origin().ascii_serialization())
        .ok()
        .filter(|_| matches!(url.scheme(), "https" | "http"))
        .ok_or("whose address is not https")?;
    let segment = path.split('/').next().unwrap_or_default();
    let tenant = Tenant::parse(segment)
        .ok()
        // A page without a tenant begins with another word, such as `oauth2`.
        .filter(|tenant| tenant.is_guid() || tenant.is_collective() || tenant.as_str().contains('.'))
        .ok_or("whose address names no tenant")?;
    Ok((authority, tenant))
}
