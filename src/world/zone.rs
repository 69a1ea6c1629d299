//! The local time zone.

use chrono::{Local, Offset, TimeZone};

/// The local time zone.
pub trait Zone: Send + Sync {
    /// Seconds east of UTC at an epoch second.
    fn offset_at(&self, epoch: i64) -> i32;
}

/// As `TZ` or the machine has it.
pub struct System;

impl Zone for System {
    fn offset_at(&self, epoch: i64) -> i32 {
        Local
            .timestamp_opt(epoch, 0)
            .single()
            .map_or(0, |time| time.offset().fix().local_minus_utc())
    }
}
