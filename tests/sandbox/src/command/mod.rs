//! What the program does, a file for each command.

pub(crate) mod browse;
pub(crate) mod demonstration;
pub(crate) mod run;
pub(crate) mod serve;

mod binary;
mod ending;
mod home;
mod show;
mod start;
