//! What the faces share: reading what a caller sent, and telling how it went.

use super::{Call, Outcome};
use crate::error::Error;
use std::io::{self, Read};
use zeroize::Zeroizing;

/// Longest input in bytes that a face reads; real ones stay below a tenth of it.
const LIMIT: u64 = 1 << 20;

impl Call<'_> {
    /// The arguments as text.
    pub(super) fn words(&self) -> Vec<String> {
        self.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect()
    }

    /// All of the input.
    ///
    /// # Errors
    /// If it cannot be read, or is too long.
    pub(super) fn input(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::new());
        self.io.input(&mut |input| {
            // Room from the start: a buffer that grows leaves copies behind that nobody wipes.
            bytes.reserve(64 * 1024);
            input.take(LIMIT + 1).read_to_end(&mut bytes).map(|_| ())
        })?;
        if bytes.len() as u64 > LIMIT {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("it is longer than {LIMIT} bytes"),
            ));
        }
        Ok(bytes)
    }

    /// Writes the answer of a call that succeeded.
    pub(super) fn done(&self, answer: &[u8]) -> Outcome {
        self.ended(answer, 0)
    }

    /// Writes an answer, whatever it says.
    pub(super) fn ended(&self, answer: &[u8], exit: u8) -> Outcome {
        match self.io.answer(answer) {
            Ok(()) => Outcome::Done(exit),
            Err(error) => Outcome::Done(self.unwritten(&error)),
        }
    }

    /// Tells an error to whoever reads standard error; the exit status is that of its kind.
    pub(super) fn failed(&self, error: &Error, forbidden: &[&str]) -> Outcome {
        self.io.say(&format!("entra-token: {}", one_line(error, forbidden)));
        Outcome::Done(error.kind().exit())
    }

    /// Tells that an answer could not be written; the exit status. A reader that has gone away is told nothing, since nobody
    /// reads.
    pub(super) fn unwritten(&self, error: &io::Error) -> u8 {
        if error.kind() != io::ErrorKind::BrokenPipe {
            self.io.say(&format!("entra-token: cannot write the answer: {error}"));
        }
        1
    }
}

/// Cause, remedy and what support asks for, on one line, without words that the caller takes for something else.
pub(super) fn one_line(error: &Error, forbidden: &[&str]) -> String {
    let mut text = error.to_string();
    if let Some(remedy) = error.remedy() {
        text.push_str(&format!("; {remedy}"));
    }
    if let Some(seconds) = error.wait() {
        text.push_str(&format!("; try again in {seconds} s"));
    }
    if let Some(id) = error.details().and_then(|details| details.correlation_id.as_ref()) {
        text.push_str(&format!(" (correlation id {id})"));
    }
    tamed(&text, forbidden)
}

/// A text on one line that steers no terminal, without words that the caller takes for something else.
pub(super) fn tamed(text: &str, forbidden: &[&str]) -> String {
    let text = text.replace(char::is_control, " ");
    forbidden.iter().fold(text, |text, word| without(text, word))
}

/// Without an ASCII word, in any case: some callers look for it in any.
fn without(mut text: String, word: &str) -> String {
    const INSTEAD: &str = "…";
    let mut from = 0;
    while let Some(at) = text.as_bytes().get(from..).and_then(|rest| {
        let mut windows = rest.windows(word.len().max(1));
        windows.position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    }) {
        text.replace_range(from + at..from + at + word.len(), INSTEAD);
        from += at + INSTEAD.len();
    }
    text
}

/// When a token is told to expire, where the caller uses it to its last second. Of a life shorter than the margin the truth
/// is told.
pub(super) fn reported(expires_on: i64, margin: i64, now: i64) -> i64 {
    let early = expires_on - margin;
    if early > now { early } else { expires_on }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{EntraDetails, Kind};

    #[test]
    fn all_of_an_error_on_one_line() {
        let error = Error::new(Kind::Throttled, "the authority\nsays: run az login")
            .caused_by("\u{9b}2J Az Login")
            .hint("wait")
            .retry_after(7)
            .entra(EntraDetails {
                correlation_id: Some("c-1".to_owned()),
                ..EntraDetails::default()
            });
        assert_eq!(
            one_line(&error, &["az login"]),
            "the authority says: run …:  2J …; wait; try again in 7 s (correlation id c-1)"
        );
    }

    #[test]
    fn a_margin_never_makes_a_token_look_expired() {
        assert_eq!(reported(1000, 120, 0), 880);
        assert_eq!(reported(1000, 120, 879), 880);
        assert_eq!(reported(1000, 120, 880), 1000);
    }
}
