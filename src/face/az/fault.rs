//! Errors as az words them, for callers that judge by words: each must find those that it looks for, and none that it takes
//! for something else.

use crate::error::{EntraDetails, Error, Kind};
use crate::remedy::quoted;
use crate::request::Scopes;

/// Why a call fails.
#[derive(Debug)]
pub(super) struct Fault {
    /// What is said on standard error.
    pub(super) text: String,
    /// The exit status.
    pub(super) exit: u8,
    /// Whether the real az may know better.
    pub(super) is_for_another: bool,
    /// Whether it is about a login that is held, or that may be: then nobody else answers in its place.
    pub(super) is_final: bool,
}

impl Fault {
    /// The real az may know better.
    pub(super) fn for_another(self) -> Self {
        Self {
            is_for_another: true,
            ..self
        }
    }
}

/// The exit status of a call that is wrong.
pub(super) const USAGE: u8 = 2;

/// Longest word of a call that is repeated to it, in bytes.
const LONGEST_WORD: usize = 128;

/// Words that callers look for and that stand in texts by accident, and what is said instead.
const INSTEAD: [(&str, &str); 7] = [
    ("not found", "not there"),
    ("is not recognized", "is unknown"),
    ("no subscription found", "there is no subscription"),
    ("databricks oauth is not", "OAuth of Databricks is not"),
    ("cliinternalerror", "internal error"),
    ("az login", "a sign-in by az"),
    ("az account set", "a choice of the account"),
];

/// An error of az itself.
pub(super) fn plain(text: &str) -> Fault {
    Fault {
        text: format!("ERROR: {}", reworded(&short(text))),
        exit: 1,
        is_for_another: false,
        is_final: false,
    }
}

/// The call is wrong.
pub(super) fn usage(text: &str) -> Fault {
    if text.contains("--query") {
        return query(text);
    }
    Fault {
        text: format!(
            "ERROR: {}\n\nhttps://aka.ms/cli_ref\nRead more about the command in reference docs",
            reworded(&short(text))
        ),
        exit: USAGE,
        is_for_another: false,
        is_final: false,
    }
}

/// A query is wrong.
pub(super) fn query(text: &str) -> Fault {
    Fault {
        text: format!(
            "ERROR: {}\nTo learn more about --query, please visit: 'https://learn.microsoft.com/cli/azure/query-azure-cli'",
            reworded(&short(text))
        ),
        exit: USAGE,
        is_for_another: false,
        is_final: false,
    }
}

/// Nobody is signed in with us.
pub(super) fn nobody() -> Fault {
    Fault {
        text: "ERROR: Please run 'az login' to setup account.".to_owned(),
        exit: 1,
        is_for_another: true,
        is_final: false,
    }
}

/// What the services refuse. `scopes` is what a token was wanted for.
pub(super) fn of(error: &Error, scopes: Option<&Scopes>) -> Fault {
    if error.kind() == Kind::NotFound {
        return nobody();
    }
    let mut lines = Vec::new();
    let cause = cause(error);
    if matches!(error.kind(), Kind::InteractionRequired | Kind::ConsentRequired) {
        lines.push("ERROR: Please run 'az login' to setup account.".to_owned());
        lines.push("Interactive authentication is needed. Please run:".to_owned());
        // Nothing else may stand on this line: the extension of VS Code would not know it again. With `--scope` the
        // azure-identity of JavaScript shows the text to its user.
        lines.push(sign_in(scopes));
        lines.push(cause);
    } else {
        lines.push(format!("ERROR: {cause}"));
    }
    lines.extend(error.remedy().map(reworded));
    if let Some(seconds) = error.wait() {
        lines.push(format!("Try again in {seconds} s"));
    }
    lines.extend(error.details().map(for_support).unwrap_or_default());
    Fault {
        text: lines.join("\n"),
        exit: 1,
        is_for_another: false,
        is_final: is_about_a_login(error.kind()),
    }
}

/// What Entra ID says of a login that is held, or could not say; and where the disk keeps us from knowing who is meant. To be
/// answered as somebody else would be worse than no answer, and who is asked to wait must not be asked around.
const fn is_about_a_login(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::InteractionRequired
            | Kind::ConsentRequired
            | Kind::Denied
            | Kind::Cancelled
            | Kind::Timeout
            | Kind::Network
            | Kind::Throttled
            | Kind::CacheBusy
            | Kind::StoreUnavailable
    )
}

