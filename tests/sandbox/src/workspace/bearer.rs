//! Whether a caller may come in: signature, audience, issuer, tenant and times of its token.

use serde_json::{Value, json};

use crate::directory::{DATABRICKS, Tenant};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::random::sha256;
use crate::state::State;
use crate::token::access::issuer;

/// The claims of the request's token, or the answer that refuses it. Which of 401 and 403 the real workspace gives
/// is not documented: here 401 says "this token is not good", 403 "this good token is not for me".
pub(crate) fn check(exchange: &Exchange<'_>, state: &State) -> Result<Value, Response> {
    let header = exchange.request.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthenticated(
            "Credential was not sent or was of an unsupported type for this API.",
        ));
    }
    let claims = state
        .signer
        .verify(token)
        .ok_or_else(|| unauthenticated("Invalid access token."))?;
    if state.rejected().contains(&sha256(token)) {
        return Err(unauthenticated("The access token was revoked."));
    }
    let now = state.clock.now();
    if claims["exp"].as_u64().is_none_or(|exp| exp <= now) {
        return Err(unauthenticated("ExpiredJwtException: the access token is expired."));
    }
    if claims["nbf"].as_u64().is_none_or(|nbf| nbf > now) {
        return Err(unauthenticated("The access token is not valid yet."));
    }
    if claims["aud"].as_str() != Some(DATABRICKS.id()) {
        return Err(forbidden("Invalid access token: the audience is not this service."));
    }
    let tenant = Tenant::named(&state.settings().workspace_tenant);
    if tenant.is_none_or(|tenant| claims["tid"] != tenant.id || claims["iss"] != issuer(state, tenant)) {
        return Err(forbidden(
            "Invalid access token: the issuer is not the tenant of this workspace.",
        ));
    }
    Ok(claims)
}

/// An error as Databricks writes it.
pub(crate) fn failure(status: u16, code: &str, message: &str) -> Response {
    Response::json(status, &json!({"error_code": code, "message": message}))
}

fn unauthenticated(message: &str) -> Response {
    failure(401, "UNAUTHENTICATED", message).header("WWW-Authenticate", "Bearer realm=\"databricks\"")
}

fn forbidden(message: &str) -> Response {
    failure(403, "PERMISSION_DENIED", message)
}
