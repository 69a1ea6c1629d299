//! Faults that were ordered: what goes wrong with the next requests that fit.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::directory::Resource;
use crate::exchange::Exchange;
use crate::locked::locked;

pub(crate) mod play;

/// What goes wrong, with which requests, how often.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Only where the path contains this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only with this `grant_type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// Only for this resource (application id or URI).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// How many requests.
    #[serde(default)]
    pub times: Times,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// How often an order holds. In JSON a number or `"always"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub enum Times {
    /// This many times.
    Count(u32),
    /// Until it is cleared.
    Always,
}

/// What goes wrong with a request. In JSON the member `kind`, in snake case, beside the other members.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Another answer; the request is not acted on. Redirects, throttling and server errors are made of it.
    Status {
        /// The status.
        status: u16,
        /// Headers, such as `Retry-After` or `Location`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// The connection is reset (RST).
    Reset {
        /// Whether the request is acted on first, so that only its answer is lost.
        #[serde(default)]
        acted: bool,
    },
    /// The connection is closed without an answer.
    Close {
        /// As in `Reset`.
        #[serde(default)]
        acted: bool,
    },
    /// No answer, ever; ends when the caller hangs up or the sandbox stops.
    Hang {
        /// As in `Reset`.
        #[serde(default)]
        acted: bool,
    },
    /// The true answer, when it is released: by `Sandbox::release`, `POST /_sandbox/release`, or the end.
    Hold,
    /// The true answer, later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The true answer's length, half of the true answer, and the end.
    Truncated,
    /// An endless looking JSON text with status 200.
    Huge {
        /// How many bytes.
        #[serde(default = "hundred_megabytes")]
        bytes: u64,
        /// Whether `Content-Length` announces them; otherwise they come in chunks.
        #[serde(default)]
        announced: bool,
    },
    /// The true answer with members set or left away.
    Rewrite {
        /// Members to set.
        #[serde(default)]
        set: Map<String, Value>,
        /// Members to leave away.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// The true answer with all of its numbers as texts: valid, and what the v1 endpoint sends.
    NumbersAsTexts,
    /// A sign-in page with status 200, as captive portals send.
    NotJson,
    /// Status 200 without a body.
    Empty,
    /// The true answer, byte by byte.
    Drip {
        /// Milliseconds between two bytes.
        ms: u64,
    },
    /// Bytes that are not HTTP.
    Garbage,
    /// The true answer; then the connection is closed although it was said to stay open.
    CloseAfter,
}

/// The faults in the order in which they were ordered.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Fault {
    /// Once, with the next request to a token endpoint.
    pub fn token(kind: FaultKind) -> Self {
        Self {
            path: Some("/oauth2/v2.0/token".to_owned()),
            ..Self::any(kind)
        }
    }

    /// Once, with the next request of any kind.
    pub fn any(kind: FaultKind) -> Self {
        Self {
            path: None,
            grant: None,
            resource: None,
            times: Times::default(),
            kind,
        }
    }

    /// Until it is cleared.
    pub fn always(mut self) -> Self {
        self.times = Times::Always;
        self
    }

    /// This many times.
    pub fn times(mut self, count: u32) -> Self {
        self.times = Times::Count(count);
        self
    }

    fn fits(&self, exchange: &Exchange<'_>) -> bool {
        let Self {
            path,
            grant,
            resource,
            times: _,
            kind: _,
        } = self;
        path.as_ref().is_none_or(|part| exchange.request.path.contains(part))
            && grant.as_ref().is_none_or(|grant| exchange.grant() == Some(grant))
            && resource
                .as_ref()
                .is_none_or(|name| exchange.resource().is_some_and(|of| Resource::named(name) == Some(of)))
    }
}

impl FaultKind {
    /// A status with a body and one header.
    pub fn status(status: u16, header: Option<(&str, &str)>, body: &str) -> Self {
        let headers = header.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self::Status {
            status,
            headers: headers.into_iter().collect(),
            body: body.to_owned(),
        }
    }

    /// 429 with `Retry-After`, in seconds.
    pub fn throttled(retry_after: u32) -> Self {
        let body = r#"{"error":"temporarily_unavailable","error_description":"AADSTS90055: The request has been throttled.","error_codes":[90055]}"#;
        Self::status(429, Some(("Retry-After", &retry_after.to_string())), body)
    }

    /// A redirect elsewhere.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status, Some(("Location", location)), "")
    }

    /// The true answer with one member of another type or value.
    pub fn set(member: &str, value: Value) -> Self {
        Self::Rewrite {
            set: [(member.to_owned(), value)].into_iter().collect(),
            remove: Vec::new(),
        }
    }
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        locked(&self.0).push(fault);
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        locked(&self.0).clone()
    }

    pub(crate) fn clear(&self) {
        locked(&self.0).clear();
    }

    /// The first that fits, counted down.
    pub(crate) fn take(&self, exchange: &Exchange<'_>) -> Option<FaultKind> {
        let mut faults = locked(&self.0);
        let index = faults.iter().position(|fault| fault.fits(exchange))?;
        let kind = faults[index].kind.clone();
        if !faults[index].times.count_down() {
            faults.remove(index);
        }
        Some(kind)
    }
}

impl Times {
    /// Uses it once; false when it is used up.
    pub(crate) fn count_down(&mut self) -> bool {
        if let Self::Count(count) = self {
            *count = count.saturating_sub(1);
        }
        *self != Self::Count(0)
    }
}

impl Default for Times {
    fn default() -> Self {
        Self::Count(1)
    }
}

impl From<Times> for Value {
    fn from(times: Times) -> Self {
        match times {
            Times::Count(count) => count.into(),
            Times::Always => "always".into(),
        }
    }
}

impl TryFrom<Value> for Times {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
        match (count, value.as_str()) {
            (Some(count @ 1..), _) => Ok(Self::Count(count)),
            (_, Some("always")) => Ok(Self::Always),
            _ => Err("`times` is a number from 1, or \"always\""),
        }
    }
}

fn hundred_megabytes() -> u64 {
    100_000_000
}
