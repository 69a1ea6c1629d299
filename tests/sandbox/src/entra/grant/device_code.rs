//! `grant_type=urn:ietf:params:oauth:grant-type:device_code` (RFC 8628 §3.4).

use crate::directory::User;
use crate::entra::error::Refused;
use crate::entra::grant::{Call, Grant, Granted, Holder};
use crate::entra::scope;
use crate::entra::signin;
use crate::entra::token::{obey_orders, required};
use crate::token::device::{Moment, Standing};

pub(crate) const GRANT: Grant = Grant {
    name: "urn:ietf:params:oauth:grant-type:device_code",
    redeem,
};

fn redeem(call: &Call<'_>) -> Result<Granted, Refused> {
    let Call { exchange, state, .. } = call;
    let device_code = required(exchange.request.field("device_code"), "device_code")?;
    call.public_client_flow()?;
    let moment = Moment {
        now: state.clock.now(),
        uptime_ms: state.clock.uptime_ms(),
    };
    let (request, mut standing, polls) = state.devices.poll(device_code, moment)?;
    if !request.client.eq_ignore_ascii_case(&call.app.client_id) {
        return Err(Refused::new(70000));
    }
    if let Some(user) = stand_in(call, polls)
        && let Some(user_code) = state.devices.user_code(device_code)
        && matches!(standing, Standing::Waiting)
    {
        standing = signin::stand_in(state, &user_code, &request, user);
    }
    let (user, mfa) = match standing {
        Standing::Waiting => return Err(Refused::new(70016)),
        Standing::Declined => return Err(Refused::new(65004).error("authorization_declined")),
        Standing::Refused(refused) => return Err(refused),
        Standing::Used => return Err(Refused::new(54005)),
        Standing::Approved { user, mfa } => (user, mfa),
    };
    let tenant = call.tenant.or(request.tenant).of(user)?;
    let asked = scope::parse(&request.scope)?;
    obey_orders(call, user, &asked)?;
    state.devices.spend(device_code)?;
    Ok(Granted {
        refresh_token: call.new_refresh_token(user, &asked, mfa),
        holder: Holder::User(user),
        tenant,
        asked,
        nonce: None,
        mfa,
        claims: request.claims,
    })
}

/// Who approves without a person, at this poll.
fn stand_in(call: &Call<'_>, polls: u32) -> Option<&'static User> {
    let settings = call.state.settings();
    let at = settings.device_auto_approve?;
    if polls >= at {
        User::named(&settings.auto_approve?)
    } else {
        None
    }
}
