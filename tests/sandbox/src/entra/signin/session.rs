//! Single sign-on: the cookie of a browser in which somebody has signed in before.

use crate::directory::User;
use crate::exchange::Exchange;
use crate::random::{self, sha256};
use crate::state::State;

const COOKIE: &str = "ESTSAUTH";

/// Whose session the request is of, and whether that had a second factor.
pub(crate) fn of(exchange: &Exchange<'_>, state: &State) -> Option<(&'static User, bool)> {
    state.sessions().get(&sha256(cookie(exchange)?)).copied()
}

/// A new session, as the value of `Set-Cookie`.
pub(crate) fn start(exchange: &Exchange<'_>, state: &State, user: &'static User, mfa: bool) -> String {
    let value = random::text(64);
    state.sessions().insert(sha256(&value), (user, mfa));
    let secure = if exchange.base.starts_with("https:") {
        "; Secure; SameSite=None"
    } else {
        ""
    };
    format!("{COOKIE}={value}; Path=/; HttpOnly{secure}")
}

/// No session any more, likewise.
pub(crate) fn end(exchange: &Exchange<'_>, state: &State) -> String {
    if let Some(value) = cookie(exchange) {
        state.sessions().remove(&sha256(value));
    }
    format!("{COOKIE}=; Path=/; Max-Age=0")
}

fn cookie<'a>(exchange: &Exchange<'a>) -> Option<&'a str> {
    let cookies = exchange.request.header("cookie")?;
    let mut cookies = cookies.split(';').filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}
