//! Kernel locks on files beside the data: a killed holder blocks nobody. The lock files are never deleted and never
//! truncated. fs2 is named here only, and in full: std's `File` has methods of the same names.

use super::Cache;
use super::layout::{LoginId, READ_LOCK, REFRESH_LOCK, WRITE_LOCK};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

/// How long a writer waits for readers before it replaces in any case: looping readers would starve it.
const READERS_GRACE: Duration = Duration::from_millis(50);

/// How long a writer waits for another one, who needs milliseconds unless it was stopped.
const WRITERS_GRACE: Duration = Duration::from_secs(2);

/// How long a sign-in waits for them: dozens of others may write on a busy machine, and a sign-in is not lost for that.
const PERSONS_GRACE: Duration = Duration::from_secs(20);

/// Fixed length of the holder's name in the refresh lock, so that a shorter one leaves nothing of a longer one.
const HOLDER: usize = 48;

/// Releases its lock when dropped. `None` inside: the file system cannot lock, so we go on without.
#[derive(Debug)]
pub struct Guard(Option<File>);

/// What became of one try to take a lock.
#[derive(Debug)]
pub enum Attempt {
    /// Taken, or not to be had on this file system.
    Got(Guard),
    /// Another process holds it.
    Busy,
}

/// The lock around a refresh, one per login.
pub struct RefreshLock<'c> {
    cache: &'c Cache<'c>,
    id: LoginId,
}

impl RefreshLock<'_> {
    /// Tries once.
    #[must_use]
    pub fn attempt(&self) -> Attempt {
        let path = self.cache.login_folder(&self.id).join(REFRESH_LOCK);
        match self.cache.attempt(&path, fs2::FileExt::try_lock_exclusive) {
            Attempt::Got(Guard(Some(file))) => {
                self.sign(&file);
                Attempt::Got(Guard(Some(file)))
            }
            other => other,
        }
    }

    /// Who holds the lock, as it wrote itself into it.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        let path = self.cache.login_folder(&self.id).join(REFRESH_LOCK);
        let mut text = String::new();
        let file = self.cache.world.files.open_lock(&path, false).ok()?;
        file.take(HOLDER as u64).read_to_string(&mut text).ok()?;
        let text = text.trim().to_owned();
        (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
    }

    fn sign(&self, mut file: &File) {
        let text = format!(
            "process {} since {}",
            self.cache.world.platform.pid(),
            self.cache.world.clock.now()
        );
        let line = format!("{text:<width$}\n", width = HOLDER - 1);
        // For a message only.
        let _ = file.rewind().and_then(|()| file.write_all(line.as_bytes()));
    }
}

impl<'w> Cache<'w> {
    /// The lock around a refresh of a login.
    #[must_use]
    pub fn refresh_lock<'c>(&'c self, id: &LoginId) -> RefreshLock<'c>
    where
        'w: 'c,
    {
        RefreshLock {
            cache: self,
            id: id.clone(),
        }
    }

    /// The reader's lock: tried once; a reader reads in any case, since files are only ever replaced whole.
    pub(super) fn reading(&self, folder: &Path) -> Option<Guard> {
        let file = self.world.files.open_lock(&folder.join(READ_LOCK), false).ok()?;
        fs2::FileExt::try_lock_shared(&file).ok().map(|()| Guard(Some(file)))
    }

    /// The writers' lock of a folder, then the readers', each for a bounded time.
    pub(super) fn writing(&self, folder: &Path) -> Result<(Guard, Guard), Busy> {
        self.writing_within(folder, WRITERS_GRACE)
    }

    /// The same for what a person has just done, and would have to do again.
    pub(super) fn writing_for_a_person(&self, folder: &Path) -> Result<(Guard, Guard), Busy> {
        self.writing_within(folder, PERSONS_GRACE)
    }

    fn writing_within(&self, folder: &Path, grace: Duration) -> Result<(Guard, Guard), Busy> {
        let Some(writers) = self.wait(&folder.join(WRITE_LOCK), grace) else {
            return Err(Busy);
        };
        let readers = self.wait(&folder.join(READ_LOCK), READERS_GRACE).unwrap_or(Guard(None));
        Ok((writers, readers))
    }

    /// Whether the file system can lock in that folder.
    pub(super) fn can_lock(&self, folder: &Path) -> bool {
        match self.world.files.open_lock(&folder.join(READ_LOCK), true) {
            Ok(file) => !matches!(fs2::FileExt::try_lock_shared(&file), Err(error) if !is_busy(&error)),
            Err(_) => false,
        }
    }

    fn wait(&self, path: &Path, limit: Duration) -> Option<Guard> {
        let until = self.world.clock.monotonic() + limit;
        loop {
            if let Attempt::Got(guard) = self.attempt(path, fs2::FileExt::try_lock_exclusive) {
                return Some(guard);
            }
            if self.world.clock.monotonic() >= until {
                return None;
            }
            self.world.clock.sleep(Duration::from_millis(2));
        }
    }

    fn attempt(&self, path: &Path, lock: fn(&File) -> io::Result<()>) -> Attempt {
        let files = self.world.files.as_ref();
        // On a read-only disk a lock file that is there can still be locked.
        let opened = files.open_lock(path, true).or_else(|_| files.open_lock(path, false));
        let Ok(file) = opened else {
            return Attempt::Got(Guard(None));
        };
        match lock(&file) {
            Ok(()) => Attempt::Got(Guard(Some(file))),
            Err(error) if is_busy(&error) => Attempt::Busy,
            Err(error) => {
                self.world.note(format_args!(
                    "cannot lock `{}`: {error}; going on without",
                    path.display()
                ));
                Attempt::Got(Guard(None))
            }
        }
    }
}

/// Another process is writing, for longer than writing takes.
#[derive(Debug)]
pub(super) struct Busy;

fn is_busy(error: &io::Error) -> bool {
    error.raw_os_error() == fs2::lock_contended_error().raw_os_error() || error.kind() == io::ErrorKind::Interrupted
}
