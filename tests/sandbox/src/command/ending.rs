//! When a command is over: a signal, or the end of standard input.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: its streams are the process's"
)]

use std::io::{self, Read as _};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use entra_sandbox::{Error, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Gives the numbers of SIGINT and SIGTERM as they come; if `stdin` matters, its end counts as SIGTERM.
pub(crate) fn signals(stdin: bool) -> Result<Receiver<i32>> {
    let (sender, receiver) = channel();
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(|error| Error::new("waiting for signals", error))?;
    if stdin {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut ignored = [0; 1024];
            while matches!(io::stdin().read(&mut ignored), Ok(1..)) {}
            sender.send(SIGTERM)
        });
    }
    thread::spawn(move || signals.forever().try_for_each(|signal| sender.send(signal)));
    Ok(receiver)
}
