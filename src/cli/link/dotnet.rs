//! `tokenprovider.json`: the list of programs that Azure.Identity for .NET asks for tokens (`VisualStudioCredential`).

use super::program;
use crate::error::{Error, Kind};
use crate::secret::pretty_json;
use crate::world::World;
use serde_json::{Value, json};
use std::io;
use std::path::PathBuf;

/// What stands after our name in the list.
const ARGUMENTS: [&str; 2] = ["as", FACE];

/// The protocol that they ask by.
pub(super) const FACE: &str = "dotnet";

/// The name of the list's member.
const PROVIDERS: &str = "TokenProviders";

/// Longest list in bytes.
const LIMIT: u64 = 1 << 20;

/// Registers us. What was done.
pub(super) fn register(world: &World) -> Result<String, Error> {
    let place = Place::find(world)?;
    let mut list = place.read(world)?.unwrap_or_else(|| json!({ PROVIDERS: [] }));
    let providers = place.providers(&mut list)?;
    providers.retain(|provider| !is_ours(provider));
    providers.push(json!({"Path": program(world)?, "Arguments": ARGUMENTS, "Preference": 1}));
    place.write(world, &list)?;
    Ok(format!(
        "registered in {}\n  to undo it, run: entra-token link --dotnet --remove\n",
        place.file().display()
    ))
}

/// Takes us away. What was done.
pub(super) fn forget(world: &World) -> Result<String, Error> {
    let place = Place::find(world)?;
    let not_there = || Ok(format!("not registered in {}\n", place.file().display()));
    let Some(mut list) = place.read(world)? else {
        return not_there();
    };
    let providers = place.providers(&mut list)?;
    let before = providers.len();
    providers.retain(|provider| !is_ours(provider));
    if providers.len() == before {
        return not_there();
    }
    let nothing_else = providers.is_empty() && list.as_object().is_some_and(|list| list.len() == 1);
    if nothing_else {
        world
            .files
            .remove(&place.file())
            .map_err(|why| place.cannot("remove", &why))?;
    } else {
        place.write(world, &list)?;
    }
    Ok(format!("taken out of {}\n", place.file().display()))
}

fn is_ours(provider: &Value) -> bool {
    provider["Arguments"] == json!(ARGUMENTS)
}

/// Where the list is.
struct Place {
    /// The folders that lead there, each in the one before it.
    folders: [PathBuf; 2],
}

impl Place {
    /// Below the local application data on Windows, below the home folder elsewhere.
    fn find(world: &World) -> Result<Self, Error> {
        let variable = if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" };
        let base = world.environment.var(variable).map(PathBuf::from);
        let base = base
            .or_else(|| world.platform.home_by_password_database())
            .filter(|base| base.is_absolute())
            .ok_or_else(|| Error::new(Kind::Config, "no home folder").hint(format!("set `{variable}`")))?;
        let outer = base.join(".IdentityService");
        let inner = outer.join("AzureServiceAuth");
        Ok(Self {
            folders: [outer, inner],
        })
    }

    fn file(&self) -> PathBuf {
        self.folders[1].join("tokenprovider.json")
    }

    fn read(&self, world: &World) -> Result<Option<Value>, Error> {
        let bytes = match world.files.read_named(&self.file(), LIMIT) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|why| self.cannot("read", &why))?,
        };
        // Visual Studio is a Windows program: there may be a byte order mark.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        serde_json::from_slice(text).map(Some).map_err(|_| self.strange())
    }

    fn providers<'l>(&self, list: &'l mut Value) -> Result<&'l mut Vec<Value>, Error> {
        list.get_mut(PROVIDERS)
            .and_then(Value::as_array_mut)
            .ok_or_else(|| self.strange())
    }

    /// Replaces the list, whole.
    fn write(&self, world: &World, list: &Value) -> Result<(), Error> {
        let new = self.folders[1].join(format!(".tokenprovider.json.{}.new", world.platform.pid()));
        let placed = || {
            self.folders
                .iter()
                .try_for_each(|folder| world.files.make_folder(folder))?;
            let file = world.files.create(&new)?;
            world.files.write(&file, &pretty_json(list, 0))?;
            world.files.sync(&file)?;
            world.files.rename(&new, &self.file())
        };
        placed().map_err(|why| {
            // It may not have come that far.
            let _ = world.files.remove(&new);
            self.cannot("write", &why)
        })
    }

    fn cannot(&self, what: &str, why: &io::Error) -> Error {
        Error::new(Kind::Config, format!("cannot {what} `{}`", self.file().display()))
            .caused_by(why)
            .hint("look who may write there")
    }

    fn strange(&self) -> Error {
        Error::new(
            Kind::Config,
            format!("`{}` is not a list of token providers", self.file().display()),
        )
        .hint("correct it, or move it away")
    }
}
