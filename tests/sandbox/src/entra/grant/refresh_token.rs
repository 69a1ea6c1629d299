//! `grant_type=refresh_token` (RFC 6749 §6): good in every tenant that knows the user, for every resource.

use crate::entra::error::Refused;
use crate::entra::grant::{Call, Grant, Granted};
use crate::entra::token::{asked, required};

pub(crate) const GRANT: Grant = Grant {
    name: "refresh_token",
    redeem,
};

fn redeem(call: &Call<'_>) -> Result<Granted, Refused> {
    let token = required(call.exchange.request.field("refresh_token"), "refresh_token")?;
    let tokens = &call.state.refresh_tokens;
    let user = tokens.check(token, call.client)?;
    let tenant = call.tenant.of(user)?;
    let asked = asked(call, user)?;
    // Last, so that a refusal of one resource spends nothing.
    let rotation = call.state.settings().rotation;
    let refresh_token = tokens.redeem(token, call.client, rotation)?;
    Ok(Granted {
        user,
        tenant,
        asked,
        refresh_token,
        nonce: None,
    })
}
