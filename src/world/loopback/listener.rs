//! The wait: one `poll` over the port and every connection, then a step for each that is ready.

use super::connection::{Connection, Step, Turn};
use super::{Limits, Listener, Reply, Request};
use crate::world::{Clock, clock};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use zeroize::Zeroizing;

/// Bytes that one read takes at most.
const SCRATCH: usize = 16 * 1024;

/// How long nobody is accepted when there is no room for anybody.
const PAUSE: Duration = Duration::from_millis(10);

/// A port that is listened on.
pub(super) struct Ear {
    sockets: Vec<TcpListener>,
    port: u16,
    limits: Limits,
    connections: Vec<Connection>,
    scratch: Zeroizing<Vec<u8>>,
    /// Nobody is accepted before.
    deaf_until: Duration,
}

/// What is ready, by its place in the lists.
struct Ready {
    sockets: Vec<usize>,
    connections: Vec<usize>,
}

impl Ear {
    pub(super) fn new(sockets: Vec<TcpListener>, port: u16, limits: &Limits) -> Self {
        Self {
            sockets,
            port,
            limits: limits.clone(),
            connections: Vec::new(),
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
        let (sockets, connections) = watched.split_at(ears.len());
        Ok(Ready {
            sockets: ready(sockets),
            connections: ready(connections),
        })
    }

    fn accept(&mut self, socket: usize, now: Duration) {
        if self.connections.len() >= self.limits.connections && !self.make_room(now) {
            self.deaf_until = now.saturating_add(PAUSE);
            return;
        }
        let Some(socket) = self.sockets.get(socket) else { return };
        match accept(socket) {
            Ok(stream) => self.connections.push(Connection::new(stream, now, &self.limits)),
            Err(error) => match error.kind() {
                // Gone before we came, or one of those that `poll` told of has been taken.
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted => {}
                // No descriptor or no memory left: room for one is made, and the kernel keeps the newcomer meanwhile.
                _ if self.make_room(now) => {}
                _ => self.deaf_until = now.saturating_add(PAUSE),
            },
        }
    }

    /// Drops the connection that can be done without most easily.
    fn make_room(&mut self, now: Duration) -> bool {
        let places = self.connections.iter().enumerate();
        let victim = places.filter_map(|(place, one)| Some((one.may_go(now)?, place))).min();
        if let Some((_, place)) = victim {
            self.connections.swap_remove(place);
        }
        victim.is_some()
    }
}

impl Listener for Ear {
    fn port(&self) -> u16 {
        self.port
    }

    fn serve(&mut self, wait: Duration, answer: &mut dyn FnMut(&Request<'_>) -> Reply) -> io::Result<bool> {
        let until = now().saturating_add(wait);
        loop {
            let ready = self.wait(until)?;
            let now = now();
            let mut turn = Turn {
                now,
                port: self.port,
                limits: &self.limits,
                scratch: &mut self.scratch,
                answer,
            };
            // From the end, since the last one takes the place of one that is over.
            for place in ready.connections.into_iter().rev() {
                let Some(connection) = self.connections.get_mut(place) else {
                    continue;
                };
                match connection.step(&mut turn) {
                    Step::Open => {}
                    Step::Over => {
                        self.connections.swap_remove(place);
                    }
                    Step::Last => {
                        let mut last = self.connections.swap_remove(place);
                        while last.deadline() > turn.now
                            && {
                                let mut watched = [PollFd::new(last.stream(), last.interest())];
                                wait_for(&mut watched, last.deadline() - turn.now).is_ok()
                            }
                            && last.step(&mut turn) == Step::Open
                        {
                            turn.now = self::now();
                        }
                        return Ok(true);
                    }
                }
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
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a connection that never blocks.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn accept(socket: &TcpListener) -> io::Result<TcpStream> {
    use rustix::net::SocketFlags;
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    Ok(rustix::net::accept_with(socket, flags)?.into())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn accept(socket: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = socket.accept()?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

fn now() -> Duration {
    clock::System.monotonic()
}
