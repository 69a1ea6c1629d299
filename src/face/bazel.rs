//! Bazel's credential helper (EngFlow credential-helper-spec): `get`, a URI on standard input, headers on standard output.
//! By a link's name or `as bazel` alone, since `entra-token get` is a verb of ours.

use super::options::{Options, SELECTORS, bad};
use super::talk::reported;
use super::{Call, Face, Outcome, Services, target};
use crate::error::Error;
use crate::localtime::rfc3339_utc;
use crate::render::tame;
use crate::request::Host;
use crate::secret::json;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["bazel"],
    links: &["bazel-credential-entra"],
    is_verb: false,
    claims: |_| false,
    about: "Bazel's credential helper: --credential_helper=HOST=bazel-credential-entra",
    variables: &[],
    margin: 120,
    forbidden: &[],
    run: |call, services| answer(call, services).unwrap_or_else(|error| call.failed(&error, FACE.forbidden)),
};

/// Azure Storage takes Entra tokens from this version of its API on, and must be told one.
const STORAGE_VERSION: &str = "2023-11-03";

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS], &[])?;
    if options.words != ["get"] {
        return Err(bad("Bazel calls its credential helper with `get`"));
    }
    let input = call
        .input()
        .map_err(|why| bad("the request cannot be read").caused_by(why))?;
    let request: Request = serde_json::from_slice(&input).map_err(|_| bad("the request is not `{\"uri\":\"…\"}`"))?;
    let host = Host::parse(&request.uri).map_err(|_| bad("`uri` is not one that a token may be sent to"))?;
    let storage = host.name().contains(".blob.core.").then_some([STORAGE_VERSION]);
    let ask = target::of_host(host, options.selectors()?, std::iter::empty());
    let credential = services.tokens.token(&ask)?.credential;
    let token = credential.access_token.expose();
    let authorization = Zeroizing::new([&credential.token_type, " ", token].concat());
    let answer = Answer {
        headers: Headers {
            authorization: [&authorization],
            storage,
        },
        expires: rfc3339_utc(reported(credential.expires_on, FACE.margin, call.now)),
    };
    let mut bytes = json(&answer, token.len());
    bytes.push(b'\n');
    Ok(call.done(&tame(bytes)))
}

#[derive(Deserialize)]
struct Request {
    uri: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    headers: Headers<'a>,
    expires: String,
}

#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "Authorization")]
    authorization: [&'a str; 1],
    #[serde(rename = "x-ms-version", skip_serializing_if = "Option::is_none")]
    storage: Option<[&'static str; 1]>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};

    fn call(input: &str) -> Seen {
        Caller::of(&FACE).args(&["get"]).input(input).call()
    }

    #[test]
    fn answers() {
        let of = |more: &str| {
            format!(
                "{{\"headers\":{{\"Authorization\":[\"Bearer {TOKEN}\"]{more}}},\"expires\":\"2026-11-22T10:58:00Z\"}}\n"
            )
        };
        for (uri, more) in [
            ("https://pkgs.dev.azure.com/contoso/x", ""),
            (
                "https://acme.blob.core.windows.net/cas/ab12",
                ",\"x-ms-version\":[\"2023-11-03\"]",
            ),
        ] {
            let seen = call(&format!("{{\"uri\":\"{uri}\",\"unknown\":1}}"));
            assert_eq!(seen.only_ask().explicit.host, Host::parse(uri).ok());
            assert_eq!(seen.ok(), of(more), "{uri}");
        }
    }

    #[test]
    fn malformed() {
        for input in [
            "",
            "{}",
            "PLANTED",
            r#"{"uri":7}"#,
            r#"{"uri":"http://PLANTED"}"#,
            r#"{"uri":"https://a:PLANTED@b"}"#,
        ] {
            let seen = call(input);
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{input}");
            assert!(
                !seen.err.contains("PLANTED") && seen.err.lines().count() == 1,
                "{}",
                seen.err
            );
        }
        for args in [&[][..], &["store"], &["get", "x"]] {
            assert_eq!(Caller::of(&FACE).args(args).call().outcome, Outcome::Done(2));
        }
    }
}
