//! `link`: the names by which other programs find us: links in a folder, and git's configuration.

mod dotnet;
mod folder;
mod git;

use super::help::called;
use super::selectors::bad_flag;
use super::text::columns;
use super::{Act, Answer};
use crate::error::{Error, Kind};
use crate::face::{self, FACES};
use crate::remedy::quoted;
use crate::world::World;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "Examples:
  entra-token link                       what can be linked
  entra-token link ~/.local/bin git kubectl
  entra-token link ~/.local/bin --remove
  entra-token link --git                 git asks entra-token for Azure Repos
  entra-token link --dotnet              Azure.Identity for .NET asks entra-token

A link is a symbolic one; on Windows it is a copy. Nothing that is not a link of ours is replaced or removed. A call
that entra-token does not answer goes to the tool of that name that stands behind it on PATH.";

/// The flags of `link`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Link {
    /// Folder that the links go to, one that is on PATH
    #[arg(value_name = "DIR", conflicts_with_all = ["git", "dotnet"])]
    folder: Option<PathBuf>,
    /// Protocols or names of links (default: all)
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Take away what was made before
    #[arg(long)]
    remove: bool,
    /// Configure git for Azure Repos, in the user's own configuration
    #[arg(long, conflicts_with = "dotnet")]
    git: bool,
    /// Register with Azure.Identity for .NET (`tokenprovider.json`)
    #[arg(long)]
    dotnet: bool,
}

impl Act for Link {
    fn act(self, world: &World) -> Result<Answer, Error> {
        if let Some(folder) = &self.folder {
            self.refuse_a_name(world, folder)?;
        }
        let told = match (&self.folder, self.remove) {
            _ if self.git && self.remove => git::forget(world)?,
            _ if self.git => git::configure(world)?,
            _ if self.dotnet && self.remove => dotnet::forget(world)?,
            _ if self.dotnet => dotnet::register(world)?,
            (Some(folder), false) => folder::make(world, folder, &wanted(&self.names)?)?,
            (Some(folder), true) => folder::remove(world, folder, &wanted(&self.names)?)?,
            (None, false) => linkable(),
            (None, true) => {
                return Err(bad_flag(
                    "link",
                    "`--remove` needs a folder, `--git` or `--dotnet`".to_owned(),
                ));
            }
        };
        Ok(Answer::text(&told))
    }
}

impl Link {
    /// Refuses the name of a protocol or of a link in the folder's place: `link az`.
    fn refuse_a_name(&self, world: &World, folder: &Path) -> Result<(), Error> {
        let Some(name) = folder.to_str().filter(|name| is_known(name)) else {
            return Ok(());
        };
        if !folder::is_missing(world, folder) {
            return Ok(());
        }
        let names: Vec<_> = std::iter::once(name.to_owned()).chain(self.names.clone()).collect();
        wanted(&names)?;
        let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
        let remove = if self.remove { " --remove" } else { "" };
        Err(Error::new(
            Kind::BadRequest,
            format!("the folder comes first, and `{name}` is none"),
        )
        .hint(format!(
            "run: entra-token link ~/.local/bin {}{remove}",
            names.join(" ")
        )))
    }
}

/// Our own program, by its whole path.
fn program(world: &World) -> Result<String, Error> {
    let program = world.links.program().map_err(|why| {
        Error::new(Kind::Config, "cannot tell where entra-token is")
            .caused_by(why)
            .hint("call it by its whole path")
    })?;
    Ok(program.display().to_string())
}

/// What can be linked, a line each.
fn linkable() -> String {
    let rows: Vec<_> = FACES
        .iter()
        .filter(|face| !face.links.is_empty())
        .map(|face| [face.names[0].to_owned(), face.links.join(", "), face.about.to_owned()])
        .collect();
    columns(&rows)
}

/// The links that are meant by names of protocols or of links; all, if there are none.
fn wanted(names: &[String]) -> Result<Vec<&'static str>, Error> {
    let all = || FACES.iter().flat_map(|face| face.links.iter().copied());
    if names.is_empty() {
        return Ok(all().collect());
    }
    let mut wanted = Vec::new();
    for name in names {
        let of_face = FACES.iter().filter(|face| face.names.contains(&name.as_str()));
        let links: Vec<_> = match of_face.flat_map(|face| face.links).copied().collect::<Vec<_>>() {
            links if links.is_empty() => all().filter(|link| link == name).collect(),
            links => links,
        };
        if links.is_empty() {
            return Err(no_link(name));
        }
        wanted.extend(
            links
                .into_iter()
                .filter(|link| !wanted.contains(link))
                .collect::<Vec<_>>(),
        );
    }
    Ok(wanted)
}

/// Whether a protocol or a link has this name.
fn is_known(name: &str) -> bool {
    face::named(name).is_some() || FACES.iter().any(|face| face.links.contains(&name))
}

/// Tells that nothing is linked by this name, and what to do instead.
fn no_link(name: &str) -> Error {
    let Some(face) = face::named(name) else {
        let known: Vec<_> = FACES.iter().flat_map(|face| face.links).collect();
        let known: Vec<_> = known.iter().map(|link| format!("`{link}`")).collect();
        let why = format!(
            "{} is no protocol and no link; there are {}",
            called(name),
            known.join(", ")
        );
        return bad_flag("link", why);
    };
    let error = Error::new(Kind::BadRequest, format!("`{name}` has no link"));
    match face.is_verb {
        _ if name == dotnet::FACE => error.hint("run: entra-token link --dotnet"),
        true => error.hint(format!("it is called as: entra-token {name}")),
        false => error.hint(format!("it is called as: entra-token as {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_protocols_and_of_links() {
        let of = |names: &[&str]| wanted(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["git", "git-credential-entra"]).unwrap(), ["git-credential-entra"]);
        assert!(of(&[]).unwrap().contains(&"git-credential-entra"));
        let told = |name: &str| of(&["git", name]).unwrap_err();
        let nothing = told("nothing");
        assert!(nothing.message().starts_with("`nothing` is no protocol and no link"));
        assert!(nothing.message().contains("`git-credential-entra`"));
        let secret = "eyJ".repeat(20);
        assert!(!told(&secret).to_string().contains(&secret));
        for face in FACES.iter().filter(|face| face.links.is_empty()) {
            let name = face.names[0];
            let remedy = match name {
                "rpc" => "it is called as: entra-token rpc".to_owned(),
                "dotnet" => "run: entra-token link --dotnet".to_owned(),
                name => format!("it is called as: entra-token as {name}"),
            };
            let error = told(name);
            assert_eq!(error.message(), format!("`{name}` has no link"));
            assert_eq!(error.remedy(), Some(remedy.as_str()));
        }
        assert!(linkable().contains("git-credential-entra"));
        assert!(!linkable().contains("rpc"));
    }
}
