//! Child processes that we start and do not talk to.
#![expect(clippy::disallowed_methods, reason = "this file is the door to child processes")]

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Words in the names of variables that may hold a secret.
const SECRET: [&str; 9] = [
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "ASSERTION",
    "API_KEY",
    "ACCESS_KEY",
];

/// How often a child is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// How a child fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It ended, with this status; none if a signal ended it.
    Ended(Option<i32>),
    /// It is at work still, and is left alone.
    Runs,
}

/// Starts a program and watches it for a while.
///
/// It gets none of our streams, since whoever called us reads them to their end, and no variable that may hold a secret. It
/// stands in a process group of its own, so that Ctrl-C means us alone.
///
/// # Errors
/// If it cannot be started.
pub(super) fn start(program: &Path, args: &[String], patience: Duration) -> io::Result<Fate> {
    let mut command = Command::new(program);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    without_secrets(&mut command);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Fate::Ended(status.code()));
        }
        if began.elapsed() >= patience {
            return Ok(Fate::Runs);
        }
        std::thread::sleep(LOOK);
    }
}

/// Takes away every variable that may hold a secret.
pub(super) fn without_secrets(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if may_hold_secret(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
}

/// Whether something that can be run stands there.
pub(super) fn is_program(path: &Path) -> bool {
    let Ok(facts) = std::fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    return facts.is_file() && std::os::unix::fs::PermissionsExt::mode(&facts.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    facts.is_file()
}

fn may_hold_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It has nothing of ours, and is left to its work.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_child_stands_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("goes on")).unwrap();
        let script = "
            cd \"$1\"
            streams=$(for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done)
            echo $streams >streams
            cut -d' ' -f5 /proc/$$/stat >group
            echo $$ >process
            while [ -d 'goes on' ]; do sleep 0.02; done
            mv streams ended";
        let args = ["-c", script, "sh", folder.path().to_str().unwrap()].map(str::to_owned);
        assert_eq!(start(Path::new("/bin/sh"), &args, Duration::ZERO).unwrap(), Fate::Runs);
        std::fs::remove_dir(path("goes on")).unwrap();
        for _ in 0..6000 {
            if path("ended").exists() {
                break;
            }
            std::thread::sleep(LOOK);
        }
        let read = |name| std::fs::read_to_string(path(name)).unwrap();
        assert_eq!(read("ended"), "/dev/null /dev/null /dev/null\n");
        assert_eq!(read("group"), read("process"));
    }

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "DATABRICKS_TOKEN",
            "AZURE_CLIENT_SECRET",
            "ARM_CLIENT_SECRET",
            "azure_password",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            assert!(may_hold_secret(name), "{name}");
        }
        for name in [
            "DISPLAY",
            "XAUTHORITY",
            "DBUS_SESSION_BUS_ADDRESS",
            "VSCODE_IPC_HOOK_CLI",
            "WSL_INTEROP",
            "SSH_AUTH_SOCK",
        ] {
            assert!(!may_hold_secret(name), "{name}");
        }
    }
}
