//! What the tests stand on: a [`Bed`] (sandbox and home) and a [`Run`] (one call of the program).

mod bed;
mod run;
mod store;
pub(crate) mod world;

pub(crate) use bed::Bed;
pub(crate) use run::{Done, Run, Running};
pub(crate) use store::{Store, read, write};
