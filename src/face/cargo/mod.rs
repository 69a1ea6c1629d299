//! Cargo's credential provider protocol, version 1: `entra-token --cargo-plugin`, a JSON message a line in both directions;
//! we speak first. For crates on Azure Artifacts.

mod message;

use super::options::{Options, SELECTORS};
use super::{Call, Face, Outcome, Services, target};
use crate::error::{Error, Kind};
use crate::request::Host;
use message::Request;
use std::io::{self, BufRead, Read};
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["cargo"],
    links: &["cargo-credential-entra"],
    is_verb: false,
    claims: |args| args.first().is_some_and(|first| first == "--cargo-plugin"),
    about: "Cargo's credential provider, for Azure Artifacts: credential-provider = \"entra-token\"",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| Outcome::Done(run(call, services)),
};

/// Longest request in bytes.
const LIMIT: u64 = 1 << 20;

/// Answers until the end of input. Cargo throws an answer away if the exit status is not 0.
fn run(call: &Call<'_>, services: &Services<'_>) -> u8 {
    if let Err(error) = call.io.answer(message::HELLO) {
        return call.unwritten(&error);
    }
    let mut unwritten = None;
    let read = call.io.input(&mut |input| {
        while let Some(line) = line(input)? {
            let answer = match Request::parse(&line).and_then(|request| answer(&request, services)) {
                Ok(answer) => answer,
                Err(error) => {
                    // Cargo asks its next provider then, and does not tell what was missing here.
                    if error.kind() == Kind::NotFound {
                        call.failed(&error, FACE.forbidden);
                    }
                    message::error(&error)
                }
            };
            if let Err(error) = call.io.answer(&answer) {
                unwritten = Some(error);
                break;
            }
        }
        Ok(())
    });
    match (unwritten, read) {
        (Some(error), _) => call.unwritten(&error),
        (None, Ok(())) => 0,
        (None, Err(error)) => {
            call.io
                .say(&format!("entra-token: cannot read Cargo's request: {error}"));
            1
        }
    }
}

fn answer(request: &Request, services: &Services<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let options = Options::parse(&request.args, &[&SELECTORS], &[])?;
    let index = request.index_url.strip_prefix("sparse+").unwrap_or(&request.index_url);
    let not_ours = || {
        Error::new(
            Kind::TargetNotSupported,
            "the registry is not one that tokens are given for",
        )
    };
    let host = Host::parse(index).map_err(|_| not_ours())?;
    if !target::may_be_feed(&host) {
        return Err(not_ours());
    }
    let ask = target::of_host(host, options.selectors()?, request.challenges());
    Ok(message::token(&services.tokens.token(&ask)?.credential))
}

