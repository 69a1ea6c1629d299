//! `POST /{tenant}/oauth2/v2.0/devicecode` (RFC 8628 §3.1).

use serde_json::{Value, json};

use crate::entra::admission;
use crate::entra::error::{Refused, no_store};
use crate::entra::scope;
use crate::entra::tenant;
use crate::entra::token::{claims, required};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::device::Request;

pub(crate) fn answer(exchange: &Exchange<'_>, state: &State, segment: &str) -> Response {
    match issue(exchange, state, segment) {
        Ok(body) => no_store(Response::json(200, &body)),
        Err(refused) => refused.response(exchange, state),
    }
}

fn issue(exchange: &Exchange<'_>, state: &State, segment: &str) -> Result<Value, Refused> {
    let request = exchange.request;
    let tenant = tenant::parse(segment)?;
    let client = required(request.field("client_id"), "client_id")?;
    let app = admission::client(state, tenant, client)?;
    let scope = required(request.field("scope"), "scope")?;
    let asked = scope::parse(scope)?;
    admission::permitted(&app, asked.resource)?;
    let settings = state.settings();
    let wanted = Request {
        client: app.client_id,
        tenant,
        scope: scope.to_owned(),
        claims: claims(request.field("claims"))?,
    };
    let expires = state.clock.now() + settings.device_expires_in;
    let (device_code, user_code) = state.devices.issue(wanted, expires, settings.device_interval);
    let uri = format!("{}/devicelogin", exchange.base);
    Ok(json!({
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": uri,
        "expires_in": settings.device_expires_in,
        "interval": settings.device_interval,
        "message": format!(
            "To sign in, use a web browser to open the page {uri} and enter the code {user_code} to authenticate."
        ),
    }))
}
