//! `Refusal`: an error answer (RFC 6749 §5.2) with Entra's additions.

use super::form::Form;
use super::unreachable::clean;
use crate::error::EntraDetails;
use crate::request::Claims;
use serde_json::{Map, Value};

/// What the authority said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// What is kept for support and for the next decision.
    pub details: EntraDetails,
    /// The first line of its own description, fit to be shown.
    pub description: Option<String>,
}

impl Refusal {
    /// Reads the answer to a form, or `None` if it is no refusal. What the form held in secret is blotted out.
    #[must_use]
    pub fn parse(body: &[u8], form: &Form) -> Option<Self> {
        let wire: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let word = |name: &str| {
            wire.get(name)
                .and_then(Value::as_str)
                .map(|text| short(&form.redact(text)))
                .filter(|text| !text.is_empty())
        };
        let description = wire
            .get("error_description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let description = form.redact(description);
        Some(Self {
            details: EntraDetails {
                error: word("error")?,
                suberror: word("suberror"),
                codes: listed(wire.get("error_codes")).unwrap_or_else(|| mentioned(&description)),
                correlation_id: word("correlation_id").or_else(|| labelled(&description, CORRELATION)),
                trace_id: word("trace_id").or_else(|| labelled(&description, TRACE)),
                timestamp: word("timestamp").or_else(|| labelled(&description, TIMESTAMP)),
                claims: wire.get("claims").and_then(claims).map(|text| form.redact(&text)),
            },
            description: shown(&description),
        })
    }

    /// Reads the parameters of an error that came by redirect (RFC 6749 §4.1.2.1), or `None` if `error` says nothing. Entra
    /// calls its suberror `error_subcode` there, and what support asks for stands in the description only.
    #[must_use]
    pub fn of_redirect(error: &str, description: &str, subcode: Option<&str>) -> Option<Self> {
        let word = |text: &str| Some(short(text)).filter(|text| !text.is_empty());
        Some(Self {
            details: EntraDetails {
                error: word(error)?,
                suberror: subcode.and_then(word),
                codes: mentioned(description),
                correlation_id: labelled(description, CORRELATION),
                trace_id: labelled(description, TRACE),
                timestamp: labelled(description, TIMESTAMP),
                claims: None,
            },
            description: shown(description),
        })
    }
}

/// What support asks for, as a description ends with it, and of how many words it is made. Each stood on a line of its own
/// once; newer answers have all on one.
type Label = (&'static str, usize);
const TRACE: Label = ("Trace ID:", 1);
const CORRELATION: Label = ("Correlation ID:", 1);
const TIMESTAMP: Label = ("Timestamp:", 2);

fn labelled(description: &str, (label, words): Label) -> Option<String> {
    let (_, rest) = description.split_once(label)?;
    let words: Vec<&str> = rest.split_whitespace().take(words).collect();
    Some(short(&words.join(" "))).filter(|text| !text.is_empty())
}

/// The part of a description that is for people.
fn shown(description: &str) -> Option<String> {
    let line = description.trim().split(['\r', '\n']).next().unwrap_or_default();
    let line = line.split(TRACE.0).next().unwrap_or_default();
    Some(clean(line)).filter(|text| !text.is_empty())
}

/// A word of a protocol, fit to be shown.
fn short(text: &str) -> String {
    clean(text).chars().take(100).collect()
}

fn listed(codes: Option<&Value>) -> Option<Vec<u32>> {
    let codes: Vec<u32> = codes?.as_array()?.iter().filter_map(number).collect();
    (!codes.is_empty()).then_some(codes)
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The numbers that a text mentions as `AADSTS50076`, in any case, in order, each once.
#[must_use]
pub fn mentioned(text: &str) -> Vec<u32> {
    let mut codes = Vec::new();
    for rest in text.to_ascii_uppercase().split("AADSTS").skip(1) {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        if let Ok(code) = digits.parse()
            && !codes.contains(&code)
        {
            codes.push(code);
        }
    }
    codes
}

/// A claims challenge: JSON in a text, as Entra has it, or the object itself.
fn claims(value: &Value) -> Option<String> {
    let claims = match value {
        Value::String(text) => Claims::parse(text),
        other => Claims::from_value(other),
    };
    claims.ok().map(|claims| claims.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn parse(body: &str) -> Option<Refusal> {
        Refusal::parse(body.as_bytes(), &Form::new())
    }

    #[test]
    fn the_shape_of_entra() {
        let refusal = parse(
            r#"{"error":"invalid_grant","error_description":"AADSTS50076: Due to a change.\r\nTrace ID: x\r\nAADSTS1",
            "error_codes":[50076],"timestamp":"2023-01-04 19:44:18Z","trace_id":"t","correlation_id":"c",
            "error_uri":"https://login.microsoftonline.com/error?code=50076","suberror":"basic_action",
            "claims":"{\"access_token\":{\"capolids\":{\"essential\":true}}}"}"#,
        )
        .unwrap();
        assert_eq!(
            refusal,
            Refusal {
                details: EntraDetails {
                    error: "invalid_grant".into(),
                    suberror: Some("basic_action".into()),
                    codes: vec![50076],
                    correlation_id: Some("c".into()),
                    trace_id: Some("t".into()),
                    timestamp: Some("2023-01-04 19:44:18Z".into()),
                    claims: Some(r#"{"access_token":{"capolids":{"essential":true}}}"#.into()),
                },
                description: Some("AADSTS50076: Due to a change.".into()),
            }
        );
    }

    #[test]
    fn numbers_from_the_description_if_they_are_not_listed() {
        let codes = |body: &str| parse(body).unwrap().details.codes;
        assert_eq!(
            codes(r#"{"error":"x","error_description":"AADSTS65001: a AADSTS65001 AADSTS99999999999 AADSTS1x"}"#),
            [65001, 1]
        );
        assert_eq!(codes(r#"{"error":"x","error_codes":["7","8x",9,-1]}"#), [7, 9]);
        assert_eq!(codes(r#"{"error":"x","error_codes":{},"error_description":5}"#), [0; 0]);
    }

    #[test]
    fn what_support_asks_for_from_the_description() {
        for description in [
            r"AADSTS65004: Declined. \r\nTrace ID: t\r\nCorrelation ID: c\r\nTimestamp: 2023-01-04 19:44:18Z",
            r"AADSTS65004: Declined. Trace ID: t Correlation ID: c Timestamp: 2023-01-04 19:44:18Z",
        ] {
            let by_body = parse(&format!(r#"{{"error":"x","error_description":"{description}"}}"#)).unwrap();
            let plain = description.replace(r"\r\n", "\r\n");
            let by_redirect = Refusal::of_redirect("x", &plain, None).unwrap();
            assert_eq!(by_body, by_redirect);
            assert_eq!(by_body.details.codes, [65004]);
            assert_eq!(by_body.details.trace_id.as_deref(), Some("t"));
            assert_eq!(by_body.details.correlation_id.as_deref(), Some("c"));
            assert_eq!(by_body.details.timestamp.as_deref(), Some("2023-01-04 19:44:18Z"));
            assert_eq!(by_body.description.as_deref(), Some("AADSTS65004: Declined."));
        }
    }

    #[test]
    fn redirects_are_tamed_too() {
        let long = "w".repeat(200);
        let refusal =
            Refusal::of_redirect("a\u{1b}[2Jb", &format!("\u{7} {long} Trace ID: {long}"), Some("cancel")).unwrap();
        assert_eq!(refusal.details.error, "a [2Jb");
        assert_eq!(refusal.details.suberror.as_deref(), Some("cancel"));
        assert_eq!(refusal.details.trace_id.as_deref(), Some("…"));
        assert_eq!(refusal.description.as_deref(), Some("…"));
        assert_eq!(Refusal::of_redirect(" \n", "x", None), None);
    }

    #[test]
    fn what_is_no_refusal() {
        for body in ["", "[]", "{}", r#"{"error":""}"#, r#"{"error":{"code":"x"}}"#, "<html>"] {
            assert_eq!(parse(body), None, "{body}");
        }
    }

    #[test]
    fn terminal_bytes_and_length_are_tamed() {
        let body = format!(
            r#"{{"error":"a\u001b[2Jb","error_description":"\u0007{}"}}"#,
            "x y".repeat(999)
        );
        let refusal = parse(&body).unwrap();
        assert_eq!(refusal.details.error, "a [2Jb");
        assert_eq!(refusal.description.unwrap().chars().count(), 300);
    }

    #[test]
    fn tokens_are_not_repeated() {
        let secret = "s".repeat(200);
        let form = Form::new().secret("refresh_token", &Secret::new("planted".into()));
        let body = format!(
            r#"{{"error":"x planted","error_description":"bad planted, {secret} too","trace_id":"planted","claims":{{"a":"planted"}}}}"#
        );
        let refusal = Refusal::parse(body.as_bytes(), &form).unwrap();
        assert!(!format!("{refusal:?}").contains("planted"));
        assert_eq!(refusal.description.as_deref(), Some("bad …, … too"));
    }
}
