//! Listening on this machine's loopback addresses: small HTTP/1.1 requests, each answered on a connection of its own.
//!
//! One thread and no runtime: sockets that never block, and one `poll` over all of them. Nothing that a stranger sends, or
//! does not send, ends the wait, holds it up, or takes more memory than [`Limits`] says. A reply that takes time may be given
//! later by another thread ([`Waker::later`]).

mod connection;
mod later;
mod listener;
mod open;
mod reply;
mod request;

pub use later::{Promise, Waker};
pub use open::Machine;
pub use reply::Reply;
pub use request::{Parsed, Request, parse};

use std::io;
use std::time::Duration;

/// Listening on this machine.
pub trait Loopback: Send + Sync {
    /// Listens on 127.0.0.1 and, where there is one, on `::1`, on the same port; 0 takes a free one.
    ///
    /// # Errors
    /// The kernel's, `AddrInUse` among them.
    fn listen(&self, port: u16, limits: &Limits) -> io::Result<Box<dyn Listener>>;
}

/// A port that is listened on; let go when dropped.
pub trait Listener {
    /// The port.
    fn port(&self) -> u16;

    /// What wakes [`Self::serve`] when a reply has come that was to come later.
    ///
    /// # Errors
    /// If the kernel has no more pipes.
    fn waker(&mut self) -> io::Result<Waker>;

    /// Answers requests until `answer` says that its reply is the last one (true: its bytes have reached the peer, or
    /// cannot), or `wait` has passed (false). May be called again: connections that are open stay so in between.
    ///
    /// Only requests that are whole, well-formed and meant for this port of this machine reach `answer`.
    ///
    /// # Errors
    /// If the kernel cannot wait.
    fn serve(&mut self, wait: Duration, answer: &mut dyn FnMut(&Request<'_>) -> Reply) -> io::Result<bool>;
}

/// How much strangers may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest request line and headers, in bytes.
    pub head: usize,
    /// Longest body, in bytes.
    pub body: usize,
    /// Connections held at once. When a newcomer finds no room, the one that has been silent longest makes it; never one
    /// whose request is whole.
    pub connections: usize,
    /// How long a connection may be silent before its request, and how long a request may take to arrive, or its reply to
    /// be taken.
    pub patience: Duration,
}

impl Limits {
    /// For the answer of a sign-in: a code of several KiB in the address or the body, and the cookies that other programs
    /// on this machine have given the browser for `localhost`.
    pub const SIGN_IN: Self = Self {
        head: 32 * 1024,
        body: 64 * 1024,
        connections: 256,
        patience: Duration::from_secs(10),
    };

    /// For programs that ask for tokens: a few headers, a short body, and many of them at once.
    pub const SERVE: Self = Self {
        head: 16 * 1024,
        body: 16 * 1024,
        connections: 256,
        patience: Duration::from_secs(10),
    };
}
