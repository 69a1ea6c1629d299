//! The sandbox does what it says, over real sockets.

mod caller;
#[cfg(unix)]
mod commands;
mod discovery;
mod faults;
mod many;
mod refresh;
mod workspace;
