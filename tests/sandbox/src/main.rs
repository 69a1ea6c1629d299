//! `entra-sandbox serve | run | browse | try`: see README.md.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod command;

/// An Entra ID and an Azure Databricks workspace on loopback
#[derive(Parser)]
#[command(name = "entra-sandbox")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(command::serve::Serve),
    Run(command::run::Run),
    Browse(command::browse::Browse),
    Try(command::demonstration::Try),
}

#[expect(clippy::print_stderr, reason = "the one place that says why a command failed")]
fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let done = match command {
        Command::Serve(serve) => command::serve::serve(serve),
        Command::Run(run) => command::run::run(run),
        Command::Browse(browse) => command::browse::browse(&browse),
        Command::Try(arguments) => command::demonstration::demonstrate(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("entra-sandbox: {error}");
        ExitCode::FAILURE
    })
}
