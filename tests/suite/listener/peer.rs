//! Whoever connects.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Where to connect to.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    address: &'static str,
    port: u16,
}

/// A connection.
pub(crate) struct Open {
    peer: Peer,
    stream: TcpStream,
}

impl Peer {
    pub(crate) fn new(address: &'static str, port: u16) -> Self {
        Self { address, port }
    }

    pub(crate) fn open(self) -> Open {
        self.try_open().unwrap()
    }

    /// Nothing once nobody listens any more.
    pub(crate) fn try_open(self) -> Option<Open> {
        let stream = TcpStream::connect((self.address, self.port)).ok()?;
        // A peer that is never answered fails the test and does not hang it.
        stream.set_read_timeout(Some(Duration::from_secs(100))).ok()?;
        Some(Open { peer: self, stream })
    }

    /// A request with our `Host`.
    pub(crate) fn request(self, method: &str, target: &str, header: &str, body: &str) -> String {
        let Self { address, port } = self;
        let host = if address.contains(':') { "[::1]" } else { "localhost" };
        format!("{method} {target} HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\n\r\n{body}")
    }

    /// A form, as a browser posts it.
    pub(crate) fn form(self, body: &str) -> String {
        let length = body.len();
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}");
        self.request("POST", "/", &headers, body)
    }

    /// The answer to a GET on a connection of its own.
    pub(crate) fn get(self, target: &str) -> String {
        self.open().ask(target)
    }
}

impl Open {
    /// Sends as much as the other side takes.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The answer to a GET.
    pub(crate) fn ask(&mut self, target: &str) -> String {
        self.send(self.peer.request("GET", target, "Accept: */*", "").as_bytes());
        self.rest()
    }

    /// What comes until the other side closes, which it must do in peace.
    pub(crate) fn rest(&mut self) -> String {
        self.rest_or_reset().unwrap()
    }

    /// What comes until the other side closes, unless it resets the connection, as it may if it has not read all of it.
    pub(crate) fn rest_or_reset(&mut self) -> Option<String> {
        let mut text = Vec::new();
        match self.stream.read_to_end(&mut text) {
            Ok(_) => Some(String::from_utf8(text).unwrap()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
                None
            }
        }
    }
}
