//! Links to ourselves: the names by which other programs find us.

use super::processes::is_program;
use super::successor::is_same;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

/// Links to ourselves. Where there are no symbolic links for everybody, as on Windows, they are copies.
pub trait Links: Send + Sync {
    /// Our own program, by its whole path.
    ///
    /// # Errors
    /// If the system does not tell.
    fn program(&self) -> io::Result<PathBuf>;

    /// The whole path of a folder, which must be there.
    ///
    /// # Errors
    /// The kernel's; `NotADirectory`.
    fn folder(&self, path: &Path) -> io::Result<PathBuf>;

    /// What stands at a path.
    ///
    /// # Errors
    /// The kernel's.
    fn look(&self, at: &Path) -> io::Result<Standing>;

    /// Makes a link to our program.
    ///
    /// # Errors
    /// The kernel's, `AlreadyExists` among them.
    fn make(&self, at: &Path) -> io::Result<()>;

    /// Removes a link.
    ///
    /// # Errors
    /// The kernel's.
    fn remove(&self, at: &Path) -> io::Result<()>;

    /// Every program of that file name on `PATH`, in order.
    fn on_path(&self, name: &str) -> Vec<PathBuf>;
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Free,
    /// A link to this very program.
    Ours,
    /// A link to another `entra-token`, which may be gone.
    Older,
    /// Something else.
    Foreign,
}

/// This machine.
pub struct System;

impl Links for System {
    fn program(&self) -> io::Result<PathBuf> {
        std::env::current_exe()
    }

    fn folder(&self, path: &Path) -> io::Result<PathBuf> {
        let whole = std::path::absolute(path)?;
        match std::fs::metadata(&whole)?.is_dir() {
            true => Ok(whole),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn look(&self, at: &Path) -> io::Result<Standing> {
        standing(at, &std::fs::metadata(self.program()?)?)
    }

    #[cfg(unix)]
    fn make(&self, at: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(self.program()?, at)
    }

    #[cfg(not(unix))]
    fn make(&self, at: &Path) -> io::Result<()> {
        if at.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        std::fs::copy(self.program()?, at).map(|_| ())
    }

    fn remove(&self, at: &Path) -> io::Result<()> {
        std::fs::remove_file(at)
    }

    #[expect(clippy::disallowed_methods, reason = "this file is the door to what stands on PATH")]
    fn on_path(&self, name: &str) -> Vec<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .filter(|candidate| is_program(candidate))
            .collect()
    }
}

fn standing(at: &Path, ourselves: &Metadata) -> io::Result<Standing> {
    let there = match std::fs::symlink_metadata(at) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Standing::Free),
        other => other?,
    };
    let is_link = there.is_symlink() || (cfg!(windows) && there.is_file());
    if is_link && is_same(at, Some(ourselves)) {
        return Ok(Standing::Ours);
    }
    let leads_to = std::fs::read_link(at).ok();
    let name = leads_to.as_deref().and_then(Path::file_stem);
    Ok(match name.is_some_and(|name| name == "entra-token") {
        true => Standing::Older,
        false => Standing::Foreign,
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_links_to_us_are_ours() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for file in ["us", "other"] {
            std::fs::copy("/bin/sh", at(file)).unwrap();
        }
        symlink(at("us"), at("ours")).unwrap();
        symlink(at("other"), at("foreign")).unwrap();
        symlink("/nowhere/entra-token", at("older")).unwrap();
        std::fs::hard_link(at("us"), at("hard")).unwrap();
        let ourselves = std::fs::metadata(at("us")).unwrap();
        for (name, is) in [
            ("ours", Standing::Ours),
            ("foreign", Standing::Foreign),
            ("older", Standing::Older),
            ("hard", Standing::Foreign),
            ("other", Standing::Foreign),
            ("nothing", Standing::Free),
        ] {
            assert_eq!(standing(&at(name), &ourselves).unwrap(), is, "{name}");
        }
    }

    #[test]
    fn a_link_leads_to_this_program() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("az");
        System.make(&at).unwrap();
        assert_eq!(System.look(&at).unwrap(), Standing::Ours);
        assert_eq!(System.make(&at).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        System.remove(&at).unwrap();
        assert_eq!(System.look(&at).unwrap(), Standing::Free);
        assert_eq!(
            System.folder(&System.program().unwrap()).unwrap_err().kind(),
            io::ErrorKind::NotADirectory
        );
    }
}
