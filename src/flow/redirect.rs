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
