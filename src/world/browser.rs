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
    /// Waits two seconds at most for what it starts.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for url in [
            "https://login.example/?a=b",
            "http://localhost:1/",
            "http://127.0.0.1:1/",
            "http://[::1]:1/x",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for url in [
            "http://login.example/",
            "http://localhost.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "-https://x/",
            "",
            "https://x/ y",
            "https://x/\ny",
            "https://x/\u{2019}",
            "/usr/bin/xdg-open",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn what_a_launcher_says_is_told() {
        let shell = |script: &str, also_fine| Launcher {
            program: "/bin/sh".into(),
            args: ["-c", script].map(str::to_owned).to_vec(),
            patience: Duration::from_secs(60),
            also_fine,
        };
        assert_eq!(launch(&shell("exit 0", None)), Ok(()));
        assert_eq!(launch(&shell("exit 1", Some(1))), Ok(()));
        assert_eq!(
            launch(&shell("exit 2", Some(1))).unwrap_err(),
            "`/bin/sh` ended with status 2"
        );
        assert_eq!(
            launch(&shell("kill -9 $$", Some(1))).unwrap_err(),
            "`/bin/sh` was ended by a signal"
        );
        let nothing = Launcher {
            program: "/nowhere/at/all".into(),
            ..shell("", None)
        };
        assert!(
            launch(&nothing)
                .unwrap_err()
                .starts_with("`/nowhere/at/all` cannot be started: ")
        );
    }
}
