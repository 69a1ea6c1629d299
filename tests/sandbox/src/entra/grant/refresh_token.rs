//! `grant_type=refresh_token` (RFC 6749 §6): good in every tenant that knows the user, for every resource.

use crate::entra::admission::{self, Visit};
use crate::entra::error::Refused;
use crate::entra::grant::{Call, Grant, Granted, Holder};
use crate::entra::scope;
use crate::entra::token::{obey_orders, required};
use crate::policy::{self, Flow};

pub(crate) const GRANT: Grant = Grant {
    name: "refresh_token",
    redeem,
};

fn redeem(call: &Call<'_>) -> Result<Granted, Refused> {
    let request = call.exchange.request;
    let token = required(request.field("refresh_token"), "refresh_token")?;
    let client = &call.app.client_id;
    let tokens = &call.state.refresh_tokens;
    if call.app.redirect_uris.is_empty() && !call.app.public_client_flows {
        call.authenticated()?;
    }
    let (user, mfa) = tokens.check(token, client)?;
    // Whether the user is known there comes before what is asked for.
    call.tenant.of(user)?;
    let asked = scope::parse(request.field("scope").unwrap_or_default())?;
    let visit = Visit {
        app: &call.app,
        tenant: call.tenant,
        user,
        resource: asked.resource,
        flow: Flow::Refresh,
        mfa,
    };
    obey_orders(call, user, &asked)?;
    if !mfa && policy::demands_mfa(call.claims.as_ref()) {
        let claims = request.field("claims").unwrap_or_default();
        return Err(Refused::new(50076).about(asked.audience).claims(claims));
    }
    let tenant = admission::admit(call.state, &visit)?;
    // Last, so that a refusal of one resource spends nothing.
    let refresh_token = tokens.redeem(token, client, call.state.settings().rotation)?;
    Ok(Granted {
        holder: Holder::User(user),
        tenant,
        asked,
        refresh_token,
        nonce: None,
        mfa,
        claims: None,
    })
}
