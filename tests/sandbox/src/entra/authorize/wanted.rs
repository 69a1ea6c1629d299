//! What an authorization request asks for, checked in Entra's order: what is wrong with client, tenant or redirect URI
//! is told to the person, since there is nowhere to send it; the rest is sent to the application.

use serde_json::Value;

use crate::app::AppRegistration;
use crate::entra::admission;
use crate::entra::error::Refused;
use crate::entra::scope::{self, Asked};
use crate::entra::tenant::{self, Named};
use crate::entra::token::{claims, required};
use crate::exchange::Exchange;
use crate::state::State;

/// A request that is in order.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) reply: Reply,
    pub(crate) tenant: Named,
    /// Whether the redirect URI is one of "mobile and desktop".
    pub(crate) native: bool,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) claims: Option<Value>,
    pub(crate) client_info: bool,
    pub(crate) prompt: Prompt,
    pub(crate) login_hint: Option<String>,
}

/// Where and how the application gets its answer.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) redirect_uri: String,
    pub(crate) mode: Mode,
    pub(crate) state: Option<String>,
}

/// `response_mode` (OAuth 2.0 Form Post Response Mode §1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Query,
    Fragment,
    FormPost,
}

/// `prompt` (OpenID Connect Core §3.1.2.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    Any,
    None,
    Login,
    SelectAccount,
    Consent,
}

/// Who is told what is wrong.
pub(crate) enum Failure {
    Page(Refused),
    Redirect(Box<Reply>, Refused),
}

/// Reads and checks a request.
pub(crate) fn read(
    exchange: &Exchange<'_>,
    state: &State,
    segment: &str,
) -> Result<(Wanted, AppRegistration, Asked), Failure> {
    let sent = |name: &str| {
        exchange
            .request
            .parameter(name)
            .or_else(|| exchange.request.field(name))
    };
    let some = |name: &str| sent(name).filter(|value| !value.is_empty()).map(str::to_owned);

    let tenant = tenant::parse(segment).map_err(Failure::Page)?;
    let client_id = required(sent("client_id"), "client_id").map_err(Failure::Page)?;
    let app = admission::client(state, tenant, client_id).map_err(Failure::Page)?;
    let (redirect_uri, native) = redirect(&app, sent("redirect_uri")).map_err(Failure::Page)?;

    let mut reply = Reply {
        redirect_uri,
        mode: Mode::Query,
        state: sent("state").map(str::to_owned),
    };
    let mode = mode(sent("response_mode"));
    reply.mode = mode.as_ref().copied().unwrap_or(Mode::Query);
    let checked = || {
        mode?;
        response_type(required(sent("response_type"), "response_type")?)?;
        let scope = required(sent("scope"), "scope")?;
        let asked = scope::parse(scope)?;
        admission::permitted(&app, asked.resource)?;
        let challenge = challenge(sent("code_challenge"), sent("code_challenge_method"), native)?;
        let prompt = prompt(sent("prompt"))?;
        let claims = claims(sent("claims"))?;
        Ok((scope.to_owned(), asked, challenge, prompt, claims))
    };
    match checked() {
        Err(refused) => Err(Failure::Redirect(Box::new(reply), refused)),
        Ok((scope, asked, challenge, prompt, claims)) => {
            let wanted = Wanted {
                reply,
                tenant,
                native,
                scope,
                nonce: some("nonce"),
                challenge,
                claims,
                client_info: sent("client_info") == Some("1"),
                prompt,
                login_hint: some("login_hint"),
            };
            Ok((wanted, app, asked))
        }
    }
}

/// The redirect URI as sent; if there is none, the only one that is registered.
fn redirect(app: &AppRegistration, sent: Option<&str>) -> Result<(String, bool), Refused> {
    let Some(sent) = sent.filter(|sent| !sent.is_empty()) else {
        return match (app.redirect_uris.as_slice(), app.web_redirect_uris.as_slice()) {
            ([only], []) => Ok((only.clone(), true)),
            ([], [only]) => Ok((only.clone(), false)),
            ([], []) => Err(Refused::new(500_113)),
            _ => Err(Refused::new(900_144).about("redirect_uri")),
        };
    };
    match app.redirect(sent) {
        Some(native) => Ok((sent.to_owned(), native)),
        None => Err(Refused::new(50011).about(sent)),
    }
}

fn mode(sent: Option<&str>) -> Result<Mode, Refused> {
    match sent.unwrap_or_default() {
        "" | "query" => Ok(Mode::Query),
        "fragment" => Ok(Mode::Fragment),
        "form_post" => Ok(Mode::FormPost),
        _ => Err(Refused::new(90023).about("response_mode")),
    }
}

fn response_type(sent: &str) -> Result<(), Refused> {
    match sent {
        "code" => Ok(()),
        "token" | "id_token" | "code id_token" | "id_token token" => Err(Refused::new(700_054).about(sent)),
        _ => Err(Refused::new(70005).about(sent)),
    }
}

/// RFC 7636; a public client must use it, and `plain` is not taken.
fn challenge(sent: Option<&str>, method: Option<&str>, native: bool) -> Result<Option<String>, Refused> {
    match (sent.filter(|sent| !sent.is_empty()), method) {
        (None, _) if native => Err(Refused::new(9_002_325)),
        (None, _) => Ok(None),
        (Some(sent), Some("S256")) if sent.len() == 43 => Ok(Some(sent.to_owned())),
        (Some(_), Some("S256")) => Err(Refused::new(90023).about("code_challenge")),
        (Some(_), _) => Err(Refused::new(90023).about("code_challenge_method")),
    }
}

fn prompt(sent: Option<&str>) -> Result<Prompt, Refused> {
    match sent.unwrap_or_default() {
        "" => Ok(Prompt::Any),
        "none" => Ok(Prompt::None),
        "login" => Ok(Prompt::Login),
        "select_account" => Ok(Prompt::SelectAccount),
        "consent" => Ok(Prompt::Consent),
        _ => Err(Refused::new(90023).about("prompt")),
    }
}
