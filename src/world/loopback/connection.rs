//! One connection: it reads a request, writes the reply, and waits until the peer has taken it.

use super::{Limits, Parsed, Reply, Request, parse};
use rustix::event::PollFlags;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use zeroize::{Zeroize, Zeroizing};

/// How long a peer may take to close after our reply, so that it sees the reply and not a reset.
const LINGER: Duration = Duration::from_secs(2);

/// Bytes that are read and thrown away meanwhile.
const MOST_DRAINED: usize = 1024 * 1024;

/// One connection.
pub(super) struct Connection {
    stream: TcpStream,
    stage: Stage,
    accepted: Duration,
    active: Duration,
    deadline: Duration,
}

enum Stage {
    /// What has come of a request, and how much is wanted before it is looked at again.
    Reading(Zeroizing<Vec<u8>>, usize),
    /// What is to be sent, how much of it has been, and how it goes on.
    Writing(Zeroizing<Vec<u8>>, usize, After),
    /// All is sent; so many bytes were thrown away.
    Draining(usize),
}

/// What follows a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing is unread, so closing resets nothing.
    Close,
    /// Half a close, then the peer's.
    Drain,
}

/// How a connection stands after a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes on.
    Open,
    /// It is over.
    Over,
    /// It was given the last reply.
    Last,
}

/// What a step needs beside the connection.
pub(super) struct Turn<'a> {
    pub(super) now: Duration,
    pub(super) port: u16,
    pub(super) limits: &'a Limits,
    pub(super) scratch: &'a mut [u8],
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

    /// When it is given up.
    pub(super) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// What it waits for.
    pub(super) fn interest(&self) -> PollFlags {
        match self.stage {
            Stage::Reading(..) | Stage::Draining(_) => PollFlags::IN,
            Stage::Writing(..) => PollFlags::OUT,
        }
    }

    /// Goes on as far as it can without waiting.
    pub(super) fn step(&mut self, turn: &mut Turn<'_>) -> Step {
        match self.stage {
            Stage::Reading(..) => self.read(turn),
            Stage::Writing(..) => self.write(turn.now),
            Stage::Draining(_) => self.drain(turn.scratch),
        }
    }

    fn read(&mut self, turn: &mut Turn<'_>) -> Step {
        let count = match self.stream.read(turn.scratch) {
            Ok(0) => return Step::Over,
            Ok(count) => count,
            Err(error) => return after(&error),
        };
        let (came, _) = turn.scratch.split_at_mut(count);
        let Stage::Reading(held, wanted) = &mut self.stage else {
            return Step::Over;
        };
        if held.is_empty() {
            self.deadline = turn.now.saturating_add(turn.limits.patience);
        }
        self.active = turn.now;
        let bytes = if held.is_empty() {
            &*came
        } else {
            append(held, came);
            if held.len() < *wanted {
                came.zeroize();
                return Step::Open;
            }
            held.as_slice()
        };
        let (reply, head_only, after) = match parse(bytes, turn.limits) {
            Parsed::Partial(more) => {
                *wanted = more;
                if held.is_empty() {
                    append(held, came);
                }
                came.zeroize();
                return Step::Open;
            }
            Parsed::Foreign => return Step::Over,
            Parsed::Refused(status) => (refusal(status), false, After::Drain),
            Parsed::Whole(request, end) => {
                let reply = if request.is_for(turn.port) {
                    (turn.answer)(&request)
                } else {
                    refusal(421)
                };
                let after = if end == bytes.len() { After::Close } else { After::Drain };
                (reply, request.method == "HEAD", after)
            }
        };
        came.zeroize();
        let after = if reply.is_last() { After::Drain } else { after };
        self.stage = Stage::Writing(reply.encode(head_only), 0, after);
        self.deadline = turn.now.saturating_add(turn.limits.patience);
        let step = self.write(turn.now);
        if reply.is_last() { Step::Last } else { step }
    }

    fn write(&mut self, now: Duration) -> Step {
        let Stage::Writing(bytes, sent, next) = &mut self.stage else {
            return Step::Over;
        };
        match self.stream.write(bytes.get(*sent..).unwrap_or_default()) {
            Ok(count) => *sent += count,
            Err(error) => return after(&error),
        }
        if *sent < bytes.len() {
            return Step::Open;
        }
        if *next == After::Close || self.stream.shutdown(Shutdown::Write).is_err() {
            return Step::Over;
        }
        self.stage = Stage::Draining(0);
        self.deadline = now.saturating_add(LINGER);
        Step::Open
    }

    fn drain(&mut self, scratch: &mut [u8]) -> Step {
        match self.stream.read(scratch) {
            Ok(0) => Step::Over,
            Ok(count) => {
                scratch[..count].zeroize();
                let Stage::Draining(drained) = &mut self.stage else {
                    return Step::Over;
                };
                *drained += count;
                if *drained > MOST_DRAINED {
                    Step::Over
                } else {
                    Step::Open
                }
            }
            Err(error) => after(&error),
        }
    }

    /// Who makes room first, if anybody: whoever has had its reply, then whoever has been silent longest. A newcomer is
    /// given the moment that it takes to send its request, and a request that is whole is always answered.
    pub(super) fn may_go(&self, now: Duration) -> Option<(bool, Duration)> {
        const GRACE: Duration = Duration::from_millis(50);
        match self.stage {
            Stage::Draining(_) => Some((false, self.active)),
            Stage::Reading(..) if now.saturating_sub(self.accepted) >= GRACE => Some((true, self.active)),
            Stage::Reading(..) | Stage::Writing(..) => None,
        }
    }
}

/// What an error means for a connection.
fn after(error: &io::Error) -> Step {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Step::Open,
        _ => Step::Over,
    }
}

/// Appends without leaving a copy behind where the buffer was before it grew.
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
    Reply::new(status)
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff")
}
