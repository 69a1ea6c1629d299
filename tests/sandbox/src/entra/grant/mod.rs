//! What can be redeemed for a token: a file and a row each.

use serde_json::Value;

use crate::app::AppRegistration;
use crate::directory::{Tenant, User};
use crate::entra::error::Refused;
use crate::entra::scope::Asked;
use crate::entra::tenant::Named;
use crate::exchange::Exchange;
use crate::options::Rotation;
use crate::state::State;

mod authorization_code;
mod client_credentials;
mod device_code;
mod password;
mod refresh_token;

/// A grant type.
pub(crate) struct Grant {
    name: &'static str,
    pub(crate) redeem: fn(&Call<'_>) -> Result<Granted, Refused>,
}

const GRANTS: &[Grant] = &[
    authorization_code::GRANT,
    client_credentials::GRANT,
    device_code::GRANT,
    password::GRANT,
    refresh_token::GRANT,
];

/// A request for tokens whose client is known.
pub(crate) struct Call<'a> {
    pub(crate) exchange: &'a Exchange<'a>,
    pub(crate) state: &'a State,
    pub(crate) app: AppRegistration,
    pub(crate) tenant: Named,
    /// The parameter `claims`, parsed.
    pub(crate) claims: Option<Value>,
}

/// Who gets the token.
pub(crate) enum Holder {
    User(&'static User),
    /// The client itself.
    Application,
}

/// What the answer will say.
pub(crate) struct Granted {
    pub(crate) holder: Holder,
    pub(crate) tenant: &'static Tenant,
    pub(crate) asked: Asked,
    pub(crate) refresh_token: Option<String>,
    /// `nonce` of the id token.
    pub(crate) nonce: Option<String>,
    /// Whether the sign-in had a second factor.
    pub(crate) mfa: bool,
    /// `claims` of the sign-in, unless the request has its own.
    pub(crate) claims: Option<Value>,
}

/// The grant of this `grant_type`.
pub(crate) fn find(name: &str) -> Option<&'static Grant> {
    GRANTS.iter().find(|grant| grant.name == name)
}

impl Call<'_> {
    /// Whether a secret came with it; that it is the right one was checked before.
    pub(crate) fn has_secret(&self) -> bool {
        self.exchange.request.field("client_secret").is_some()
    }

    /// Refuses a client that must show a secret and does not.
    pub(crate) fn authenticated(&self) -> Result<(), Refused> {
        if self.has_secret() {
            Ok(())
        } else {
            Err(Refused::new(7_000_218))
        }
    }

    /// Refuses a public client that may not use the flows without a redirect URI.
    pub(crate) fn public_client_flow(&self) -> Result<(), Refused> {
        if self.app.public_client_flows {
            Ok(())
        } else {
            self.authenticated()
        }
    }

    /// The refresh token of a new sign-in, where one is wanted.
    pub(crate) fn new_refresh_token(&self, user: &'static User, asked: &Asked, mfa: bool) -> Option<String> {
        let wanted = asked.offline && self.state.settings().rotation != Rotation::Off;
        let tokens = &self.state.refresh_tokens;
        wanted.then(|| tokens.mint(user, &self.app.client_id, mfa))
    }
}
