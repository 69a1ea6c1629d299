//! The person's browser.

mod launchers;
mod words;

use super::processes::{Fate, is_program, start};
use super::{Environment, Platform, environment, platform};
use launchers::{Launcher, Surroundings, launchers};
use std::time::Duration;

/// How long a launcher may take before it counts as one that works.
const PATIENCE: Duration = Duration::from_secs(2);

/// The person's browser.
pub trait Browser: Send + Sync {
    /// Opens an address: `https`, or `http` on loopback. It must hold no secret, since launchers pass it on as an argument.
    /// Takes two seconds at most.
    ///
    /// # Errors
    /// Why not, in words. The address is to be printed in any case.
    fn open(&self, url: &str) -> Result<(), String>;
}

/// Whatever `$BROWSER` names, else this system's own.
///
/// Our own code, and no crate: `webbrowser` put the address into a command line before it split it (RUSTSEC-2026-0257).
pub struct System;

impl Browser for System {
    fn open(&self, url: &str) -> Result<(), String> {
        check(url)?;
        let surroundings = Surroundings {
            family: platform::System.family(),
            var: &|name| environment::Process.var(name),
            is_program: &is_program,
        };
        let (launchers, mut failures) = launchers(&surroundings, url);
        for launcher in &launchers {
            match launch(launcher) {
                Ok(()) => return Ok(()),
                Err(why) => failures.push(why),
            }
        }
        Err(failures.join("; "))
    }
}

fn launch(launcher: &Launcher) -> Result<(), String> {
    let Launcher {
        program,
        args,
        patience,
        also_fine,
    } = launcher;
    let name = program.display();
    match start(program, args, *patience) {
        Ok(Fate::Runs | Fate::Ended(Some(0))) => Ok(()),
        Ok(Fate::Ended(status)) if status.is_some() && status == *also_fine => Ok(()),
        Ok(Fate::Ended(Some(status))) => Err(format!("`{name}` ended with status {status}")),
        Ok(Fate::Ended(None)) => Err(format!("`{name}` was ended by a signal")),
        Err(why) => Err(format!("`{name}` cannot be started: {why}")),
    }
}

/// Nothing but a web address reaches a launcher: some run files, some interpret what they get.
fn check(url: &str) -> Result<(), String> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the address has characters that no address has".to_owned());
    }
    let parsed = url::Url::parse(url).map_err(|why| format!("the address is none: {why}"))?;
    let loopback = match parsed.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match parsed.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        scheme => Err(format!("a browser is opened for `https` only, not for `{scheme}`")),
    }
}
