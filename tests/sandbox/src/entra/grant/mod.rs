//! What can be redeemed for a token: a file and a row each.

use crate::directory::{Tenant, User};
use crate::entra::error::Refused;
use crate::entra::scope::Asked;
use crate::entra::tenant::Named;
use crate::exchange::Exchange;
use crate::state::State;

mod refresh_token;

/// A grant type.
pub(crate) struct Grant {
    name: &'static str,
    pub(crate) redeem: fn(&Call<'_>) -> Result<Granted, Refused>,
}

const GRANTS: &[Grant] = &[refresh_token::GRANT];

/// A request for tokens whose client is known.
pub(crate) struct Call<'a> {
    pub(crate) exchange: &'a Exchange<'a>,
    pub(crate) state: &'a State,
    pub(crate) client: &'a str,
    pub(crate) tenant: Named,
}

/// What the answer will say.
pub(crate) struct Granted {
    pub(crate) user: &'static User,
    pub(crate) tenant: &'static Tenant,
    pub(crate) asked: Asked,
    pub(crate) refresh_token: Option<String>,
    /// `nonce` of the id token.
    pub(crate) nonce: Option<String>,
}

/// The grant of this `grant_type`.
pub(crate) fn find(name: &str) -> Option<&'static Grant> {
    GRANTS.iter().find(|grant| grant.name == name)
}
