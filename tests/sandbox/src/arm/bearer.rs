//! Whether a caller may come in: a token for Resource Manager, of any tenant.

use serde_json::Value;

use crate::arm::failure;
use crate::directory::{ARM, Resource};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::verify::{self, Flaw};

/// The claims of the request's token, or the answer that refuses it.
pub(super) fn check(exchange: &Exchange<'_>, state: &State) -> Result<Value, Response> {
    let refuse = |code: &str, message: &str| {
        let challenge = format!(
            "Bearer authorization_uri=\"{}/organizations\", error=\"invalid_token\", error_description=\"{message}\"",
            exchange.base
        );
        failure(401, code, message).header("WWW-Authenticate", challenge)
    };
    let claims = verify::bearer(exchange, state).map_err(|flaw| match flaw {
        Flaw::Missing => refuse(
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
        ),
        Flaw::Forged | Flaw::TooEarly => refuse("InvalidAuthenticationToken", "The access token is invalid."),
        Flaw::Rejected => refuse("InvalidAuthenticationToken", "The access token was revoked."),
        Flaw::Expired => refuse("ExpiredAuthenticationToken", "The access token expiry is in the past."),
    })?;
    match claims["aud"].as_str().and_then(Resource::named) {
        Some(resource) if *resource == ARM => Ok(claims),
        _ => Err(refuse(
            "InvalidAuthenticationTokenAudience",
            "The access token has been obtained for wrong audience or resource.",
        )),
    }
}
