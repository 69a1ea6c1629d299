//! One JSON file: read without trust, replaced whole.

use super::{Cache, VERSION};
use crate::error::{Error, Kind};
use crate::world::files::Unreadable;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::io;
use std::path::{Path, PathBuf};

/// No such file is longer: access tokens have at most a few dozen kilobytes.
const LIMIT: u64 = 1 << 20;

/// The ending of a file that is not yet in its place.
const UNFINISHED: &str = ".new";

/// A file that is there but cannot be used.
#[derive(Debug)]
pub(super) struct Broken {
    /// In plain words, continuing "it cannot be used:".
    pub(super) why: String,
    /// What repairs it, if it is not a new sign-in.
    pub(super) fix: Option<String>,
    /// The kernel said no: the file itself may be sound.
    pub(super) unread: bool,
}

impl Broken {
    /// It was read, and is not one of ours.
    pub(super) fn by_content(why: String) -> Self {
        Self {
            why,
            fix: None,
            unread: false,
        }
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Cache<'_> {
    /// Reads a file; `None` if it is not there.
    pub(super) fn read<T: DeserializeOwned>(&self, path: &Path) -> Result<Option<T>, Broken> {
        let bytes = match self.world.files.read(path, LIMIT, self.user) {
            Ok(bytes) => bytes,
            Err(Unreadable::Missing) => return Ok(None),
            Err(fault) => {
                let fix = matches!(fault, Unreadable::Wide(_)).then(|| format!("run: chmod 600 '{}'", path.display()));
                return Err(Broken {
                    why: fault.to_string(),
                    fix,
                    unread: matches!(fault, Unreadable::Io(_)),
                });
            }
        };
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Broken::by_content(unreadable_because(&bytes))),
        }
    }

    /// Replaces a file whole: after a kill at any moment there is the old one or the new one. One that cannot be used is
    /// set aside, and that is told; but not before there is something to put in its place, since what could not be read
    /// may be good, and only the moment bad.
    pub(super) fn replace(
        &self,
        folder: &Path,
        name: &str,
        bytes: &[u8],
        broken: Option<&Broken>,
    ) -> io::Result<Option<String>> {
        let files = self.world.files.as_ref();
        let new = folder.join(format!(".{name}.{}{UNFINISHED}", self.salt()?));
        let file = files.create(&new)?;
        let placed = files
            .write(&file, bytes)
            .and_then(|()| files.sync(&file))
            .and_then(|()| self.place(&new, &folder.join(name), broken));
        if placed.is_err() {
            let _ = files.remove(&new);
        }
        let told = placed?;
        // The new file is in its place; a folder that cannot be flushed is no reason to report it lost.
        if let Err(error) = files.sync_folder(folder) {
            self.world
                .note(format_args!("cannot flush `{}`: {error}", folder.display()));
        }
        Ok(told)
    }

    fn place(&self, new: &Path, path: &Path, broken: Option<&Broken>) -> io::Result<Option<String>> {
        let files = self.world.files.as_ref();
        let Some(broken) = broken else {
            return files.rename(new, path).map(|()| None);
        };
        let aside = self.set_aside(path)?;
        if let Err(error) = files.rename(new, path) {
            let _ = files.rename(&aside, path);
            return Err(error);
        }
        let told = format!("set aside `{}`, which cannot be used: {}", aside.display(), broken.why);
        self.world.note(format_args!("{told}"));
        Ok(Some(told))
    }

    /// Moves a file out of the way, so that nothing is lost; where to.
    fn set_aside(&self, path: &Path) -> io::Result<PathBuf> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("file");
        let aside = path.with_file_name(format!("{name}.aside-{}", self.world.clock.now_ms()));
        self.world.files.rename(path, &aside)?;
        Ok(aside)
    }

    /// A word that nobody else uses in a name.
    pub(super) fn salt(&self) -> io::Result<String> {
        let mut salt = [0; 8];
        self.world.random.fill(&mut salt)?;
        Ok(format!("{:016x}", u64::from_le_bytes(salt)))
    }

    /// Removes what killed writers left in a folder. Only under the lock that excludes writers there.
    pub(super) fn sweep(&self, folder: &Path) {
        let Ok(names) = self.world.files.list(folder) else {
            return;
        };
        for name in names
            .iter()
            .filter_map(|name| name.to_str())
            .filter(|name| name.ends_with(UNFINISHED))
        {
            let _ = self.world.files.remove(&folder.join(name));
        }
    }

    /// Makes a folder of the cache and those above it, each 0700.
    pub(super) fn make_folders(&self, folder: &Path) -> io::Result<()> {
        let missing = folder
            .ancestors()
            .take_while(|path| path.starts_with(&self.home))
            .collect::<Vec<_>>();
        for path in missing.into_iter().rev() {
            self.world.files.make_folder(path)?;
        }
        Ok(())
    }
}

/// An error for a store that cannot be read.
pub(super) fn cannot_read(what: &str, path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::new(
        Kind::StoreUnavailable,
        format!("cannot read {what} in `{}`", path.display()),
    )
    .caused_by(cause)
    .hint("check who owns the folder and its permissions, or set `ENTRA_TOKEN_HOME` to another one")
}

/// An error for a store that cannot be written.
pub(super) fn cannot_write(what: &str, path: &Path, error: &io::Error) -> Error {
    let remedy = match error.kind() {
        io::ErrorKind::StorageFull => "free some space on that disk, then repeat the command",
        io::ErrorKind::ReadOnlyFilesystem => "set `ENTRA_TOKEN_HOME` to a folder that can be written",
        io::ErrorKind::PermissionDenied => "check who owns the folder, or set `ENTRA_TOKEN_HOME` to one of your own",
        _ => "check the disk, or set `ENTRA_TOKEN_HOME` to another folder",
    };
    Error::new(
        Kind::StoreUnavailable,
        format!("cannot write {what} in `{}`", path.display()),
    )
    .caused_by(error)
    .hint(remedy)
}

/// Why bytes are not one of our files; never with the bytes themselves, which may hold a token.
fn unreadable_because(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Versioned>(bytes) {
        _ if bytes.is_empty() => "it is empty".to_owned(),
        Ok(file) if file.version > VERSION => {
            format!(
                "it was written by a newer version of entra-token (format {})",
                file.version
            )
        }
        Ok(_) => "fields are missing or of the wrong type".to_owned(),
        Err(error) if error.is_eof() => "it is cut off".to_owned(),
        Err(_) => "it is not JSON of ours".to_owned(),
    }
}
