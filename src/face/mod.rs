//! Protocols that other programs speak to us: a file and a row in [`FACES`] each. A face knows what is wanted and what
//! was got, and nothing of caches, HTTP, flows, clocks or flags of ours: it imports words only.

mod az;
mod azd;
mod bazel;
mod cargo;
mod credprovider;
mod databricks;
mod docker;
mod dotnet;
pub mod endpoint;
mod git;
mod goauth;
mod google;
mod keyring;
mod kubectl;
mod npm;
mod options;
mod rpc;
#[cfg(test)]
mod samples;
mod talk;
mod target;
mod terraform;
#[cfg(test)]
mod testing;

use crate::localtime::OffsetAt;
use crate::services::{Accounts, Choice, Registries, SignIn, Subscriptions, Tokens, Workspaces};
use std::ffi::OsString;
use std::io::{self, BufRead};

/// A protocol that other programs speak to us. Dispatch, links, help and the tests read its row.
pub struct Face {
    /// The names that it answers to: `entra-token as NAME`. The first one is the tool's own.
    pub names: &'static [&'static str],
    /// The names of links to us by which it is called; mostly that of the tool.
    pub links: &'static [&'static str],
    /// Whether it is one of our own verbs as well: `entra-token NAME`.
    pub is_verb: bool,
    /// Whether a call under our own name is meant for it all the same: some callers resolve a link before they run it, so
    /// that the arguments are all there is to go by.
    pub claims: fn(&[OsString]) -> bool,
    /// One line for `--help`.
    pub about: &'static str,
    /// Environment variables that it reads.
    pub variables: &'static [&'static str],
    /// Seconds taken off an expiry that it reports, where the caller uses a token to its last second.
    pub margin: i64,
    /// Words that must never be printed by accident, since the caller takes them for something else.
    pub forbidden: &'static [&'static str],
    /// Answers one call.
    pub run: fn(&mut Call<'_>, &Services<'_>) -> Outcome,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered, with this exit status.
    Done(u8),
    /// It is for the tool of this name that stands behind us on `PATH`: nothing was read or written.
    Forward(&'static str),
    /// The same; and if no such tool stands there, this is said, in the tool's own words, with this exit status.
    ForwardElse(&'static str, String, u8),
    /// It was done here, and is to be done by the tool of this name too, which then takes our place: it is what answers. If
    /// none stands there, this is the exit status.
    Then(&'static str, u8),
    /// It was done here, and is to be done by the tool too, which nobody sees.
    Also(Also),
}

/// How a tool does too what was done here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Also {
    /// Its name.
    pub tool: &'static str,
    /// What it says where there was nothing to do: no failure. What else it says is told.
    pub excused: &'static [&'static str],
    /// Whether the call fails if it does.
    pub must_succeed: bool,
    /// The exit status of what was done here.
    pub exit: u8,
}

/// Every face.
pub const FACES: &[Face] = &[
    rpc::FACE,
    az::FACE,
    databricks::FACE,
    git::FACE,
    kubectl::FACE,
    azd::FACE,
    terraform::FACE,
    bazel::FACE,
    cargo::FACE,
    docker::FACE,
    keyring::FACE,
    credprovider::FACE,
    goauth::FACE,
    npm::FACE,
    google::FACE,
    dotnet::FACE,
];

/// The face that a call under our own name is meant for, by its arguments.
#[must_use]
pub fn claimed(args: &[OsString]) -> Option<&'static Face> {
    FACES.iter().find(|face| (face.claims)(args))
}

/// The face that is linked under this file name; on Windows whatever its case, and with `.exe`.
#[must_use]
pub fn linked(name: &str) -> Option<&'static Face> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    FACES.iter().find(|face| face.links.contains(&name))
}

/// The face of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Face> {
    FACES.iter().find(|face| face.names.contains(&name))
}

/// One call of a face.
pub struct Call<'a> {
    /// What stands after the face's name.
    pub args: &'a [OsString],
    /// Those of the face's variables that are set.
    pub variables: Vec<(&'static str, String)>,
    /// Now, epoch seconds.
    pub now: i64,
    /// The local zone.
    pub offset: OffsetAt<'a>,
    /// Whether a tool of that name stands behind us on `PATH`: [`Outcome::Forward`] fails if none does.
    pub is_behind: &'a dyn Fn(&str) -> bool,
    /// Input and output.
    pub io: &'a dyn Io,
}

impl Call<'_> {
    /// A variable of the face's row.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        let set = self.variables.iter().find(|(have, _)| *have == name);
        set.map(|(_, value)| value.as_str())
    }
}

/// Where a face reads and writes.
pub trait Io: Sync {
    /// Runs `read` over the input.
    ///
    /// # Errors
    /// What `read` fails with.
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()>;

