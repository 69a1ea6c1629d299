//! Listeners, and a thread for each connection.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;
use socket2::{Domain, Socket, Type};

use crate::error::{Doing as _, Result};
use crate::http::connection;
use crate::http::gate::Gate;
use crate::state::State;

/// Which server answers on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Authority,
    Workspace,
    /// The control API, on a port of its own so that it disturbs no count.
    Control,
}

/// A bound port, not served yet.
pub(crate) struct Door {
    pub(crate) role: Role,
    pub(crate) tls: Option<Arc<ServerConfig>>,
    pub(crate) port: u16,
    listener: TcpListener,
}

/// The threads that accept; they end with it, and every connection with them.
pub(crate) struct Server {
    gate: Arc<Gate>,
    ports: Vec<u16>,
    threads: Vec<JoinHandle<()>>,
}

impl Door {
    /// Binds `port` (0: any) of 127.0.0.1.
    pub(crate) fn bind(role: Role, port: u16, tls: Option<Arc<ServerConfig>>) -> Result<Self> {
        let what = "opening a port of 127.0.0.1";
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).doing(what)?;
        // Windows would let a second server take the port.
        #[cfg(unix)]
        socket.set_reuse_address(true).doing(what)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        socket.bind(&address.into()).doing(what)?;
        // Hundreds of processes may call at once; what does not fit is tried again by TCP a second later.
        socket.listen(1024).doing(what)?;
        let listener = TcpListener::from(socket);
        let port = listener.local_addr().doing(what)?.port();
        Ok(Self {
            role,
            tls,
            port,
            listener,
        })
    }
}

impl Server {
    /// Serves all doors from `state` until dropped.
    pub(crate) fn start(doors: Vec<Door>, state: &Arc<State>) -> Result<Self> {
        let gate = Arc::clone(&state.gate);
        let mut server = Self {
            gate,
            ports: Vec::new(),
            threads: Vec::new(),
        };
        for door in doors {
            server.ports.push(door.port);
            let state = Arc::clone(state);
            let thread = thread::Builder::new().name("accept".to_owned());
            let thread = thread
                .spawn(move || accept(&Arc::new(door), &state))
                .doing("starting a thread")?;
            server.threads.push(thread);
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.gate.stop();
        for port in &self.ports {
            // Wakes the listener, which sees that it is over.
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
            let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn accept(door: &Arc<Door>, state: &Arc<State>) {
    while state.gate.wait_for_room() {
        let Ok((socket, _)) = door.listener.accept() else {
            // Out of descriptors, most likely: some connection will end soon.
            state.gate.pause(Duration::from_millis(10));
            continue;
        };
        let socket = Arc::new(socket);
        let Some(pass) = state.gate.enter(&socket) else {
            return;
        };
        if door.role != Role::Control {
            state.log.connection();
        }
        let (door, state) = (Arc::clone(door), Arc::clone(state));
        // A thread that cannot be started drops the connection, as a full server does.
        let _ = thread::Builder::new().name("connection".to_owned()).spawn(move || {
            connection::serve(&door, &state, socket, pass.number());
            drop(pass);
        });
    }
}
