//! What must hold, whatever the input was.

use crate::home::SECRETS;
use entra_token::error::{Error, Kind};
use entra_token::request::Authority;
use serde_json::Value;
use url::{Host, Url};

/// A request may go to https, or to http on loopback, and carries neither user name nor password nor fragment.
pub fn destination(text: &str) {
    page(text);
    assert!(!text.contains('#'), "`{text}` has a fragment");
}

/// A person may be sent to https, or to http on loopback, without a user name or password.
pub fn page(text: &str) {
    let url = Url::parse(text).unwrap_or_else(|error| panic!("`{text}` is no URL: {error}"));
    match url.scheme() {
        "https" => {}
        "http" => assert!(is_loopback(&url), "http off loopback: `{text}`"),
        _ => panic!("`{text}`"),
    }
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "`{text}` names a user"
    );
}

/// An authority is where a request may go, has no path, and is read back as what it is.
pub fn authority(authority: &Authority) {
    let text = authority.url();
    destination(&text);
    let url = Url::parse(&text).expect("seen above");
    assert!(url.path() == "/" && url.query().is_none(), "`{text}` has a path");
    assert_eq!(url.host_str(), Some(authority.name()), "`{text}`");
    assert_eq!(Authority::parse(&text).as_ref(), Ok(authority), "`{text}`");
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.octets()[0] == 127,
        Some(Host::Ipv6(address)) => address.segments() == [0, 0, 0, 0, 0, 0, 0, 1],
        None => false,
    }
}

/// What a person is told steers no terminal.
pub fn shown(text: &str) {
    assert!(
        !text.chars().any(|c| c.is_control() && c != '\n'),
        "it steers a terminal: {text:?}"
    );
}

/// A text that others may see holds none of the secrets that are held.
pub fn no_secret(text: &str) {
    assert!(
        !SECRETS.iter().any(|secret| text.contains(secret)),
        "a secret is told: {text:?}"
    );
}

/// An error leaves a decision and holds no secret, wherever it is written.
pub fn error(error: &Error) {
    assert!(!error.message().is_empty());
    no_secret(&format!("{error:?}"));
}

/// One answer of the native protocol: a line of JSON with a result or an error. Returns its object.
#[must_use]
pub fn answer(line: &[u8]) -> Value {
    let text = std::str::from_utf8(line).expect("an answer is text");
    let bare = text
        .strip_suffix('\n')
        .unwrap_or_else(|| panic!("the line has no end: {text:?}"));
    assert!(
        !bare.chars().any(char::is_control),
        "an answer with control characters: {bare:?}"
    );
    let answer: Value = serde_json::from_str(bare).unwrap_or_else(|error| panic!("{error}: {bare:?}"));
    assert_eq!(answer["v"], 1, "{answer}");
    assert!(
        answer
            .as_object()
            .is_some_and(|outer| outer.contains_key("result") != outer.contains_key("error"))
    );
    if let Some(error) = answer.get("error") {
        let kind = kind(error);
        assert!(
            error["message"].as_str().is_some_and(|text| !text.is_empty()),
            "{answer}"
        );
        assert_eq!(error["retryable"], kind.retryable(), "{answer}");
    }
    answer
}

/// The kind that an error of the native protocol names.
#[must_use]
pub fn kind(error: &Value) -> Kind {
    let code = error["code"].as_str().unwrap_or_default();
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code);
    kind.unwrap_or_else(|| panic!("an unknown code: {error}"))
}

/// The exit status of a single answer.
#[must_use]
pub fn exit(answer: &Value) -> u8 {
    answer.get("error").map_or(0, |error| kind(error).exit())
}
