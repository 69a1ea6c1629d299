//! Protocols that other programs speak to us: a file and a row in [`FACES`] each. A face knows what is wanted and what
//! was got, and nothing of caches, HTTP, flows, clocks or flags of ours: it imports words only.

mod databricks;
mod harmless;
mod rpc;

use crate::localtime::OffsetAt;
use crate::services::{Accounts, Tokens, Workspaces};
use std::ffi::OsString;
use std::io::{self, BufRead};

/// A protocol that other programs speak to us. Dispatch, links, help and the tests read its row.
pub struct Face {
    /// The names that it answers to: `entra-token as NAME`. The first one is the tool's own.
    pub names: &'static [&'static str],
    /// The names of links to us by which it is called; mostly that of the tool.
    pub links: &'static [&'static str],
    /// Whether it is one of our own verbs as well: `entra-token NAME`.
    pub is_verb: bool,
    /// Whether a call under our own name is meant for it all the same: some callers resolve a link before they run it, so
    /// that the arguments are all there is to go by.
    pub claims: fn(&[OsString]) -> bool,
    /// One line for `--help`.
    pub about: &'static str,
    /// Environment variables that it reads.
    pub variables: &'static [&'static str],
    /// Seconds taken off an expiry that it reports, where the caller uses a token to its last second.
    pub margin: i64,
    /// Words that must never be printed by accident, since the caller takes them for something else.
    pub forbidden: &'static [&'static str],
    /// Answers one call.
    pub run: fn(&mut Call<'_>, &Services<'_>) -> Outcome,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered, with this exit status.
    Done(u8),
    /// It is for the tool of this name that stands behind us on `PATH`: nothing was read or written.
    Forward(&'static str),
    /// The same; if no such tool is there, this is the answer.
    ForwardOr(&'static str, Said),
}

/// An answer that is not written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// For standard output; no secret.
    pub out: String,
    /// For a person.
    pub told: String,
    /// The exit status.
    pub exit: u8,
}

impl Said {
    /// Writes it; the exit status.
    pub(crate) fn write(&self, io: &dyn Io) -> u8 {
        if !self.out.is_empty() && io.answer(self.out.as_bytes()).is_err() {
            return 1;
        }
        if !self.told.is_empty() {
            io.say(&self.told);
        }
        self.exit
    }
}

/// Every face.
pub const FACES: &[Face] = &[rpc::FACE, databricks::FACE];

/// The face that a call under our own name is meant for, by its arguments.
#[must_use]
pub fn claimed(args: &[OsString]) -> Option<&'static Face> {
    FACES.iter().find(|face| (face.claims)(args))
}

/// The face that is linked under this file name; on Windows whatever its case, and with `.exe`.
#[must_use]
pub fn linked(name: &str) -> Option<&'static Face> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    FACES.iter().find(|face| face.links.contains(&name))
}

/// The face of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Face> {
    FACES.iter().find(|face| face.names.contains(&name))
}

/// One call of a face.
pub struct Call<'a> {
    /// What stands after the face's name.
    pub args: &'a [OsString],
    /// Those of the face's variables that are set.
    pub variables: Vec<(&'static str, String)>,
    /// Now, epoch seconds.
    pub now: i64,
    /// The local zone.
    pub offset: OffsetAt<'a>,
    /// Input and output.
    pub io: &'a dyn Io,
}

impl Call<'_> {
    /// A variable of the face's row.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        let set = self.variables.iter().find(|(have, _)| *have == name);
        set.map(|(_, value)| value.as_str())
    }

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
    /// Profiles of the Databricks tools.
    pub workspaces: &'a (dyn Workspaces + Sync),
}