/// A line; nothing at the end of input.
fn line(input: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let count = input.take(LIMIT).read_until(b'\n', &mut line)?;
    if count as u64 == LIMIT {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too long"));
    }
    Ok((count > 0).then_some(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};

    const INDEX: &str = "sparse+https://pkgs.dev.azure.com/contoso/_packaging/core/Cargo/index/";

    fn request(index: &str, more: &str) -> String {
        format!(
            "{{\"v\":1,\"kind\":\"get\",\"operation\":\"read\",\"registry\":{{\"index-url\":\"{index}\"}}{more}}}\n"
        )
    }

    fn call(input: &str) -> Seen {
        Caller::of(&FACE).args(&["--cargo-plugin"]).input(input).call()
    }

    /// What is answered after the greeting.
    fn answers(seen: Seen) -> String {
        let out = seen.ok();
        out.strip_prefix("{\"v\":[1]}\n").expect(&out).to_owned()
    }

    #[test]
    fn a_token_is_the_whole_header() {
        let answer = format!(
            "{{\"Ok\":{{\"kind\":\"get\",\"token\":\"Bearer {TOKEN}\",\"cache\":\"expires\",\"expiration\":1795345200,\
             \"operation_independent\":true}}}}\n"
        );
        assert_eq!(answers(call(&request(INDEX, ""))), answer);
        assert_eq!(
            answers(call(&request(INDEX, ",\"args\":[],\"x\":1").repeat(2))),
            answer.repeat(2)
        );
        assert_eq!(answers(call("")), "");
    }

    #[test]
    fn what_is_asked_for() {
        let header = "WWW-Authenticate: Bearer authorization_uri=https://login.microsoftonline.com/contoso.example";
        let input = format!(
            "{{\"v\":1,\"kind\":\"get\",\"operation\":\"publish\",\"name\":\"x\",\"vers\":\"1\",\"cksum\":\"0\",\
             \"registry\":{{\"index-url\":\"{INDEX}\",\"headers\":[\"Date: x\",\"{header}\"]}},\"args\":[\"--profile\",\"ci\"]}}\n"
        );
        let seen = call(&input);
        let explicit = &seen.only_ask().explicit;
        assert_eq!(explicit.host.as_ref().unwrap().name(), "pkgs.dev.azure.com");
        assert_eq!(explicit.tenant.as_ref().unwrap().as_str(), "contoso.example");
        assert_eq!(explicit.profile.as_deref(), Some("ci"));
    }

    #[test]
    fn an_error_is_an_answer() {
        for (kind, word) in [
            (Kind::TargetNotSupported, "url-not-supported"),
            (Kind::NotFound, "not-found"),
            (Kind::InteractionRequired, "other"),
        ] {
            let seen = Caller::of(&FACE).input(request(INDEX, "")).failing(kind).call();
            assert_eq!(seen.outcome, Outcome::Done(0));
            let told = format!("{{\"Err\":{{\"kind\":\"{word}\"");
            assert!(seen.out.lines().last().unwrap().starts_with(&told), "{}", seen.out);
            assert_eq!(seen.err.is_empty(), kind != Kind::NotFound);
        }
        let told = answers(Caller::of(&FACE).input(request(INDEX, "")).failing(Kind::Denied).call());
        assert_eq!(
            told,
            "{\"Err\":{\"kind\":\"other\",\"message\":\"it is as it is; run: entra-token login\",\"caused-by\":[]}}\n"
        );
    }

    #[test]
    fn what_is_not_ours_or_malformed() {
        for (input, kind) in [
            (request("https://github.com/rust-lang/crates.io-index", ""), None),
            (request("sparse+http://PLANTED/", ""), Some("url-not-supported")),
            (
                request("sparse+https://adb-1.2.azuredatabricks.net/", ""),
                Some("url-not-supported"),
            ),
            (request(INDEX, ",\"args\":[\"--PLANTED\"]"), Some("other")),
            ("PLANTED\n".to_owned(), Some("other")),
            (
                "{\"v\":2,\"kind\":\"get\",\"registry\":{\"index-url\":\"PLANTED\"}}\n".to_owned(),
                Some("other"),
            ),
            (
                "{\"v\":1,\"kind\":\"login\",\"registry\":{\"index-url\":\"x\"},\"token\":\"PLANTED\"}\n".to_owned(),
                Some("operation-not-supported"),
            ),
            (
                "{\"v\":1,\"kind\":\"logout\",\"registry\":{\"index-url\":\"x\"}}".to_owned(),
                Some("operation-not-supported"),
            ),
        ] {
            let seen = call(&input);
            assert_eq!(seen.asked.is_empty(), kind.is_some(), "{input}");
            let told = answers(seen);
            if let Some(kind) = kind {
                assert!(
                    told.starts_with(&format!("{{\"Err\":{{\"kind\":\"{kind}\"")),
                    "{input}: {told}"
                );
            }
            assert!(!told.contains("PLANTED"), "{told}");
        }
    }

    #[test]
    fn by_its_first_argument() {
        assert!((FACE.claims)(&["--cargo-plugin".into()]));
        assert!(!(FACE.claims)(&["get".into(), "--cargo-plugin".into()]));
    }
}
