//! Standard input, output and error.
#![expect(clippy::disallowed_methods, reason = "this file is the door to the standard streams")]

use std::io::{self, BufRead, IsTerminal, Write};

/// Standard input, output and error. Output is written at once, whole.
pub trait Streams: Send + Sync {
    /// Runs `read` over standard input.
    ///
    /// # Errors
    /// What `read` fails with.
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()>;

    /// Writes to standard output and flushes.
    ///
    /// # Errors
    /// A closed or full output.
    fn out(&self, bytes: &[u8]) -> io::Result<()>;

    /// Writes to standard error.
    fn err(&self, text: &str);

    /// Whether standard input is a terminal.
    fn input_is_terminal(&self) -> bool;

    /// Whether standard error is a terminal: somebody sees it now, and a line can be written over.
    fn error_is_terminal(&self) -> bool;
}

/// The process's own.
pub struct Process;

impl Streams for Process {
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        read(&mut io::stdin().lock())
    }

    fn out(&self, bytes: &[u8]) -> io::Result<()> {
        // The descriptor itself: the line buffer of `Stdout` would split the answer at its last newline.
        #[cfg(unix)]
        {
            let mut rest = bytes;
            while !rest.is_empty() {
                match rustix::io::write(rustix::stdio::stdout(), rest) {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        }
        #[cfg(not(unix))]
        {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()
        }
    }

    fn err(&self, text: &str) {
        // Nobody to tell if this fails.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    fn input_is_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn error_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }
}
