//! A token provider of Azure.Identity for .NET (`VisualStudioCredential`), registered in `tokenprovider.json`:
//! `--resource R [--tenant T]`.

use super::options::{Options, SELECTORS, bad};
use super::{Call, Face, Outcome, Services};
use crate::error::Error;
use crate::localtime::rfc3339_utc;
use crate::render::tame;
use crate::request::Ask;
use crate::secret::json;
use serde::Serialize;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["dotnet"],
    links: &[],
    is_verb: false,
    claims: |_| false,
    about: ".NET's VisualStudioCredential: entra-token link --dotnet",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| answer(call, services).unwrap_or_else(|error| call.failed(&error, FACE.forbidden)),
};

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS, &["--resource", "--scope"]], &[])?;
    let explicit = options.selectors()?;
    if !options.words.is_empty() || explicit.scopes.is_none() {
        return Err(bad(".NET calls its token provider with `--resource` and options only"));
    }
    let credential = services
        .tokens
        .token(&Ask {
            explicit,
            ..Ask::default()
        })?
        .credential;
    let token = credential.access_token.expose();
    let answer = Token {
        access_token: token,
        expires_on: rfc3339_utc(credential.expires_on),
    };
    let mut bytes = json(&answer, token.len());
    bytes.push(b'\n');
    Ok(call.done(&tame(bytes)))
}

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    expires_on: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, TOKEN};

    #[test]
    fn as_azure_identity_calls_it() {
        let seen = Caller::of(&FACE)
            .args(&["--resource", "https://vault.azure.net", "--tenant", "t.example"])
            .call();
        let explicit = &seen.only_ask().explicit;
        assert_eq!(
            explicit.scopes.as_ref().unwrap().joined(),
            "https://vault.azure.net/.default"
        );
        assert_eq!(explicit.tenant.as_ref().unwrap().as_str(), "t.example");
        assert_eq!(
            seen.ok(),
            format!("{{\"access_token\":\"{TOKEN}\",\"expires_on\":\"2026-11-22T11:00:00Z\"}}\n")
        );
    }

    #[test]
    fn malformed() {
        for args in [
            &[][..],
            &["--resource"],
            &["--resource", "a", "PLANTED"],
            &["--PLANTED", "--resource", "a"],
        ] {
            let seen = Caller::of(&FACE).args(args).call();
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{args:?}");
            assert!(!seen.err.contains("PLANTED"), "{}", seen.err);
        }
    }
}
