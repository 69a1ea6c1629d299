//! Judging what comes to the redirect address (RFC 6749 §4.1.2): only an answer that carries our `state` is one.
//!
//! Pure: one request in, one verdict out. Nothing that was received stands in a reply.

use super::page;
use crate::entra::Refusal;
use crate::secret::Secret;
use crate::world::loopback::{Reply, Request};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// By what the answer is known.
pub struct Expected {
    /// The `state` that was sent to the authority.
    pub state: Secret,
}

/// What a request is, and what it is told.
pub enum Verdict {
    /// Not the answer: whoever it was, the wait goes on.
    NotOurs(Reply),
    /// The person signed in.
    Code(Granted, Reply),
    /// The authority refused.
    Refused(Refusal, Reply),
    /// It knows our `state` and makes no sense: what is wrong with it.
    Nonsense(&'static str, Reply),
}

/// What the parameters of an answer say.
#[derive(Debug)]
pub enum Told {
    /// `state` is missing, doubled or not ours.
    NotOurs,
    /// The person signed in.
    Code(Granted),
    /// The authority refused.
    Refused(Refusal),
    /// It knows our `state` and makes no sense: what is wrong with it.
    Nonsense(&'static str),
}

/// What the authority gave.
#[derive(Debug)]
pub struct Granted {
    /// The code, good for one use.
    pub code: Secret,
    /// `client_info`, if it came along: who signed in.
    pub client_info: Option<Secret>,
}

/// Judges one request. The reply of a verdict other than [`Verdict::NotOurs`] is the last one.
#[must_use]
pub fn judge(expected: &Expected, request: &Request<'_>) -> Verdict {
    let not_ours = |status| Verdict::NotOurs(page::waiting(status));
    let parameters = match (request.path, request.method) {
        ("/favicon.ico", _) => return Verdict::NotOurs(Reply::new(404)),
        ("/", "GET") => request.query.unwrap_or_default().as_bytes(),
        ("/", "POST") if is_form(request.header("content-type")) => request.body,
        ("/", "POST") => return not_ours(415),
        ("/", _) => return Verdict::NotOurs(page::waiting(405).header("Allow", "GET, POST")),
        _ => return not_ours(404),
    };
    match read(expected, parameters) {
        // Somebody opened the bare address.
        Told::NotOurs if parameters.is_empty() => not_ours(200),
        Told::NotOurs => not_ours(400),
        Told::Code(granted) => Verdict::Code(granted, page::signed_in().last()),
        Told::Refused(refusal) => Verdict::Refused(refusal, page::failed().last()),
        Told::Nonsense(why) => Verdict::Nonsense(why, page::failed().last()),
    }
}

/// Reads the parameters of an answer (`application/x-www-form-urlencoded`), from wherever they came.
#[must_use]
pub fn read(expected: &Expected, parameters: &[u8]) -> Told {
    let wire = Wire::read(parameters);
    let Wire {
        state,
        code,
        client_info,
        error,
        error_description,
        error_subcode,
    } = wire;
    let ours = |state: &Secret| state.expose().as_bytes().ct_eq(expected.state.expose().as_bytes());
    match state {
        Once::One(state) if bool::from(ours(&state)) && !state.is_empty() => {}
        _ => return Told::NotOurs,
    }
    match (code, error) {
        (Once::One(code), Once::None) if !code.is_empty() => Told::Code(Granted {
            code,
            client_info: client_info.one(),
        }),
        (Once::None, Once::One(error)) => {
            let description = error_description.one();
            let description = description.as_ref().map(Secret::expose).unwrap_or_default();
            let subcode = error_subcode.one();
            match Refusal::of_redirect(error.expose(), description, subcode.as_ref().map(Secret::expose)) {
                Some(refusal) => Told::Refused(refusal),
                None => Told::Nonsense("an empty `error`"),
            }
        }
        (Once::None, Once::None) => Told::Nonsense("neither a code nor an error"),
        (Once::One(_), Once::None) => Told::Nonsense("an empty code"),
        (Once::Unclear, _) | (_, Once::Unclear) => Told::Nonsense("a code or an error that is doubled or garbled"),
        (Once::One(_), Once::One(_)) => Told::Nonsense("both a code and an error"),
    }
}

fn is_form(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The parameters that we know.
#[derive(Default)]
struct Wire {
    state: Once,
    code: Once,
    client_info: Once,
    error: Once,
    error_description: Once,
    error_subcode: Once,
}

/// A parameter that may stand there once (RFC 6749 §3.1).
#[derive(Default)]
enum Once {
    #[default]
    None,
    One(Secret),
    /// Doubled, or not decodable.
    Unclear,
}

impl Wire {
    fn read(parameters: &[u8]) -> Self {
        let mut wire = Self::default();
        for pair in parameters.split(|b| *b == b'&') {
            let mut halves = pair.splitn(2, |b| *b == b'=');
            let name = decode(halves.next().unwrap_or_default());
            let place = match name.as_ref().map(Secret::expose) {
                Some("state") => &mut wire.state,
                Some("code") => &mut wire.code,
                Some("client_info") => &mut wire.client_info,
                Some("error") => &mut wire.error,
                Some("error_description") => &mut wire.error_description,
                Some("error_subcode") => &mut wire.error_subcode,
                _ => continue,
            };
            let value = decode(halves.next().unwrap_or_default());
            *place = match (&*place, value) {
                (Once::None, Some(value)) => Once::One(value),
                _ => Once::Unclear,
            };
        }
        wire
    }
}

impl Once {
    fn one(self) -> Option<Secret> {
        match self {
            Self::One(value) => Some(value),
            Self::None | Self::Unclear => None,
        }
    }
}

/// Undoes the encoding of a form, in one buffer that is wiped. Not `url`'s, which leaves copies of what it decodes.
fn decode(text: &[u8]) -> Option<Secret> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => 16 * digit(rest.next())? + digit(rest.next())?,
            other => *other,
        });
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Some(Secret::new(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            None
        }
    }
}

