//! `/dev/tty`: asking a question in raw mode, since the kernel's own line editing cuts lines at 4,096 bytes.

use super::editor::{Editor, Event};
use super::raw::Raw;
use super::signals::Held;
use super::{Controlling, Echo, Terminal};
use crate::secret::Secret;
use crate::world::{Clock, clock};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{Signal, getpgrp, kill_current_process_group};
use rustix::termios::tcgetpgrp;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long to wait for a key before `idle` is asked.
const PAUSE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// Time enough to be stopped.
const STOPPING: Duration = Duration::from_millis(100);

impl Terminal for Controlling {
    fn is_there(&self) -> bool {
        open().is_ok_and(|tty| in_foreground(&tty))
    }

    fn say(&self, text: &str) -> io::Result<()> {
        open()?.write_all(text.as_bytes())
    }

    fn read_line(
        &self,
        question: &str,
        echo: Echo,
        limit: usize,
        idle: &mut dyn FnMut() -> bool,
    ) -> io::Result<Option<Secret>> {
        let tty = open()?;
        if !in_foreground(&tty) {
            return Err(io::Error::new(
                io::ErrorKind::NotConnected,
                "we run in the background of the terminal",
            ));
        }
        let held = Held::back();
        let raw = Raw::enter(&tty)?;
        let answer = Asking {
            tty: &tty,
            raw,
            question,
            editor: Editor::new(limit, echo),
        }
        .answer(&held, idle);
        // Nobody to tell if this fails.
        let _ = (&tty).write_all(b"\n");
        answer
    }
}

fn open() -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map_err(|why| io::Error::new(io::ErrorKind::NotConnected, why))
}

/// Who reads in the background is stopped, and whoever started us waits forever.
fn in_foreground(tty: &File) -> bool {
    // A terminal from outside our PID namespace does not tell; then it is the only one there is.
    tcgetpgrp(tty).map_or(true, |group| group == getpgrp())
}

/// One question.
struct Asking<'a> {
    tty: &'a File,
    raw: Raw<'a>,
    question: &'a str,
    editor: Editor,
}

impl Asking<'_> {
    fn answer(mut self, held: &Held, idle: &mut dyn FnMut() -> bool) -> io::Result<Option<Secret>> {
        let mut typed = Zeroizing::new([0; 1024]);
        // Only now, since what is typed in answer to a question must find the echo switched off.
        self.write(self.question)?;
        loop {
            let count = self.read(typed.as_mut_slice())?;
            let mut shown = Zeroizing::new(String::new());
            for byte in typed.iter().take(count) {
                let Some(event) = self.editor.press(*byte, &mut shown) else {
                    continue;
                };
                self.write(&shown)?;
                shown.clear();
                match event {
                    Event::Done => return self.editor.line().map(Some),
                    Event::Interrupted => return Err(io::ErrorKind::Interrupted.into()),
                    Event::Ended => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Event::Suspended => self.suspend()?,
                    Event::Cleared => self.ask_again()?,
                }
            }
            self.write(&shown)?;
            if count == 0 {
                self.editor.pause();
                if self.raw.renew()? {
                    self.ask_again()?;
                }
            }
            if held.came() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if idle() {
                return Ok(None);
            }
        }
    }

    /// What was typed; 0 bytes if nothing was for a while.
    fn read(&self, typed: &mut [u8]) -> io::Result<usize> {
        let mut ready = [PollFd::new(self.tty, PollFlags::IN)];
        match poll(&mut ready, Some(&PAUSE)) {
            Ok(0) | Err(Errno::INTR) => return Ok(0),
            // macOS cannot poll `/dev/tty` and says so; there the read itself waits, as `Raw` has arranged.
            Ok(_) => {}
            Err(why) => return Err(why.into()),
        }
        Ok(retry_on_intr(|| rustix::io::read(self.tty, &mut *typed))?)
    }

    /// Stops as the kernel would have on Ctrl-Z, the whole pipeline.
    fn suspend(&mut self) -> io::Result<()> {
        self.raw.leave();
        kill_current_process_group(Signal::TSTP)?;
        // Another thread may be the one that takes the signal, and this one would go on for a moment.
        clock::System.sleep(STOPPING);
        self.raw.renew()?;
        self.ask_again()
    }

    /// On a new line.
    fn ask_again(&self) -> io::Result<()> {
        self.write("\n")?;
        self.write(self.question)?;
        self.write(self.editor.shown())
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let mut tty = self.tty;
        tty.write_all(text.as_bytes())
    }
}
