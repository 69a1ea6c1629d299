//! Binding to both loopback addresses on one port.

use super::listener::Ear;
use super::{Limits, Listener, Loopback};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

/// How often a free port is looked for whose other half is free as well.
const TRIES: usize = 16;

/// Connections that the kernel holds until we accept them; it takes less if its own limit is lower.
const BACKLOG: i32 = 1024;

/// This machine.
pub struct Machine;

impl Loopback for Machine {
    fn listen(&self, port: u16, limits: &Limits) -> io::Result<Box<dyn Listener>> {
        let mut tries = if port == 0 { TRIES } else { 1 };
        loop {
            tries -= 1;
            let four = bind(Ipv4Addr::LOCALHOST.into(), port)?;
            let port = four.local_addr()?.port();
            match bind(Ipv6Addr::LOCALHOST.into(), port) {
                Ok(six) => return Ok(Box::new(Ear::new(vec![four, six], port, limits))),
                // Somebody else would get what is meant for us wherever `localhost` is [::1] first.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
                // No IPv6 here.
                Err(_) => return Ok(Box::new(Ear::new(vec![four], port, limits))),
            }
        }
    }
}

fn bind(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    let socket = TcpListener::bind((address, port))?;
    socket.set_nonblocking(true)?;
    rustix::net::listen(&socket, BACKLOG)?;
    Ok(socket)
}
