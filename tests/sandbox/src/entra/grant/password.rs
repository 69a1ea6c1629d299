//! `grant_type=password` (RFC 6749 §4.3): managed accounts, without any page.

use crate::entra::admission::{self, Visit};
use crate::entra::credentials;
use crate::entra::error::Refused;
use crate::entra::grant::{Call, Grant, Granted, Holder};
use crate::entra::scope;
use crate::entra::tenant::Named;
use crate::entra::token::{obey_orders, required};
use crate::policy::Flow;

pub(crate) const GRANT: Grant = Grant {
    name: "password",
    redeem,
};

fn redeem(call: &Call<'_>) -> Result<Granted, Refused> {
    let request = call.exchange.request;
    if call.tenant == Named::Common {
        return Err(Refused::new(9_001_023));
    }
    call.public_client_flow()?;
    let name = required(request.field("username"), "username")?;
    let password = required(request.field("password"), "password")?;
    let user = credentials::check(name, password)?;
    if credentials::federated(user) {
        return Err(Refused::new(50126));
    }
    let asked = scope::parse(request.field("scope").unwrap_or_default())?;
    let visit = Visit {
        app: &call.app,
        tenant: call.tenant,
        user,
        resource: asked.resource,
        flow: Flow::Password,
        mfa: false,
    };
    let tenant = admission::admit(call.state, &visit)?;
    obey_orders(call, user, &asked)?;
    Ok(Granted {
        refresh_token: call.new_refresh_token(user, &asked, false),
        holder: Holder::User(user),
        tenant,
        asked,
        nonce: None,
        mfa: false,
        claims: None,
    })
}
