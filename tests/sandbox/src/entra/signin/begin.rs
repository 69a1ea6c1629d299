//! The first page, or none: for a session, and for whom the settings let in at once.

use crate::directory::User;
use crate::entra::admission;
use crate::entra::authorize::wanted::Prompt;
use crate::entra::credentials;
use crate::entra::error::Refused;
use crate::entra::scope;
use crate::entra::signin::{Purpose, Signin, Step, answers, session};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::device::{self, Standing};

/// Begins a sign-in.
pub(crate) fn begin(exchange: &Exchange<'_>, state: &State, mut signin: Signin) -> Response {
    let (prompt, hint) = match &signin.purpose {
        Purpose::Application(wanted) => (wanted.prompt, wanted.login_hint.clone()),
        Purpose::Device { .. } => (Prompt::SelectAccount, None),
    };
    if let Some(user) = state.settings().auto_approve {
        let named = hint.as_deref().unwrap_or(&user);
        return match credentials::user(named) {
            Ok(user) => finish(exchange, state, signin, user),
            Err(refused) => answers::refuse(exchange, state, &signin, refused),
        };
    }
    let hinted = |user: &User| {
        hint.as_ref()
            .is_none_or(|hint| hint.trim().eq_ignore_ascii_case(user.upn))
    };
    match (session::of(exchange, state), prompt) {
        (Some((user, mfa)), Prompt::Any | Prompt::None | Prompt::Consent) if hinted(user) => {
            signin.user = Some(user);
            signin.mfa = mfa;
        }
        (Some((user, _)), Prompt::SelectAccount) => signin.choose = Some(user),
        (_, Prompt::None) => return answers::refuse(exchange, state, &signin, Refused::new(50058)),
        _ => signin.name = hint,
    }
    if prompt == Prompt::None {
        let refused = match signin.next(state) {
            Ok(None) => return answers::done(exchange, state, &signin),
            Ok(Some(Step::SecondFactor)) => Refused::new(50076).about(signin.resource.id()),
            Ok(Some(_)) => Refused::new(65001).about(&signin.app.client_id),
            Err(refused) => refused,
        };
        return answers::refuse(exchange, state, &signin, refused);
    }
    answers::go_on(exchange, state, signin, None)
}

/// Does all that `user` would do for a device: how that ends.
pub(crate) fn stand_in(state: &State, user_code: &str, request: &device::Request, user: &'static User) -> Standing {
    let signin = || {
        let app = admission::client(state, request.tenant, &request.client)?;
        let resource = scope::parse(&request.scope)?.resource;
        let signin = Signin::device(user_code.to_owned(), request.clone(), app, resource);
        complete(state, signin, user)
    };
    let standing = match signin() {
        Ok(signin) => Standing::Approved { user, mfa: signin.mfa },
        Err(refused) => Standing::Refused(refused),
    };
    state.devices.answer(user_code, standing.clone());
    standing
}

fn finish(exchange: &Exchange<'_>, state: &State, signin: Signin, user: &'static User) -> Response {
    match complete(state, signin.clone(), user) {
        Ok(signin) => answers::done(exchange, state, &signin),
        Err(refused) => answers::refuse(exchange, state, &signin, refused),
    }
}

/// The sign-in with all done that `user` can do.
fn complete(state: &State, signin: Signin, user: &'static User) -> Result<Signin, Refused> {
    let mut signin = signin.willing(user);
    if signin.next(state)? == Some(Step::SecondFactor) {
        signin.mfa = true;
        signin.next(state)?;
    }
    Ok(signin)
}
