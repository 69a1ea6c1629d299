//! A connection's bytes, with or without TLS.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

/// The socket, shared with the gate that closes it when the sandbox stops.
pub(crate) struct Socket(Arc<TcpStream>);

/// What a server reads requests from and writes answers to.
pub(crate) struct Wire {
    socket: Arc<TcpStream>,
    tls: Option<Box<StreamOwned<ServerConnection, Socket>>>,
}

impl Wire {
    pub(crate) fn new(socket: Arc<TcpStream>, tls: Option<&Arc<ServerConfig>>) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        let tls = match tls {
            None => None,
            Some(config) => {
                let session = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                let stream = StreamOwned::new(session, Socket(Arc::clone(&socket)));
                Some(Box::new(stream))
            }
        };
        Ok(Self { socket, tls })
    }

    /// Closes with a reset (RST) in place of an orderly end.
    pub(crate) fn reset(self) {
        let _ = SockRef::from(&*self.socket).set_linger(Some(Duration::ZERO));
    }

    /// Closes in an orderly way.
    pub(crate) fn close(mut self) {
        if let Some(tls) = &mut self.tls {
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
        let _ = self.socket.shutdown(Shutdown::Write);
        // What was sent and not read would turn the end into a reset, and the peer would lose the answer.
        let _ = self.socket.set_read_timeout(Some(Duration::from_millis(200)));
        let mut rest = [0; 4096];
        while matches!((&*self.socket).read(&mut rest), Ok(1..)) {}
    }

    /// Says nothing until the peer gives up or the sandbox stops.
    pub(crate) fn hang(self) {
        let mut ignored = [0; 4096];
        while matches!((&*self.socket).read(&mut ignored), Ok(1..)) {}
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => tls.read(buffer),
            None => (&*self.socket).read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => tls.write(bytes),
            None => (&*self.socket).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => tls.flush(),
            None => (&*self.socket).flush(),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.0).flush()
    }
}
