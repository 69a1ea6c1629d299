//! Forgetting a login: at once for everybody, whatever happens to us afterwards.

use super::file::cannot_write;
use super::{Cache, LoginId};
use crate::error::{Error, Kind};
use std::io;
use std::path::Path;

/// How the names of folders begin that are no logins any more.
const GONE: &str = ".gone-";

impl Cache<'_> {
    /// Forgets a login and its tokens, and returns how many tokens there were. The folder is renamed first, so that a
    /// kill in the middle leaves nothing that is taken for a login; what it leaves is cleared by the next call.
    ///
    /// # Errors
    /// `store_unavailable`; the login then stands as before, or the message says what could not be deleted.
    pub fn forget(&self, id: &LoginId) -> Result<usize, Error> {
        let folder = self.login_folder(id);
        let failed = |error: io::Error| cannot_write("the sign-out", &folder, &error);
        let tokens = self.tokens(id).len();
        // A writer that was stopped holds nobody up: what it writes afterwards goes nowhere.
        let _locks = self.writing(&folder);
        // Another one may be forgotten in the same moment, after a sign-in in between.
        let salt = self.salt().map_err(failed)?;
        let gone = self.logins_folder().join(format!("{GONE}{}-{salt}", id.as_str()));
        let deleted = match self.world.files.rename(&folder, &gone) {
            Ok(()) => self.delete(&gone),
            // Somebody was here before, and may have been killed in the middle: the rest is done again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => return Err(failed(error)),
        };
        // The pointers come after the secrets: as long as they are there, the same command ends what was begun.
        self.unpoint(id);
        let _ = self.world.files.sync_folder(&self.logins_folder());
        // What others left is cleared in any case.
        let cleared = self.clear_gone();
        deleted.and(cleared).map(|()| tokens)
    }

    /// Removes folders of forgotten logins that a killed process left.
    ///
    /// # Errors
    /// `store_unavailable`, with what could not be deleted.
    pub fn clear_gone(&self) -> Result<(), Error> {
        let folder = self.logins_folder();
        let names = self.world.files.list(&folder).unwrap_or_default();
        let gone = names.iter().filter(|name| is_gone(name.to_str().unwrap_or_default()));
        gone.map(|name| self.delete(&folder.join(name)))
            .fold(Ok(()), Result::and)
    }

    fn delete(&self, gone: &Path) -> Result<(), Error> {
        match self.world.files.remove_folder(gone) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::new(
                Kind::StoreUnavailable,
                format!("signed out, but the secrets in `{}` cannot be deleted", gone.display()),
            )
            .caused_by(error)
            .hint(format!("run: rm -r '{}'", gone.display()))),
            _ => Ok(()),
        }
    }
}

/// Whether a folder of that name is a login no more.
pub(super) fn is_gone(name: &str) -> bool {
    name.starts_with(GONE)
}
