//! What the tests stand on: a [`Bed`] (sandbox and home) and a [`Run`] (one call of the program), which a [`Seat`]
//! puts at a terminal.

mod attend;
mod bed;
mod pty;
mod run;
mod store;
mod told_browser;
mod wiretap;
pub(crate) mod world;

pub(crate) use attend::{Attendant, address};
pub(crate) use bed::Bed;
pub(crate) use pty::{Left, Seat};
pub(crate) use run::{Done, Run, Running};
pub(crate) use store::{Store, read, write};
pub(crate) use told_browser::ToldBrowser;
pub(crate) use wiretap::Wiretap;
