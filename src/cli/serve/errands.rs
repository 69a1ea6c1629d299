//! Requests that must wait, for the network or for another process: on threads of their own, so that they hold up nobody whose
//! token is held. Requests for the same token share one errand, and its outcome.

#[cfg(test)]
mod tests;

use super::answer;
use crate::desk::DEADLINE;
use crate::error::{Error, Kind};
use crate::face::endpoint::Wanted;
use crate::request::Ask;
use crate::services::{Tokens, Wish};
use crate::token::Granted;
use crate::world::World;
use crate::world::loopback::Promise;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope};
use std::time::Duration;

/// Errands that are run at the same time; more stand in line. A thread lives for as long as there is one for it.
const SIDE_BY_SIDE: usize = 16;

/// Requests that may wait: half of the connections, so that the others are free for what is held.
pub(super) const MOST_WAITING: usize = 128;

/// Where tokens come from for an errand. It is asked for as long as the errand lasts, whatever the configuration is by then.
pub(super) type Source<'w> = Arc<dyn Tokens + Send + Sync + 'w>;

/// One who waits.
pub(super) struct Taker {
    pub(super) wanted: Wanted,
    pub(super) method: &'static str,
    pub(super) promise: Promise,
    /// What is good enough if nothing better comes.
    pub(super) held: Option<Granted>,
}

/// Every errand of one server.
pub(super) struct Errands<'w> {
    world: &'w World,
    state: Mutex<State<'w>>,
    pub(super) told: answer::Told,
}

#[derive(Default)]
struct State<'w> {
    errands: Vec<Errand<'w>>,
    threads: usize,
}

impl State<'_> {
    /// How many wait.
    fn waiting(&self) -> usize {
        self.errands.iter().map(|one| one.takers.len() + one.late.len()).sum()
    }
}

struct Errand<'w> {
    source: Source<'w>,
    wish: Wish,
    ask: Ask,
    since: Duration,
    /// Whether a thread runs it.
    runs: bool,
    takers: Vec<Taker>,
    /// Those who came while it ran.
    late: Vec<Taker>,
}

impl Errand<'_> {
    fn is(&self, source: &Source<'_>, wish: &Wish) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.source), Arc::as_ptr(source)) && self.wish == *wish
    }
}

impl<'w> Errands<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self {
            world,
            state: Mutex::default(),
            told: answer::Told::default(),
        }
    }

    /// Whether an errand for this wish would begin at once: none is on its way, and it would not stand in line.
    pub(super) fn may_begin(&self, source: &Source<'w>, wish: &Wish) -> bool {
        let state = self.state();
        let is_there = state.errands.iter().any(|errand| errand.is(source, wish));
        !is_there && state.threads < SIDE_BY_SIDE && state.waiting() < MOST_WAITING
    }

    /// Has somebody wait for the wish's errand, which begins if there is none; answered at once if there is no room.
    pub(super) fn join<'s>(&'s self, scope: &'s Scope<'s, '_>, source: &Source<'w>, wish: Wish, taker: Taker) {
        let mut state = self.state();
        if state.waiting() >= MOST_WAITING {
            drop(state);
            let error = Error::new(Kind::CacheBusy, "too many requests wait for the network")
                .hint("repeat the request")
                .retry_after(1);
            return self.answer(vec![taker], &Err(error));
        }
        if let Some(errand) = state.errands.iter_mut().find(|errand| errand.is(source, &wish)) {
            let line = if errand.runs {
                &mut errand.late
            } else {
                &mut errand.takers
            };
            return line.push(taker);
        }
        state.errands.push(Errand {
            source: Arc::clone(source),
            wish,
            ask: taker.wanted.ask.clone(),
            since: self.world.clock.monotonic(),
            runs: false,
            takers: vec![taker],
            late: Vec::new(),
        });
        if state.threads >= SIDE_BY_SIDE {
            return;
        }
        state.threads += 1;
        if let Err(why) = Builder::new().spawn_scoped(scope, || self.work()) {
            state.threads -= 1;
            // The others will come to it, if there are others.
            let left = if state.threads == 0 {
                std::mem::take(&mut state.errands)
            } else {
                Vec::new()
            };
            drop(state);
            let error = Error::new(Kind::Internal, "no thread can be started").caused_by(why);
            let takers = left.into_iter().flat_map(|errand| errand.takers).collect();
            self.answer(takers, &Err(error));
        }
    }

    /// Runs errands for as long as there are any.
    fn work(&self) {
        while let Some((source, wish, mut ask, left)) = self.next() {
            ask.terms.timeout = Some(left);
            let granted =
                match left {
                    Duration::ZERO => Err(Error::new(Kind::Timeout, "too many requests waited before this one")
                        .hint("repeat the request")),
                    _ => source.token(&ask),
                };
            self.finish(&source, &wish, &granted);
        }
    }

    /// The next errand in line, with the time that is left for it.
    fn next(&self) -> Option<(Source<'w>, Wish, Ask, Duration)> {
        let mut state = self.state();
        let Some(errand) = state.errands.iter_mut().find(|errand| !errand.runs) else {
            state.threads -= 1;
            return None;
        };
        errand.runs = true;
        let waited = self.world.clock.monotonic().saturating_sub(errand.since);
        let (source, wish, ask) = (Arc::clone(&errand.source), errand.wish.clone(), errand.ask.clone());
        Some((source, wish, ask, DEADLINE.saturating_sub(waited)))
    }

    /// Answers those who waited. A refusal that signing in heals is not for those who came while it was on its way: they may
    /// have come after the sign-in. It is remembered, so if nothing has changed they get it at once.
    fn finish(&self, source: &Source<'w>, wish: &Wish, granted: &Result<Granted, Error>) {
        let mut state = self.state();
        let Some(at) = state
            .errands
            .iter()
            .position(|errand| errand.runs && errand.is(source, wish))
        else {
            return;
        };
        let mut done = state.errands.remove(at);
        let is_shared = granted.as_ref().err().is_none_or(|error| error.kind().retryable());
        if is_shared {
            done.takers.append(&mut done.late);
        } else if let Some(first) = done.late.first() {
            let (ask, since) = (first.wanted.ask.clone(), self.world.clock.monotonic());
            let takers = std::mem::take(&mut done.late);
            state.errands.push(Errand {
                source: Arc::clone(source),
                wish: wish.clone(),
                ask,
                since,
                runs: false,
                takers,
                late: Vec::new(),
            });
        }
        drop(state);
        self.answer(done.takers, granted);
    }

    fn answer(&self, takers: Vec<Taker>, granted: &Result<Granted, Error>) {
        for taker in takers {
            let granted = match (granted, taker.held) {
                (Err(_), Some(held)) => Ok(held),
                (granted, _) => granted.clone(),
            };
            self.told.hear(self.world, &granted);
            let reply = taker.wanted.answer(granted);
            taker.promise.keep(answer::out(self.world, taker.method, reply));
        }
    }

    fn state(&self) -> MutexGuard<'_, State<'w>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