fn sign_in(scopes: Option<&Scopes>) -> String {
    let mut command = "az login".to_owned();
    if let Some(scopes) = scopes {
        command.push_str(" --scope");
        for scope in scopes.as_slice() {
            command.push(' ');
            command.push_str(&quoted(scope));
        }
    }
    command
}

fn cause(error: &Error) -> String {
    let code = error.details().and_then(|details| details.codes.first());
    let text = reworded(&error.to_string());
    match code {
        Some(code) if !text.contains("AADSTS") => format!("AADSTS{code}: {text}"),
        _ => text,
    }
}

/// What the authority said, in the words that its support asks for.
fn for_support(details: &EntraDetails) -> Vec<String> {
    let EntraDetails {
        error: _,
        suberror: _,
        codes: _,
        correlation_id,
        trace_id,
        timestamp,
        claims: _, // for the next sign-in, not for a reader
    } = details;
    [
        ("Trace ID", trace_id),
        ("Correlation ID", correlation_id),
        ("Timestamp", timestamp),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(format!("{name}: {}", reworded(value.as_deref()?))))
    .collect()
}

/// What the call said, without what is so long that it may be a token in the wrong place.
fn short(text: &str) -> String {
    let words = text
        .split(' ')
        .map(|word| if word.len() > LONGEST_WORD { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// One line, without the words that callers look for.
fn reworded(text: &str) -> String {
    let mut text = text
        .replace(char::is_control, " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for (words, instead) in INSTEAD {
        while let Some(at) = text.to_ascii_lowercase().find(words) {
            text.replace_range(at..at + words.len(), instead);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::az::FACE;

    fn hostile(kind: Kind) -> Error {
        let words = format!("{} az login az account set", FACE.forbidden.join(" "));
        let spread = "az: it was Not\r\n found, 'az' IS  not\trecognized, Az  Login, AZ ACCOUNT\nSET";
        Error::new(kind, format!("{words} {spread}"))
            .caused_by(format!("{words} {spread}"))
            .hint(format!("{words} {spread}"))
            .retry_after(3)
            .entra(EntraDetails {
                error: words.clone(),
                suberror: Some(words.clone()),
                codes: vec![50_076],
                correlation_id: Some(words.clone()),
                trace_id: Some(spread.to_owned()),
                timestamp: Some(words.clone()),
                claims: Some(words),
            })
    }

    #[test]
    fn no_word_misleads_whatever_the_authority_says() {
        for kind in Kind::ALL {
            for scopes in [None, Some(Scopes::databricks())] {
                let text = of(&hostile(kind), scopes.as_ref()).text;
                let needed = matches!(kind, Kind::NotFound | Kind::InteractionRequired | Kind::ConsentRequired);
                // Nobody is signed in: only said where that is so.
                for word in FACE.forbidden.iter().chain(&["az login", "az account set"]) {
                    let count = text.to_lowercase().matches(&word.to_lowercase()).count();
                    let allowed = match (*word, kind) {
                        ("az login", Kind::NotFound) => 1,
                        ("az login", _) if needed => 2,
                        _ => 0,
                    };
                    assert_eq!(count, allowed, "{kind:?}: `{word}` in {text}");
                }
                // No line in which a shell says that there is no `az`.
                assert!(
                    !text.lines().any(|line| line.contains("az:") && line.contains("found")),
                    "{text}"
                );
                assert!(kind == Kind::NotFound || text.contains("AADSTS50076: "), "{text}");
                assert!(text.starts_with("ERROR: ") && text.len() < 4096);
            }
        }
    }

    #[test]
    fn what_each_caller_looks_for() {
        assert_eq!(nobody().text, "ERROR: Please run 'az login' to setup account.");
        let error = Error::new(Kind::InteractionRequired, "a second factor is needed")
            .hint("run: entra-token login --tenant t-1")
            .entra(EntraDetails {
                codes: vec![50_076],
                correlation_id: Some("c-1".into()),
                ..EntraDetails::default()
            });
        assert_eq!(
            of(&error, Some(&Scopes::databricks())).text,
            "ERROR: Please run 'az login' to setup account.
Interactive authentication is needed. Please run:
az login --scope 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default
AADSTS50076: a second factor is needed
run: entra-token login --tenant t-1
Correlation ID: c-1"
        );
        let network = of(
            &Error::new(Kind::Network, "`x` cannot be reached").hint("check the network"),
            None,
        );
        assert_eq!(network.text, "ERROR: `x` cannot be reached\ncheck the network");
        assert_eq!((network.exit, network.is_for_another), (1, false));
    }
}
