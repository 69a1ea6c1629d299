//! `link`: the names by which other programs find us: links in a folder, and git's configuration.

mod dotnet;
mod folder;
mod git;

use super::selectors::bad_flag;
use super::text::columns;
use super::{Act, Answer};
use crate::error::{Error, Kind};
use crate::face::FACES;
use crate::world::World;
use std::path::PathBuf;

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
            let known: Vec<_> = all().map(|link| format!("`{link}`")).collect();
            return Err(bad_flag(
                "link",
                format!("no protocol is linked by that name; there are {}", known.join(", ")),
            ));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_protocols_and_of_links() {
        let of = |names: &[&str]| wanted(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["git", "git-credential-entra"]).unwrap(), ["git-credential-entra"]);
        assert!(of(&[]).unwrap().contains(&"git-credential-entra"));
        // A verb of its own needs no link.
        for name in ["rpc", "nothing"] {
            assert!(
                of(&[name]).unwrap_err().message().contains("`git-credential-entra`"),
                "{name}"
            );
        }
        assert!(linkable().contains("git-credential-entra"));
        assert!(!linkable().contains("rpc"));
    }
}
