//! `--data`: what is sent, checked before anything is.

use super::headers::{Header, said};
use super::{MAX_BODY, bad};
use crate::error::Error;
use crate::world::World;
use crate::world::http::Method;
use std::io::{self, BufRead, Read as _};
use std::path::Path;
use zeroize::Zeroizing;

/// Reads the body, and adds its type to the headers unless they name another. JSON is checked; other content is sent as it
/// is.
pub(super) fn read(
    data: Option<&str>,
    method: Method,
    headers: &mut Vec<Header>,
    world: &World,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let Some(data) = data else {
        return Ok(Zeroizing::default());
    };
    if matches!(method, Method::Get | Method::Head) {
        let word = method.word();
        return Err(bad(format!(
            "`--data`: {word} has no body; put parameters behind a `?` in the path"
        )));
    }
    let body = Zeroizing::new(match data {
        "-" | "@-" => from_input(world)?,
        _ => match data.strip_prefix('@') {
            Some(path) => world
                .files
                .read_named(Path::new(path), limit())
                .map_err(|why| bad("`--data`: the file cannot be read").caused_by(why))?,
            None => data.as_bytes().to_vec(),
        },
    });
    if body.len() > MAX_BODY {
        return Err(bad(format!("`--data`: more than {} MiB", MAX_BODY >> 20)));
    }
    let kind = said(headers, "content-type");
    if kind.is_none_or(is_json) {
        serde_json::from_slice::<serde::de::IgnoredAny>(&body).map_err(|why| {
            let (line, column) = (why.line(), why.column());
            bad(format!("`--data`: not JSON, at line {line} column {column}"))
                .hint("other content needs its type: --header 'Content-Type: application/octet-stream'")
        })?;
    }
    if kind.is_none() {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    Ok(body)
}

/// Whether a media type is JSON (RFC 6839 §3.1: `+json`).
pub(super) fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind == "text/json" || kind.ends_with("+json")
}

fn from_input(world: &World) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut all = |input: &mut dyn BufRead| -> io::Result<()> { input.take(limit()).read_to_end(&mut bytes).map(drop) };
    world
        .streams
        .input(&mut all)
        .map_err(|why| bad("`--data`: standard input cannot be read").caused_by(why))?;
    Ok(bytes)
}

/// One byte more than may be, so that what is too long is seen.
fn limit() -> u64 {
    u64::try_from(MAX_BODY).unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::world::fake::Fake;

    fn sent(data: &str, kind: Option<&str>, fake: &Fake) -> Result<(String, Vec<Header>), Error> {
        let mut headers: Vec<_> = kind
            .map(|kind| ("content-TYPE".to_owned(), kind.to_owned()))
            .into_iter()
            .collect();
        let body = read(Some(data), Method::Post, &mut headers, &fake.world())?;
        Ok((String::from_utf8(body.to_vec()).unwrap(), headers))
    }

    #[test]
    fn from_the_argument_a_file_or_standard_input() {
        let fake = Fake::default().given(b"[1]").file("f.json", "{}");
        let json = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        for (data, body) in [
            ("{\"a\": 1}", "{\"a\": 1}"),
            ("@f.json", "{}"),
            ("-", "[1]"),
            ("@-", "[1]"),
        ] {
            assert_eq!(
                sent(data, None, &fake).unwrap(),
                (body.to_owned(), json.clone()),
                "{data}"
            );
        }
        assert!(read(None, Method::Get, &mut vec![], &fake.world()).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_json_needs_a_type() {
        let fake = Fake::default();
        for data in ["planted", "", "{\"a\": planted}"] {
            let error = sent(data, None, &fake).unwrap_err();
            assert!(error.message().contains("not JSON, at line"), "{error}");
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
            assert!(sent(data, Some("application/scim+json; charset=utf-8"), &fake).is_err());
            assert_eq!(sent(data, Some("text/csv"), &fake).unwrap().0, data);
        }
    }

    #[test]
    fn what_cannot_be_sent() {
        let fake = Fake::default();
        assert!(
            sent("@missing", None, &fake)
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
        let long = "1".repeat(MAX_BODY + 1);
        assert!(sent(&long, None, &fake).unwrap_err().message().contains("64 MiB"));
        for method in [Method::Get, Method::Head] {
            let error = read(Some("{}"), method, &mut vec![], &fake.world()).unwrap_err();
            assert_eq!(error.kind(), Kind::BadRequest);
        }
    }
}
