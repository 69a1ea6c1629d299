//! Where logins live: `ENTRA_TOKEN_HOME`, else `.entra-token` in the home folder. Never from XDG variables: several
//! callers run us with nearly empty environments, and all must find the same logins.

use super::World;
use crate::error::{Error, Kind};
use std::path::{Path, PathBuf};

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

/// Whose home folder that is, if it is neither this user's nor root's, as under a `sudo` that keeps `HOME`. Whoever names
/// a folder by `ENTRA_TOKEN_HOME` knows what it is.
#[must_use]
pub fn stranger(world: &World, folder: &Path) -> Option<u32> {
    if world.environment.var("ENTRA_TOKEN_HOME").is_some() {
        return None;
    }
    let owner = world.files.look(folder.parent()?).ok()?.owner;
    (owner != world.platform.user() && owner != 0).then_some(owner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    fn of(fake: &Fake) -> Result<PathBuf, Kind> {
        folder(&fake.world()).map_err(|error| error.kind())
    }

    #[test]
    fn by_variable_then_home_then_password_database() {
        let fake = Fake::default().home("/db").var("HOME", "/h");
        assert_eq!(of(&fake.clone().var("ENTRA_TOKEN_HOME", "/e")), Ok("/e".into()));
        assert_eq!(of(&fake.clone().var("ENTRA_TOKEN_HOME", "e")), Err(Kind::Config));
        assert_eq!(of(&fake), Ok("/h/.entra-token".into()));
        for home in ["", "h", "~"] {
            assert_eq!(
                of(&fake.clone().var("HOME", home)),
                Ok("/db/.entra-token".into()),
                "{home:?}"
            );
        }
        assert_eq!(of(&Fake::default()), Err(Kind::Config));
        assert_eq!(of(&Fake::default().var("XDG_CONFIG_HOME", "/x")), Err(Kind::Config));
    }
}
