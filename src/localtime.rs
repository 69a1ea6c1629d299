//! Expiry as local wall-clock text, for callers that ignore the offset: Python's Databricks SDK cuts at the first `.`
//! and reads the rest as naive local time, `az`'s `expiresOn` has no zone at all.

use chrono::{DateTime, FixedOffset, Utc};

/// Seconds east of UTC at an epoch second.
pub type OffsetAt<'a> = &'a dyn Fn(i64) -> i32;

/// What to print for an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// This instant; no reader outlives the token.
    Print(i64),
    /// The wall-clock text would fit a later instant too: get a token that lives past `until`, else print the expiry.
    RefreshPast {
        /// The end of the hour that comes twice.
        until: i64,
    },
}

/// Which instant's wall-clock text to print for a token that expires at `expires_on`, so that nobody who reads it as
/// naive local time holds the token for longer than it lives.
#[must_use]
pub fn wall(expires_on: i64, now: i64, min_ttl: u64, offset: OffsetAt<'_>) -> Wall {
    let Some(fold) = fold_around(expires_on, offset) else {
        return Wall::Print(expires_on);
    };
    let before = fold.first_pass - 1;
    if before - now >= i64::try_from(min_ttl).unwrap_or(i64::MAX) {
        return Wall::Print(before);
    }
    if expires_on >= fold.second_pass {
        // Its text also fits the first pass, which is earlier: at worst it is asked for again too soon.
        return Wall::Print(expires_on);
    }
    Wall::RefreshPast {
        until: fold.second_pass,
    }
}

/// RFC 3339 with local offset and always a fraction: what Go, Python, Java and JS all read.
#[must_use]
pub fn rfc3339(epoch: i64, offset: OffsetAt<'_>) -> String {
    local(epoch, offset).format("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string()
}

/// Local time without a zone, always six digits of a fraction: `expiresOn` of `az`.
#[must_use]
pub fn naive(epoch: i64, offset: OffsetAt<'_>) -> String {
    local(epoch, offset).format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// RFC 3339 in UTC, whole seconds, `Z`.
#[must_use]
pub fn rfc3339_utc(epoch: i64) -> String {
    DateTime::<Utc>::from_timestamp(epoch, 0)
        .unwrap_or_default()
        .format("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

fn local(epoch: i64, offset: OffsetAt<'_>) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(offset(epoch)).unwrap_or_else(|| Utc.fix_offset());
    DateTime::<Utc>::from_timestamp(epoch, 0)
        .unwrap_or_default()
        .with_timezone(&zone)
}

trait UtcOffset {
    fn fix_offset(&self) -> FixedOffset;
}

impl UtcOffset for Utc {
    fn fix_offset(&self) -> FixedOffset {
        chrono::Offset::fix(self)
    }
}

struct Fold {
    /// When the wall-clock hour begins for the first time.
    first_pass: i64,
    /// When the clock is put back and the hour begins for the second time.
    second_pass: i64,
}

/// The fold whose doubled hour holds the wall-clock text of `epoch`, if there is one.
fn fold_around(epoch: i64, offset: OffsetAt<'_>) -> Option<Fold> {
    const REACH: i64 = 3 * 3600; // no zone has put its clock back by more than this in living memory
    let (early, late) = (offset(epoch - REACH), offset(epoch + REACH));
    let back = i64::from(early) - i64::from(late);
    if back <= 0 {
        return None;
    }
    // The change lies between: find its first second of the later offset.
    let (mut before, mut after) = (epoch - REACH, epoch + REACH);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset(middle) == early {
            before = middle
        } else {
            after = middle
        }
    }
    let fold = Fold {
        first_pass: after - back,
        second_pass: after,
    };
    (epoch >= fold.first_pass && epoch < fold.second_pass + back).then_some(fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// New York, 2026-11-01: 06:00 UTC is 02:00 EDT put back to 01:00 EST.
    const CHANGE: i64 = 1_793_512_800;
    fn new_york(epoch: i64) -> i32 {
        if epoch < CHANGE { -4 * 3600 } else { -5 * 3600 }
    }

    /// What a naive reader takes the text for: the latest instant that it fits.
    fn latest_reading(epoch: i64) -> i64 {
        let wall = epoch + i64::from(new_york(epoch));
        [4 * 3600, 5 * 3600]
            .into_iter()
            .map(|o| wall + o)
            .filter(|e| e + i64::from(new_york(*e)) == wall)
            .max()
            .unwrap()
    }

    #[test]
    fn texts() {
        assert_eq!(rfc3339(CHANGE, &new_york), "2026-11-01T01:00:00.000000-05:00");
        assert_eq!(rfc3339(0, &|_| 9 * 3600), "1970-01-01T09:00:00.000000+09:00");
        assert_eq!(rfc3339(0, &|_| 0), "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(naive(CHANGE, &new_york), "2026-11-01 01:00:00.000000");
        assert_eq!(rfc3339_utc(CHANGE), "2026-11-01T06:00:00Z");
    }

    #[test]
    fn no_reader_outlives_the_token_through_both_passes() {
        for expires in (CHANGE - 3 * 3600..CHANGE + 3 * 3600).step_by(97) {
            for left in [301, 1000, 3000, 5000, 86_400] {
                match wall(expires, expires - left, 300, &new_york) {
                    Wall::Print(instant) => {
                        assert!(latest_reading(instant) <= expires, "{expires} {left}");
                        assert!(instant == expires || instant - (expires - left) >= 300);
                    }
                    Wall::RefreshPast { until } => {
                        assert_eq!(until, CHANGE);
                        assert!((CHANGE - 3600..CHANGE).contains(&expires));
                    }
                }
            }
        }
    }

    #[test]
    fn outside_the_doubled_hour_the_truth_is_printed() {
        for expires in [CHANGE - 3601, CHANGE + 3600, 0] {
            assert_eq!(wall(expires, expires - 4000, 300, &new_york), Wall::Print(expires));
        }
        // Spring: an hour is skipped, none is doubled.
        let spring = |epoch: i64| if epoch < CHANGE { -5 * 3600 } else { -4 * 3600 };
        assert_eq!(wall(CHANGE + 10, CHANGE - 4000, 300, &spring), Wall::Print(CHANGE + 10));
    }
}
