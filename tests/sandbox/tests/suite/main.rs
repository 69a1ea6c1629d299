//! The sandbox does what it says, over real sockets.

mod arm;
mod authorize;
mod caller;
#[cfg(unix)]
mod commands;
mod device;
mod discovery;
mod faults;
mod many;
mod pages;
mod password;
mod policies;
mod refresh;
mod registration;
mod workspace;
