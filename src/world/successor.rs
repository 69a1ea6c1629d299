//! Programs that take our place: the tool of a name that stands behind us on `PATH`, where a call is for it, and one that a
//! person names. And programs that do one thing for us.
#![expect(
    clippy::disallowed_methods,
    reason = "this file is the door to programs that take our place"
)]

use super::companion::{self, Companion};
use super::processes::{is_program, without_secrets};
use crate::error::{Error, Kind};
use crate::secret::Secret;
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Counts how often a call was handed over: two stand-ins that hand over to each other would never end.
const DEPTH: &str = "ENTRA_TOKEN_HANDED_OVER";

/// More stand-ins than anybody has on `PATH`.
const DEEPEST: u32 = 4;

/// Programs that we run or that take our place.
pub trait Processes: Send + Sync {
    /// Runs the next program of that name on `PATH` that is not ourselves in our place, with our streams, terminal,
    /// variables and signals. Comes back with its exit status only where a process cannot take another's place.
    ///
    /// # Errors
    /// `not_found` if there is none, `config` if it cannot be run.
    fn hand_over(&self, tool: &str, args: &[OsString]) -> Result<u8, Error>;

    /// Runs a program that a person named in our place, with variables of its own beside ours. Comes back with its exit
    /// status only where a process cannot take another's place.
    ///
    /// # Errors
    /// `bad_request` if it cannot be run.
    fn become_program(&self, program: &OsStr, args: &[OsString], variables: &[(String, Secret)]) -> Result<u8, Error>;

    /// Runs a program, by its whole path, to its end, without input and without variables that may hold a secret: its exit status, if no signal
    /// ended it, and what it printed.
    ///
    /// # Errors
    /// If it cannot be started.
    fn ask(&self, program: &Path, args: &[&str]) -> io::Result<(Option<i32>, String)>;

    /// Whether there is one.
    fn is_behind(&self, tool: &str) -> bool;

    /// Runs the one that [`Processes::hand_over`] would let take our place, beside us, to its end, without input: its exit status,
    /// if no signal ended it, and what it said on standard error. Nobody sees its answer.
    ///
    /// # Errors
    /// `not_found` if there is none, `config` if it cannot be run.
    fn also(&self, tool: &str, args: &[OsString]) -> Result<(Option<i32>, String), Error>;

    /// Starts a program that a person named, to run beside us, with variables of its own beside ours.
    ///
    /// # Errors
    /// `bad_request` if it cannot be run.
    fn run_beside(
        &self,
        program: &OsStr,
        args: &[OsString],
        variables: &[(&str, Secret)],
    ) -> Result<Box<dyn Companion>, Error>;
}

/// This machine.
pub struct System;

impl Processes for System {
    fn hand_over(&self, tool: &str, args: &[OsString]) -> Result<u8, Error> {
        let (path, command) = command_of(tool, args)?;
        run(command).map_err(|why| not_run(tool, &path, why))
    }

    fn become_program(&self, program: &OsStr, args: &[OsString], variables: &[(String, Secret)]) -> Result<u8, Error> {
        let mut command = Command::new(program);
        command.args(args);
        // The border: this one child is to have it.
        command.envs(variables.iter().map(|(name, value)| (name, value.expose())));
        run(command).map_err(|why| {
            let name = program.to_string_lossy();
            Error::new(Kind::BadRequest, format!("`{name}` cannot be run"))
                .caused_by(why)
                .hint("check its name, and PATH")
        })
    }

