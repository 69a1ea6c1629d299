//! `/devicelogin`: where a person types what the device shows.

use crate::entra::admission;
use crate::entra::error::{Refused, no_store};
use crate::entra::pages;
use crate::entra::scope;
use crate::entra::signin::{self, Signin};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

/// The page; a code in the address is taken as typed.
pub(crate) fn show(exchange: &Exchange<'_>, state: &State) -> Response {
    match exchange.request.parameter("otc") {
        Some(typed) => look(exchange, state, typed),
        None => no_store(pages::html(200, &pages::device::code(None))),
    }
}

/// The code that was typed.
pub(crate) fn submit(exchange: &Exchange<'_>, state: &State) -> Response {
    look(exchange, state, exchange.request.field("otc").unwrap_or_default())
}

fn look(exchange: &Exchange<'_>, state: &State, typed: &str) -> Response {
    let found = || {
        let request = state.devices.waiting(typed, state.clock.now())?;
        let app = admission::client(state, request.tenant, &request.client)?;
        let resource = scope::parse(&request.scope)?.resource;
        Ok(Signin::device(typed.trim().to_owned(), request, app, resource))
    };
    match found() {
        Ok(signin) => signin::begin(exchange, state, signin),
        Err(refused) => again(&refused),
    }
}

fn again(refused: &Refused) -> Response {
    let alert = match refused.code() {
        70020 => "That code has expired. Ask the device for a new one.",
        _ => "That code didn’t work. Check the code and try again.",
    };
    no_store(pages::html(200, &pages::device::code(Some(alert))))
}
