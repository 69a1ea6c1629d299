//! Protocols that other programs speak to us over HTTP on this machine: pure answers to requests. Whoever listens passes
//! them in (`entra-token serve`).

mod external;
mod metadata;
#[cfg(test)]
mod tests;

use crate::error::{Error, Kind};
use crate::request::{Ask, Host};
use crate::secret::{Secret, json};
use crate::token::Granted;
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A request.
pub struct Question<'a> {
    /// `GET`, `POST` or another word.
    pub method: &'a str,
    /// Begins with `/`; not decoded.
    pub path: &'a str,
    /// What stands after the first `?`.
    pub query: Option<&'a str>,
    /// A header by its name, in any case, if it stands there once.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// An answer, always in JSON.
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Seconds after which to ask again.
    pub retry_after: Option<u64>,
    /// The document.
    pub body: Zeroizing<Vec<u8>>,
}

/// What answers.
pub struct Endpoint<'a> {
    /// The path of the Databricks metadata service, without the slash: to know it is to be allowed to ask.
    pub path: &'a Secret,
    /// The key of azd's external authentication.
    pub key: &'a Secret,
    /// The only host that tokens are given for; none: every host that is on the list.
    pub host: Option<&'a Host>,
}

/// A token that is wanted, and by which protocol.
pub struct Wanted {
    /// What for.
    pub ask: Ask,
    answer: fn(Result<Granted, Error>) -> Reply,
}

impl Endpoint<'_> {
    /// Reads one request.
    ///
    /// # Errors
    /// The answer, if no token is wanted.
    pub fn read(&self, question: &Question<'_>) -> Result<Wanted, Reply> {
        let path = question.path.strip_prefix('/').unwrap_or_default();
        if same(path, self.path) {
            return metadata::read(question, self.host);
        }
        if path == "token" {
            return external::read(question, self.key);
        }
        Err(Reply::refused(404, "unknown_path", "there is nothing here"))
    }
}

impl Wanted {
    /// The answer, once it is known whether there is a token.
    #[must_use]
    pub fn answer(&self, granted: Result<Granted, Error>) -> Reply {
        (self.answer)(granted)
    }
}

impl Reply {
    fn of(status: u16, document: &impl Serialize, secret: usize) -> Self {
        Self {
            status,
            retry_after: None,
            body: json(document, secret),
        }
    }

    fn refused(status: u16, error: &'static str, message: &str) -> Self {
        Self::of(status, &Told::new(error, message), 0)
    }
}

/// What went wrong, for programs and for people.
#[derive(Serialize)]
struct Told<'a> {
    error: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl<'a> Told<'a> {
    fn new(error: &'a str, message: &'a str) -> Self {
        Self {
            error,
            message,
            hint: None,
        }
    }
}

/// Compares what a stranger sent with a secret, in a time that tells nothing of it but its length.
fn same(sent: &str, secret: &Secret) -> bool {
    !secret.is_empty() && bool::from(sent.as_bytes().ct_eq(secret.expose().as_bytes()))
}

/// The status of a failure. 503 is what the callers try again by themselves; 404 would tell them that we are not there.
const fn status_of(kind: Kind) -> u16 {
    match kind {
        Kind::NotFound | Kind::InteractionRequired | Kind::ConsentRequired => 401,
        Kind::TargetNotSupported | Kind::Denied | Kind::Cancelled => 403,
        Kind::BadRequest | Kind::UnsupportedVersion | Kind::UnsupportedOp | Kind::Ambiguous => 400,
        Kind::Timeout | Kind::Network | Kind::Throttled | Kind::CacheBusy => 503,
        Kind::Config | Kind::StoreUnavailable | Kind::Internal => 500,
    }
}

/// Cause and what support asks for, on one line.
fn one_line(error: &Error) -> String {
    let details = error.details().map(|details| format!(" {}", details.for_support()));
    let text = format!("{error}{}", details.unwrap_or_default());
    text.replace(char::is_control, " ")
}
