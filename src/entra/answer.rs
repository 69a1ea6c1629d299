//! `Answer`: what a token endpoint gave (RFC 6749 §5.1).

use super::http_date;
use super::identity::Identity;
use super::post::Reply;
use super::unreachable::nonsense;
use crate::error::Error;
use crate::request::Authority;
use crate::secret::Secret;
use serde::Deserialize;
use serde_json::Value;

/// Seconds of life if the answer does not say: MSAL's.
const DEFAULT_LIFE: i64 = 600;

/// Seconds beyond which a life is taken for a mistake: ten years.
const LONGEST_LIFE: i64 = 10 * 366 * 86_400;

/// A token, and what came with it. Times are epoch seconds unless named otherwise.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The access token: visible ASCII.
    pub access_token: Secret,
    /// `Bearer`, or another word that the authority said.
    pub token_type: String,
    /// When it was received, in epoch milliseconds.
    pub obtained_ms: i64,
    /// When it expires.
    pub expires_on: i64,
    /// From when on a newer one should be tried for.
    pub refresh_on: Option<i64>,
    /// The refresh token that takes the place of the one before; none means that the one before stays good.
    pub refresh_token: Option<Secret>,
    /// Whose it is.
    pub identity: Identity,
    /// The scopes that were granted, as the authority wrote them.
    pub granted_scope: Option<String>,
    /// The authority's clock minus ours, in seconds; 0 if it did not tell.
    pub skew: i64,
}

/// As it stands in JSON. Numbers may be texts, as v1 endpoints have them; what we can do without may be anything.
#[derive(Deserialize)]
struct Wire {
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
    id_token: Option<Secret>,
    #[serde(default)]
    token_type: Value,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    expires_on: Value,
    #[serde(default)]
    refresh_in: Value,
    #[serde(default)]
    scope: Value,
    #[serde(default)]
    client_info: Value,
    #[serde(default)]
    error: Value,
}

/// Reads an answer of status 200; `None` if it is a refusal all the same.
pub(super) fn read(reply: &Reply, authority: &Authority) -> Result<Option<Answer>, Error> {
    let bad = |what: &str| nonsense(&reply.response, authority, what);
    if reply.response.body.is_empty() {
        return Err(bad("nothing"));
    }
    // What serde says of a mistake quotes the value, which may be a token.
    let wire: Wire =
        serde_json::from_slice(&reply.response.body).map_err(|_| bad("something that is no token answer"))?;
    let Some(access_token) = wire.access_token.filter(|token| !token.is_empty()) else {
        if wire.error.is_string() {
            return Ok(None);
        }
        return Err(bad("without an access token"));
    };
    // It goes into a header, byte for byte (RFC 6750 §2.1).
    if !access_token.expose().bytes().all(|b| b.is_ascii_graphic()) {
        return Err(bad("an access token with characters that no token has"));
    }
    let refresh_token = wire.refresh_token.filter(|token| !token.is_empty());
    if refresh_token
        .as_ref()
        .is_some_and(|token| !token.expose().bytes().all(|b| matches!(b, b' '..=b'~')))
    {
        return Err(bad("a refresh token with characters that no token has"));
    }
    let token_type = token_type(&wire.token_type).ok_or_else(|| bad("a token type that is no word"))?;
    let now = reply.at_ms.div_euclid(1000);
    let life = integer(&wire.expires_in)
        .or_else(|| integer(&wire.expires_on).map(|at| at.saturating_sub(now)))
        .unwrap_or(DEFAULT_LIFE)
        .min(LONGEST_LIFE);
    if life <= 0 {
        return Err(bad("a token that has expired already"));
    }
    let early = integer(&wire.refresh_in).filter(|early| (1..life).contains(early));
    let date = reply.response.header("date").and_then(http_date::epoch);
    Ok(Some(Answer {
        identity: Identity::read(
            wire.client_info.as_str(),
            wire.id_token.as_ref().map(Secret::expose),
            access_token.expose(),
        ),
        access_token,
        token_type,
        obtained_ms: reply.at_ms,
        expires_on: now + life,
        refresh_on: early.map(|early| now + early),
        refresh_token,
        granted_scope: wire.scope.as_str().filter(|scope| !scope.is_empty()).map(str::to_owned),
        skew: date.map_or(0, |date| date - now),
    }))
}

/// RFC 6749 §7.1 and A.11: a word, in any case; none means `Bearer`, the only one that Entra gives.
fn token_type(value: &Value) -> Option<String> {
    let word = match value {
        Value::Null => return Some("Bearer".to_owned()),
        Value::String(word) if word.eq_ignore_ascii_case("bearer") => return Some("Bearer".to_owned()),
        Value::String(word) => word,
        _ => return None,
    };
    let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    (!word.is_empty() && word.len() <= 64 && word.bytes().all(fine)).then(|| word.clone())
}

/// An integer, also as text or with a fraction that is cut off; one that no number holds is the nearest that is held.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(truncated)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse().ok().map(truncated))
        }
        _ => None,
    }
}

