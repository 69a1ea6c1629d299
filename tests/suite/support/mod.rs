//! What the tests stand on: a [`Bed`] (sandbox and home) and a [`Run`] (one call of the program), which a [`Seat`]
//! puts at a terminal.

mod attend;
mod bed;
mod pty;
mod run;
mod store;
pub(crate) mod world;

pub(crate) use attend::{Attendant, address};
pub(crate) use bed::Bed;
pub(crate) use pty::Seat;
pub(crate) use run::{Done, Run, Running};
pub(crate) use store::{Store, read, write};
