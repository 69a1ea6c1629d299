//! Who and where we are.
#![expect(
    clippy::disallowed_methods,
    reason = "this file is the door to child processes that answer who we are"
)]

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Who and where we are.
pub trait Platform: Send + Sync {
    /// The effective user id; 0 where there is none.
    fn user(&self) -> u32;

    /// This process.
    fn pid(&self) -> u32;

    /// The kind of system.
    fn family(&self) -> Family;

    /// The user's home folder by the password database, asked only if `HOME` does not say it.
    fn home_by_password_database(&self) -> Option<PathBuf>;
}

/// Kinds of systems, as far as a person's browser tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Linux, and nothing below it that has a browser.
    Linux,
    /// Linux inside of Windows (WSL 1 and 2), containers in it included.
    Wsl,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
    /// Another Unix.
    Other,
}

/// This machine.
pub struct System;

impl Platform for System {
    fn user(&self) -> u32 {
        #[cfg(unix)]
        return rustix::process::geteuid().as_raw();
        #[cfg(not(unix))]
        0
    }

    fn pid(&self) -> u32 {
        std::process::id()
    }

    fn family(&self) -> Family {
        match std::env::consts::OS {
            // Microsoft's kernels say so.
            "linux" => match std::fs::read_to_string("/proc/sys/kernel/osrelease") {
                Ok(release) if release.to_ascii_lowercase().contains("microsoft") => Family::Wsl,
                _ => Family::Linux,
            },
            "macos" => Family::MacOs,
            "windows" => Family::Windows,
            _ => Family::Other,
        }
    }

    fn home_by_password_database(&self) -> Option<PathBuf> {
        dirs::home_dir()
            .filter(|path| path.is_absolute())
            .or_else(|| by_getent(self.user()))
    }
}

/// Sees to it that no core dump of this process is written and that no other program of this user reads its memory. It
/// ends at an `exec`, so what we start dumps as it likes.
pub(super) fn keep_memory_private() {
    // Where the kernel refuses, there is nothing else to try.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    #[cfg(all(unix, not(target_os = "linux")))]
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit {
            current: Some(0),
            maximum: None,
        },
    );
}

/// A static build reads `/etc/passwd` only; users of a directory service are found by the system's own program.
fn by_getent(user: u32) -> Option<PathBuf> {
    let output = ["/usr/bin/getent", "/bin/getent"].iter().find_map(|program| {
        let mut command = Command::new(program);
        command
            .args(["passwd", &user.to_string()])
            .env_clear()
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command.output().ok().filter(|output| output.status.success())
    })?;
    let line = String::from_utf8(output.stdout).ok()?;
    let home = PathBuf::from(line.trim_end().split(':').nth(5)?);
    home.is_absolute().then_some(home)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn memory_is_private() {
        keep_memory_private();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }

    #[test]
    fn the_password_database_knows_a_whole_path() {
        assert!(System.home_by_password_database().is_none_or(|home| home.is_absolute()));
        assert_eq!(by_getent(u32::MAX - 7), None);
    }
}
