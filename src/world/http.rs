//! The network: one request, one answer; redirects are never followed. reqwest is named here only.

mod client;
mod roots;

pub use client::Client;

use std::fmt;
use std::time::Duration;
use zeroize::Zeroizing;

/// A request.
pub struct Request<'a> {
    /// What is done.
    pub method: Method,
    /// Absolute URL.
    pub url: &'a str,
    /// Headers besides `Host` and `Content-Length`; `User-Agent` is ours if it is not among them.
    pub headers: Vec<(&'a str, String)>,
    /// The body, wiped after use.
    pub body: Zeroizing<Vec<u8>>,
    /// Limit for connecting, sending and receiving together.
    pub timeout: Duration,
    /// Longest answer in bytes that is read.
    pub max_body: usize,
}

/// HTTP method (RFC 9110 §9.3; PATCH: RFC 5789).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
    /// HEAD.
    Head,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 6] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head];

    /// The word, as sent.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
        }
    }
}

/// An answer, whatever its status.
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Header names in lower case; values that are not text are left out.
    pub headers: Vec<(String, String)>,
    /// The body, wiped after use.
    pub body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// The first header of that (lower-case) name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(have, _)| have == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not connected: nothing was sent.
    Connect(String),
    /// No secure connection could be made: nothing was sent.
    Tls(String),
    /// The peer's certificate comes from nobody that this machine trusts: nothing was sent.
    Untrusted(String),
    /// The time limit passed.
    Timeout,
    /// The answer is longer than `max_body`.
    TooLarge,
    /// The connection broke after the request was sent, or the answer is not HTTP.
    Broken(String),
}

impl Fault {
    /// Whether the peer cannot have seen the request.
    #[must_use]
    pub const fn nothing_sent(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Tls(_) | Self::Untrusted(_))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(why) => write!(f, "cannot connect: {why}"),
            Self::Tls(why) => write!(f, "no secure connection: {why}"),
            Self::Untrusted(why) => write!(f, "the certificate was not accepted: {why}"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Broken(why) => write!(f, "the connection broke: {why}"),
        }
    }
}

/// The network.
pub trait Http: Send + Sync {
    /// Sends one request over one connection.
    ///
    /// # Errors
    /// Why there is no answer; never holds the request's body.
    fn send(&self, request: Request<'_>) -> Result<Response, Fault>;
}
