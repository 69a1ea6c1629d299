//! Files in memory, which all belong to the user alone. They cannot be locked, as on some network disks.

use super::{Scene, USER};
use entra_token::world::Files;
use entra_token::world::files::{Facts, Unreadable};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Files and folders by path.
#[derive(Clone, Default)]
pub(super) struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: BTreeSet<PathBuf>,
    /// The trait hands out files of the system. These are `/dev/null`; what is written goes to the path that the
    /// descriptor stands for.
    open: HashMap<RawFd, PathBuf>,
}

impl Memory {
    pub(super) fn put(&mut self, path: &Path, bytes: &[u8]) {
        self.folders.extend(path.ancestors().skip(1).map(Path::to_owned));
        self.files.insert(path.to_owned(), bytes.to_vec());
    }

    pub(super) fn get(&self, path: &Path) -> Option<Vec<u8>> {
        self.files.get(path).cloned()
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.files.keys().cloned().collect()
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
        if self.folders.contains(path) {
            return Err(Unreadable::NotAFile);
        }
        let bytes = self.get(path).ok_or(Unreadable::Missing)?;
        let size = bytes.len() as u64;
        if size > limit {
            return Err(Unreadable::Huge(size));
        }
        Ok(bytes)
    }

    fn create(&mut self, path: &Path) -> io::Result<File> {
        if self.files.contains_key(path) || self.folders.contains(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.in_a_folder(path)?;
        let file = File::options().write(true).open("/dev/null")?;
        self.open.insert(file.as_raw_fd(), path.to_owned());
        self.files.insert(path.to_owned(), Vec::new());
        Ok(file)
    }

    fn write(&mut self, file: &File, bytes: &[u8]) -> io::Result<()> {
        let path = self.open.get(&file.as_raw_fd()).ok_or_else(missing)?;
        self.files.get_mut(path).ok_or_else(missing)?.extend_from_slice(bytes);
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.in_a_folder(to)?;
        if let Some(bytes) = self.files.remove(from) {
            self.files.insert(to.to_owned(), bytes);
            return Ok(());
        }
        if !self.folders.contains(from) {
            return Err(missing());
        }
        let moved = |path: &Path| Some(to.join(path.strip_prefix(from).ok()?));
        self.folders = self
            .folders
            .iter()
            .map(|path| moved(path).unwrap_or_else(|| path.clone()))
            .collect();
        self.files = std::mem::take(&mut self.files)
            .into_iter()
            .map(|(path, bytes)| (moved(&path).unwrap_or(path), bytes))
            .collect();
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        if !self.folders.contains(path) {
            return Err(missing());
        }
        let inside = self
            .files
            .keys()
            .chain(&self.folders)
            .filter(|entry| entry.parent() == Some(path));
        let names: BTreeSet<_> = inside.filter_map(|entry| entry.file_name()).collect();
        Ok(names.into_iter().map(Into::into).collect())
    }

    fn in_a_folder(&self, path: &Path) -> io::Result<()> {
        match path.parent() {
            Some(folder) if self.folders.contains(folder) => Ok(()),
            _ => Err(missing()),
        }
    }
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Files for Scene {
    fn read(&self, path: &Path, limit: u64, _: u32) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        self.state().files.read(path, limit).map(Zeroizing::new)
    }
    fn read_settings(&self, path: &Path, limit: u64, _: u32) -> Result<Vec<u8>, Unreadable> {
        self.state().files.read(path, limit)
    }
    fn read_start(&self, _: &Path, _: u64) -> io::Result<String> {
        Err(missing())
    }
    fn create(&self, path: &Path) -> io::Result<File> {
        self.state().files.create(path)
    }
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        self.state().files.write(file, bytes)
    }
    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.state().files.rename(from, to)
    }
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.state().files.folders.insert(path.to_owned());
        Ok(())
    }
    fn look(&self, path: &Path) -> io::Result<Facts> {
        let state = self.state();
        let is_folder = state.files.folders.contains(path);
        if !is_folder && !state.files.files.contains_key(path) {
            return Err(missing());
        }
        Ok(Facts {
            is_folder,
            is_link: false,
            owner: USER,
            mode: if is_folder { 0o700 } else { 0o600 },
        })
    }
    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.state().files.list(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.state().files.files.remove(path).map(drop).ok_or_else(missing)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let files = &mut self.state().files;
        files.folders.retain(|entry| !entry.starts_with(path));
        files.files.retain(|entry, _| !entry.starts_with(path));
        Ok(())
    }
    fn open_lock(&self, _: &Path, _: bool) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let files = &mut self.state().files;
        files.files.entry(path.to_owned()).or_default().extend_from_slice(bytes);
        Ok(())
    }
}
