//! Time and waiting.
#![expect(clippy::disallowed_methods, reason = "this file is the door to time")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time and waiting.
pub trait Clock: Send + Sync {
    /// Epoch milliseconds.
    fn now_ms(&self) -> i64;

    /// Epoch seconds.
    fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// A time that never goes back and goes on only while we run, for deadlines.
    fn monotonic(&self) -> Duration;

    /// Waits.
    fn sleep(&self, time: Duration);
}

/// The machine's clock.
pub struct System;

impl Clock for System {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn monotonic(&self) -> Duration {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        START.get_or_init(std::time::Instant::now).elapsed()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}
