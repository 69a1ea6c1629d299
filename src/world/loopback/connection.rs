//! One connection: it reads a request, writes the reply, and waits until the peer has taken it.

use super::later::Place;
use super::{Limits, Parsed, Reply, Request, parse};
use rustix::event::PollFlags;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use zeroize::{Zeroize, Zeroizing};

/// How long a peer may take to close after our reply, so that it sees the reply and not a reset.
const LINGER: Duration = Duration::from_secs(1);

/// Bytes that are thrown away meanwhile.
const MOST_DRAINED: usize = 1024 * 1024;

/// The moment that a newcomer is given to send its request, whoever else wants its place.
const GRACE: Duration = Duration::from_millis(10);

/// One connection.
pub(super) struct Connection {
    stream: TcpStream,
    stage: Stage,
    accepted: Duration,
    /// When the last bytes came.
    active: Duration,
    deadline: Duration,
}

enum Stage {
    /// What has come of a request, and how much is wanted before it is looked at again.
    Reading(Zeroizing<Vec<u8>>, usize),
    /// Where the reply will lie, whether only its head was asked for, and what follows.
    Waiting(Place, bool, Then),
    /// What is to be sent, how much of it has been, and what follows.
    Writing(Zeroizing<Vec<u8>>, usize, Then),
    /// All is sent, and half of a close with it; so many bytes were thrown away.
    Draining(usize),
}

/// What follows a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// All that came has been read, so a close resets nothing.
    Close,
    /// Half a close, and then the peer's.
    Drain,
}

/// How a connection stands after a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes on.
    Open,
    /// It is over.
    Over,
    /// It goes on with the last reply.
    Last,
}

