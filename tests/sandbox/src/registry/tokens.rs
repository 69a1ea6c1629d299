//! Tokens of the registry: a refresh token for an access token of Entra's, and an access token for that. Each is for one
//! registry, so neither is good where the other is.

use serde_json::{Value, json};

use super::{failure, service};
use crate::directory::{CONTAINER_REGISTRY, Resource};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::verify;

/// The user whose password is a refresh token.
const USER: &str = "00000000-0000-0000-0000-000000000000";

/// Seconds that a refresh token lives.
const REFRESH: u64 = 3 * 3600;

/// Seconds that an access token lives.
const ACCESS: u64 = 75 * 60;

/// `POST /oauth2/exchange`.
pub(super) fn exchange(exchange: &Exchange<'_>, state: &State) -> Response {
    let request = exchange.request;
    let field = |name| request.field(name).unwrap_or_default();
    if field("grant_type") != "access_token" || field("service") != service(exchange) {
        return failure(400, "BAD_REQUEST", "grant_type or service is not right");
    }
    let Ok(claims) = verify::token(field("access_token"), state) else {
        return unauthorized(exchange);
    };
    let resource = claims["aud"].as_str().and_then(Resource::named);
    if resource != Some(&CONTAINER_REGISTRY) || claims["tid"] != field("tenant") {
        return unauthorized(exchange);
    }
    let token = mint(exchange, state, "refresh_token", REFRESH);
    Response::json(200, &json!({ "refresh_token": token }))
}

/// `/oauth2/token`: as a form (identity token), or as GET with user and password.
pub(super) fn access(exchange: &Exchange<'_>, state: &State) -> Response {
    let request = exchange.request;
    let by_password = || {
        let sent = request.header("authorization")?.strip_prefix("Basic ")?;
        let decoded = crate::random::from_base64(sent)?;
        Some(decoded.strip_prefix(USER)?.strip_prefix(':')?.to_owned())
    };
    let sent = match request.method.as_str() {
        "POST" if exchange.grant() == Some("refresh_token") => request.field("refresh_token").map(str::to_owned),
        "POST" if exchange.grant() == Some("password") && request.field("username") == Some(USER) => {
            request.field("password").map(str::to_owned)
        }
        _ => by_password(),
    };
    match sent.and_then(|token| is_ours(exchange, state, &token, "refresh_token")) {
        Some(()) => {
            let token = mint(exchange, state, "access_token", ACCESS);
            Response::json(200, &json!({ "access_token": token }))
        }
        None => unauthorized(exchange),
    }
}

/// Whether the registry lets the caller in.
pub(super) fn check(exchange: &Exchange<'_>, state: &State) -> Result<(), Response> {
    let sent = exchange.request.header("authorization").unwrap_or_default();
    let token = sent.strip_prefix("Bearer ").unwrap_or_default();
    is_ours(exchange, state, token, "access_token").ok_or_else(|| unauthorized(exchange))
}

fn is_ours(exchange: &Exchange<'_>, state: &State, token: &str, kind: &str) -> Option<()> {
    let claims = verify::token(token, state).ok()?;
    (claims["aud"] == service(exchange) && claims["grant_type"] == kind).then_some(())
}

fn mint(exchange: &Exchange<'_>, state: &State, kind: &str, life: u64) -> String {
    let now = state.clock.now();
    let claims: Value = json!({
        "iss": "Azure Container Registry",
        "aud": service(exchange),
        "iat": now,
        "nbf": now,
        "exp": now + life,
        "grant_type": kind,
        "jti": crate::random::guid(),
    });
    state.signer.sign(&claims)
}

fn unauthorized(exchange: &Exchange<'_>) -> Response {
    let (base, service) = (&exchange.base, service(exchange));
    failure(401, "UNAUTHORIZED", "authentication required").header(
        "WWW-Authenticate",
        format!("Bearer realm=\"{base}/oauth2/token\",service=\"{service}\""),
    )
}
