//! What a sign-in says: the next page, or its end.

use crate::entra::authorize::answer;
use crate::entra::error::{Refused, no_store};
use crate::entra::pages;
use crate::entra::signin::{Purpose, Signin, session};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::device::Standing;

/// The page for what is missing, with `alert` on it, or the end.
pub(super) fn go_on(exchange: &Exchange<'_>, state: &State, mut signin: Signin, alert: Option<&str>) -> Response {
    match signin.next(state) {
        Ok(None) => done(exchange, state, &signin),
        Ok(Some(step)) => {
            let ctx = state.signins.put(signin.clone());
            let page = pages::steps::page(step, &signin, &ctx, alert, &state.control);
            no_store(pages::html(200, &page))
        }
        Err(refused) => {
            let body = refused.body(exchange, state);
            let back = match &signin.purpose {
                Purpose::Application(_) => {
                    signin.refused = Some(refused);
                    Some(pages::steps::back(&state.signins.put(signin)))
                }
                Purpose::Device { user_code, request: _ } => {
                    state.devices.answer(user_code, Standing::Refused(refused));
                    None
                }
            };
            no_store(pages::html(400, &pages::error::page(&body, back.as_deref())))
        }
    }
}

/// The good end.
pub(super) fn done(exchange: &Exchange<'_>, state: &State, signin: &Signin) -> Response {
    let Some(user) = signin.user else {
        return refuse(exchange, state, signin, Refused::new(50058));
    };
    if signin.accepted {
        state.apps.accept(&signin.app, user, signin.resource);
    }
    let response = match &signin.purpose {
        Purpose::Application(wanted) => answer::code(state, wanted, &signin.app.client_id, user, signin.mfa),
        Purpose::Device { user_code, request: _ } => {
            let mfa = signin.mfa;
            state.devices.answer(user_code, Standing::Approved { user, mfa });
            no_store(pages::html(200, &pages::device::done(&signin.app.name, true)))
        }
    };
    response.header("Set-Cookie", session::start(exchange, state, user, signin.mfa))
}

/// The bad end, told to whoever waits.
pub(super) fn refuse(exchange: &Exchange<'_>, state: &State, signin: &Signin, refused: Refused) -> Response {
    match &signin.purpose {
        Purpose::Application(wanted) => answer::refuse(exchange, state, &wanted.reply, refused),
        Purpose::Device { user_code, request: _ } => {
            let standing = if refused.code() == 65004 {
                Standing::Declined
            } else {
                Standing::Refused(refused)
            };
            state.devices.answer(user_code, standing);
            no_store(pages::html(200, &pages::device::done(&signin.app.name, false)))
        }
    }
}
