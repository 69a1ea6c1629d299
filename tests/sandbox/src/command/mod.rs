//! What the program does, a file for each command.

mod ending;
pub(crate) mod serve;
mod start;
