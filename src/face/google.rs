//! Google's external account credentials with an `executable` source: the Entra token is what Google's workload identity
//! federation exchanges for one of its own. Errors are answers as well, and standard error is left alone, since Google's
//! Python library reads it as a part of the answer.

use super::options::{Options, SELECTORS, TARGETS, bad};
use super::talk::{one_line, reported};
use super::{Call, Face, Services};
use crate::error::{Error, Kind};
use crate::render::tame;
use crate::request::Ask;
use crate::secret::json;
use serde::Serialize;
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["google"],
    links: &[],
    is_verb: false,
    claims: |_| false,
    about: "Google's executable-sourced credentials (workload identity federation): --resource APP",
    variables: &["GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE"],
    margin: 120,
    forbidden: &[],
    run: |call, services| {
        let answer = answer(call, services).unwrap_or_else(|error| refused(&error));
        call.done(&answer)
    },
};

const VERSION: u64 = 1;

/// What an access token of Entra is to Google.
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS, &TARGETS], &[])?;
    if !options.words.is_empty() {
        return Err(bad("Google's executable takes options only"));
    }
    let explicit = options.selectors()?;
    if explicit.scopes.is_none() {
        return Err(bad(
            "`--resource` is missing: the application that the identity pool's provider takes tokens for",
        ));
    }
    let token_type = match call.variable("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE") {
        None | Some(JWT) => JWT,
        Some(ID_TOKEN) => ID_TOKEN,
        Some(_) => return Err(bad("the configuration's `subject_token_type` must be a JWT's")),
    };
    let credential = services
        .tokens
        .token(&Ask {
            explicit,
            ..Ask::default()
        })?
        .credential;
    let token = credential.access_token.expose();
    let answer = Granted {
        version: VERSION,
        success: true,
        token_type,
        id_token: token,
        expiration_time: reported(credential.expires_on, FACE.margin, call.now),
    };
    Ok(line(&answer, token.len()))
}

fn refused(error: &Error) -> Zeroizing<Vec<u8>> {
    let code = match error.kind() {
        Kind::BadRequest | Kind::Ambiguous => "400",
        Kind::Denied => "403",
        kind if kind.retryable() => "503",
        Kind::Config | Kind::StoreUnavailable | Kind::Internal => "500",
        _ => "401",
    };
    let answer = Refused {
        version: VERSION,
        success: false,
        code,
        message: one_line(error, FACE.forbidden),
    };
    line(&answer, 0)
}

fn line(answer: &impl Serialize, secret: usize) -> Zeroizing<Vec<u8>> {
    let mut bytes = json(answer, secret);
    bytes.push(b'\n');
    tame(bytes)
}

#[derive(Serialize)]
struct Granted<'a> {
    version: u64,
    success: bool,
    token_type: &'static str,
    id_token: &'a str,
    expiration_time: i64,
}

#[derive(Serialize)]
struct Refused {
    version: u64,
    success: bool,
    code: &'static str,
    message: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, TOKEN};

    #[test]
    fn answers() {
        for token_type in [JWT, ID_TOKEN] {
            let seen = Caller::of(&FACE)
                .args(&["--resource", "api://abc"])
                .var("GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", token_type)
                .call();
            assert_eq!(
                seen.only_ask().explicit.scopes.as_ref().unwrap().joined(),
                "api://abc/.default"
            );
            assert_eq!(
                seen.ok(),
                format!(
                    "{{\"version\":1,\"success\":true,\"token_type\":\"{token_type}\",\"id_token\":\"{TOKEN}\",\
                     \"expiration_time\":1795345080}}\n"
                )
            );
        }
    }

    #[test]
    fn a_failure_is_an_answer() {
        for (kind, code) in [(Kind::NotFound, "401"), (Kind::Network, "503"), (Kind::Denied, "403")] {
            let told = Caller::of(&FACE).args(&["--resource", "a"]).failing(kind).call().ok();
            assert_eq!(
                told,
                format!(
                    "{{\"version\":1,\"success\":false,\"code\":\"{code}\",\"message\":\"it is as it is; run: entra-token \
                     login\"}}\n"
                )
            );
        }
        for args in [&[][..], &["PLANTED"], &["--resource", "PLANTED x"]] {
            let told = Caller::of(&FACE).args(args).call().ok();
            assert!(told.contains("\"code\":\"400\"") && !told.contains("PLANTED"), "{told}");
        }
        let saml = Caller::of(&FACE).args(&["--resource", "a"]).var(
            "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE",
            "urn:ietf:params:oauth:token-type:saml2",
        );
        assert!(saml.call().ok().contains("\"success\":false"));
    }
}
