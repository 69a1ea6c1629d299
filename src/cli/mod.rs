//! Verbs that people type: a file and a row in [`VERBS`] each. Help, dispatch and suggestions read the table.

mod answer;
mod api;
mod choose;
mod exec;
mod explain;
mod face;
mod faces;
mod get;
mod help;
mod link;
mod login;
mod logout;
mod report;
mod selectors;
mod serve;
mod status;
mod text;
mod usage;
mod why;

use crate::desk::Desk;
use crate::error::Error;
use crate::world::World;
use clap::{ArgMatches, Command};
use std::ffi::OsString;

pub(crate) use answer::Answer;
pub(crate) use face::run as run_face;
pub(crate) use help::{overview, unknown_face, unknown_word, version};

/// Every verb.
pub const VERBS: &[Verb] = &[
    Verb::of::<get::Get>(
        "get",
        "print an access token, refreshed if need be; never asks anything",
    ),
    Verb::of::<api::Api>("api", "call a REST API with a token for its host"),
    Verb::of::<exec::Exec>("exec", "run a command with a token in its environment alone"),
    Verb::of::<login::Login>("login", "sign in, and remember it"),
    Verb::of::<status::Status>("status", "show who is signed in and what is held; offline"),
    Verb::of::<logout::Logout>("logout", "forget a login and its tokens"),
    Verb::of::<choose::Use>("use", "choose the default among several logins"),
    Verb::of::<why::Why>("why", "show every value that decides a call, and who said it; offline"),
    Verb::of::<explain::Explain>("explain", "tell what an AADSTS number means and what to do; offline"),
    Verb::of::<serve::Serve>(
        "serve",
        "give tokens over HTTP on this machine: for Databricks SDKs and azd",
    ),
    Verb::of::<faces::Faces>("faces", "list the protocols that other programs speak to us"),
    Verb::of::<link::Link>(
        "link",
        "let other programs find us: links by their tools' names, git's configuration",
    ),
];

/// A verb that people type.
pub struct Verb {
    /// The word.
    pub name: &'static str,
    /// One line for help.
    pub about: &'static str,
    flags: fn() -> Command,
    act: fn(ArgMatches, &World) -> Result<Answer, Error>,
}

impl Verb {
    const fn of<V: Act>(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            flags: V::command,
            act: |mut matches, world| V::from_arg_matches_mut(&mut matches).map_err(usage::ours)?.act(world),
        }
    }

    /// Its command line. Only this verb's is built, never those of all.
    fn command(&self) -> Command {
        (self.flags)()
            .name(self.name)
            .bin_name(format!("entra-token {}", self.name))
            .about(self.about)
            .no_binary_name(true)
            .disable_version_flag(true)
    }

    /// Whether a command may stand after `--`.
    fn takes_a_command(&self) -> bool {
        self.command().get_positionals().any(clap::Arg::is_last_set)
    }

    /// Acts on what was typed after the word; the exit status.
    pub(crate) fn run(&self, args: &[OsString], world: &World) -> u8 {
        let answer = match self.command().try_get_matches_from(args) {
            Ok(matches) => (self.act)(matches, world),
            Err(error) => usage::explain(&error, self.name, self.takes_a_command()),
        };
        match answer {
            Ok(answer) => answer.write(world),
            Err(error) => report::error(world, &error),
        }
    }
}

/// What a verb's flags are read into.
trait Act: clap::Parser {
    /// Does what was asked for; the answer is written by the caller, whole, at once.
    fn act(self, world: &World) -> Result<Answer, Error>;
}

/// The one place where verbs and faces meet the services.
fn desk(world: &World) -> Result<Desk<'_>, Error> {
    Desk::open(world)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_line_is_sound_and_shows_two_examples() {
        for verb in VERBS {
            let mut command = verb.command();
            command.clone().debug_assert();
            let help = command.render_help().to_string();
            let examples = help.matches(&format!("  entra-token {}", verb.name)).count()
                + help.matches(&format!("| entra-token {}", verb.name)).count()
                + help.matches(&format!("(entra-token {}", verb.name)).count();
            assert!(
                help.lines().all(|line| line.chars().count() <= 120),
                "{}: {help}",
                verb.name
            );
            assert!(examples >= 2, "{}: {help}", verb.name);
            for flag in command.get_arguments() {
                assert!(flag.get_help().is_some(), "{} {}", verb.name, flag.get_id());
            }
        }
    }

    #[test]
    fn words_are_unique() {
        let mut words: Vec<_> = VERBS.iter().map(|verb| verb.name).collect();
        words.push("as");
        let faces = crate::face::FACES.iter();
        words.extend(faces.filter(|face| face.is_verb).flat_map(|face| face.names));
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
