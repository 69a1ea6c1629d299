//! The cloud that was chosen while nobody was signed in to it: for the next sign-in, and so that until then nobody is taken for
//! somebody there. It stands beside the pointers, and goes when another login becomes the default.

use super::file::{cannot_read, cannot_write};
use super::{Cache, VERSION};
use crate::error::Error;
use crate::request::Authority;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

const FILE: &str = "cloud.json";

#[derive(Serialize, Deserialize)]
struct Chosen {
    version: u32,
    authority: String,
}

impl Cache<'_> {
    /// The cloud that was chosen; nothing if none was, or the file is none of ours.
    ///
    /// # Errors
    /// `store_unavailable`: when the disk fails, nobody is taken for somebody at another cloud.
    pub fn chosen_cloud(&self) -> Result<Option<Authority>, Error> {
        let chosen = match self.read::<Chosen>(&self.cloud_path()) {
            Err(broken) if broken.unread => {
                return Err(cannot_read("which cloud is meant", &self.pointers_folder(), broken.why));
            }
            read => read.ok().flatten().filter(|chosen| chosen.version == VERSION),
        };
        Ok(chosen.and_then(|chosen| Authority::parse(&chosen.authority).ok()))
    }

    /// Chooses a cloud, or none.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub fn choose_cloud(&self, authority: Option<&Authority>) -> Result<(), Error> {
        let written = match authority {
            Some(authority) => self.write_cloud(authority),
            None => self.forget_cloud(),
        };
        written.map_err(|error| cannot_write("which cloud is meant", &self.pointers_folder(), &error))
    }

    fn write_cloud(&self, authority: &Authority) -> io::Result<()> {
        let folder = self.pointers_folder();
        self.make_folders(&folder)?;
        // So that nobody sweeps away what is being written.
        let _locks = self.writing(&folder);
        let chosen = Chosen {
            version: VERSION,
            authority: authority.url(),
        };
        let json = serde_json::to_vec(&chosen)?;
        self.replace(&folder, FILE, &json, None).map(drop)
    }

    /// Another login is the default from now on.
    pub(super) fn forget_cloud(&self) -> io::Result<()> {
        match self.world.files.remove(&self.cloud_path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn cloud_path(&self) -> PathBuf {
        self.pointers_folder().join(FILE)
    }
}
