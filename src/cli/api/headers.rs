//! `--header`: headers of the caller's own, as far as they are the caller's to say.

use super::bad;
use crate::error::Error;

/// A header, its name as it was typed.
pub(super) type Header = (String, String);

/// What the connection and the token decide.
const OURS: [&str; 12] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Reads `NAME: VALUE` (RFC 9110 §5.1, §5.5). Values are not repeated in errors: they may be secrets.
pub(super) fn parse(texts: &[String]) -> Result<Vec<Header>, Error> {
    let mut headers = Vec::with_capacity(texts.len() + 3);
    for text in texts {
        let (name, value) = text
            .split_once(':')
            .filter(|(name, _)| !name.is_empty() && name.bytes().all(is_token))
            .ok_or_else(|| bad("`--header`: expected `NAME: VALUE`"))?;
        let value = value.trim_matches([' ', '\t']);
        if value.bytes().any(|b| !matches!(b, b'\t' | b' '..=b'~')) {
            return Err(bad(format!(
                "`--header`: the value of `{name}` holds a control character, or one that is not ASCII"
            )));
        }
        if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
            return Err(bad(format!("`--header`: `{name}` is not for the caller to say")));
        }
        headers.push((name.to_owned(), value.to_owned()));
    }
    Ok(headers)
}

/// Adds a header that a flag of its own says.
pub(super) fn add(headers: &mut Vec<Header>, name: &str, value: String) -> Result<(), Error> {
    if said(headers, name).is_some() {
        return Err(bad(format!("`{name}` is said by `--header` and by another flag")));
    }
    headers.push((name.to_owned(), value));
    Ok(())
}

/// What a header says, whatever the case of its name.
pub(super) fn said<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(have, _)| have.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// RFC 9110 §5.6.2: tchar.
fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Result<Vec<Header>, Error> {
        parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn names_and_values() {
        let headers = read(&["X-A: b: c ", "x-empty:", "Accept:text/csv"]).unwrap();
        assert_eq!(headers[0], ("X-A".to_owned(), "b: c".to_owned()));
        assert_eq!(headers[1], ("x-empty".to_owned(), String::new()));
        assert_eq!(said(&headers, "accept"), Some("text/csv"));
        assert_eq!(said(&headers, "x-b"), None);
        let mut headers = headers;
        assert!(add(&mut headers, "x-a", "v".to_owned()).is_err());
        add(&mut headers, "X-B", "v".to_owned()).unwrap();
        assert_eq!(said(&headers, "x-b"), Some("v"));
    }

    #[test]
    fn what_is_refused_unseen() {
        for text in [
            "planted",
            ": planted",
            "x y: planted",
            "x: planted\r\nHost: evil.example",
            "x: planted\n",
            "x\r\n: planted",
            "x: plantéd planted",
            "x: planted\0",
            "Authorization: Bearer planted",
            "HOST: planted",
            "Transfer-Encoding: planted",
            "content-length: planted",
        ] {
            let error = read(&[text]).unwrap_err();
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        }
    }
}
