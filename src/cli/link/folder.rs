//! Links in a folder.

use crate::error::{Error, Kind};
use crate::remedy::quoted;
use crate::world::World;
use crate::world::links::Standing;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

/// Makes links; what was done, a line each, and what stands in the way of being found.
pub(super) fn make(world: &World, folder: &Path, names: &[&str]) -> Result<String, Error> {
    let folder = whole(world, folder)?;
    let places: Vec<_> = names.iter().map(|name| (file_name(name), *name)).collect();
    // All or nothing, as far as can be known before.
    for (file, _) in &places {
        let at = folder.join(file);
        if look(world, &at)? == Standing::Foreign {
            return Err(
                Error::new(Kind::Config, format!("`{}` is not a link of ours", at.display()))
                    .hint("name another folder, one before it on PATH, or move it away"),
            );
        }
    }
    let mut told = String::new();
    let mut off_path = Vec::new();
    for (file, name) in &places {
        let at = folder.join(file);
        let verb = match look(world, &at)? {
            Standing::Ours => "already there",
            Standing::Older => {
                world.links.remove(&at).map_err(|why| cannot("replace", &at, &why))?;
                world.links.make(&at).map_err(|why| cannot("replace", &at, &why))?;
                "replaced"
            }
            Standing::Free | Standing::Foreign => {
                world.links.make(&at).map_err(|why| cannot("make", &at, &why))?;
                "made"
            }
        };
        // Writing to memory cannot fail.
        let _ = writeln!(told, "{verb}: {}", at.display());
        match hidden(world, &folder, file) {
            None => {}
            Some(Hidden::OffPath) => off_path.push(*name),
            Some(Hidden::Behind(first)) => {
                let _ = writeln!(
                    told,
                    "  note: `{}` stands before it on PATH, so the link is not used; put {} first on PATH",
                    first.display(),
                    folder.display()
                );
            }
        }
    }
    // It holds for the folder: once is enough.
    let whose = match off_path[..] {
        [] => return Ok(told),
        [name] => format!("the link itself where `{name}` is expected"),
        _ => "a link itself where its tool is expected".to_owned(),
    };
    let _ = writeln!(
        told,
        "  note: {} is not on PATH; for a POSIX shell: export PATH={}:\"$PATH\"; or name {whose}",
        folder.display(),
        quoted(&folder.display().to_string())
    );
    Ok(told)
}

/// Removes links, and nothing else; what was done, a line each.
pub(super) fn remove(world: &World, folder: &Path, names: &[&str]) -> Result<String, Error> {
    let nothing = |folder: &Path| format!("no link of ours is in {}\n", folder.display());
    if is_missing(world, folder) {
        return Ok(nothing(folder));
    }
    let folder = whole(world, folder)?;
    let mut told = String::new();
    for name in names {
        let at = folder.join(file_name(name));
        if matches!(look(world, &at)?, Standing::Ours | Standing::Older) {
            world.links.remove(&at).map_err(|why| cannot("remove", &at, &why))?;
            let _ = writeln!(told, "removed: {}", at.display());
        }
    }
    if told.is_empty() {
        told = nothing(&folder);
    }
    Ok(told)
}

/// Whether nothing is there by that name.
pub(super) fn is_missing(world: &World, folder: &Path) -> bool {
    matches!(world.links.folder(folder), Err(why) if why.kind() == io::ErrorKind::NotFound)
}

/// Why a link would not be found.
enum Hidden {
    /// The folder is not on PATH.
    OffPath,
    /// A program that stands before it on PATH.
    Behind(PathBuf),
}

fn hidden(world: &World, folder: &Path, file: &str) -> Option<Hidden> {
    let found = world.links.on_path(file);
    let ours = folder.join(file);
    match found.first() {
        Some(first) if is_same_place(first, &ours) => None,
        Some(first) if found.iter().any(|path| is_same_place(path, &ours)) => Some(Hidden::Behind(first.clone())),
        _ => Some(Hidden::OffPath),
    }
}

/// PATH may name the folder with a slash at its end, or by another `.`.
fn is_same_place(one: &Path, other: &Path) -> bool {
    one.components().eq(other.components())
}

fn file_name(name: &str) -> String {
    if cfg!(windows) {
        format!("{name}.exe")
    } else {
        name.to_owned()
    }
}

fn whole(world: &World, folder: &Path) -> Result<PathBuf, Error> {
    world.links.folder(folder).map_err(|why| {
        let name = folder.display().to_string();
        let error = Error::new(Kind::BadRequest, format!("`{name}` cannot take links")).caused_by(&why);
        match why.kind() {
            io::ErrorKind::NotFound => error.hint(format!("make it: mkdir -p {}", quoted(&name))),
            _ => error.hint("name a folder that is on PATH, such as ~/.local/bin"),
        }
    })
}

fn look(world: &World, at: &Path) -> Result<Standing, Error> {
    world.links.look(at).map_err(|why| cannot("look at", at, &why))
}

fn cannot(what: &str, at: &Path, why: &io::Error) -> Error {
    Error::new(Kind::Config, format!("cannot {what} `{}`", at.display()))
        .caused_by(why)
        .hint("name a folder that is yours, such as ~/.local/bin")
}
