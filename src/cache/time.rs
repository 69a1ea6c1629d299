//! Times as they stand in our files. What no clock shows is refused here, so that nobody later calculates with it.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// When the year 9999 begins, the last that has four digits.
const LAST: i64 = 253_370_764_800;

/// Epoch seconds.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    within(i64::deserialize(from)?, LAST)
}

/// Epoch seconds, if they are said.
pub(super) fn seconds_if_said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let said: Option<i64> = Option::deserialize(from)?;
    said.map(|seconds| within(seconds, LAST)).transpose()
}

/// Epoch milliseconds.
pub(super) fn milliseconds<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    within(i64::deserialize(from)?, LAST * 1000)
}

fn within<E: Error>(time: i64, last: i64) -> Result<i64, E> {
    if (0..=last).contains(&time) {
        Ok(time)
    } else {
        Err(E::custom("a time that no clock shows"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Times {
        #[serde(deserialize_with = "seconds")]
        at: i64,
        #[serde(deserialize_with = "milliseconds")]
        at_ms: i64,
        #[serde(default, deserialize_with = "seconds_if_said")]
        early: Option<i64>,
    }

    fn read(text: &str) -> Option<Times> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn times_that_a_clock_shows() {
        let times = |at, at_ms, early| Some(Times { at, at_ms, early });
        assert_eq!(read(r#"{"at":0,"at_ms":7}"#), times(0, 7, None));
        let last = r#"{"at":253370764800,"at_ms":253370764800000,"early":1}"#;
        assert_eq!(read(last), times(LAST, LAST * 1000, Some(1)));
        assert_eq!(read(r#"{"at":1,"at_ms":2,"early":null}"#), times(1, 2, None));
    }

    #[test]
    fn others_are_no_times() {
        for text in [
            r#"{"at":-1,"at_ms":0}"#,
            r#"{"at":0,"at_ms":-9223372036854775808}"#,
            r#"{"at":9223372036854775807,"at_ms":0}"#,
            r#"{"at":0,"at_ms":0,"early":-1}"#,
            r#"{"at":1.5,"at_ms":0}"#,
            r#"{"at_ms":0}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
