//! Reading requests: bounded, and never waiting for more than a request needs.

use std::io::{self, BufRead};
use zeroize::Zeroizing;

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A request, not yet understood.
    Text(Zeroizing<Vec<u8>>),
    /// Longer than allowed.
    TooLong,
    /// No more input.
    End,
}

/// One line; blank ones are passed over, a long one is read to its end but not kept.
pub(super) fn line(input: &mut dyn BufRead, limit: usize) -> io::Result<Line> {
    loop {
        let mut bytes = Zeroizing::new(Vec::new());
        let read = io::Read::take(&mut *input, limit as u64 + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(Line::End);
        }
        let ended = bytes.last() == Some(&b'\n');
        if !ended && read > limit {
            skip_line(input)?;
            return Ok(Line::TooLong);
        }
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Line::Text(bytes));
        }
    }
}

/// One JSON value, on one line or, for a person's sake, on several.
pub(super) fn value(input: &mut dyn BufRead, limit: usize) -> io::Result<Line> {
    let mut bytes = match line(input, limit)? {
        Line::Text(bytes) => bytes,
        other => return Ok(other),
    };
    while is_unfinished(&bytes) {
        match line(input, limit - bytes.len().min(limit))? {
            Line::Text(more) => bytes.extend_from_slice(&more),
            Line::TooLong => return Ok(Line::TooLong),
            Line::End => break,
        }
    }
    Ok(Line::Text(bytes))
}

fn is_unfinished(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    // Only an object can go on; anything else is answered at once. A brace at the end may be an inner one's.
    first == Some(&b'{')
        && matches!(serde_json::from_slice::<serde::de::IgnoredAny>(bytes), Err(error) if error.is_eof())
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let available = input.fill_buf()?;
        if available.is_empty() {
            return Ok(());
        }
        let end = available.iter().position(|b| *b == b'\n');
        let used = end.map_or(available.len(), |at| at + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Line {
        Line::Text(Zeroizing::new(bytes.to_vec()))
    }

    #[test]
    fn lines_are_bounded() {
        let mut input: &[u8] = b"\n  \nabc\nabcdefgh\nxy";
        assert_eq!(line(&mut input, 4).unwrap(), text(b"abc\n"));
        assert_eq!(line(&mut input, 4).unwrap(), Line::TooLong);
        assert_eq!(line(&mut input, 4).unwrap(), text(b"xy"));
        assert_eq!(line(&mut input, 4).unwrap(), Line::End);
    }

    #[test]
    fn a_value_may_span_lines() {
        let mut input: &[u8] = b"{\n  \"v\": 1\n}\nrest";
        assert_eq!(value(&mut input, 100).unwrap(), text(b"{\n  \"v\": 1\n}\n"));
        let mut input: &[u8] = b"{\"claims\": {}\n}\nrest";
        assert_eq!(value(&mut input, 100).unwrap(), text(b"{\"claims\": {}\n}\n"));
        let mut input: &[u8] = b"{\"v\":1}\n{\"v\":2}\n";
        assert_eq!(value(&mut input, 100).unwrap(), text(b"{\"v\":1}\n"));
        let mut input: &[u8] = b"{\n\"a\n";
        assert_eq!(value(&mut input, 100).unwrap(), text(b"{\n\"a\n"));
    }
}
