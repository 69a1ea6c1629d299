//! The server's clock: the machine's, plus a skew that a test may set.
#![expect(
    clippy::disallowed_methods,
    reason = "the sandbox is the outside world of the tests; this is its only clock"
)]

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// What Entra and the workspace take for the time.
pub(crate) struct Clock {
    started: Instant,
    skew: AtomicI64,
}

impl Clock {
    pub(crate) fn new(skew: i64) -> Self {
        Self {
            started: Instant::now(),
            skew: AtomicI64::new(skew),
        }
    }

    /// Seconds since the epoch, skew included.
    pub(crate) fn now(&self) -> u64 {
        let true_now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        true_now.saturating_add_signed(self.skew.load(Ordering::Relaxed))
    }

    /// Milliseconds since the sandbox started, never skewed.
    pub(crate) fn uptime_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Puts the server's clock this many seconds ahead of (or behind) the machine's.
    pub(crate) fn set_skew(&self, seconds: i64) {
        self.skew.store(seconds, Ordering::Relaxed);
    }
}
