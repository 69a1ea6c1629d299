//! Raw mode, and the way back.

use crate::world::{Environment, environment};
use rustix::termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Write};

/// Bracketed paste: the terminal marks the beginning and the end of what is pasted.
const MARK_PASTES: &[u8] = b"\x1b[?2004h";
const LEAVE_PASTES: &[u8] = b"\x1b[?2004l";

/// A terminal in raw mode until this is dropped.
pub(super) struct Raw<'a> {
    tty: &'a File,
    before: Termios,
    raw: Termios,
    marks_pastes: bool,
}

impl<'a> Raw<'a> {
    pub(super) fn enter(tty: &'a File) -> io::Result<Self> {
        let before = tcgetattr(tty)?;
        let mut raw = before.clone();
        // Output stays as it is, so that `\n` begins a new line.
        raw.input_modes -= InputModes::BRKINT
            | InputModes::ISTRIP
            | InputModes::INLCR
            | InputModes::IGNCR
            | InputModes::ICRNL
            | InputModes::IXON;
        raw.local_modes -=
            LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        // A read ends after 0.1 s without a key.
        raw.special_codes[SpecialCodeIndex::VMIN] = 0;
        raw.special_codes[SpecialCodeIndex::VTIME] = 1;
        let term = environment::Process.var("TERM");
        let mut entered = Self {
            tty,
            before,
            raw,
            marks_pastes: term.is_some_and(|term| term != "dumb"),
        };
        entered.set_raw()?;
        Ok(entered)
    }

    /// Enters raw mode again if somebody changed it, as shells do when a stopped job goes on; whether that was so.
    pub(super) fn renew(&mut self) -> io::Result<bool> {
        // Fails if the terminal was hung up, whose reads end at once with nothing.
        let now = tcgetattr(self.tty).map_err(|why| io::Error::new(io::ErrorKind::UnexpectedEof, why))?;
        if now.local_modes == self.raw.local_modes && now.input_modes == self.raw.input_modes {
            return Ok(false);
        }
        self.set_raw()?;
        Ok(true)
    }

    /// Goes back. What was typed and not read is thrown away: it is the rest of a paste, and a shell would run it.
    pub(super) fn leave(&mut self) {
        // Nobody to tell if this fails.
        if self.marks_pastes {
            let _ = self.tty.write_all(LEAVE_PASTES);
        }
        let _ = tcsetattr(self.tty, OptionalActions::Flush, &self.before);
    }

    /// What was typed ahead is kept; what was written before is shown first, in the old mode.
    fn set_raw(&mut self) -> io::Result<()> {
        tcsetattr(self.tty, OptionalActions::Drain, &self.raw)?;
        if self.marks_pastes {
            self.tty.write_all(MARK_PASTES)?;
        }
        Ok(())
    }
}

impl Drop for Raw<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
