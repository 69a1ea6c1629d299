//! What it means, and what helps, when there is no answer or one that makes no sense.

use crate::error::{Error, Kind};
use crate::request::Authority;
use crate::world::http::{Fault, Response};

/// Longest word of others that is shown, in bytes: a GUID has 36, a scope by address some 80, a token many hundreds.
const LONGEST_WORD: usize = 128;

/// There is no answer.
#[must_use]
pub fn explain(fault: &Fault, authority: &Authority) -> Error {
    let place = authority.key();
    let no = |what: &str| format!("`{place}` {what}");
    match fault {
        Fault::Timeout => Error::new(Kind::Timeout, no("did not answer in time"))
            .hint("try again; if it goes on, check the network and `HTTPS_PROXY`"),
        Fault::Connect(why) => Error::new(Kind::Network, no("cannot be reached"))
            .caused_by(clean(why))
            .hint("check the network, the name resolution and `HTTPS_PROXY`"),
        Fault::Untrusted(why) => Error::new(Kind::Network, no("has a certificate that is not trusted"))
            .caused_by(clean(why))
            .hint("if a proxy of your company inspects TLS, set `SSL_CERT_FILE` to a PEM file with its certificate"),
        Fault::Tls(why) => Error::new(Kind::Network, no("cannot be reached securely"))
            .caused_by(clean(why))
            .hint("check the clock of this machine, `HTTPS_PROXY`, and whether something stands in between"),
        Fault::TooLarge => Error::new(Kind::Network, no("answered more than a token answer can be"))
            .hint("check whether something stands in between, such as a sign-in page of the network"),
        Fault::Broken(why) => Error::new(Kind::Network, no("broke off"))
            .caused_by(clean(why))
            .hint("try again; if it goes on, check the network and `HTTPS_PROXY`"),
    }
}

/// There is an answer, but it is not one of a token authority. Its body is never told: it may hold tokens.
pub(super) fn nonsense(response: &Response, authority: &Authority, what: &str) -> Error {
    let kind = response.header("content-type").map_or_else(
        || "no content type".to_owned(),
        |text| format!("content type `{}`", clean(text)),
    );
    Error::new(
        Kind::Network,
        format!(
            "`{}` answered {what} (status {}, {kind})",
            authority.key(),
            response.status
        ),
    )
    .hint("check whether something stands in between, such as a proxy or a sign-in page of the network")
}

/// Longest text of others that is shown, in characters.
const LONGEST_TEXT: usize = 300;

/// A text of others, fit to be shown: one line of limited length without control characters. A word that is longer than
/// any should be is left out, since it may be a token.
#[must_use]
pub fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .map(|word| if word.len() > LONGEST_WORD { "…" } else { word })
        .collect();
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST_TEXT) {
        None => text,
        Some(_) => text.chars().take(LONGEST_TEXT - 1).chain(['…']).collect(),
    }
}
