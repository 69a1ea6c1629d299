//! Times in HTTP headers: `Date` and `Retry-After` (RFC 9110 §5.6.7, §10.2.3).

use chrono::DateTime;

/// Longest wait that is believed, in seconds: MSAL's.
const LONGEST_WAIT: i64 = 3600;

/// Wait in seconds if the header makes no sense: MSAL's for public clients.
pub(super) const DEFAULT_WAIT: u64 = 60;

/// Epoch seconds of an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn epoch(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc2822(text.trim())
        .ok()
        .map(|time| time.timestamp())
}

/// Seconds to wait by a `Retry-After` header: a number, or a date that is measured against the answer's own `Date` or
/// else our clock.
#[must_use]
pub fn wait(retry_after: &str, now: i64) -> u64 {
    let text = retry_after.trim();
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => Some(seconds),
        // More digits than a number holds are still a very long time.
        Err(_) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => Some(LONGEST_WAIT),
        Err(_) => epoch(text).map(|at| at - now),
    };
    match seconds {
        Some(seconds) => u64::try_from(seconds.clamp(0, LONGEST_WAIT)).unwrap_or_default(),
        None => DEFAULT_WAIT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_nonsense() {
        let now = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT
        assert_eq!(epoch("Sun, 06 Nov 1994 08:49:37 GMT"), Some(now));
        for (text, seconds) in [
            ("120", 120),
            (" 5 ", 5),
            ("0", 0),
            ("-1", 0),
            ("99999", 3600),
            ("99999999999999999999999", 3600),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
            ("Sun, 06 Nov 1994 08:40:37 GMT", 0),
            ("soon", 60),
            ("", 60),
            ("1.5", 60),
        ] {
            assert_eq!(wait(text, now), seconds, "{text}");
        }
        assert_eq!(epoch("yesterday"), None);
    }
}
