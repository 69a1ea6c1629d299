//! The Azure Developer CLI, as azure-identity's `AzureDeveloperCliCredential` calls it: `azd auth token`, with claims
//! challenges. Everything else, and every token while nobody is signed in to us, is the real azd's.

mod said;
mod told;

use super::{Call, Face, Outcome, Services};
use crate::error::{Error, Kind};
use crate::localtime::rfc3339_utc;
use crate::render::{Format, render, tame};
use crate::request::{Ask, Selectors, Terms};
use crate::secret::pretty_json;
use crate::token::Credential;
use said::{Form, Said};
use serde::Serialize;
use std::ffi::OsString;
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["azd"],
    links: &["azd"],
    is_verb: false,
    claims,
    about: "the Azure Developer CLI's `azd auth token`, for azure-identity",
    variables: &[],
    margin: 0,
    // What azure-identity's languages take for `not logged in`, `too old` or `not there`; and what JavaScript's answers
    // with an advice of its own, to run the real azd, in place of all that is said here.
    forbidden: &[
        "azd auth login",
        "azd login",
        "not logged in",
        "unknown flag",
        "flag provided but not defined",
        "'azd' is not recognized",
        "azd:",
        "reauthentication required",
        "must use multi-factor authentication",
    ],
    run,
};

/// `auth token` with an option that no other tool of these words has.
fn claims(args: &[OsString]) -> bool {
    let begins = |words: &[&str]| args.len() >= words.len() && args.iter().zip(words).all(|(arg, word)| arg == word);
    let has = |arg: &OsString| {
        ["--scope", "--no-prompt", "--tenant-id"]
            .iter()
            .any(|option| arg == option)
    };
    begins(&["auth", "token"]) && args.iter().any(has)
}

fn run(call: &mut Call<'_>, services: &Services<'_>) -> Outcome {
    let said = match Said::parse(&call.words()) {
        Ok(Some(said)) => said,
        Ok(None) => return Outcome::Forward(AZD),
        // The real one may know what we do not.
        Err(error) => return Outcome::ForwardElse(AZD, told::error(&error, Form::Text, call.now), 1),
    };
    let form = said.form;
    let ask = Ask {
        explicit: Selectors {
            tenant: said.tenant,
            scopes: Some(said.scopes),
            ..Selectors::default()
        },
        door: Selectors::default(),
        terms: Terms {
            claims: said.claims,
            ..Terms::default()
        },
    };
    match services.tokens.token(&ask) {
        Ok(granted) => match print(&granted.credential, form, said.query.as_ref()) {
            Ok(answer) => call.done(&answer),
            Err(error) => failed(call, &error, form),
        },
        Err(error) if error.kind() == Kind::NotFound => {
            Outcome::ForwardElse(AZD, told::not_logged_in(&error, form, call.now), 1)
        }
        Err(error) => failed(call, &error, form),
    }
}

const AZD: &str = "azd";

fn failed(call: &Call<'_>, error: &Error, form: Form) -> Outcome {
    call.io.say(&told::error(error, form, call.now));
    Outcome::Done(1)
}

/// The answer, as azd prints it.
fn print(
    credential: &Credential,
    form: Form,
    query: Option<&crate::render::Query>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let token = credential.access_token.expose();
    let answer = Token {
        token,
        // Go's azidentity takes nothing but this form.
        expires_on: rfc3339_utc(credential.expires_on),
    };
    match (form, query) {
        (Form::None, _) => Ok(Zeroizing::default()),
        (Form::Text, _) => {
            if token.chars().any(char::is_control) {
                return Err(Error::new(Kind::Internal, "the token holds a control character"));
            }
            Ok(Zeroizing::new([token, "\n"].concat().into_bytes()))
        }
        (Form::Json, None) => {
            let mut bytes = pretty_json(&answer, token.len());
            bytes.push(b'\n');
            Ok(tame(bytes))
        }
        (Form::Json, Some(query)) => {
            let failed = |why: &dyn std::fmt::Display| super::options::bad("`--query` fails").caused_by(why);
            let value = serde_json::to_value(&answer).map_err(|why| failed(&why))?;
            let value = query.apply(&value).map_err(|why| failed(&why))?;
            Ok(tame(Zeroizing::new(render(&value, Format::Json).into_bytes())))
        }
    }
}

