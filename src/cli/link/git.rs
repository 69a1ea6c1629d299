//! git's own configuration: for Azure Repos it asks us, and nobody else.

use super::program;
use crate::error::{Error, Kind};
use crate::remedy::quoted;
use crate::world::World;

/// Azure Repos' hosts, as git's configuration names them, and whether the path is part of what is asked for: at
/// `dev.azure.com` its first part is the organisation.
const PLACES: [(&str, bool); 2] = [("https://dev.azure.com", true), ("https://*.visualstudio.com", false)];

/// The exit status by which `git config` says that there is no such setting.
const NO_SUCH: [i32; 2] = [1, 5];

/// Lets git ask us. What was done.
pub(super) fn configure(world: &World) -> Result<String, Error> {
    let program = program(world)?;
    // git hands it to a shell, on Windows as well.
    let helper = format!(
        "!{} as git",
        quoted(&if cfg!(windows) {
            program.replace('\\', "/")
        } else {
            program
        })
    );
    for (place, _) in PLACES {
        refuse_others(world, place)?;
    }
    for (place, by_path) in PLACES {
        let key = format!("credential.{place}.helper");
        // An empty one forgets what was configured before it, such as a store that would keep tokens in clear.
        git(world, &["--replace-all", &key, ""], &[])?;
        git(world, &["--add", &key, &helper], &[])?;
        if by_path {
            git(world, &[&format!("credential.{place}.useHttpPath"), "true"], &[])?;
        }
    }
    let places: Vec<_> = PLACES.iter().map(|(place, _)| *place).collect();
    Ok(format!(
        "git asks entra-token for {} now, and no other helper\n  to undo it, run: entra-token link --git --remove\n",
        places.join(" and ")
    ))
}

/// Takes our settings away. What was done.
pub(super) fn forget(world: &World) -> Result<String, Error> {
    let mut any = false;
    for (place, by_path) in PLACES {
        let key = format!("credential.{place}.helper");
        let helpers = helpers(world, &key)?;
        if !helpers.iter().any(|helper| is_ours(helper)) {
            continue;
        }
        any = true;
        git(world, &["--unset-all", &key, r"^!.*entra-token.* as git$"], &NO_SUCH)?;
        git(world, &["--unset-all", &key, "^$"], &NO_SUCH)?;
        if by_path {
            git(
                world,
                &["--unset-all", &format!("credential.{place}.useHttpPath")],
                &NO_SUCH,
            )?;
        }
    }
    Ok(match any {
        true => "git does not ask entra-token any more\n",
        false => "git was not told to ask entra-token\n",
    }
    .to_owned())
}

/// Settings that a person made for the same hosts are not ours to replace.
fn refuse_others(world: &World, place: &str) -> Result<(), Error> {
    let key = format!("credential.{place}.helper");
    let other = helpers(world, &key)?
        .into_iter()
        .find(|helper| !helper.is_empty() && !is_ours(helper));
    match other {
        None => Ok(()),
        Some(other) => Err(Error::new(
            Kind::Config,
            format!("git asks another helper for {place} already: `{other}`"),
        )
        .hint(format!(
            "take it away first: git config --global --unset-all {}",
            quoted(&key)
        ))),
    }
}

/// The values of a setting of the user's own configuration.
fn helpers(world: &World, key: &str) -> Result<Vec<String>, Error> {
    let told = git(world, &["--get-all", key], &NO_SUCH)?;
    Ok(told.lines().map(str::to_owned).collect())
}

fn is_ours(helper: &str) -> bool {
    helper == "entra" || (helper.starts_with('!') && helper.contains("entra-token") && helper.ends_with(" as git"))
}

/// Runs `git config --global`: what it printed. The exit statuses in `fine` count as success.
fn git(world: &World, args: &[&str], fine: &[i32]) -> Result<String, Error> {
    let args: Vec<_> = ["config", "--global"].iter().chain(args).copied().collect();
    let failed = |why: String| {
        Error::new(Kind::Config, "git's configuration cannot be changed")
            .caused_by(why)
            .hint(format!(
                "try it: git {}",
                args.iter().map(|arg| quoted(arg)).collect::<Vec<_>>().join(" ")
            ))
    };
    // By its whole path: never one of the folder that we stand in.
    let programs = world.links.on_path(if cfg!(windows) { "git.exe" } else { "git" });
    let Some(program) = programs.first() else {
        return Err(Error::new(Kind::Config, "git is not on PATH").hint("install git, or correct PATH"));
    };
    match world.processes.ask(program, &args) {
        Ok((Some(0), told)) => Ok(told),
        Ok((Some(exit), _)) if fine.contains(&exit) => Ok(String::new()),
        Ok((Some(exit), _)) => Err(failed(format!("`git config` ended with status {exit}"))),
        Ok((None, _)) => Err(failed("a signal ended `git config`".to_owned())),
        Err(why) => Err(failed(why.to_string())),
    }
}
