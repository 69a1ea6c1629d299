//! Azure Artifacts' credential provider run on its own, as artifacts-keyring runs it for pip, twine and Poetry:
//! `-Uri URI -IsRetry False -NonInteractive True -OutputFormat Json …`.

use super::options::bad;
use super::{Call, Face, Outcome, Services, keyring, target};
use crate::error::{Error, Kind};
use crate::render::tame;
use crate::request::{Host, Selectors};
use crate::secret::json;
use serde::Serialize;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["credprovider"],
    links: &[],
    is_verb: false,
    claims: |args| args.first().is_some_and(|first| first.eq_ignore_ascii_case("-Uri")),
    about: "Azure Artifacts' credential provider, for artifacts-keyring (twine, Poetry)",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| {
        answer(call, services).unwrap_or_else(|error| {
            call.failed(&error, FACE.forbidden);
            Outcome::Done(NOTHING)
        })
    },
};

/// The exit status that means: no credential here.
const NOTHING: u8 = 2;

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let said = Said::parse(&call.words())?;
    let host = Host::parse(&said.uri).map_err(|_| bad("`-Uri`: not one that a token may be sent to"))?;
    if !target::may_be_feed(&host) {
        return Err(Error::new(
            Kind::TargetNotSupported,
            "the feed is not one that tokens are given for",
        ));
    }
    let mut ask = target::of_host(host, Selectors::default(), std::iter::empty());
    // What was given before was refused.
    ask.terms.force = said.is_retry;
    let credential = services.tokens.token(&ask)?.credential;
    let token = credential.access_token.expose();
    let answer = Credentials {
        // artifacts-keyring drops any other user's.
        username: keyring::USER,
        password: token,
    };
    let mut bytes = json(&answer, token.len());
    bytes.push(b'\n');
    Ok(call.done(&tame(bytes)))
}

struct Said {
    uri: String,
    is_retry: bool,
}

impl Said {
    /// Pairs of a name, in any case, and a value. Those that we do not know say how to ask a person, which we never do.
    fn parse(args: &[String]) -> Result<Self, Error> {
        let value = |wanted: &str| {
            let pair = args.windows(2).find(|pair| pair[0].eq_ignore_ascii_case(wanted))?;
            Some(pair[1].as_str())
        };
        if value("-OutputFormat").is_some_and(|form| !form.eq_ignore_ascii_case("json")) {
            return Err(bad("`-OutputFormat`: there is `Json` only"));
        }
        Ok(Self {
            uri: value("-Uri").ok_or_else(|| bad("`-Uri` is missing"))?.to_owned(),
            is_retry: value("-IsRetry").is_some_and(|text| text.eq_ignore_ascii_case("true")),
        })
    }
}

#[derive(Serialize)]
struct Credentials<'a> {
    #[serde(rename = "Username")]
    username: &'a str,
    #[serde(rename = "Password")]
    password: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};

    fn call(line: &str) -> Seen {
        Caller::of(&FACE).args(&line.split(' ').collect::<Vec<_>>()).call()
    }

    #[test]
    fn as_artifacts_keyring_calls_it() {
        for (retry, force) in [("False", false), ("True", true)] {
            let seen = call(&format!(
                "-Uri https://pkgs.dev.azure.com/contoso/x -IsRetry {retry} -NonInteractive False -CanShowDialog True \
                 -OutputFormat Json -Verbosity Information"
            ));
            assert_eq!(seen.only_ask().terms.force, force);
            assert_eq!(
                seen.ok(),
                format!("{{\"Username\":\"VssSessionToken\",\"Password\":\"{TOKEN}\"}}\n")
            );
        }
        assert!((FACE.claims)(&["-Uri".into()]) && !(FACE.claims)(&["x".into(), "-Uri".into()]));
    }

    #[test]
    fn nothing_is_status_two() {
        for line in [
            "-Uri",
            "-Uri http://PLANTED/",
            "-Uri https://adb-1.2.azuredatabricks.net/",
            "-Uri https://pkgs.dev.azure.com/ -OutputFormat PLANTED",
        ] {
            let seen = call(line);
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{line}");
            assert!(!seen.err.contains("PLANTED") && seen.asked.is_empty(), "{}", seen.err);
        }
    }
}