fn digit(byte: Option<&u8>) -> Option<u8> {
    let digit = char::from(*byte?).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::loopback::{Limits, Parsed, parse};

    const STATE: &str = "st-ate_1~2";

    fn expected() -> Expected {
        Expected {
            state: Secret::new(STATE.into()),
        }
    }

    /// What a request is, in one line: verdict, status, and whether the wait ends.
    fn judged(text: &str) -> String {
        let Parsed::Whole(request, _) = parse(text.as_bytes(), &Limits::SIGN_IN) else {
            panic!("{text:?}")
        };
        let (what, reply) = match judge(&expected(), &request) {
            Verdict::NotOurs(reply) => ("not ours".to_owned(), reply),
            Verdict::Code(granted, reply) => (format!("code {}", granted.code.expose()), reply),
            Verdict::Refused(refusal, reply) => (format!("refused {}", refusal.details.error), reply),
            Verdict::Nonsense(why, reply) => (why.to_owned(), reply),
        };
        let end = if reply.is_last() { ", the last" } else { "" };
        format!("{what}: {}{end}", reply.status())
    }

    fn get(target: &str) -> String {
        judged(&format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n"))
    }

    fn post(content_type: &str, body: &str) -> String {
        let length = body.len();
        judged(&format!(
            "POST /?state=x&code=y HTTP/1.1\r\nHost: h\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    }

    fn told(parameters: &str) -> Told {
        read(&expected(), parameters.as_bytes())
    }

    #[test]
    fn the_answer_by_form_and_by_query() {
        let code = format!("code=0.A%2fb-_~&client_info=eyJ&state={STATE}&session_state=s#");
        let form = "application/x-www-form-urlencoded";
        assert_eq!(post(form, &code), "code 0.A/b-_~: 200, the last");
        assert_eq!(
            post(&format!("{} ; charset=UTF-8", form.to_uppercase()), &code),
            "code 0.A/b-_~: 200, the last"
        );
        assert_eq!(get(&format!("/?code=c&state={STATE}")), "code c: 200, the last");
        assert_eq!(
            get(&format!("/?error=access_denied&state={STATE}")),
            "refused access_denied: 400, the last"
        );
        assert_eq!(
            post(form, &format!("state={STATE}&error=x")),
            "refused x: 400, the last"
        );
        assert_eq!(
            get(&format!("/?state={STATE}")),
            "neither a code nor an error: 400, the last"
        );
    }

    #[test]
    fn what_is_not_the_answer() {
        let right = format!("code=c&state={STATE}");
        assert_eq!(get("/"), "not ours: 200");
        assert_eq!(get("/favicon.ico"), "not ours: 404");
        for path in ["/callback", "//", "/.", "/%2f"] {
            assert_eq!(get(&format!("{path}?{right}")), "not ours: 404");
        }
        assert_eq!(get("/?error=access_denied"), "not ours: 400");
        for content_type in ["application/json", "text/plain", "multipart/form-data", ""] {
            assert_eq!(post(content_type, &right), "not ours: 415");
        }
        // What counts is the body.
        assert_eq!(post("application/x-www-form-urlencoded", ""), "not ours: 200");
        for method in ["HEAD", "OPTIONS", "PUT", "DELETE", "get"] {
            let text = format!("{method} /?{right} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assert_eq!(judged(&text), "not ours: 405");
        }
    }

    #[test]
    fn only_our_state_counts() {
        for state in [
            "".to_owned(),
            "state".to_owned(),
            "state=".to_owned(),
            "state=x".to_owned(),
            format!("state={STATE}x"),
            format!("state={}", &STATE[1..]),
            format!("state={}", STATE.to_uppercase()),
            format!("state={STATE}+"),
            format!("state={STATE}&state={STATE}"),
            format!("state={STATE}&state=x"),
            format!("state=x&st%61te={STATE}"),
            format!("State={STATE}"),
            format!("state%00={STATE}"),
            format!("state={STATE}%"),
            format!("state={STATE}%0"),
            format!("state={STATE}%0g"),
            format!("state={STATE}%ff"),
            format!(" state={STATE}"),
            format!("state=={STATE}"),
            format!("amp;state={STATE}"),
            format!("x;state={STATE}"),
        ] {
            for rest in ["code=c", "error=access_denied", "code=c&error=x", ""] {
                let parameters = format!("{rest}&{state}");
                assert!(matches!(told(&parameters), Told::NotOurs), "{parameters}");
            }
        }
        assert!(matches!(
            told(&format!("&&=&st%61te={}&code=c", STATE.replace('-', "%2D"))),
            Told::Code(_)
        ));
    }

    #[test]
    fn without_a_state_of_ours_nothing_is_ours() {
        let expected = Expected {
            state: Secret::new(String::new()),
        };
        assert!(matches!(read(&expected, b"state=&code=c"), Told::NotOurs));
        assert!(matches!(read(&expected, b"code=c"), Told::NotOurs));
    }

    #[test]
    fn answers_that_make_no_sense() {
        for (parameters, want) in [
            ("code=", "an empty code"),
            ("code=c&code=c", "a code or an error that is doubled or garbled"),
            ("code=c&code=", "a code or an error that is doubled or garbled"),
            ("code=%ff", "a code or an error that is doubled or garbled"),
            ("error=a&error=b", "a code or an error that is doubled or garbled"),
            ("error=a&code=b", "both a code and an error"),
            ("error=", "an empty `error`"),
            ("error=%0d%0a", "an empty `error`"),
            ("error_description=x", "neither a code nor an error"),
        ] {
            match told(&format!("{parameters}&state={STATE}")) {
                Told::Nonsense(why) => assert_eq!(why, want, "{parameters}"),
                other => panic!("{parameters}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_refusal_keeps_what_is_needed() {
        let Told::Refused(refusal) = told(&format!(
            "error=access_denied&error_subcode=cancel&state={STATE}&error_uri=https%3a%2f%2fevil.example&error_description=\
             AADSTS65004%3a+User+declined%1b%5b2J+to+consent.%0d%0aTrace+ID%3a+t%0d%0aCorrelation+ID%3a+c%0d%0aTimestamp%3a+\
             2026-01-04+19%3a44%3a18Z"
        )) else {
            panic!()
        };
        assert_eq!(
            refusal.description.as_deref(),
            Some("AADSTS65004: User declined [2J to consent.")
        );
        let details = refusal.details;
        assert_eq!(
            (details.error.as_str(), details.suberror.as_deref()),
            ("access_denied", Some("cancel"))
        );
        assert_eq!(
            (details.codes, details.correlation_id.as_deref()),
            (vec![65004], Some("c"))
        );
        assert_eq!(details.timestamp.as_deref(), Some("2026-01-04 19:44:18Z"));
    }

    #[test]
    fn who_signed_in_may_be_told() {
        let client_info = |rest: &str| match told(&format!("code=c&state={STATE}{rest}")) {
            Told::Code(granted) => granted.client_info.map(|info| info.expose().to_owned()),
            other => panic!("{other:?}"),
        };
        assert_eq!(client_info("&client_info=eyJ").as_deref(), Some("eyJ"));
        assert_eq!(client_info(""), None);
        assert_eq!(client_info("&client_info=a&client_info=b"), None);
    }

    #[test]
    fn a_code_is_never_shown() {
        let told = told(&format!("code=planted&client_info=planted&state={STATE}"));
        assert!(!format!("{told:?}").contains("planted"));
    }
}
