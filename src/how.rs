//! How a person signs in: the way, and what the sign-in page is told.

use crate::secret::Secret;
use std::time::Duration;

/// One sign-in.
#[derive(Clone, Debug)]
pub struct How {
    /// The way.
    pub way: Way,
    /// What the sign-in page is told; only browser and paste show one.
    pub page: Page,
    /// How long a person is waited for.
    pub patience: Duration,
}

/// A way to sign in.
#[derive(Clone, Debug)]
pub enum Way {
    /// By a refresh token that the person has already.
    RefreshToken(Secret),
    /// By a browser on this machine, which comes back to a port of ours (RFC 8252 §7.3).
    Browser(Redirect),
    /// By a browser anywhere: the address where it ends is pasted into the terminal.
    Paste {
        /// The port that is named in that address, and listened on all the same; 0 takes a free one.
        port: u16,
    },
    /// By a code that is typed into a page on any device (RFC 8628).
    DeviceCode,
    /// By user name and password (RFC 6749 §4.3).
    Password(Password),
}

/// How a browser comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Whether we open the browser; the address is printed in any case.
    pub opens: bool,
    /// In what form the code comes back.
    pub response_mode: ResponseMode,
    /// The port that is listened on; 0 takes a free one.
    pub port: u16,
}

/// In what form a code comes back (OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the body of a POST: the code stands in no address and in no history.
    FormPost,
    /// In the address.
    Query,
}

impl ResponseMode {
    /// The word of the protocol.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FormPost => "form_post",
            Self::Query => "query",
        }
    }
}

/// Whose password, and where it is had from.
#[derive(Clone, Debug)]
pub struct Password {
    /// The user name.
    pub username: String,
    /// The password; none is asked for at the terminal, without echo, once it is known that it can be used.
    pub password: Option<Secret>,
}

/// What the sign-in page is told (OpenID Connect Core §3.1.2.1, and Entra's `domain_hint`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Whether an account must be chosen, a password typed, consent given.
    pub prompt: Option<Prompt>,
    /// The user name that is filled in.
    pub login_hint: Option<String>,
    /// The domain, which skips the search for where the account lives.
    pub domain_hint: Option<String>,
}

/// What a person must do on the sign-in page even if the browser is signed in already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Nothing: fails if anything had to be asked.
    None,
    /// Type the password.
    Login,
    /// Consent.
    Consent,
    /// Choose an account.
    SelectAccount,
}

impl Prompt {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];

    /// The word of the protocol.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}
