//! Azure Container Registry, which takes no token of Entra's itself: it exchanges one for a refresh token of its own, good for
//! that registry alone and for some three hours. Redirects are never followed, since a token goes along.

use super::correlation;
use super::form::Form;
use super::http_date;
use super::post::timed;
use super::unreachable;
use crate::error::{Error, Kind};
use crate::request::{Authority, Host};
use crate::secret::Secret;
use crate::world::World;
use crate::world::http::{Method, Request};
use serde::Deserialize;
use std::time::Duration;

/// Longest answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;

#[derive(Deserialize)]
struct Exchanged {
    refresh_token: Secret,
}

/// Exchanges an access token of this tenant (`POST /oauth2/exchange`, the document "Azure Container Registry: AAD integration").
///
/// # Errors
/// `timeout`, `network`, `throttled`, or `denied` if the registry refuses the token.
pub fn exchange(world: &World, host: &Host, tenant: &str, token: &Secret, until: Duration) -> Result<Secret, Error> {
    let place = Authority::parse(&host.url()).map_err(|why| Error::new(Kind::Internal, why))?;
    let correlation = correlation::id(world);
    let form = Form::new()
        .plain("grant_type", "access_token")
        .plain("service", host.key())
        .plain("tenant", tenant)
        .secret("access_token", token);
    let request = Request {
        method: Method::Post,
        url: &format!("{}/oauth2/exchange", host.url()),
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ],
        body: form.encode(),
        timeout: Duration::ZERO,
        max_body: MAX_ANSWER,
    };
    let mut response =
        timed(world, until, request, &correlation).map_err(|fault| unreachable::explain(&fault, &place))?;
    // Whoever answers may repeat what it was sent, and some headers are told.
    for (_, value) in &mut response.headers {
        *value = form.redact(value);
    }
    let key = host.key();
    match response.status {
        200 => serde_json::from_slice(&response.body)
            .ok()
            .map(|Exchanged { refresh_token }| refresh_token)
            .filter(|token| is_token(token.expose()))
            .ok_or_else(|| unreachable::nonsense(&response, &place, "with no token of a registry")),
        400 | 401 | 403 => Err(Error::new(
            Kind::Denied,
            format!("the registry `{key}` refuses this account (status {})", response.status),
        )
        .hint(format!(
            "signing in again will not help: ask for a role on `{key}`, such as AcrPull, or name the tenant that it belongs to"
        ))),
        429 => {
            let now = world.clock.now();
            let wait = response.header("retry-after").map(|text| http_date::wait(text, now));
            let error = Error::new(Kind::Throttled, format!("the registry `{key}` asks for patience"));
            Err(error.retry_after(wait.unwrap_or(http_date::DEFAULT_WAIT)))
        }
        _ => Err(unreachable::nonsense(&response, &place, "with no token of a registry")),
    }
}

/// Whether it can stand in a header and on one line.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
