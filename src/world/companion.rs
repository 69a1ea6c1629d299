//! A program that runs beside us, with our streams and our terminal, until it ends.
#![expect(
    clippy::disallowed_methods,
    reason = "this file is the door to the program that we serve"
)]

use crate::error::{Error, Kind};
use crate::secret::Secret;
use std::ffi::{OsStr, OsString};
use std::process::{Child, Command};

/// A program that runs beside us.
pub trait Companion {
    /// Whether it has ended: with its exit status, or 128 and the number of the signal that ended it. Signals that came for
    /// us since the last call go on to it.
    ///
    /// # Errors
    /// If the kernel does not say.
    fn ended(&mut self) -> std::io::Result<Option<u8>>;
}

/// Starts a program, with variables of its own beside ours.
pub(super) fn start(
    program: &OsStr,
    args: &[OsString],
    variables: &[(&str, Secret)],
) -> Result<Box<dyn Companion>, Error> {
    let name = program.to_string_lossy().into_owned();
    let failed = |why: std::io::Error| {
        Error::new(Kind::BadRequest, format!("`{name}` cannot be run"))
            .caused_by(why)
            .hint("check its name, and PATH")
    };
    // Before it runs, so that none that comes meanwhile ends us alone.
    let signals = signals::Passed::on().map_err(failed)?;
    let mut command = Command::new(program);
    command.args(args);
    // The border: this one child is to have them.
    command.envs(variables.iter().map(|(name, value)| (name, value.expose())));
    let child = command.spawn().map_err(failed)?;
    Ok(Box::new(Running { child, signals }))
}

struct Running {
    child: Child,
    signals: signals::Passed,
}

impl Companion for Running {
    fn ended(&mut self) -> std::io::Result<Option<u8>> {
        let status = self.child.try_wait()?;
        if status.is_none() {
            self.signals.pass_to(&self.child);
        }
        Ok(status.map(exit))
    }
}

#[cfg(unix)]
fn exit(status: std::process::ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(not(unix))]
fn exit(status: std::process::ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// Signals that would end us go to the program, whose end is ours.
#[cfg(unix)]
mod signals {
    use rustix::process::{Pid, Signal, getpgrp, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::flag::register;
    use std::io;
    use std::process::Child;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    const SIGNALS: [(i32, Signal); 4] = [
        (SIGTERM, Signal::TERM),
        (SIGHUP, Signal::HUP),
        (SIGINT, Signal::INT),
        (SIGQUIT, Signal::QUIT),
    ];

    pub(super) struct Passed([Arc<AtomicBool>; 4]);

    impl Passed {
        pub(super) fn on() -> io::Result<Self> {
            let came: [Arc<AtomicBool>; 4] = Default::default();
            for ((signal, _), came) in SIGNALS.iter().zip(&came) {
                register(*signal, Arc::clone(came))?;
            }
            Ok(Self(came))
        }

        pub(super) fn pass_to(&self, child: &Child) {
            let came = SIGNALS.iter().zip(&self.0);
            for ((_, signal), _) in came.filter(|(_, came)| came.swap(false, Ordering::SeqCst)) {
                // Keys reach every program at the terminal; a second Ctrl-C means more to some than one.
                let by_key = matches!(*signal, Signal::INT | Signal::QUIT) && at_terminal();
                let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
                if let Some(pid) = pid.filter(|_| !by_key) {
                    // It may just have ended.
                    let _ = kill_process(pid, *signal);
                }
            }
        }
    }

    /// Whether we are in the foreground of the terminal that one of our streams is.
    fn at_terminal() -> bool {
        let ours = getpgrp();
        let foreground = |stream| rustix::termios::tcgetpgrp(stream).is_ok_and(|group| group == ours);
        foreground(rustix::stdio::stdin()) || foreground(rustix::stdio::stdout()) || foreground(rustix::stdio::stderr())
    }
}

#[cfg(not(unix))]
mod signals {
    pub(super) struct Passed;

    impl Passed {
        pub(super) fn on() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn pass_to(&self, _: &std::process::Child) {}
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn exit_of(script: &str) -> u8 {
        let args = ["-c".into(), script.into()];
        let variables = [("PLANTED", Secret::new("x".to_owned()))];
        let mut running = start(OsStr::new("/bin/sh"), &args, &variables).unwrap();
        loop {
            if let Some(exit) = running.ended().unwrap() {
                return exit;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn its_status_its_variables_and_its_signal() {
        assert_eq!(exit_of("exit 7"), 7);
        assert_eq!(exit_of("test \"$PLANTED\" = x"), 0);
        assert_eq!(exit_of("kill -KILL $$"), 137);
        let missing = start(OsStr::new("/no/such/program"), &[], &[]);
        assert_eq!(missing.err().unwrap().kind(), Kind::BadRequest);
    }
}
