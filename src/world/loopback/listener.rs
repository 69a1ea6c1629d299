//! The wait: one `poll` over the port and every connection, then a step for each that is ready.

use super::connection::{Connection, Step, Turn};
use super::later::{Alarm, Waker};
use super::{Limits, Listener, Reply, Request};
use crate::world::{Clock, clock};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use zeroize::Zeroizing;

/// Bytes that one read takes at most.
const SCRATCH: usize = 16 * 1024;

/// How long nobody is accepted when there is no room for anybody.
const PAUSE: Duration = Duration::from_millis(5);

/// A port that is listened on.
pub(super) struct Ear {
    sockets: Vec<TcpListener>,
    port: u16,
    limits: Limits,
    connections: Vec<Connection>,
    /// Tells that a reply has come that was to come later.
    alarm: Option<Alarm>,
    scratch: Zeroizing<Vec<u8>>,
    /// Nobody is accepted before.
    deaf_until: Duration,
}

/// What is ready, by its place in the lists.
struct Ready {
    sockets: Vec<usize>,
    alarm: bool,
    connections: Vec<usize>,
}

impl Ear {
    pub(super) fn new(sockets: Vec<TcpListener>, port: u16, limits: &Limits) -> Self {
        Self {
            sockets,
            port,
            limits: limits.clone(),
            connections: Vec::new(),
            alarm: None,
            scratch: Zeroizing::new(vec![0; SCRATCH]),
            deaf_until: Duration::ZERO,
        }
    }

    /// Waits until something is ready, a connection is to be given up, or the time has come.
    fn wait(&self, until: Duration) -> io::Result<Ready> {
        let now = now();
        let deaf = now < self.deaf_until;
        let ears = if deaf { &[][..] } else { &self.sockets };
        let deadlines = self.connections.iter().map(Connection::deadline);
        let until = deadlines
            .chain(deaf.then_some(self.deaf_until))
            .fold(until, Duration::min);
        let mut watched: Vec<PollFd<'_>> = ears
            .iter()
            .map(|socket| PollFd::new(socket, PollFlags::IN))
            .chain(
                self.alarm
                    .iter()
                    .map(|alarm| PollFd::new(alarm.reader(), PollFlags::IN)),
            )
            .chain(
                self.connections
                    .iter()
                    .map(|one| PollFd::new(one.stream(), one.interest())),
            )
            .collect();
        wait_for(&mut watched, until.saturating_sub(now))?;
        let ready = |watched: &[PollFd<'_>]| {
            let places = watched.iter().enumerate();
            places
                .filter(|(_, one)| !one.revents().is_empty())
                .map(|(place, _)| place)
                .collect()
        };
        let (sockets, rest) = watched.split_at(ears.len());
        let (alarm, connections) = rest.split_at(usize::from(self.alarm.is_some()));
        Ok(Ready {
            sockets: ready(sockets),
            alarm: alarm.iter().any(|one| !one.revents().is_empty()),
            connections: ready(connections),
        })
    }

    /// A step for each connection that is ready; whether one of them was given the last reply.
    fn go_on(&mut self, ready: Vec<usize>, now: Duration, answer: &mut dyn FnMut(&Request<'_>) -> Reply) -> bool {
        let mut turn = Turn {
            now,
            port: self.port,
            limits: &self.limits,
            answer,
        };
        // From the end: the last one takes the place of one that is over.
        for place in ready.into_iter().rev() {
            let Some(connection) = self.connections.get_mut(place) else {
                continue;
            };
            match connection.step(&mut self.scratch, &mut turn) {
                Step::Open => {}
                Step::Over => drop(self.connections.swap_remove(place)),
                Step::Last => {
                    finish(self.connections.swap_remove(place), &mut self.scratch, &mut turn);
                    return true;
                }
            }
        }
        false
    }

    /// Sends the replies that have come meanwhile.
    fn wake(&mut self, now: Duration) {
        if let Some(alarm) = &self.alarm {
            alarm.heard();
        }
        let limits = &self.limits;
        self.connections.retain_mut(|one| one.wake(now, limits) == Step::Open);
    }

    fn accept(&mut self, socket: usize, now: Duration) {
        let Some(socket) = self.sockets.get(socket) else { return };
        if self.connections.len() >= self.limits.connections && !make_room(&mut self.connections, now) {
            self.deaf_until = now.saturating_add(PAUSE);
            return;
        }
        match accept(socket) {
            Ok(stream) => self.connections.push(Connection::new(stream, now, &self.limits)),
            // Gone before we came.
            Err(Errno::AGAIN | Errno::INTR | Errno::CONNABORTED) => {}
            // The kernel keeps the newcomer until one of ours has made room.
            Err(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM)
                if make_room(&mut self.connections, now) => {}
            Err(_) => self.deaf_until = now.saturating_add(PAUSE),
        }
    }
}

/// Sees to it that the last reply reaches the peer, as far as the peer lets it.
fn finish(mut connection: Connection, scratch: &mut [u8], turn: &mut Turn<'_>) {
    while connection.deadline() > turn.now {
        let mut watched = [PollFd::new(connection.stream(), connection.interest())];
        let waited = wait_for(&mut watched, connection.deadline() - turn.now);
        if waited.is_err() || connection.step(scratch, turn) == Step::Over {
            return;
        }
        turn.now = now();
    }
}

/// Drops the connection that can be done without most easily, if there is one.
fn make_room(connections: &mut Vec<Connection>, now: Duration) -> bool {
    let places = connections.iter().enumerate();
    let victim = places.filter_map(|(place, one)| Some((one.may_go(now)?, place))).min();
    if let Some((_, place)) = victim {
        connections.swap_remove(place);
    }
    victim.is_some()
}

impl Listener for Ear {
    fn port(&self) -> u16 {
        self.port
    }

    fn waker(&mut self) -> io::Result<Waker> {
        let alarm = match self.alarm.take() {
            Some(alarm) => alarm,
            None => Alarm::new()?,
        };
        Ok(self.alarm.insert(alarm).waker())
    }

    fn serve(&mut self, wait: Duration, answer: &mut dyn FnMut(&Request<'_>) -> Reply) -> io::Result<bool> {
        let until = now().saturating_add(wait);
        loop {
            let ready = self.wait(until)?;
            let now = now();
            if self.go_on(ready.connections, now, answer) {
                return Ok(true);
            }
            if ready.alarm {
                self.wake(now);
            }
            self.connections.retain(|one| one.deadline() > now);
            for socket in ready.sockets {
                self.accept(socket, now);
            }
            if now >= until {
                return Ok(false);
            }
        }
    }
}

fn wait_for(watched: &mut [PollFd<'_>], time: Duration) -> io::Result<()> {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX).min(3600);
    let time = Timespec {
        tv_sec: seconds,
        tv_nsec: time.subsec_nanos().into(),
    };
    match poll(watched, Some(&time)) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a connection that never blocks.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn accept(socket: &TcpListener) -> Result<TcpStream, Errno> {
    use rustix::net::SocketFlags;
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    Ok(rustix::net::accept_with(socket, flags)?.into())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn accept(socket: &TcpListener) -> Result<TcpStream, Errno> {
    let stream = TcpStream::from(rustix::net::accept(socket)?);
    rustix::io::ioctl_fionbio(&stream, true)?;
    rustix::io::fcntl_setfd(&stream, rustix::io::FdFlags::CLOEXEC)?;
    Ok(stream)
}

fn now() -> Duration {
    clock::System.monotonic()
}
