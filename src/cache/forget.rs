//! Forgetting a login: at once for everybody, whatever happens to us afterwards.

use super::file::cannot_write;
use super::{Cache, LoginId};
use crate::error::Error;
use std::io;

impl Cache<'_> {
    /// Forgets a login and its tokens, and returns how many tokens there were. The folder is renamed first, so that a
    /// kill in the middle leaves nothing that is taken for a login.
    ///
    /// # Errors
    /// `store_unavailable`; the login then stands as before.
    pub fn forget(&self, id: &LoginId) -> Result<usize, Error> {
        let folder = self.login_folder(id);
        let tokens = self.tokens(id).len();
        // A writer that was stopped holds nobody up: what it writes afterwards goes nowhere.
        let _locks = self.writing(&folder);
        // Another one may be forgotten in the same moment, after a sign-in in between.
        let salt = self
            .salt()
            .map_err(|error| cannot_write("the sign-out", &folder, &error))?;
        let gone = self.logins_folder().join(format!(".gone-{}-{salt}", id.as_str()));
        let files = self.world.files.as_ref();
        match files.rename(&folder, &gone) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(cannot_write("the sign-out", &folder, &error)),
        }
        self.unpoint(id);
        self.clear_gone();
        let _ = files.sync_folder(&self.logins_folder());
        Ok(tokens)
    }

    /// Removes folders of forgotten logins, also those that a killed process left.
    pub(super) fn clear_gone(&self) {
        let folder = self.logins_folder();
        let Ok(names) = self.world.files.list(&folder) else {
            return;
        };
        for name in names
            .iter()
            .filter(|name| name.to_str().is_some_and(|name| name.starts_with(".gone-")))
        {
            if let Err(error) = self.world.files.remove_folder(&folder.join(name)) {
                self.world
                    .note(format_args!("cannot remove `{}`: {error}", folder.join(name).display()));
            }
        }
    }
}
