//! What goes wrong: a kind that decides for the caller, a cause, and the command that repairs it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a request failed, as the decision that it leaves to the caller. The one table of codes and exit statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Something in our configuration or surroundings is wrong.
    Config,
    /// The logins cannot be read or written.
    StoreUnavailable,
    /// A bug of ours, or an answer nobody can make sense of.
    Internal,
    /// The call is wrong.
    BadRequest,
    /// A protocol version that we do not speak.
    UnsupportedVersion,
    /// An operation that we do not have.
    UnsupportedOp,
    /// Several logins fit; the message lists them.
    Ambiguous,
    /// The host or resource is not one that we give tokens for.
    TargetNotSupported,
    /// Never signed in.
    NotFound,
    /// Was signed in; a person must sign in again.
    InteractionRequired,
    /// A person or an administrator must consent to this resource.
    ConsentRequired,
    /// Refused, and signing in again will not help.
    Denied,
    /// A person said no, or interrupted.
    Cancelled,
    /// The deadline passed.
    Timeout,
    /// The authority could not be reached or did not answer sensibly.
    Network,
    /// The authority asked us to wait.
    Throttled,
    /// Another process holds a lock for longer than the deadline.
    CacheBusy,
}

impl Kind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 17] = [
        Self::Config,
        Self::StoreUnavailable,
        Self::Internal,
        Self::BadRequest,
        Self::UnsupportedVersion,
        Self::UnsupportedOp,
        Self::Ambiguous,
        Self::TargetNotSupported,
        Self::NotFound,
        Self::InteractionRequired,
        Self::ConsentRequired,
        Self::Denied,
        Self::Cancelled,
        Self::Timeout,
        Self::Network,
        Self::Throttled,
        Self::CacheBusy,
    ];

    const fn row(self) -> (&'static str, u8) {
        match self {
            Self::Config => ("config", 1),
            Self::StoreUnavailable => ("store_unavailable", 1),
            Self::Internal => ("internal", 1),
            Self::BadRequest => ("bad_request", 2),
            Self::UnsupportedVersion => ("unsupported_version", 2),
            Self::UnsupportedOp => ("unsupported_op", 2),
            Self::Ambiguous => ("ambiguous", 2),
            Self::TargetNotSupported => ("target_not_supported", 3),
            Self::NotFound => ("not_found", 3),
            Self::InteractionRequired => ("interaction_required", 4),
            Self::ConsentRequired => ("consent_required", 4),
            Self::Denied => ("denied", 5),
            Self::Cancelled => ("cancelled", 5),
            Self::Timeout => ("timeout", 6),
            Self::Network => ("network", 6),
            Self::Throttled => ("throttled", 6),
            Self::CacheBusy => ("cache_busy", 6),
        }
    }

    /// The stable code of the native protocol.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The exit status that mirrors the code.
    #[must_use]
    pub const fn exit(self) -> u8 {
        self.row().1
    }

    /// Whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub const fn retryable(self) -> bool {
        self.exit() == 6
    }
}

/// What the authority said, kept for support: an OAuth error answer (RFC 6749 §5.2) with Entra's additions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntraDetails {
    /// RFC 6749 `error`.
    pub error: String,
    /// Entra's `suberror`.
    pub suberror: Option<String>,
    /// AADSTS numbers, most significant first.
    pub codes: Vec<u32>,
    /// `correlation_id`: what support asks for.
    pub correlation_id: Option<String>,
    /// `trace_id`.
    pub trace_id: Option<String>,
    /// `timestamp`, in the authority's own text.
    pub timestamp: Option<String>,
    /// A claims challenge (JSON text) that the next interactive sign-in must carry.
    pub claims: Option<String>,
}

impl EntraDetails {
    /// In the words that support asks for, on one line.
    #[must_use]
    pub fn for_support(&self) -> String {
        let Self {
            error,
            suberror,
            codes,
            correlation_id,
            trace_id,
            timestamp,
            claims: _, // for the next sign-in, not for a reader
        } = self;
        let mut parts = vec![format!("(entra: {error}")];
        parts.extend(suberror.clone().filter(|text| !text.is_empty()));
        parts.extend(codes.iter().map(|code| format!("AADSTS{code}")));
        for (name, value) in [
            ("correlation id", correlation_id),
            ("trace id", trace_id),
            ("timestamp", timestamp),
        ] {
            parts.extend(value.as_ref().map(|value| format!("{name} {value}")));
        }
        parts.join(", ") + ")"
    }
}

/// An error that a caller can act on.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: Kind,
    message: String,
    hint: Option<String>,
    entra: Option<EntraDetails>,
    retry_after: Option<u64>,
    caused_by: Vec<String>,
}

impl Error {
    /// A cause in plain words: lower case, no full stop, values in backticks, no secret.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            entra: None,
            retry_after: None,
            caused_by: Vec::new(),
        }))
    }

    /// The remedy: the exact next command, or that there is none.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What the authority said.
    #[must_use]
    pub fn entra(mut self, details: EntraDetails) -> Self {
        self.0.entra = Some(details);
        self
    }

    /// Seconds to wait before asking again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// A lower-level cause, outermost first. Must hold no secret.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.0.caused_by.push(cause.to_string());
        self
    }

    /// The same error as another kind.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The decision left to the caller.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The cause.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The remedy, if there is one.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// What the authority said, if it said anything.
    #[must_use]
    pub fn details(&self) -> Option<&EntraDetails> {
        self.0.entra.as_ref()
    }

    /// Seconds to wait, if known.
    #[must_use]
    pub fn wait(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// Lower-level causes.
    #[must_use]
    pub fn causes(&self) -> &[String] {
        &self.0.caused_by
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for cause in &self.0.caused_by {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_exits_are_in_range() {
        let codes: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| (1..=6).contains(&kind.exit())));
    }
}
