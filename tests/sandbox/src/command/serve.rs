//! `serve`: one line of JSON that says where everything is, then answers until the end of standard input or SIGTERM.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: its streams are the process's"
)]

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use entra_sandbox::{Error, Result};

use crate::command::ending::endings;
use crate::command::start::Start;

/// Serve until the end of standard input, or SIGTERM
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    start: Start,
    /// Write the line of JSON to this file too
    #[arg(long, value_name = "FILE")]
    port_file: Option<PathBuf>,
    /// Go on after the end of standard input
    #[arg(long)]
    ignore_stdin: bool,
}

pub(crate) fn serve(arguments: Serve) -> Result<ExitCode> {
    let Serve {
        start,
        port_file,
        ignore_stdin,
    } = arguments;
    // Asked for first, so that no signal finds the process without a way to clean up.
    let endings = endings(!ignore_stdin)?;
    let sandbox = start.sandbox()?;
    let line =
        serde_json::to_string(&sandbox.description()).map_err(|error| Error::new("writing the description", error))?;
    if let Some(file) = port_file {
        // Renamed into place: whoever waits for the file finds it whole.
        let whole = sandbox.folder().join("description.json");
        fs::write(&whole, format!("{line}\n"))
            .and_then(|()| fs::rename(&whole, &file).or_else(|_| fs::copy(&whole, &file).map(|_| ())))
            .map_err(|error| Error::new(format!("writing `{}`", file.display()), error))?;
    }
    let mut stdout = io::stdout();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .map_err(|error| Error::new("writing to standard output", error))?;
    // An error means that every sender is gone, which is an end as well.
    let _ = endings.recv();
    Ok(ExitCode::SUCCESS)
}
