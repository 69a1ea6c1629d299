//! `grant_type=authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.5).

use crate::entra::error::Refused;
use crate::entra::grant::{Call, Grant, Granted, Holder};
use crate::entra::scope;
use crate::entra::token::{obey_orders, required};
use crate::random::challenge;

pub(crate) const GRANT: Grant = Grant {
    name: "authorization_code",
    redeem,
};

fn redeem(call: &Call<'_>) -> Result<Granted, Refused> {
    let request = call.exchange.request;
    let state = call.state;
    let code = required(request.field("code"), "code")?;
    let redirect_uri = required(request.field("redirect_uri"), "redirect_uri")?;
    let grant = state.codes.look(code, state.clock.now())?;
    if !grant.client.eq_ignore_ascii_case(&call.app.client_id) {
        return Err(Refused::new(70000));
    }
    if grant.redirect_uri != redirect_uri {
        return Err(Refused::new(500_112).about(redirect_uri));
    }
    if !grant.native {
        call.authenticated()?;
    }
    if let Some(wanted) = &grant.challenge {
        let verifier = required(request.field("code_verifier"), "code_verifier")?;
        if !(43..=128).contains(&verifier.len()) || challenge(verifier) != *wanted {
            return Err(Refused::new(501_481));
        }
    }
    // The authority that was asked for the code decides, unless the token is asked of one tenant.
    let tenant = call.tenant.or(grant.tenant).of(grant.user)?;
    let first = scope::parse(&grant.scope)?;
    let mut asked = match request.field("scope").filter(|scope| !scope.is_empty()) {
        None => scope::parse(&grant.scope)?,
        Some(scope) => scope::parse(scope)?,
    };
    if asked.resource != first.resource {
        return Err(Refused::new(70000));
    }
    asked.openid |= first.openid;
    asked.offline |= first.offline;
    obey_orders(call, grant.user, &asked)?;
    // Last, so that a wrong request does not cost the code.
    state.codes.spend(code)?;
    Ok(Granted {
        refresh_token: call.new_refresh_token(grant.user, &asked, grant.mfa),
        holder: Holder::User(grant.user),
        tenant,
        asked,
        nonce: grant.nonce,
        mfa: grant.mfa,
        claims: grant.claims,
    })
}
