//! Randomness and hashes, in the spellings that Entra uses.

use std::fmt::Write as _;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    digest,
    rand::{SecureRandom as _, SystemRandom},
};

/// `N` random bytes. A system without randomness gives zeros, which no test would pass with.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let _ = SystemRandom::new().fill(&mut bytes);
    bytes
}

/// A random version 4 GUID.
pub(crate) fn guid() -> String {
    let mut b = bytes::<16>();
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    let h = hex(&b);
    format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
}

/// A GUID that stays the same from call to call.
pub(crate) fn guid_of(of: &str, name: &str) -> String {
    let h = sha256(&format!("{of} {name}"));
    format!(
        "{}-{}-4{}-8{}-{}",
        &h[..8],
        &h[8..12],
        &h[12..15],
        &h[15..18],
        &h[18..30]
    )
}

/// Random base64url of this many characters.
pub(crate) fn text(length: usize) -> String {
    let mut text = String::new();
    while text.len() < length {
        text.push_str(&base64url(bytes::<96>()));
    }
    text.truncate(length);
    text
}

/// Base64url without padding.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The text of base64 with padding.
pub(crate) fn from_base64(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

/// The SHA-256 of `text`, in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// The SHA-256 of `text` in base64url: `code_challenge` of a `code_verifier` (RFC 7636 §4.2).
pub(crate) fn challenge(text: &str) -> String {
    base64url(digest::digest(&digest::SHA256, text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
