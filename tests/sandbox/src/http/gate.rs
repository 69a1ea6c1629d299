//! How many connections are open, and how all of them end.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::locked::locked;

/// More connections than this wait in the listener's queue.
const MOST: usize = 1024;

/// Lets connections in, and out.
#[derive(Default)]
pub(crate) struct Gate {
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    stopped: bool,
    /// How often `release` was called.
    releases: u64,
    accepted: u64,
    open: HashMap<u64, Weak<TcpStream>>,
}

/// The right to be served; dropped when the connection is over.
pub(crate) struct Pass {
    gate: Arc<Gate>,
    number: u64,
}

impl Gate {
    /// Waits for room; false when the sandbox has stopped.
    pub(crate) fn wait_for_room(&self) -> bool {
        let inside = self
            .changed
            .wait_while(locked(&self.inside), |inside| {
                !inside.stopped && inside.open.len() >= MOST
            })
            .unwrap_or_else(PoisonError::into_inner);
        !inside.stopped
    }

    /// Counts a connection in, unless the sandbox has stopped.
    pub(crate) fn enter(self: &Arc<Self>, socket: &Arc<TcpStream>) -> Option<Pass> {
        let mut inside = locked(&self.inside);
        if inside.stopped {
            return None;
        }
        inside.accepted += 1;
        let number = inside.accepted;
        inside.open.insert(number, Arc::downgrade(socket));
        Some(Pass {
            gate: Arc::clone(self),
            number,
        })
    }

    /// Waits `time`, or less if the sandbox stops meanwhile.
    pub(crate) fn pause(&self, time: Duration) {
        if !time.is_zero() {
            let _ = self
                .changed
                .wait_timeout_while(locked(&self.inside), time, |inside| !inside.stopped);
        }
    }

    /// How often `release` was called so far.
    pub(crate) fn releases(&self) -> u64 {
        locked(&self.inside).releases
    }

    /// Waits until there were more releases than `before`, or until the sandbox stops.
    pub(crate) fn hold(&self, before: u64) {
        let inside = locked(&self.inside);
        let held = |inside: &mut Inside| !inside.stopped && inside.releases <= before;
        drop(self.changed.wait_while(inside, held));
    }

    /// Lets everybody go on who waits in `hold`.
    pub(crate) fn release(&self) {
        locked(&self.inside).releases += 1;
        self.changed.notify_all();
    }

    /// Ends every connection and waits, for a while, until their threads are done.
    pub(crate) fn stop(&self) {
        let mut inside = locked(&self.inside);
        inside.stopped = true;
        self.changed.notify_all();
        for socket in inside.open.values().filter_map(Weak::upgrade) {
            let _ = socket.shutdown(Shutdown::Both);
        }
        let _ = self
            .changed
            .wait_timeout_while(inside, Duration::from_secs(5), |inside| !inside.open.is_empty());
    }

    pub(crate) fn stopped(&self) -> bool {
        locked(&self.inside).stopped
    }
}

impl Pass {
    /// The connection's number, counted from 1 over all listeners.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        locked(&self.gate.inside).open.remove(&self.number);
        self.gate.changed.notify_all();
    }
}
