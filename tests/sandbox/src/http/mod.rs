//! HTTP/1.1 for one machine: blocking, a thread for each connection, as much of RFC 9112 as callers on loopback send.

pub(crate) mod connection;
pub(crate) mod form;
pub(crate) mod gate;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod server;
pub(crate) mod wire;
