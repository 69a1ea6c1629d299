//! `/{tenant}/oauth2/v2.0/authorize` (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2): checks, then a person, then a code.

use crate::entra::signin::{self, Signin};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

pub(crate) mod answer;
pub(crate) mod wanted;

/// Answers with a page for a person, or at once: with an error, or for a user who need not be asked.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State, segment: &str) -> Response {
    match wanted::read(exchange, state, segment) {
        Ok((wanted, app, asked)) => signin::begin(exchange, state, Signin::authorize(wanted, app, &asked)),
        Err(wanted::Failure::Page(refused)) => answer::page(exchange, state, &refused),
        Err(wanted::Failure::Redirect(reply, refused)) => answer::refuse(exchange, state, &reply, refused),
    }
}
