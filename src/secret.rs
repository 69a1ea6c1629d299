//! `Secret`: what must never be seen. Every token, password, code, verifier and assertion is one.

use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// A text that is redacted in `Debug`, has no `Display`, and is wiped when dropped.
///
/// It can be read from JSON, never serialized: whoever writes one says so with [`Secret::expose`], so a search for
/// `expose(` audits the whole program.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into custody.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The border: hands the text out. Only for what is sent to the authority, stored 0600, or given to the caller.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The hash by which a secret is spoken of: in `rejected`, in refusals, in logs.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.expose())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A value as JSON, with room from the start for a secret of that many bytes, every one of which may be escaped: a buffer
/// that grows leaves copies behind that nobody wipes.
#[must_use]
pub fn json(value: &impl serde::Serialize, secret: usize) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * secret + BESIDES));
    // Writing plain structs to memory cannot fail.
    let _ = serde_json::to_writer(&mut *bytes, value);
    bytes
}

/// As [`json()`], with two spaces of indent.
#[must_use]
pub fn pretty_json(value: &impl serde::Serialize, secret: usize) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * secret + BESIDES));
    let _ = serde_json::to_writer_pretty(&mut *bytes, value);
    bytes
}

/// What stands beside a secret in any JSON of ours, in bytes: scopes, names, places.
const BESIDES: usize = 4096;

/// `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(format!("sha256:{}", sha256_hex(text.as_bytes())))
    }

    /// Reads `sha256:<64 hexadecimal digits>`, in either case.
    ///
    /// # Errors
    /// The reason, without the text: a caller may have passed the token itself by mistake.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let Some(digits) = text.strip_prefix("sha256:") else {
            return Err("expected `sha256:` and 64 hexadecimal digits");
        };
        if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err("expected 64 hexadecimal digits after `sha256:`");
        }
        Ok(Self(format!("sha256:{}", digits.to_ascii_lowercase())))
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Lower-case hexadecimal SHA-256, also used for file names in the cache.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new("planted".into());
        assert!(!format!("{secret:?} {:?}", Some(&secret)).contains("planted"));
    }

    #[test]
    fn fingerprint_is_sha256() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Fingerprint::of("").as_str(), empty);
        assert_eq!(Fingerprint::parse(&empty.replace('e', "E")).unwrap().as_str(), empty);
    }

    #[test]
    fn a_token_passed_as_fingerprint_is_not_repeated() {
        assert!(!Fingerprint::parse("eyJ0eXAi").unwrap_err().contains("eyJ"));
    }
}
