//! `POST /{tenant}/login`: what the person has typed or pressed.

use crate::entra::admission;
use crate::entra::authorize::answer;
use crate::entra::credentials;
use crate::entra::error::Refused;
use crate::entra::signin::{Signin, Step, answers};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

/// Takes a page's form.
pub(crate) fn submit(exchange: &Exchange<'_>, state: &State, _: &str) -> Response {
    let field = |name: &str| exchange.request.field(name).unwrap_or_default();
    let Some(mut signin) = state.signins.take(field("ctx")) else {
        return answer::page(exchange, state, &Refused::new(50089));
    };
    if let Some(refused) = signin.refused.take() {
        return answers::refuse(exchange, state, &signin, refused);
    }
    match field("action") {
        "cancel" => return answers::refuse(exchange, state, &signin, Refused::new(65004)),
        "other" => {
            signin.choose = None;
            signin.name = None;
            signin.user = None;
            return answers::go_on(exchange, state, signin, None);
        }
        _ => {}
    }
    let alert = match signin.next(state) {
        Ok(Some(step)) => take(exchange, state, &mut signin, step).err(),
        Ok(None) | Err(_) => None,
    };
    answers::go_on(exchange, state, signin, alert.as_deref())
}

/// Does one step, or says what the next page has to tell.
fn take(exchange: &Exchange<'_>, state: &State, signin: &mut Signin, step: Step) -> Result<(), String> {
    let field = |name: &str| exchange.request.field(name).unwrap_or_default();
    let text = |refused: Refused| {
        let body = refused.body(exchange, state);
        let text = body["error_description"].as_str().unwrap_or_default();
        text.split("\r\n").next().unwrap_or_default().to_owned()
    };
    match step {
        Step::Choose => {
            signin.name = signin.choose.take().map(|user| user.upn.to_owned());
        }
        Step::Name | Step::Password => {
            if step == Step::Name || !field("loginfmt").is_empty() {
                let user = credentials::user(field("loginfmt")).map_err(text)?;
                signin.name = Some(user.upn.to_owned());
            }
            let password = field("passwd");
            if password.is_empty() {
                return match step {
                    Step::Password => Err("Please enter your password.".to_owned()),
                    _ => Ok(()),
                };
            }
            let user = credentials::check(signin.name.as_deref().unwrap_or_default(), password).map_err(text)?;
            admission::account(user).map_err(text)?;
            signin.user = Some(user);
        }
        Step::SecondFactor => {
            if field("otc").trim() != signin.number {
                return Err("You didn’t enter the expected verification code. Please try again.".to_owned());
            }
            signin.mfa = true;
        }
        Step::Confirm => signin.confirmed = field("action") == "continue",
        Step::Consent => signin.accepted = field("action") == "accept",
    }
    Ok(())
}
