//! `auth token`.

use super::args::Args;
use super::refusal::Refusal;
use super::target::Target;
use crate::expiry;
use crate::face::{Call, Outcome, Services};
use crate::localtime::rfc3339;
use crate::render::tame;
use crate::secret::pretty_json;
use crate::token::Credential;
use serde::Serialize;
use zeroize::Zeroizing;

/// The real one's members, in its order.
#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expiry: &'a str,
}

pub(super) fn run(call: &Call<'_>, services: &Services<'_>, args: &Args, named: Option<&str>) -> Outcome {
    match answer(call, services, args, named) {
        Ok(bytes) => call.done(&bytes),
        Err(refusal) => refusal.outcome(call),
    }
}

fn answer(
    call: &Call<'_>,
    services: &Services<'_>,
    args: &Args,
    named: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut ask = Target::find(call, services, args, named)?.ask();
    // Every SDK says so at every start: at least twenty minutes left, and no refresh for each.
    ask.terms.renew = args.force_refresh;
    let granted = services.tokens.token(&ask).map_err(Refusal::Failed)?;
    let (granted, shown) = expiry::shown(services.tokens, call.now, call.offset, &ask, granted);
    // Only if it is said here: the real one does not heed its variable for this.
    let form = if args.json == Some(false) { bare } else { json };
    Ok(form(&granted.credential, &rfc3339(shown, call.offset)))
}

/// No newline at the end, as the real one has it.
fn json(credential: &Credential, expiry: &str) -> Zeroizing<Vec<u8>> {
    let token = Token {
        access_token: credential.access_token.expose(),
        token_type: &credential.token_type,
        expiry,
    };
    tame(pretty_json(&token, token.access_token.len()))
}

fn bare(credential: &Credential, _: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([credential.access_token.expose(), "\n"].concat().into_bytes())
}
