//! What is wrong with a command line, in our own words. clap's repeat what was typed, and that may be a token.

use super::answer::Answer;
use crate::error::{Error, Kind};
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Help that was asked for, or an error that names the flag but no value. Some verbs take a command after `--`.
pub(super) fn explain(error: &clap::Error, verb: &str, takes_a_command: bool) -> Result<Answer, Error> {
    if error.kind() == ErrorKind::DisplayHelp {
        return Ok(Answer::text(&error.render().to_string()));
    }
    let because = |cause| Error::new(Kind::BadRequest, cause);
    let separate = format!("put `--` before the command: entra-token {verb} -- COMMAND");
    Err(match error.kind() {
        ErrorKind::MissingRequiredArgument if takes_a_command => {
            because("a command is missing".to_owned()).hint(separate)
        }
        ErrorKind::UnknownArgument if takes_a_command && is_word(error) => because(cause(error, verb)).hint(separate),
        _ => because(cause(error, verb)).hint(format!("see `entra-token {verb} --help`")),
    })
}

/// A mistake of ours: the flags were read, but do not fit the struct.
pub(super) fn ours(error: clap::Error) -> Error {
    Error::new(Kind::Internal, "the flags cannot be read").caused_by(error.kind())
}

/// Whether what is wrong does not look like a flag.
fn is_word(error: &clap::Error) -> bool {
    said(error, ContextKind::InvalidArg).is_some_and(|text| !text.starts_with('-'))
}

fn said(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    }
}

fn cause(error: &clap::Error, verb: &str) -> String {
    let said = |kind| said(error, kind);
    // `--tenant <TENANT>` or `--tenant=value`: the flag alone.
    let flag = said(ContextKind::InvalidArg).map(|text| text.split([' ', '=']).next().unwrap_or_default());
    match (error.kind(), flag) {
        (ErrorKind::UnknownArgument, Some(flag)) if is_flag(flag) => {
            let meant = said(ContextKind::SuggestedArg).map(|meant| format!("; did you mean `{meant}`?"));
            format!("`{flag}` is not an option of `{verb}`{}", meant.unwrap_or_default())
        }
        (ErrorKind::UnknownArgument, _) => {
            format!("`{verb}` does not take that argument (not repeated here, as it may be a secret)")
        }
        (ErrorKind::InvalidValue, Some(flag)) => match error.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(valid)) if !valid.is_empty() => {
                let valid: Vec<_> = valid.iter().map(|word| format!("`{word}`")).collect();
                format!("`{flag}` must be one of {}", valid.join(", "))
            }
            _ => format!("`{flag}` needs a value"),
        },
        (ErrorKind::TooManyValues, Some(flag)) => format!("`{flag}` takes no value"),
        (ErrorKind::ArgumentConflict, Some(flag)) => match said(ContextKind::PriorArg) {
            Some(other) if !other.starts_with(flag) => format!("`{flag}` cannot be used with `{other}`"),
            _ => format!("`{flag}` is given more than once"),
        },
        (ErrorKind::InvalidUtf8, _) => "an argument is not UTF-8 text".to_owned(),
        (kind, _) => kind
            .as_str()
            .unwrap_or("the command line cannot be read")
            .to_lowercase(),
    }
}

/// A short word of letters that follows dashes; anything else may be a secret that was pasted.
fn is_flag(text: &str) -> bool {
    let word = text.trim_start_matches('-');
    word.len() < text.len() && word.len() <= 24 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

#[cfg(test)]
mod tests {
    use crate::cli::VERBS;
    use crate::world::fake::Fake;
    use std::ffi::OsString;

    fn told(verb: &str, args: &[&str]) -> (u8, String) {
        let fake = Fake::default();
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let row = VERBS.iter().find(|row| row.name == verb).unwrap();
        let exit = row.run(&args, &fake.world());
        assert_eq!(fake.out(), "");
        (exit, fake.err())
    }

    #[test]
    fn what_is_wrong_is_named_and_never_a_value() {
        for (verb, args, begin) in [
            (
                "get",
                &["--tennant", "x"][..],
                "`--tennant` is not an option of `get`; did you mean `--tenant`?",
            ),
            (
                "get",
                &["--nothing-like-it=eyJsecret"],
                "`--nothing-like-it` is not an option of `get`",
            ),
            (
                "get",
                &["eyJsecret"],
                "`get` does not take that argument (not repeated here",
            ),
            (
                "get",
                &["--eyJsecret"],
                "`get` does not take that argument (not repeated here",
            ),
            (
                "get",
                &["-o", "eyJsecret"],
                "`--output` must be one of `json`, `token`, `header`, `env`, `curl`",
            ),
            ("get", &["--tenant"], "`--tenant` needs a value"),
            (
                "get",
                &["--tenant", "eyJsecret", "--tenant", "b"],
                "`--tenant` is given more than once",
            ),
            (
                "login",
                &["--refresh-token-stdin=eyJsecret"],
                "`--refresh-token-stdin` takes no value",
            ),
            ("get", &["--rejected", "eyJsecret"], "`--rejected`: expected `sha256:`"),
            ("get", &["--claims", "eyJsecret"], "`--claims`: claims are"),
            (
                "get",
                &["--timeout", "eyJsecret"],
                "`--timeout`: expected whole seconds",
            ),
            (
                "get",
                &["--min-ttl", "eyJsecret"],
                "`--min-ttl`: expected whole seconds",
            ),
            (
                "get",
                &["--scope", "a", "--resource", "b"],
                "`--scope` and `--resource` are both given",
            ),
            (
                "get",
                &["--cloud", "public", "--authority-host", "b.example"],
                "`--cloud` and `--authority-host` are both",
            ),
        ] {
            let (exit, text) = told(verb, args);
            assert_eq!(exit, 2, "{args:?}");
            assert!(text.starts_with(&format!("entra-token: {begin}")), "{args:?}: {text}");
            assert!(!text.contains("eyJsecret"), "{text}");
            assert_eq!(
                text.lines().last(),
                Some(format!("  see `entra-token {verb} --help`").as_str())
            );
        }
    }

    #[test]
    fn a_command_stands_after_two_dashes() {
        let remedy = |verb: &str| format!("  put `--` before the command: entra-token {verb} -- COMMAND");
        for (verb, args) in [
            ("exec", &["env"][..]),
            ("exec", &["--env", "A", "eyJsecret", "--tenant", "a"]),
            ("serve", &["true", "-x"]),
        ] {
            let (exit, text) = told(verb, args);
            assert_eq!(exit, 2, "{args:?}");
            assert_eq!(text.lines().last(), Some(remedy(verb).as_str()));
            assert!(!text.contains("eyJsecret"), "{text}");
        }
        for args in [&[][..], &["--"], &["--env", "A"]] {
            let text = format!("entra-token: a command is missing\n{}\n", remedy("exec"));
            assert_eq!(told("exec", args), (2, text), "{args:?}");
        }
        let (_, text) = told("exec", &["--nothing-like-it", "env"]);
        assert!(text.ends_with("  see `entra-token exec --help`\n"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn arguments_that_are_not_text() {
        use std::os::unix::ffi::OsStringExt;
        let fake = Fake::default();
        let args = ["--tenant".into(), OsString::from_vec(vec![0xff])];
        let get = VERBS.iter().find(|row| row.name == "get").unwrap();
        assert_eq!(get.run(&args, &fake.world()), 2);
        assert!(fake.err().starts_with("entra-token: an argument is not UTF-8 text\n"));
    }
}