#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
    #[serde(rename = "expiresOn")]
    expires_on: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};

    /// As azure-identity calls it.
    const CALL: [&str; 7] = [
        "auth",
        "token",
        "--output",
        "json",
        "--no-prompt",
        "--scope",
        "a/.default",
    ];

    fn call(args: &[&str]) -> Seen {
        Caller::of(&FACE).args(args).call()
    }

    #[test]
    fn answers() {
        let whole = format!("{{\n  \"token\": \"{TOKEN}\",\n  \"expiresOn\": \"2026-11-22T11:00:00Z\"\n}}\n");
        for (args, answer) in [
            (&CALL[..], whole.clone()),
            (&["auth", "token", "-ojson"], whole.clone()),
            (&["--no-prompt", "auth", "token", "-o=json", "--debug"], whole.clone()),
            (&["auth", "token", "-C", "/", "-e", "dev", "-o", "json"], whole),
            (&["auth", "token"], format!("{TOKEN}\n")),
            (&["auth", "token", "-o", "none"], String::new()),
            (
                &["auth", "token", "-o", "json", "--query", "expiresOn"],
                "\"2026-11-22T11:00:00Z\"\n".to_owned(),
            ),
        ] {
            assert_eq!(call(args).ok(), answer, "{args:?}");
        }
    }

    #[test]
    fn what_is_asked_for() {
        let seen = call(
            &[
                &CALL[..],
                &["--scope=b", "--tenant-id", "t.example", "--claims", "eyJhIjp7fX0="],
            ]
            .concat(),
        );
        let ask = seen.only_ask();
        assert_eq!(ask.explicit.scopes.as_ref().unwrap().joined(), "a/.default b");
        assert_eq!(ask.explicit.tenant.as_ref().unwrap().as_str(), "t.example");
        assert_eq!(ask.terms.claims.as_ref().unwrap().as_str(), r#"{"a":{}}"#);
        let seen = call(&["auth", "token"]);
        assert_eq!(
            seen.only_ask().explicit.scopes.as_ref().unwrap().joined(),
            "https://management.azure.com//.default"
        );
    }

    #[test]
    fn what_is_not_ours_is_the_real_ones() {
        for args in [
            &[][..],
            &["version"],
            &["up"],
            &["auth", "login"],
            &["--help"],
            &["auth", "token", "--help"],
        ] {
            let seen = call(args);
            assert!(seen.asked.is_empty());
            assert_eq!(seen.outcome, Outcome::Forward("azd"), "{args:?}");
        }
        for args in [
            &["auth", "token", "--frobnicate"][..],
            &["auth", "token", "--claims", "PLANTED!"],
        ] {
            let Outcome::ForwardElse("azd", told, 1) = call(args).outcome else {
                panic!("{args:?}")
            };
            assert!(told.starts_with("ERROR: ") && !told.contains("PLANTED"), "{told}");
        }
    }

    #[test]
    fn nobody_signed_in_is_told_in_the_words_that_are_looked_for() {
        let seen = Caller::of(&FACE).args(&CALL).failing(Kind::NotFound).call();
        let Outcome::ForwardElse("azd", told, 1) = seen.outcome else {
            panic!("{seen:?}")
        };
        assert_eq!(
            told,
            "{\"type\":\"consoleMessage\",\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":{\"message\":\
             \"\\nERROR: not logged in, run `azd auth login` to login\\nrun: entra-token login\\n\"},\"error\":\"not logged in, run `azd auth login` \
             to login\\nrun: entra-token login\",\"message\":\"not logged in, run `azd auth login` to login\",\"suggestion\":\"run: entra-token \
             login\",\"links\":[]}"
        );
    }

    #[test]
    fn a_failure_is_one_line_of_json() {
        let seen = Caller::of(&FACE).args(&CALL).failing(Kind::InteractionRequired).call();
        assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(1), ""));
        let told: serde_json::Value = serde_json::from_str(&seen.err).unwrap();
        assert_eq!(told["error"], "it is as it is\nrun: entra-token login");
        assert_eq!(told["message"], "it is as it is");
        assert_eq!(told["data"]["message"], "\nERROR: it is as it is\nrun: entra-token login\n");
        assert_eq!(told["suggestion"], "run: entra-token login");
        assert_eq!(seen.err.lines().count(), 1);
    }

    #[test]
    fn under_our_own_name_by_its_options_alone() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(claims(&words("auth token -o json --no-prompt --scope a")));
        for line in ["auth token --host x", "auth token", "auth", "token --scope a"] {
            assert!(!claims(&words(line)), "{line}");
        }
    }
}
