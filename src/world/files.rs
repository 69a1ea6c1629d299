//! The file system, in steps that can each fail.

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// The file system, in steps that can each fail: each is one operation of the kernel, or a few that belong together.
pub trait Files: Send + Sync {
    /// Reads a whole file that is ours alone.
    ///
    /// # Errors
    /// Why it cannot be trusted or read.
    fn read(&self, path: &Path, limit: u64, user: u32) -> Result<Zeroizing<Vec<u8>>, Unreadable>;

    /// Reads a whole file without secrets that nobody else can have written: ours or root's, and not writable by others.
    /// Others may read it, and links are followed, since people keep their settings elsewhere.
    ///
    /// # Errors
    /// Why it cannot be trusted or read.
    fn read_settings(&self, path: &Path, limit: u64, user: u32) -> Result<Vec<u8>, Unreadable>;

    /// The beginning of a file that tells about this machine, in `/proc` for example, where files have no size. Not for
    /// anything that must be trusted.
    ///
    /// # Errors
    /// The kernel's; `InvalidData` if it is not text.
    fn read_start(&self, path: &Path, limit: u64) -> io::Result<String>;

    /// Creates a file that must not exist, mode 0600.
    ///
    /// # Errors
    /// The kernel's.
    fn create(&self, path: &Path) -> io::Result<File>;

    /// Writes all bytes.
    ///
    /// # Errors
    /// The kernel's.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()>;

    /// Flushes a file to the disk.
    ///
    /// # Errors
    /// The kernel's.
    fn sync(&self, file: &File) -> io::Result<()>;

    /// Renames, replacing what is there.
    ///
    /// # Errors
    /// The kernel's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Flushes a folder's entries to the disk.
    ///
    /// # Errors
    /// The kernel's.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder, mode 0700; it may exist.
    ///
    /// # Errors
    /// The kernel's.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// What is at a path, without following a link.
    ///
    /// # Errors
    /// The kernel's, `NotFound` among them.
    fn look(&self, path: &Path) -> io::Result<Facts>;

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// The kernel's.
    fn list(&self, path: &Path) -> io::Result<Vec<OsString>>;

    /// Removes a file or link.
    ///
    /// # Errors
    /// The kernel's.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes a folder and what is in it.
    ///
    /// # Errors
    /// The kernel's.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Opens a lock file, mode 0600, never following a link, never truncating.
    ///
    /// # Errors
    /// The kernel's.
    fn open_lock(&self, path: &Path, create: bool) -> io::Result<File>;

    /// Appends to a file of mode 0600, never following a link.
    ///
    /// # Errors
    /// The kernel's.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// By what a file that was changed or replaced is told from what it was, without following a link.
    ///
    /// # Errors
    /// The kernel's, `NotFound` among them; `Unsupported` where a file cannot be told so.
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        stamp(&std::fs::symlink_metadata(path)?)
    }

    /// The same of the file that a link leads to.
    ///
    /// # Errors
    /// As [`Self::stamp`].
    fn stamp_settings(&self, path: &Path) -> io::Result<Stamp> {
        stamp(&std::fs::metadata(path)?)
    }

    /// Reads what a person named to be sent: a file of any owner, a pipe, a device; at most one byte more than `limit`.
    ///
    /// # Errors
    /// The kernel's.
    fn read_named(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A file at one moment: its place on the disk, its size, and when it, its owner or its mode was last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp([u64; 5]);

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a file cannot be told so")]
fn stamp(facts: &std::fs::Metadata) -> io::Result<Stamp> {
    use std::os::unix::fs::MetadataExt;
    Ok(Stamp([
        facts.dev(),
        facts.ino(),
        facts.size(),
        facts.ctime().cast_unsigned(),
        facts.ctime_nsec().cast_unsigned(),
    ]))
}

#[cfg(not(unix))]
fn stamp(_: &std::fs::Metadata) -> io::Result<Stamp> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// A folder; links are not followed.
    pub is_folder: bool,
    /// A symbolic link.
    pub is_link: bool,
    /// Its owner.
    pub owner: u32,
    /// Its permission bits.
    pub mode: u32,
}