    /// Writes the answer, whole, at once.
    ///
    /// # Errors
    /// A closed or full output.
    fn answer(&self, bytes: &[u8]) -> io::Result<()>;

    /// Says something to a person.
    fn say(&self, text: &str);
}

/// What a face may ask for.
pub struct Services<'a> {
    /// Tokens.
    pub tokens: &'a (dyn Tokens + Sync),
    /// Accounts.
    pub accounts: &'a (dyn Accounts + Sync),
    /// Which login is the default.
    pub choice: &'a (dyn Choice + Sync),
    /// Signing in: for the login verb of a tool that we stand in for, and for nothing else.
    pub sign_in: &'a (dyn SignIn + Sync),
    /// Subscriptions of Azure.
    pub subscriptions: &'a (dyn Subscriptions + Sync),
    /// Profiles of the Databricks tools.
    pub workspaces: &'a (dyn Workspaces + Sync),
    /// Tokens of container registries.
    pub registries: &'a (dyn Registries + Sync),
}

#[cfg(test)]
mod tests {
    use super::samples::SAMPLES;
    use super::testing::TOKEN;
    use super::*;
    use crate::error::{Error, Kind};

    #[test]
    fn rows_are_sound() {
        let mut names: Vec<_> = FACES.iter().flat_map(|face| face.names).collect();
        let mut links: Vec<_> = FACES.iter().flat_map(|face| face.links).collect();
        let counts = (names.len(), links.len());
        names.sort_unstable();
        names.dedup();
        links.sort_unstable();
        links.dedup();
        assert_eq!((names.len(), links.len()), counts, "two faces of one name");
        let samples: Vec<_> = SAMPLES.iter().map(|sample| sample.face).collect();
        let faces: Vec<_> = FACES.iter().map(|face| face.names[0]).collect();
        assert_eq!(samples, faces, "one call of each face, in the order of `FACES`");
    }

    #[test]
    fn a_call_that_succeeds_says_nothing_else() {
        for sample in SAMPLES {
            let seen = sample.caller().call();
            assert!(seen.ok().contains(sample.holds), "{}", sample.face);
        }
    }

    /// Kinds of errors for which the true tool may be asked.
    fn passed_on(kind: Kind) -> bool {
        matches!(kind, Kind::NotFound | Kind::TargetNotSupported)
    }

    #[test]
    fn whatever_goes_wrong_no_word_misleads_and_no_secret_is_told() {
        for sample in SAMPLES {
            let face = named(sample.face).unwrap();
            let foreign = format!("it is as it is\u{1b}[2J\n{}", face.forbidden.join(" and "));
            for kind in Kind::ALL {
                let error = Error::new(kind, foreign.clone())
                    .hint("run: entra-token login")
                    .caused_by(face.forbidden.join(", "));
                let seen = sample.caller().refused(error).call();
                let place = format!("{} {kind:?} {seen:?}", sample.face);
                let told = match &seen.outcome {
                    Outcome::Done(exit) => {
                        assert_eq!(*exit, (sample.exit)(kind), "{place}");
                        String::new()
                    }
                    Outcome::Forward(tool) => {
                        assert!(passed_on(kind) && face.links.contains(tool), "{place}");
                        String::new()
                    }
                    Outcome::ForwardElse(tool, told, exit) => {
                        assert!(passed_on(kind) && face.links.contains(tool), "{place}");
                        assert_ne!(*exit, 0, "{place}");
                        told.clone()
                    }
                    Outcome::Then(..) | Outcome::Also(..) => panic!("nothing was done: {place}"),
                };
                let all = format!("{}{}{told}", seen.out, seen.err);
                assert!(!all.contains(TOKEN), "{place}");
                assert!(!all.contains('\u{1b}'), "{place}");
                for word in face.forbidden {
                    assert!(
                        !seen.out.contains(word) && !seen.err.contains(word),
                        "`{word}`: {place}"
                    );
                }
                if seen.outcome != Outcome::Done(0) {
                    assert!(all.contains("it is as it is") || passed_on(kind), "{place}");
                }
            }
        }
    }

    #[test]
    fn an_answer_that_cannot_be_written() {
        for sample in SAMPLES {
            let seen = sample.caller().closed(io::ErrorKind::BrokenPipe).call();
            assert_eq!(
                (seen.outcome, seen.err.as_str()),
                (Outcome::Done(1), ""),
                "{}",
                sample.face
            );
            let seen = sample.caller().closed(io::ErrorKind::StorageFull).call();
            assert_eq!(
                (seen.outcome, seen.err.lines().count()),
                (Outcome::Done(1), 1),
                "{}",
                sample.face
            );
        }
    }
}