/// What a step needs beside the connection.
pub(super) struct Turn<'a> {
    pub(super) now: Duration,
    pub(super) port: u16,
    pub(super) limits: &'a Limits,
    pub(super) answer: &'a mut dyn FnMut(&Request<'_>) -> Reply,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, now: Duration, limits: &Limits) -> Self {
        Self {
            stream,
            stage: Stage::Reading(Zeroizing::default(), 0),
            accepted: now,
            active: now,
            deadline: now.saturating_add(limits.patience),
        }
    }

    pub(super) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// What it waits for.
    pub(super) fn interest(&self) -> PollFlags {
        match self.stage {
            Stage::Reading(..) | Stage::Draining(_) => PollFlags::IN,
            // That the peer has gone is told without asking.
            Stage::Waiting(..) => PollFlags::empty(),
            Stage::Writing(..) => PollFlags::OUT,
        }
    }

    /// When it is given up.
    pub(super) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// How soon it makes room for another; the least goes first. Whoever has had its reply can be done without, then
    /// whoever has been silent longest. A request that is whole is always answered.
    pub(super) fn may_go(&self, now: Duration) -> Option<(bool, Duration)> {
        match self.stage {
            Stage::Draining(_) => Some((false, self.active)),
            Stage::Reading(..) if now.saturating_sub(self.accepted) >= GRACE => Some((true, self.active)),
            Stage::Reading(..) | Stage::Waiting(..) | Stage::Writing(..) => None,
        }
    }

    /// Sends a reply that was to come later, if it is there.
    pub(super) fn wake(&mut self, now: Duration, limits: &Limits) -> Step {
        let Stage::Waiting(place, head_only, then) = &self.stage else {
            return Step::Open;
        };
        let Some(reply) = place.take() else {
            return Step::Open;
        };
        let (head_only, then) = (*head_only, *then);
        self.send(&reply, head_only, then, now, limits)
    }

    /// Goes on as far as it can without waiting. What is read passes through `scratch`, which is wiped.
    pub(super) fn step(&mut self, scratch: &mut [u8], turn: &mut Turn<'_>) -> Step {
        match self.stage {
            Stage::Writing(..) => return self.write(turn.now),
            // Nothing was waited for but that the peer goes.
            Stage::Waiting(..) => return Step::Over,
            Stage::Reading(..) | Stage::Draining(_) => {}
        }
        let came = match self.stream.read(scratch) {
            Ok(0) => return Step::Over,
            Ok(count) => scratch.split_at_mut(count).0,
            Err(error) => return after(&error),
        };
        let step = match &mut self.stage {
            Stage::Draining(drained) => {
                *drained += came.len();
                if *drained > MOST_DRAINED {
                    Step::Over
                } else {
                    Step::Open
                }
            }
            Stage::Reading(..) | Stage::Waiting(..) | Stage::Writing(..) => self.take(came, turn),
        };
        came.zeroize();
        step
    }

    /// Takes bytes of a request.
    fn take(&mut self, came: &[u8], turn: &mut Turn<'_>) -> Step {
        let Stage::Reading(held, wanted) = &mut self.stage else {
            return Step::Over;
        };
        self.active = turn.now;
        let is_first = held.is_empty();
        if is_first {
            self.deadline = turn.now.saturating_add(turn.limits.patience);
        } else {
            append(held, came);
            if held.len() < *wanted {
                return Step::Open;
            }
        }
        // A request that comes in one piece, as nearly all do, is never copied.
        let bytes = if is_first { came } else { held.as_slice() };
        let (reply, head_only, then) = match parse(bytes, turn.limits) {
            Parsed::Partial(more) => {
                *wanted = more;
                if is_first {
                    append(held, came);
                }
                return Step::Open;
            }
            Parsed::Foreign => return Step::Over,
            Parsed::Refused(status) => (refusal(status), false, Then::Drain),
            Parsed::Whole(request, end) => {
                let reply = match request.is_for(turn.port) {
                    true => (turn.answer)(&request),
                    false => refusal(421),
                };
                let then = if end < bytes.len() || reply.is_last() {
                    Then::Drain
                } else {
                    Then::Close
                };
                (reply, request.method == "HEAD", then)
            }
        };
        match reply.place() {
            Some(place) => {
                self.stage = Stage::Waiting(place.clone(), head_only, then);
                // It comes, since a promise is kept or broken.
                self.deadline = Duration::MAX;
                Step::Open
            }
            None => self.send(&reply, head_only, then, turn.now, turn.limits),
        }
    }

    fn send(&mut self, reply: &Reply, head_only: bool, then: Then, now: Duration, limits: &Limits) -> Step {
        self.stage = Stage::Writing(reply.encode(head_only), 0, then);
        self.deadline = now.saturating_add(limits.patience);
        let step = self.write(now);
        if reply.is_last() { Step::Last } else { step }
    }

    fn write(&mut self, now: Duration) -> Step {
        let Stage::Writing(bytes, sent, then) = &mut self.stage else {
            return Step::Over;
        };
        match self.stream.write(bytes.get(*sent..).unwrap_or_default()) {
            Ok(count) => *sent += count,
            Err(error) => return after(&error),
        }
        if *sent < bytes.len() {
            return Step::Open;
        }
        if *then == Then::Close || self.stream.shutdown(Shutdown::Write).is_err() {
            return Step::Over;
        }
        self.stage = Stage::Draining(0);
        self.deadline = now.saturating_add(LINGER);
        Step::Open
    }
}

/// What an error means for a connection.
fn after(error: &io::Error) -> Step {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Step::Open,
        _ => Step::Over,
    }
}

/// Appends, and leaves no copy behind where the bytes were before they had to move.
fn append(held: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    let length = held.len() + bytes.len();
    if length > held.capacity() {
        let mut grown = Zeroizing::new(Vec::with_capacity(length.next_power_of_two()));
        grown.extend_from_slice(held);
        *held = grown;
    }
    held.extend_from_slice(bytes);
}

/// For requests that nobody needs to be told more about.
fn refusal(status: u16) -> Reply {
    let reply = Reply::new(status)
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff");
    let text = format!("{}\n", reply.reason());
    reply.body("text/plain; charset=utf-8", text.into_bytes().into())
}