    fn ask(&self, program: &Path, args: &[&str]) -> io::Result<(Option<i32>, String)> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stderr(Stdio::null());
        without_secrets(&mut command);
        let output = command.output()?;
        Ok((
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        ))
    }

    fn is_behind(&self, tool: &str) -> bool {
        successor(tool, depth()).is_some()
    }

    fn also(&self, tool: &str, args: &[OsString]) -> Result<(Option<i32>, String), Error> {
        let (path, mut command) = command_of(tool, args)?;
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let output = command.output().map_err(|why| not_run(tool, &path, why))?;
        Ok((
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }

    fn run_beside(
        &self,
        program: &OsStr,
        args: &[OsString],
        variables: &[(&str, Secret)],
    ) -> Result<Box<dyn Companion>, Error> {
        companion::start(program, args, variables)
    }
}

/// The tool that stands behind us, and where it is.
fn command_of(tool: &str, args: &[OsString]) -> Result<(PathBuf, Command), Error> {
    let depth = depth();
    let next = successor(tool, depth).ok_or_else(|| none(tool))?;
    let mut command = Command::new(&next);
    command.args(args).env(DEPTH, (depth + 1).to_string());
    Ok((next, command))
}

fn not_run(tool: &str, path: &Path, why: io::Error) -> Error {
    Error::new(Kind::Config, format!("`{}` cannot be run", path.display()))
        .caused_by(why)
        .hint(format!("check the `{tool}` that stands behind entra-token on PATH"))
}

/// How often this call was handed over.
fn depth() -> u32 {
    let said = std::env::var(DEPTH).ok();
    said.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn successor(tool: &str, depth: u32) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ourselves = std::env::current_exe().and_then(std::fs::metadata).ok();
    (depth < DEEPEST)
        .then(|| next(tool, &path, ourselves.as_ref()))
        .flatten()
}

#[cfg(unix)]
fn run(mut command: Command) -> io::Result<u8> {
    // Comes back only if it fails.
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn run(mut command: Command) -> io::Result<u8> {
    let code = command.status()?.code().unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}

/// The first program of that name in `path` that is not `ourselves`, under whatever name that stands there.
fn next(tool: &str, path: &OsStr, ourselves: Option<&Metadata>) -> Option<PathBuf> {
    let names = if cfg!(windows) {
        vec![format!("{tool}.exe"), format!("{tool}.cmd")]
    } else {
        vec![tool.to_owned()]
    };
    std::env::split_paths(path)
        // A relative folder means another program in each working directory.
        .filter(|folder| folder.is_absolute())
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .find(|candidate| is_program(candidate) && !is_same(candidate, ourselves))
}

#[cfg(unix)]
pub(super) fn is_same(candidate: &Path, ourselves: Option<&Metadata>) -> bool {
    use std::os::unix::fs::MetadataExt;
    let facts = std::fs::metadata(candidate).ok();
    match (facts, ourselves) {
        (Some(facts), Some(ours)) => (facts.dev(), facts.ino()) == (ours.dev(), ours.ino()),
        _ => false,
    }
}

/// Copies stand there in place of links; one of our size is taken for us.
#[cfg(not(unix))]
pub(super) fn is_same(candidate: &Path, ourselves: Option<&Metadata>) -> bool {
    match (std::fs::metadata(candidate).ok(), ourselves) {
        (Some(facts), Some(ours)) => facts.len() == ours.len(),
        _ => false,
    }
}

fn none(tool: &str) -> Error {
    Error::new(
        Kind::NotFound,
        format!("entra-token does not answer this call of `{tool}`, and no other `{tool}` is on PATH"),
    )
    .hint(format!("install the real `{tool}`, or see: entra-token faces"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn the_next_one_that_is_not_us() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["1", "2", "3", "4"] {
            std::fs::create_dir(at(name)).unwrap();
        }
        let program = |path: &Path, mode| {
            std::fs::write(path, "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        program(&at("us"), 0o755);
        symlink(at("us"), at("1/az")).unwrap();
        std::fs::hard_link(at("us"), at("2/az")).unwrap();
        program(&at("3/az"), 0o644);
        program(&at("4/az"), 0o755);
        let path = std::env::join_paths([PathBuf::from("."), at("1"), at("2"), at("3"), at("4")]).unwrap();
        let us = std::fs::metadata(at("us")).unwrap();
        assert_eq!(next("az", &path, Some(&us)), Some(at("4/az")));
        assert_eq!(next("az", &path, None), Some(at("1/az")));
        assert_eq!(next("azd", &path, Some(&us)), None);
        assert_eq!(next("az", OsStr::new(""), Some(&us)), None);
    }
}
