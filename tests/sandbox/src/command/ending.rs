//! When a command is over: a signal, or the end of standard input.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: its streams are the process's"
)]

use std::io::{self, Read as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use entra_sandbox::Result;

/// Why a command is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// SIGINT: everything at this terminal has got it.
    Interrupted,
    /// SIGTERM, or the end of standard input: only this process knows.
    Terminated,
}

/// Gives the endings as they come; `stdin` says whether its end counts.
pub(crate) fn endings(stdin: bool) -> Result<Receiver<Ending>> {
    let (sender, receiver) = channel();
    if stdin {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut ignored = [0; 1024];
            while matches!(io::stdin().read(&mut ignored), Ok(1..)) {}
            sender.send(Ending::Terminated)
        });
    }
    watch(sender)?;
    Ok(receiver)
}

#[cfg(unix)]
fn watch(sender: Sender<Ending>) -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]);
    let mut signals = signals.map_err(|error| entra_sandbox::Error::new("waiting for signals", error))?;
    thread::spawn(move || {
        signals.forever().try_for_each(|signal| {
            sender.send(match signal {
                SIGINT => Ending::Interrupted,
                _ => Ending::Terminated,
            })
        })
    });
    Ok(())
}

/// Elsewhere the system ends the process; the sender is kept so that the receiver goes on waiting.
#[cfg(not(unix))]
fn watch(sender: Sender<Ending>) -> Result<()> {
    thread::spawn(move || {
        let _kept = sender;
        loop {
            thread::park();
        }
    });
    Ok(())
}
