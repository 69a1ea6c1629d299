//! `GET /{tenant}/oauth2/v2.0/logout` (OpenID Connect RP-Initiated Logout): ends the browser's session, no token.

use crate::entra::error::no_store;
use crate::entra::pages;
use crate::entra::signin::session;
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

pub(crate) fn answer(exchange: &Exchange<'_>, state: &State, _: &str) -> Response {
    let page = pages::layout("You signed out of your account", "<p>You may close this window.</p>");
    no_store(pages::html(200, &page)).header("Set-Cookie", session::end(exchange, state))
}
