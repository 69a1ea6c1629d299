//! The login folders: read, replace atomically, lock. Knows nothing of HTTP.

mod cloud;
mod file;
mod forget;
mod layout;
mod locate;
mod lock;
mod login;
mod pointer;
mod refusal;
mod status;
mod store;
mod subscriptions;
mod time;
mod token;

pub use layout::{LoginId, TokenKey};
pub use locate::{Place, ambiguous};
pub use lock::{Attempt, Guard, RefreshLock};
pub use login::{Login, Logins};
pub use pointer::{Pointed, Pointer};
pub use refusal::{Reach, Refusal};
pub use store::Stored;
pub use subscriptions::Listed;
pub use token::Held;

use crate::error::{Error, Kind};
use crate::world::{World, home};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The format that this program writes; part of the folder's name, so that an older and a newer program live side by
/// side.
const FORMAT: &str = "v1";

/// The version that stands in each file.
const VERSION: u32 = 1;

/// All logins of one user.
pub struct Cache<'w> {
    world: &'w World,
    home: PathBuf,
    root: PathBuf,
    user: u32,
    /// The token files that were read last, if they are worth remembering.
    seen: Option<Mutex<Vec<token::Seen>>>,
}

impl<'w> Cache<'w> {
    /// The logins below `home`, after a look at whose folder that is.
    ///
    /// # Errors
    /// `config` if the folder is a link, another user's, or writable by others.
    pub fn open(world: &'w World, home: PathBuf) -> Result<Self, Error> {
        let root = home.join(FORMAT);
        let cache = Self {
            user: world.platform.user(),
            world,
            home,
            root,
            seen: None,
        };
        match world.files.look(&cache.home) {
            Ok(facts) if facts.is_link || !facts.is_folder => Err(cache.refused("is not a folder", "move it away")),
            Ok(facts) if facts.owner != cache.user => Err(cache.foreign(&format!("belongs to user {}", facts.owner))),
            Ok(facts) if facts.mode & 0o022 != 0 => Err(cache.refused(
                &format!("can be written by others (mode {:04o})", facts.mode),
                &format!("run: chmod 700 '{}'", cache.home.display()),
            )),
            Ok(_) => Ok(cache),
            // Nothing is there yet, and nothing must be made there: its owner could not use it afterwards.
            Err(error) if error.kind() == io::ErrorKind::NotFound => match home::stranger(world, &cache.home) {
                Some(owner) => Err(cache.foreign(&format!("would stand in a home that belongs to user {owner}"))),
                None => Ok(cache),
            },
            Err(error) => Err(cache.refused(&format!("cannot be looked at: {error}"), "check its permissions")),
        }
    }

    /// Remembers what it read last for as long as the file stays the same. For a process that answers many calls; one that
    /// answers one would only look once more.
    pub fn remember_what_is_read(&mut self) {
        self.seen = Some(Mutex::default());
    }

    /// The folder that holds everything.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    fn foreign(&self, why: &str) -> Error {
        self.refused(
            &format!("{why}, but this is user {}", self.user),
            "with sudo use `sudo -H`, or set `ENTRA_TOKEN_HOME` to a folder of your own",
        )
    }

    fn refused(&self, why: &str, remedy: &str) -> Error {
        Error::new(
            Kind::Config,
            format!("the folder of the logins, `{}`, {why}", self.home.display()),
        )
        .hint(remedy)
    }
}
