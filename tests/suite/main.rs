//! The integration suite: the real program, real sockets, real processes, a home of its own for each test.
#![expect(
    clippy::disallowed_methods,
    reason = "tests start the program, prepare files and measure time themselves"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

mod api;
mod architecture;
mod authority;
mod az;
mod az_behind;
mod bad_input;
mod callers;
mod databricks;
mod exec;
mod explain;
mod full_disk;
mod homes;
mod lifecycle;
mod link;
mod listener;
mod locks;
mod no_leaks;
mod odd_values;
mod own_app;
mod race;
mod readme;
mod schemas;
mod serve;
mod sign_in;
mod silence;
mod terminal;
mod times;
