//! `run`: one command with a sandbox around it.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: running a command is its purpose"
)]

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use clap::Args;
use entra_sandbox::{Error, Result};

use crate::command::binary;
use crate::command::ending::{Ending, endings};
use crate::command::home::Home;
use crate::command::start::Start;

/// Run a command with the sandbox in its environment
#[derive(Args)]
pub(crate) struct Run {
    #[command(flatten)]
    start: Start,
    /// Use this folder as home, and keep it
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
    /// The folder of entra-token, put first on PATH; if not given that of this program, where it is built if it is not there
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "CMD")]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: Run) -> Result<ExitCode> {
    let Run {
        start,
        home,
        binaries,
        command,
    } = arguments;
    let endings = endings(false)?;
    let sandbox = start.sandbox()?;
    let home = Home::prepare(&sandbox, home)?;
    let binaries = match binaries {
        Some(folder) => folder,
        None => {
            binary::find_or_build(None)?;
            binary::folder()?
        }
    };

    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| Error::new("running", "no command"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    Home::foreign().iter().for_each(|name| {
        command.env_remove(name);
    });
    command.envs(home.environment(&sandbox.description(), &binaries));
    let mut child = command
        .spawn()
        .map_err(|error| Error::new(format!("running `{}`", program.display()), error))?;
    Ok(exit_code(wait(&mut child, &endings)?))
}

/// Waits for the child. SIGTERM is handed on; SIGINT reaches it from the terminal anyway.
fn wait(child: &mut Child, endings: &Receiver<Ending>) -> Result<ExitStatus> {
    let waiting = |error| Error::new("waiting for the command", error);
    loop {
        if let Some(status) = child.try_wait().map_err(waiting)? {
            return Ok(status);
        }
        match endings.recv_timeout(Duration::from_millis(10)) {
            Ok(Ending::Terminated) => terminate(child).map_err(waiting)?,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return child.wait().map_err(waiting),
        }
    }
}

#[cfg(unix)]
fn terminate(child: &Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};

    Ok(kill_process(Pid::from_child(child), Signal::TERM)?)
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) -> io::Result<()> {
    child.kill()
}

/// The child's code, or 128 and the signal that ended it, as shells have it.
fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX));
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(u8::MAX))
}
