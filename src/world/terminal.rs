//! The terminal itself, at which a person can be asked even where standard input and output are pipes.

mod editor;
#[cfg(unix)]
mod raw;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod unix;

use crate::secret::Secret;
use std::io;

/// Whether what is typed can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// As it is typed.
    Shown,
    /// Nothing at all, not even its length.
    Hidden,
}

/// The terminal that we were started from.
pub trait Terminal: Send + Sync {
    /// Whether there is one, and we are in its foreground: a person could answer.
    fn is_there(&self) -> bool;

    /// Writes progress. The caller has cleaned it of control characters.
    ///
    /// # Errors
    /// Without a terminal.
    fn say(&self, text: &str) -> io::Result<()>;

    /// Asks a question (cleaned by the caller) and reads one line of at most `limit` bytes.
    ///
    /// What was typed ahead of the question counts as an answer; what follows the line at once is the rest of a paste and
    /// is thrown away, since a shell would run it. Line breaks inside a bracketed paste are dropped: an address that was
    /// copied from wrapped lines comes whole, and nothing is sent before the person has seen it and pressed Enter.
    /// Backspace, Ctrl-U and Ctrl-W edit, Ctrl-Z suspends. The cursor stands on a new line and the terminal is as it was
    /// before, however this ends.
    ///
    /// `idle` is called about every 50 ms; `true` from it ends the wait with `None`.
    ///
    /// # Errors
    /// `Interrupted` on Ctrl-C or if a signal asks us to end, `UnexpectedEof` on Ctrl-D or if the terminal went away, `InvalidData` if the line is
    /// longer than the limit or not UTF-8, `NotConnected` without a terminal or in its background, `Unsupported` where we
    /// do not know how to ask.
    fn read_line(
        &self,
        question: &str,
        echo: Echo,
        limit: usize,
        idle: &mut dyn FnMut() -> bool,
    ) -> io::Result<Option<Secret>>;
}

/// The terminal that controls this process. It is opened anew for each use.
pub struct Controlling;

#[cfg(not(unix))]
impl Terminal for Controlling {
    fn is_there(&self) -> bool {
        false
    }

    fn say(&self, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn read_line(&self, _: &str, _: Echo, _: usize, _: &mut dyn FnMut() -> bool) -> io::Result<Option<Secret>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
