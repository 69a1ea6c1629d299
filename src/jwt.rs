//! Reads a JWT's claims without verifying: for display, hints and the check after a sign-in, never for expiry.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The claims of a JWT (RFC 7519), or `None` for anything else: access tokens may be opaque or encrypted.
#[must_use]
pub fn claims(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    match serde_json::from_slice(&bytes).ok()? {
        Value::Object(claims) => Some(claims),
        _ => None,
    }
}

/// One textual claim.
#[must_use]
pub fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_a_token() {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"tid":"t","n":1}"#));
        assert_eq!(text(&claims(&token).unwrap(), "tid"), Some("t"));
        for other in ["", "opaque", "a.b", "a.b.c.d.e", "e30.!!!.x", "e30.WzFd.x"] {
            assert!(claims(other).is_none(), "{other}");
        }
    }
}
