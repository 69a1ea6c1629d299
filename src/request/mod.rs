//! What is wanted: parsed once at the border into types that cannot be wrong.

mod account;
mod authority;
mod claims;
mod client_id;
mod host;
mod scopes;
mod tenant;

pub use account::Account;
pub use authority::Authority;
pub use claims::Claims;
pub use client_id::ClientId;
pub use host::Host;
pub use scopes::{DATABRICKS, Scopes};
pub use tenant::Tenant;

use crate::secret::Fingerprint;
use std::time::Duration;

/// Seconds that a token handed out must live on, unless the caller says otherwise.
pub const DEFAULT_MIN_TTL: u64 = 300;

/// Which login and which resource, as far as the caller says. `None` leaves the choice to the next source: the
/// environment, the named profile, what is remembered, the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selectors {
    /// A named profile of `config.toml`.
    pub profile: Option<String>,
    /// The host that the token is for; names resource, authority and tenant.
    pub host: Option<Host>,
    /// Where to ask for tokens.
    pub authority: Option<Authority>,
    /// Which tenant's token.
    pub tenant: Option<Tenant>,
    /// As which application.
    pub client_id: Option<ClientId>,
    /// As whom.
    pub account: Option<Account>,
    /// For what.
    pub scopes: Option<Scopes>,
}

/// How good the token must be and how long the caller waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Seconds that the token must live on; [`DEFAULT_MIN_TTL`] if not said.
    pub min_ttl: Option<u64>,
    /// A token minted from now on (coalesced over processes).
    pub force: bool,
    /// Not one in its early window, if a newer one is to be had soon: another's refresh is waited for as well.
    pub renew: bool,
    /// The token that a resource refused.
    pub rejected: Option<Fingerprint>,
    /// A claims challenge to honour.
    pub claims: Option<Claims>,
    /// Total deadline, waiting and network together.
    pub timeout: Option<Duration>,
}

/// A call as it comes from a verb or a face, before configuration is consulted.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Said in the call itself: flags or protocol members.
    pub explicit: Selectors,
    /// Said by the variables of the face's own door; ranks below a named profile.
    pub door: Selectors,
    /// How good, how long.
    pub terms: Terms,
}

/// A call after configuration was consulted. What is still `None` is filled from what is remembered.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The profile that was used.
    pub profile: Option<String>,
    /// The host that the token is for.
    pub host: Option<Host>,
    /// Where to ask.
    pub authority: Option<Authority>,
    /// Which tenant's token.
    pub tenant: Option<Tenant>,
    /// As which application.
    pub client_id: Option<ClientId>,
    /// As whom.
    pub account: Option<Account>,
    /// For what.
    pub scopes: Scopes,
    /// Seconds that the token must live on.
    pub min_ttl: u64,
    /// A token minted from now on.
    pub force: bool,
    /// A newer token than one in its early window, if it is to be had soon.
    pub renew: bool,
    /// The token that a resource refused.
    pub rejected: Option<Fingerprint>,
    /// A claims challenge.
    pub claims: Option<Claims>,
    /// Total deadline.
    pub timeout: Duration,
}

/// Refuses control characters, which belong in no value we take or print (the class of CVE-2024-50349).
pub(crate) fn no_control(text: &str, what: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err(format!("{what} holds a control character"));
    }
    Ok(())
}
