//! Whether a request's access token is one of ours, and good now. Whom it is for is the resource's own question.

use serde_json::Value;

use crate::exchange::Exchange;
use crate::random::sha256;
use crate::state::State;

/// What is wrong with a token, or with its absence.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Missing,
    Forged,
    /// A test said so.
    Rejected,
    Expired,
    TooEarly,
}

/// The claims of the request's bearer token (RFC 6750 §2.1).
pub(crate) fn bearer(exchange: &Exchange<'_>, state: &State) -> Result<Value, Flaw> {
    let header = exchange.request.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Flaw::Missing);
    }
    self::token(token, state)
}

/// The claims of a token.
pub(crate) fn token(token: &str, state: &State) -> Result<Value, Flaw> {
    let claims = state.signer.verify(token).ok_or(Flaw::Forged)?;
    let now = state.clock.now();
    if state.rejected().contains(&sha256(token)) {
        Err(Flaw::Rejected)
    } else if claims["exp"].as_u64().is_none_or(|exp| exp <= now) {
        Err(Flaw::Expired)
    } else if claims["nbf"].as_u64().is_none_or(|nbf| nbf > now) {
        Err(Flaw::TooEarly)
    } else {
        Ok(claims)
    }
}
