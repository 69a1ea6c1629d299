//! What is held, in words: offline, without secrets.

use serde::Serialize;

/// The answer of `status`.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// How and where it is stored.
    pub storage: Storage,
    /// The logins, the default one first.
    pub logins: Vec<LoginStatus>,
    /// Things that a person should know: files set aside, refusals, a clock that is off.
    pub notes: Vec<String>,
}

/// How and where logins are stored.
#[derive(Clone, Debug, Serialize)]
pub struct Storage {
    /// Always `file`: plain files that only their owner can read.
    pub kind: &'static str,
    /// The folder.
    pub path: String,
    /// Whether the file system can lock; without locks several processes may refresh at once. Nothing before the first
    /// sign-in.
    pub locks: Option<bool>,
    /// Whether it can be written. Nothing before the first sign-in.
    pub writable: Option<bool>,
}

/// One login.
#[derive(Clone, Debug, Serialize)]
pub struct LoginStatus {
    /// The login's id: the name of its folder.
    pub id: String,
    /// Whether it is used when nothing else decides.
    pub default: bool,
    /// The user name.
    pub account: String,
    /// `uid.utid`.
    pub home_account_id: String,
    /// The home tenant.
    pub tenant: String,
    /// The application.
    pub client_id: String,
    /// Where tokens are asked for.
    pub authority: String,
    /// How the sign-in happened.
    pub flow: String,
    /// When it happened, epoch seconds.
    pub signed_in_on: i64,
    /// When the refresh token was last replaced, epoch seconds.
    pub refresh_token_obtained_on: i64,
    /// Access tokens held.
    pub tokens: Vec<TokenStatus>,
    /// Refusals remembered.
    pub refusals: Vec<RefusalStatus>,
}

/// One access token.
#[derive(Clone, Debug, Serialize)]
pub struct TokenStatus {
    /// The tenant whose token it is.
    pub tenant: String,
    /// What it is for.
    pub scope: Vec<String>,
    /// When it expires, epoch seconds.
    pub expires_on: i64,
    /// The same in local time.
    pub expiry: String,
    /// Seconds left; negative if it has expired.
    pub expires_in: i64,
    /// Its claims, if asked for and readable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<serde_json::Value>,
}

/// One refusal.
#[derive(Clone, Debug, Serialize)]
pub struct RefusalStatus {
    /// The error code of the native protocol.
    pub code: String,
    /// What was refused: a tenant and scopes, or nothing for the whole login.
    pub scope: Vec<String>,
    /// The tenant, or nothing for the whole login.
    pub tenant: Option<String>,
    /// The cause.
    pub message: String,
    /// Until when it is remembered, epoch seconds.
    pub until: i64,
}