/// Why a file cannot be trusted or read.
#[derive(Debug)]
pub enum Unreadable {
    /// It is not there.
    Missing,
    /// It is a symbolic link.
    Link,
    /// It is a folder, pipe or device.
    NotAFile,
    /// It belongs to another user.
    Foreign(u32),
    /// Others may read or write it.
    Wide(u32),
    /// It is longer than any such file can be.
    Huge(u64),
    /// The kernel said no.
    Io(io::Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is not there"),
            Self::Link => f.write_str("it is a symbolic link"),
            Self::NotAFile => f.write_str("it is not a regular file"),
            Self::Foreign(owner) => write!(f, "it belongs to user {owner}"),
            Self::Wide(mode) => write!(f, "others may read or write it (mode {mode:04o})"),
            Self::Huge(size) => write!(f, "it is {size} bytes long"),
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

/// The machine's disks.
pub struct Disk;

#[cfg(unix)]
impl Files for Disk {
    fn read(&self, path: &Path, limit: u64, user: u32) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        read_trusted(path, nofollow(), limit, &[user], 0o077)
    }

    fn read_settings(&self, path: &Path, limit: u64, user: u32) -> Result<Vec<u8>, Unreadable> {
        read_trusted(path, 0, limit, &[user, 0], 0o022).map(|mut bytes| std::mem::take(&mut *bytes))
    }

    fn read_start(&self, path: &Path, limit: u64) -> io::Result<String> {
        use std::os::unix::fs::OpenOptionsExt;
        let file = OpenOptions::new().read(true).custom_flags(nonblocking()).open(path)?;
        let mut text = String::new();
        file.take(limit).read_to_string(&mut text)?;
        Ok(text)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        use std::os::unix::fs::OpenOptionsExt;
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .custom_flags(nofollow())
            .open(path)
    }

    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        match std::fs::DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    fn look(&self, path: &Path) -> io::Result<Facts> {
        use std::os::unix::fs::MetadataExt;
        let facts = std::fs::symlink_metadata(path)?;
        Ok(Facts {
            is_folder: facts.is_dir(),
            is_link: facts.is_symlink(),
            owner: facts.uid(),
            mode: facts.mode() & 0o7777,
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let mut names = std::fs::read_dir(path)?
            .map(|entry| entry.map(|e| e.file_name()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort_unstable();
        Ok(names)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_dir_all(path)
    }

    fn open_lock(&self, path: &Path, create: bool) -> io::Result<File> {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(nofollow() | nonblocking());
        if create {
            options.write(true).create(true).truncate(false).mode(0o600);
        }
        options.open(path)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = nofollow() | nonblocking();
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .custom_flags(flags)
            .open(path)?;
        file.write_all(bytes)
    }
}

/// Reads a file if it belongs to one of `owners` and has none of the permission bits `forbidden`.
#[cfg(unix)]
fn read_trusted(
    path: &Path,
    flags: i32,
    limit: u64,
    owners: &[u32],
    forbidden: u32,
) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(flags | nonblocking())
        .open(path)
        .map_err(|error| match error.raw_os_error() {
            Some(code) if code == rustix::io::Errno::LOOP.raw_os_error() => Unreadable::Link,
            _ if error.kind() == io::ErrorKind::NotFound => Unreadable::Missing,
            _ => Unreadable::Io(error),
        })?;
    let facts = file.metadata().map_err(Unreadable::Io)?;
    if !facts.is_file() {
        return Err(Unreadable::NotAFile);
    }
    if !owners.contains(&facts.uid()) {
        return Err(Unreadable::Foreign(facts.uid()));
    }
    if facts.mode() & forbidden != 0 {
        return Err(Unreadable::Wide(facts.mode() & 0o7777));
    }
    if facts.len() > limit {
        return Err(Unreadable::Huge(facts.len()));
    }
    let size = usize::try_from(facts.len()).unwrap_or(usize::MAX);
    // Files are replaced whole, never changed, so its length is what there is to read.
    let mut bytes = Zeroizing::new(vec![0; size]);
    file.read_exact(&mut bytes).map_err(Unreadable::Io)?;
    Ok(bytes)
}

#[cfg(unix)]
fn nofollow() -> i32 {
    flag(rustix::fs::OFlags::NOFOLLOW)
}

/// A named pipe in the place of a file must not hang us.
#[cfg(unix)]
fn nonblocking() -> i32 {
    flag(rustix::fs::OFlags::NONBLOCK)
}

#[cfg(unix)]
fn flag(flag: rustix::fs::OFlags) -> i32 {
    i32::try_from(flag.bits()).unwrap_or_default()
}