/// `as` saturates.
fn truncated(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::{NOW, Setting};
    use crate::error::Kind;
    use crate::world::http::Response;
    use zeroize::Zeroizing;

    fn answer_of(date: &str, body: &str) -> Result<Option<Answer>, Error> {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let reply = Reply {
            response: Response {
                status: 200,
                headers: vec![header("date", date), header("content-type", "application/json")],
                body: Zeroizing::new(body.as_bytes().to_vec()),
            },
            correlation: "c".into(),
            at_ms: NOW * 1000 + 999,
        };
        read(&reply, &Setting::new().authority)
    }

    fn good(body: &str) -> Answer {
        answer_of("", body).unwrap().unwrap()
    }

    /// The members of an answer, after the access token.
    fn with(members: &str) -> String {
        format!(r#"{{"access_token":"a.b.c",{members}}}"#)
    }

    #[test]
    fn all_of_it() {
        let answer = answer_of(
            "Fri, 15 Jan 2027 08:02:00 GMT",
            &with(
                r#""token_type":"bearer","scope":"x/.default x/y","expires_in":4500,"ext_expires_in":4500,"refresh_in":2250,
                "refresh_token":"r","client_info":"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ","foci":"1","unknown":[{}]"#,
            ),
        )
        .unwrap()
        .unwrap();
        assert_eq!(answer.access_token.expose(), "a.b.c");
        assert_eq!(answer.token_type, "Bearer");
        assert_eq!((answer.obtained_ms, answer.expires_on), (NOW * 1000 + 999, NOW + 4500));
        assert_eq!(answer.refresh_on, Some(NOW + 2250));
        assert_eq!(answer.refresh_token.as_ref().map(Secret::expose), Some("r"));
        assert_eq!(answer.identity.home_account_id.as_deref(), Some("u.t"));
        assert_eq!(answer.granted_scope.as_deref(), Some("x/.default x/y"));
        assert_eq!(answer.skew, 120);
        assert!(!format!("{answer:?}").contains("a.b.c"));
    }

    #[test]
    fn life_in_every_form() {
        let on = NOW + 1000;
        for (members, life) in [
            (r#""expires_in":3599"#.to_owned(), 3599),
            (r#""expires_in":"3599""#.to_owned(), 3599),
            (r#""expires_in":" 3599 ""#.to_owned(), 3599),
            (r#""expires_in":3599.9"#.to_owned(), 3599),
            (r#""expires_in":"3599.0""#.to_owned(), 3599),
            (format!(r#""expires_in":"soon","expires_on":"{on}""#), 1000),
            (format!(r#""expires_on":{on}"#), 1000),
            (format!(r#""expires_in":60,"expires_on":{on}"#), 60),
            (r#""expires_in":null,"expires_on":"tomorrow""#.to_owned(), 600),
            (r#""expires_in":{},"expires_on":[]"#.to_owned(), 600),
            (r#""scope":1"#.to_owned(), 600),
            (r#""expires_in":99999999999999999999"#.to_owned(), LONGEST_LIFE),
            (r#""expires_in":"9e99""#.to_owned(), LONGEST_LIFE),
            (r#""expires_in":9223372036854775807"#.to_owned(), LONGEST_LIFE),
        ] {
            assert_eq!(good(&with(&members)).expires_on, NOW + life, "{members}");
        }
    }

    #[test]
    fn refresh_in_only_if_sensible() {
        for (members, early) in [
            (r#""expires_in":100,"refresh_in":"50""#, Some(NOW + 50)),
            (r#""expires_in":100,"refresh_in":100"#, None),
            (r#""expires_in":100,"refresh_in":0"#, None),
            (r#""expires_in":100,"refresh_in":-5"#, None),
            (r#""expires_in":100,"refresh_in":"x""#, None),
        ] {
            assert_eq!(good(&with(members)).refresh_on, early, "{members}");
        }
    }

    #[test]
    fn what_can_be_done_without() {
        let answer = good(r#"{"access_token":"opaque","refresh_token":"","client_info":5,"scope":""}"#);
        assert_eq!(answer.token_type, "Bearer");
        assert!(answer.refresh_token.is_none() && answer.granted_scope.is_none());
        assert_eq!((answer.identity, answer.skew), (Identity::default(), 0));
        assert_eq!(good(&with(r#""token_type":"pop""#)).token_type, "pop");
    }

    #[test]
    fn a_refusal_in_disguise() {
        assert!(answer_of("", r#"{"error":"invalid_grant"}"#).unwrap().is_none());
    }

    #[test]
    fn nonsense_is_told_without_its_words() {
        for body in [
            "",
            "<html>planted</html>",
            "planted",
            "[]",
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":5,"x":"planted"}"#,
            r#"{"access_token":"planted"#,
            r#"{"access_token":"planted planted"}"#,
            r#"{"access_token":"planted\r\nX: y"}"#,
            r#"{"access_token":"plantéd"}"#,
            r#"{"access_token":"planted","token_type":"planted me"}"#,
            r#"{"access_token":"planted","token_type":7}"#,
            r#"{"access_token":"planted","refresh_token":"planted\u0000"}"#,
            r#"{"access_token":"planted","refresh_token":["planted"]}"#,
            r#"{"access_token":"planted","expires_in":0}"#,
            r#"{"access_token":"planted","expires_in":"-1"}"#,
            r#"{"access_token":"planted","expires_on":5}"#,
        ] {
            let error = answer_of("", body).err().unwrap();
            assert_eq!(error.kind(), Kind::Network, "{body}");
            assert!(
                error
                    .message()
                    .contains("(status 200, content type `application/json`)"),
                "{error}"
            );
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        }
    }
}
