//! One call: its terms, when it began, and when it must be over.

use crate::error::{Error, Kind};
use crate::request::TokenRequest;
use crate::secret::Fingerprint;
use crate::token::Demand;
use crate::world::World;
use std::time::Duration;

/// One call. One total deadline covers waiting and network.
pub struct Call<'a> {
    /// What is wanted.
    pub request: &'a TokenRequest,
    /// Whether the named host, if any, tells its tenant.
    pub host_tells_tenant: bool,
    /// When it began, epoch milliseconds.
    pub began_ms: i64,
    /// When it must be over, on the monotonic clock.
    pub until: Duration,
}

impl<'a> Call<'a> {
    /// A call that begins now.
    #[must_use]
    pub fn begin(world: &World, request: &'a TokenRequest, host_tells_tenant: bool) -> Self {
        let until = world.clock.monotonic() + request.timeout;
        Self {
            request,
            host_tells_tenant,
            began_ms: world.clock.now_ms(),
            until,
        }
    }

    /// What it demands of a held token.
    #[must_use]
    pub fn demand(&self) -> Demand {
        Demand {
            min_ttl: self.request.min_ttl,
            force: self.request.force,
            began_ms: self.began_ms,
        }
    }

    /// The hash of the claims that it must be asked with.
    #[must_use]
    pub fn claims(&self) -> Option<Fingerprint> {
        self.request
            .claims
            .as_ref()
            .map(|claims| Fingerprint::of(claims.as_str()))
    }
}

/// Waiting for a lock by looking again and again, less and less often: the kernel has no lock with a time limit.
pub(super) struct Pause<'w> {
    world: &'w World,
    next: Duration,
}

impl<'w> Pause<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self {
            world,
            next: Duration::from_millis(5),
        }
    }

    pub(super) fn is_over(&self, until: Duration) -> bool {
        self.world.clock.monotonic() >= until
    }

    /// Sleeps for a while that differs between processes, so that they do not all look at once.
    pub(super) fn rest(&mut self, until: Duration) {
        let mut salt = [0];
        let _ = self.world.random.fill(&mut salt);
        let jittered = self.next / 2 + self.next * u32::from(salt[0]) / 255;
        let left = until.saturating_sub(self.world.clock.monotonic());
        self.world.clock.sleep(jittered.min(left));
        self.next = (self.next * 3 / 2).min(Duration::from_millis(60));
    }
}

pub(super) fn timed_out(holder: Option<String>) -> Error {
    let holder = holder.map_or_else(|| "another process".to_owned(), |who| format!("{who} (epoch seconds)"));
    Error::new(
        Kind::Timeout,
        format!("no token in time: {holder} is refreshing this login and has not finished"),
    )
    .hint("repeat the command; `--timeout` allows more time")
}
