//! Protocols that other programs speak to us: a file and a row in [`FACES`] each. A face knows what is wanted and what
//! was got, and nothing of caches, HTTP, flows, clocks or flags of ours: it imports words only.

mod rpc;

use crate::localtime::OffsetAt;
use crate::services::{Accounts, Tokens};
use std::ffi::OsString;
use std::io::{self, BufRead};

/// A protocol that other programs speak to us.
pub struct Face {
    /// The names that it answers to, as a first word and as the name of a link.
    pub names: &'static [&'static str],
    /// One line for `--help`.
    pub about: &'static str,
    /// Environment variables that it reads.
    pub variables: &'static [&'static str],
    /// Answers one call with an exit status.
    pub run: fn(&mut Call<'_>, &Services<'_>) -> u8,
}

/// Every face.
pub const FACES: &[Face] = &[rpc::FACE];

/// One call of a face.
pub struct Call<'a> {
    /// What stands after the face's name.
    pub args: &'a [OsString],
    /// Those of the face's variables that are set.
    pub variables: Vec<(&'static str, String)>,
    /// The local zone.
    pub offset: OffsetAt<'a>,
    /// Input and output.
    pub io: &'a dyn Io,
}

impl Call<'_> {
    /// Tells that an answer could not be written; the exit status. A reader that has gone away is told nothing, since nobody
    /// reads.
    fn unwritten(&self, error: &io::Error) -> u8 {
        if error.kind() != io::ErrorKind::BrokenPipe {
            self.io.say(&format!("entra-token: cannot write the answer: {error}"));
        }
        1
    }
}

/// Where a face reads and writes.
pub trait Io: Sync {
    /// Runs `read` over the input.
    ///
    /// # Errors
    /// What `read` fails with.
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()>;

    /// Writes the answer, whole, at once.
    ///
    /// # Errors
    /// A closed or full output.
    fn answer(&self, bytes: &[u8]) -> io::Result<()>;

    /// Says something to a person.
    fn say(&self, text: &str);
}

/// What a face may ask for.
pub struct Services<'a> {
    /// Tokens.
    pub tokens: &'a (dyn Tokens + Sync),
    /// Accounts.
    pub accounts: &'a (dyn Accounts + Sync),
}
