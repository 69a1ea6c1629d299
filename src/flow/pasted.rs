//! What a person pastes: the address at which the browser ended, a part of it, or the bare code.

use super::arrival::Arrival;
use super::redirect::Expected;
use crate::secret::Secret;

/// What was pasted.
pub(super) enum Pasted {
    /// What came back of the sign-in page.
    Arrival(Arrival),
    /// Something else; why, and what to paste instead.
    Other(&'static str),
}

/// Reads what was pasted. An address must carry our state; a bare code has none, and is bound to us by PKCE alone.
pub(super) fn read(line: &Secret, expected: &Expected) -> Pasted {
    let text = line
        .expose()
        .trim()
        .trim_matches(|c| matches!(c, '"' | '\'' | '<' | '>' | '`'));
    if text.is_empty() {
        return Pasted::Other("nothing was pasted; copy the whole address from the address bar of the browser");
    }
    let Some(parameters) = parameters(text) else {
        return bare_code(text);
    };
    if let Some(arrival) = Arrival::of_parameters(expected, parameters.as_bytes()) {
        return match arrival {
            Arrival::Nonsense(_) if parameters.contains("code_challenge=") => Pasted::Other(
                "this is the address to sign in at; open it in a browser, sign in, and paste the address where it ends",
            ),
            arrival => Pasted::Arrival(arrival),
        };
    }
    Pasted::Other(if parameters.contains("code=") || parameters.contains("error=") {
        "this address belongs to another sign-in; use the one printed above, and paste the address where it ends"
    } else {
        "this address holds no code; paste the one that begins with http://localhost"
    })
}

/// The part after the question mark of an address, or all of it if it is that part alone.
fn parameters(text: &str) -> Option<&str> {
    let bare = text.split('#').next().unwrap_or_default();
    match bare.split_once('?') {
        Some((_, query)) => Some(query),
        None if text.contains("://") => Some(""),
        None if text.contains("code=") || text.contains("error=") => Some(bare.trim_start_matches('&')),
        None => None,
    }
}

fn bare_code(text: &str) -> Pasted {
    if is_code(text) && text.len() >= 16 {
        return Pasted::Arrival(Arrival::Code(Secret::new(text.to_owned())));
    }
    Pasted::Other("this is neither an address nor a code; copy the whole address from the address bar of the browser")
}

/// A code as authorities have them: visible ASCII (RFC 6749 A.11).
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Pasted {
        let expected = Expected {
            state: Secret::new("st-1".into()),
        };
        read(&Secret::new(text.into()), &expected)
    }

    fn code(text: &str) -> Option<String> {
        match given(text) {
            Pasted::Arrival(Arrival::Code(code)) => Some(code.expose().to_owned()),
            _ => None,
        }
    }

    fn other(text: &str) -> &'static str {
        match given(text) {
            Pasted::Other(why) => why,
            _ => panic!("{text} was taken"),
        }
    }

    #[test]
    fn addresses_and_parts_of_them() {
        for text in [
            "http://localhost:8400/?code=1.A%2Bb&state=st-1&session_state=x",
            " \"http://localhost:8400/?state=st-1&code=1.A%2Bb#\" ",
            "<http://localhost/?code=1.A%2Bb&state=st-1#_=_>",
            "localhost:8400/?code=1.A%2Bb&state=st-1",
            "code=1.A%2Bb&state=st-1",
            "&state=st-1&code=1.A%2Bb",
        ] {
            assert_eq!(code(text).as_deref(), Some("1.A+b"), "{text}");
        }
    }

    #[test]
    fn a_bare_code() {
        let long = format!("1.AXkA{}", "b-_".repeat(2000));
        assert_eq!(code(&long), Some(long));
        for text in ["yes", "a code with blanks in it", "\u{1b}[200~", "0.ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"] {
            assert!(other(text).starts_with("this is neither"), "{text}");
        }
    }

    #[test]
    fn what_is_not_of_this_sign_in() {
        for text in [
            "http://localhost/?code=c&state=st-2",
            "http://localhost/?code=c",
            "http://localhost/?code=c&state=st-1&state=st-1",
            "http://localhost/?error=access_denied&state=other",
        ] {
            assert!(other(text).contains("another sign-in"), "{text}");
        }
        assert!(other("https://login.example/authorize?code_challenge=c&state=st-1").contains("sign in at"));
        assert!(other("http://localhost:8400/").contains("holds no code"));
        for text in [
            "code=a&code=b&state=st-1",
            "code=&state=st-1",
            "code=c&error=e&state=st-1",
        ] {
            assert!(matches!(given(text), Pasted::Arrival(Arrival::Nonsense(_))), "{text}");
        }
        assert!(other("  ").contains("nothing was pasted"));
    }

    #[test]
    fn a_refusal_of_this_sign_in() {
        let text = "http://localhost/?error=access_denied&error_description=AADSTS65004%3a+declined&state=st-1";
        let Pasted::Arrival(Arrival::Refused(refusal)) = given(text) else {
            panic!("not a refusal");
        };
        assert_eq!(
            (refusal.details.error.as_str(), &refusal.details.codes[..]),
            ("access_denied", &[65004][..])
        );
    }
}
