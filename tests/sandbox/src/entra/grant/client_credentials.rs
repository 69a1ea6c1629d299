//! `grant_type=client_credentials` (RFC 6749 §4.4) with a secret: an application for itself.

use crate::entra::error::Refused;
use crate::entra::grant::{Call, Grant, Granted, Holder};
use crate::entra::scope;
use crate::entra::tenant::Named;
use crate::entra::token::required;

pub(crate) const GRANT: Grant = Grant {
    name: "client_credentials",
    redeem,
};

fn redeem(call: &Call<'_>) -> Result<Granted, Refused> {
    let Named::One(tenant) = call.tenant else {
        return Err(Refused::new(50059));
    };
    if !call.has_secret() {
        return Err(Refused::new(7_000_216));
    }
    let scope = required(call.exchange.request.field("scope"), "scope")?;
    if !scope.ends_with("/.default") {
        return Err(Refused::new(70011).about(scope));
    }
    Ok(Granted {
        holder: Holder::Application,
        tenant,
        asked: scope::parse(scope)?,
        refresh_token: None,
        nonce: None,
        mfa: false,
        claims: None,
    })
}
