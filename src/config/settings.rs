//! `Settings`: `config.toml`, which a person writes by hand and this program never does.

use super::toml::{self, Fault};
use super::{Field, Layer, Said, file};
use crate::audience::Audience;
use crate::error::{Error, Kind};
use crate::remedy::quoted;
use crate::request::Host;
use crate::world::World;
use crate::world::files::{Stamp, Unreadable};
use std::path::{Path, PathBuf};

/// Longest file that is read, in bytes.
const LIMIT: u64 = 256 * 1024;

/// What `config.toml` says. Keys and types are checked when it is loaded; the values of a profile when it is used, so
/// that a mistake in one does not break the calls of the others, and a call pays for one profile only.
#[derive(Debug, Default)]
pub struct Settings {
    /// Where the file is, or would be.
    pub path: PathBuf,
    /// The profile that is used when no other is named.
    pub default_profile: Option<String>,
    /// The user's own `[[host]]` entries.
    pub hosts: Vec<(Host, Audience)>,
    pub(super) profiles: Vec<(String, Profile)>,
    pub(super) text: String,
}

/// A `[profiles.NAME]`, not yet read.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Where its header stands, if it has one.
    pub(super) header: Option<usize>,
    pub(super) places: Vec<Place>,
}

/// Where a value of a profile stands; a list has several.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) field: Field,
    /// The offset of its key.
    pub(super) key: usize,
    pub(super) value: toml::Value,
}

impl Settings {
    /// The names of the profiles, in the order of the file.
    pub fn profile_names(&self) -> impl Iterator<Item = &str> {
        self.profiles.iter().map(|(name, _)| name.as_str())
    }

    /// What a profile says, or `None` if there is none of that name.
    ///
    /// # Errors
    /// `config`, naming the line of the value that is wrong.
    pub fn profile(&self, name: &str) -> Result<Option<Layer>, Error> {
        match self.profiles.iter().find(|(have, _)| have == name) {
            None => Ok(None),
            Some((_, profile)) => self
                .read_profile(profile)
                .map(Some)
                .map_err(|fault| file::at_line(&self.path, &self.text, &fault)),
        }
    }

    fn read_profile(&self, profile: &Profile) -> Result<Layer, Fault> {
        let mut said = Said::default();
        for Place { field, key: _, value } in &profile.places {
            let text = value.decode(&self.text)?.ok_or_else(|| Fault {
                at: value.at(),
                why: format!("`{}` must be a number of seconds", field.key()),
            })?;
            said.say(*field, text.into_owned());
        }
        said.read().map_err(|bad| Fault {
            at: profile
                .places
                .iter()
                .find(|place| place.field == bad.field())
                .map_or(0, |place| place.value.at()),
            why: bad.text(Field::key),
        })
    }
}

/// Reads `config.toml` in the folder `home`; a missing file says nothing.
///
/// # Errors
/// `config`: it cannot be trusted or read, or something in it is wrong; the message names the line.
pub fn load(world: &World, home: &Path) -> Result<Settings, Error> {
    let path = path(home);
    let bytes = match world.files.read_settings(&path, LIMIT, world.platform.user()) {
        Err(Unreadable::Missing) => {
            return Ok(Settings {
                path,
                ..Settings::default()
            });
        }
        Err(why) => return Err(untrusted(&path, &why)),
        Ok(bytes) => bytes,
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        let path = path.display();
        Error::new(Kind::Config, format!("`{path}` is not UTF-8 text")).hint(format!("save `{path}` as UTF-8"))
    })?;
    file::read(path, text)
}

/// By what a `config.toml` that was changed is told from what it was; `None` if there is none.
#[must_use]
pub fn stamp(world: &World, home: &Path) -> Option<Stamp> {
    world.files.stamp_settings(&path(home)).ok()
}

fn path(home: &Path) -> PathBuf {
    home.join("config.toml")
}

fn untrusted(path: &Path, why: &Unreadable) -> Error {
    let shown = path.display();
    let (cause, hint) = match why {
        Unreadable::Wide(mode) => (
            format!("other users may write it (mode {mode:04o})"),
            format!("run: chmod go-w {}", quoted(&shown.to_string())),
        ),
        Unreadable::Foreign(owner) => (
            format!("it belongs to user {owner}, who could change which hosts get tokens"),
            format!(
                "run: sudo chown \"$(id -u)\" {}; or set `ENTRA_TOKEN_HOME` to a folder of your own",
                quoted(&shown.to_string())
            ),
        ),
        Unreadable::Huge(size) => (
            format!("it is {size} bytes long, and at most {LIMIT} are read"),
            format!("shorten `{shown}`"),
        ),
        other => (
            other.to_string(),
            format!("make `{shown}` a readable file, or move it away"),
        ),
    };
    Error::new(Kind::Config, format!("`{shown}` is not used: {cause}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    fn loaded(fake: &Fake) -> Result<Settings, Error> {
        load(&fake.world(), Path::new("/h"))
    }

    #[test]
    fn a_missing_file_says_nothing() {
        let settings = loaded(&Fake::default()).unwrap();
        assert_eq!(settings.path, Path::new("/h/config.toml"));
        assert_eq!(settings.profile_names().count(), 0);
        assert!(settings.profile("dev").unwrap().is_none());
    }

    #[test]
    fn a_file_that_others_may_change_is_refused_with_the_fix() {
        let error = loaded(&Fake::default().wide("/h/config.toml", 0o664)).unwrap_err();
        assert_eq!(
            error.message(),
            "`/h/config.toml` is not used: other users may write it (mode 0664)"
        );
        assert_eq!(error.remedy(), Some("run: chmod go-w /h/config.toml"));
        let error = loaded(&Fake::default().foreign("/h/config.toml", 7)).unwrap_err();
        assert!(error.remedy().unwrap().contains("chown"));
        assert_eq!(error.kind(), Kind::Config);
    }

    #[test]
    fn the_values_of_a_profile_are_read_when_it_is_used() {
        let text = "[profiles.good]\ntenant = 'a.example'\n[profiles.bad]\n\ntenant = 'a b'\n";
        let settings = loaded(&Fake::default().file("/h/config.toml", text)).unwrap();
        let good = settings.profile("good").unwrap().unwrap();
        assert_eq!(good.selectors.tenant.unwrap().as_str(), "a.example");
        assert_eq!(
            settings.profile("bad").unwrap_err().message(),
            "`/h/config.toml`, line 5: `tenant`: tenant `a b` is neither a GUID nor a domain"
        );
    }
}
