//! `Claims`: a claims challenge, to be honoured in the next request.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::Value;

/// A JSON object in its compact text form (OpenID Connect Core §5.5; Entra's claims challenge).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claims(String);

impl Claims {
    /// Reads the object as JSON text or as base64 of it, as a `WWW-Authenticate` header carries it.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > 64 * 1024 {
            return Err("claims are longer than 64 KiB".to_owned());
        }
        if text.starts_with('{') {
            return Self::from_json(text.as_bytes());
        }
        [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .iter()
            .find_map(|engine| engine.decode(text).ok())
            .ok_or_else(|| "claims are neither a JSON object nor base64 of one".to_owned())
            .and_then(|bytes| Self::from_json(&bytes))
    }

    /// Takes an object that was already read.
    ///
    /// # Errors
    /// If it is no object.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        if !value.is_object() {
            return Err("claims must be a JSON object".to_owned());
        }
        Ok(Self(value.to_string()))
    }

    fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| "claims are not valid JSON".to_owned())?;
        Self::from_value(&value)
    }

    /// The compact JSON text, as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_base64_are_the_same() {
        let text = r#"{"access_token":{"nbf":{"essential":true}}}"#;
        let plain = Claims::parse(text).unwrap();
        assert_eq!(plain, Claims::parse(&STANDARD.encode(text)).unwrap());
        assert_eq!(plain, Claims::parse(&URL_SAFE_NO_PAD.encode(text)).unwrap());
        assert!(Claims::parse("[1]").is_err() && Claims::parse("{").is_err() && Claims::parse("").is_err());
    }
}
