//! The answer of the authorization endpoint, by the response mode that was asked for; or a page, where there is no
//! application to answer to.

use crate::directory::User;
use crate::entra::authorize::wanted::{Mode, Reply, Wanted};
use crate::entra::error::{Refused, no_store};
use crate::entra::pages;
use crate::exchange::Exchange;
use crate::http::form;
use crate::http::response::Response;
use crate::random::guid;
use crate::state::State;
use crate::token::{access, code};

/// A code for `user`.
pub(crate) fn code(state: &State, wanted: &Wanted, client: &str, user: &'static User, mfa: bool) -> Response {
    let grant = code::Grant {
        user,
        tenant: wanted.tenant,
        client: client.to_owned(),
        redirect_uri: wanted.reply.redirect_uri.clone(),
        native: wanted.native,
        scope: wanted.scope.clone(),
        nonce: wanted.nonce.clone(),
        challenge: wanted.challenge.clone(),
        claims: wanted.claims.clone(),
        mfa,
    };
    let code = state
        .codes
        .issue(grant, state.clock.now(), state.settings().code_length);
    let mut fields = vec![("code", code)];
    if wanted.client_info {
        fields.push(("client_info", access::client_info(user)));
    }
    if let Some(echo) = &wanted.reply.state {
        fields.push(("state", echo.clone()));
    }
    fields.push(("session_state", guid()));
    deliver(&wanted.reply, &fields)
}

/// An error for the application (RFC 6749 §4.1.2.1).
pub(crate) fn refuse(exchange: &Exchange<'_>, state: &State, reply: &Reply, refused: Refused) -> Response {
    let refused = match refused.code() {
        65001 | 90094 => refused.error("consent_required"),
        _ => refused,
    };
    let body = refused.body(exchange, state);
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
    let error = match body["error"].as_str() {
        // The token endpoint's word for what only a person can change.
        Some("invalid_grant") => "interaction_required".to_owned(),
        _ => text("error"),
    };
    let mut fields = vec![("error", error)];
    if refused.code() == 65004 {
        fields.push(("error_subcode", "cancel".to_owned()));
    }
    fields.push(("error_description", text("error_description")));
    fields.push(("error_uri", text("error_uri")));
    if body["claims"].is_string() {
        fields.push(("claims", text("claims")));
    }
    if let Some(echo) = &reply.state {
        fields.push(("state", echo.clone()));
    }
    deliver(reply, &fields)
}

/// An error for the person, who learns the code and what to quote.
pub(crate) fn page(exchange: &Exchange<'_>, state: &State, refused: &Refused) -> Response {
    let body = refused.body(exchange, state);
    no_store(pages::html(400, &pages::error::page(&body, None)))
}

fn deliver(reply: &Reply, fields: &[(&str, String)]) -> Response {
    let Reply {
        redirect_uri,
        mode,
        state: _,
    } = reply;
    let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
    let mark = match mode {
        Mode::FormPost => {
            let page = pages::form_post::page(redirect_uri, fields);
            return no_store(pages::html(200, &page));
        }
        Mode::Query if redirect_uri.contains('?') => '&',
        Mode::Query => '?',
        Mode::Fragment => '#',
    };
    // A redirect URI without a path is answered with one; not so by form_post.
    let authority = redirect_uri.split_once("://").map_or("", |(_, rest)| rest);
    let slash = if authority.contains(['/', '?']) { "" } else { "/" };
    no_store(Response::empty(302).header(
        "Location",
        format!("{redirect_uri}{slash}{mark}{}", form::write(fields)),
    ))
}
