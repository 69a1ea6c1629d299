//! Where logins live: `ENTRA_TOKEN_HOME`, else `.entra-token` in the home folder. Never from XDG variables: several
//! callers run us with nearly empty environments, and all must find the same logins.

use super::World;
use crate::error::{Error, Kind};
use std::path::PathBuf;

/// The folder of the logins and of `config.toml`; it may not exist yet.
///
/// # Errors
/// `config` if no home folder is to be found.
pub fn folder(world: &World) -> Result<PathBuf, Error> {
    if let Some(path) = world.environment.var("ENTRA_TOKEN_HOME").map(PathBuf::from) {
        if path.is_absolute() {
            return Ok(path);
        }
        return Err(Error::new(
            Kind::Config,
            format!("`ENTRA_TOKEN_HOME` is not an absolute path: `{}`", path.display()),
        )
        .hint("set it to an absolute path, or unset it"));
    }
    let home = world
        .environment
        .var("HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    home.or_else(|| world.platform.home_by_password_database())
        .map(|home| home.join(".entra-token"))
        .ok_or_else(|| {
            Error::new(
                Kind::Config,
                "no home folder: `HOME` is not set, and the password database does not know this user",
            )
            .hint("set `HOME`, or `ENTRA_TOKEN_HOME` to a folder of your own")
        })
}
