//! Cargo's messages (credential provider protocol, version 1). The names of members are Cargo's, hyphens and all.

use crate::error::{Error, Kind};
use crate::face::talk::one_line;
use crate::render::tame;
use crate::secret::json;
use crate::token::Credential;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What we say first: the versions that we speak.
pub(super) const HELLO: &[u8] = b"{\"v\":[1]}\n";

/// A wish for a token.
pub(super) struct Request {
    pub(super) index_url: String,
    headers: Vec<String>,
    /// What stands after our name in Cargo's configuration.
    pub(super) args: Vec<String>,
}

impl Request {
    /// Reads a request. No error repeats a value.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Error> {
        let message: Message = serde_json::from_slice(line)
            .map_err(|_| Error::new(Kind::BadRequest, "Cargo's request cannot be understood"))?;
        if message.v != 1 {
            return Err(Error::new(
                Kind::UnsupportedVersion,
                "Cargo speaks a version of its protocol that is not spoken here",
            ));
        }
        if message.kind != "get" {
            return Err(
                Error::new(Kind::UnsupportedOp, "entra-token does this by its own verbs")
                    .hint("run: entra-token login"),
            );
        }
        Ok(Self {
            index_url: message.registry.index_url,
            headers: message.registry.headers,
            args: message.args,
        })
    }

    /// The challenges of the answer by which the registry asked for a token.
    pub(super) fn challenges(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter_map(|header| {
            let (name, value) = header.split_once(':')?;
            name.eq_ignore_ascii_case("www-authenticate").then_some(value.trim())
        })
    }
}

/// The answer with a token: the whole value of the `Authorization` header, good for every operation.
pub(super) fn token(credential: &Credential) -> Zeroizing<Vec<u8>> {
    let token = credential.access_token.expose();
    let header = Zeroizing::new([&credential.token_type, " ", token].concat());
    let answer = Answer::Ok(Token {
        kind: "get",
        token: &header,
        cache: "expires",
        expiration: credential.expires_on,
        operation_independent: true,
    });
    line(&answer, header.len())
}

/// The answer without one. Of kinds that it does not know, Cargo loses the message.
pub(super) fn error(error: &Error) -> Zeroizing<Vec<u8>> {
    let kind = match error.kind() {
        Kind::TargetNotSupported => "url-not-supported",
        Kind::NotFound => "not-found",
        Kind::UnsupportedOp => "operation-not-supported",
        _ => "other",
    };
    let failure = Failure {
        kind,
        message: one_line(error, super::FACE.forbidden),
        caused_by: [],
    };
    line(&Answer::Err(failure), 0)
}

fn line(answer: &Answer<'_>, secret: usize) -> Zeroizing<Vec<u8>> {
    let mut bytes = json(answer, secret);
    bytes.push(b'\n');
    tame(bytes)
}

#[derive(Deserialize)]
struct Message {
    v: u64,
    kind: String,
    registry: Registry,
    #[serde(default)]
    args: Vec<String>,
}

#[derive(Deserialize)]
struct Registry {
    #[serde(rename = "index-url")]
    index_url: String,
    #[serde(default)]
    headers: Vec<String>,
}

#[derive(Serialize)]
enum Answer<'a> {
    Ok(Token<'a>),
    Err(Failure),
}

#[derive(Serialize)]
struct Token<'a> {
    kind: &'static str,
    token: &'a str,
    cache: &'static str,
    expiration: i64,
    operation_independent: bool,
}

#[derive(Serialize)]
struct Failure {
    kind: &'static str,
    message: String,
    #[serde(rename = "caused-by")]
    caused_by: [(); 0],
}
