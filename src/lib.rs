//! Credential helper for Microsoft Entra ID: sign in once, and every program gets its token over stdio.
//!
//! The modules stand in the order of their layers; nothing imports from below itself (`ARCHITECTURE.md`).

// words: plain values and narrow traits
pub mod audience;
pub mod challenge;
pub mod clouds;
pub mod error;
pub mod expiry;
pub mod how;
pub mod jwt;
pub mod localtime;
pub mod remedy;
pub mod render;
pub mod request;
pub mod secret;
pub mod services;
pub mod status;
pub mod token;

// the only door to the outside
pub mod world;

// siblings: the logins on disk, what a call means, the authority over HTTP
pub mod cache;
pub mod config;
pub mod entra;

// ways to get a token
pub mod flow;

// the promise
pub mod broker;

// the services
pub mod desk;

// protocols that other programs speak to us; imports words only
pub mod face;

// verbs that people type
pub mod cli;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use world::World;

/// One call of the program: `args` begins with the program's name, as the kernel hands it over. A link's name decides which
/// face is meant; under our own name the arguments do, then the first word: a face or a verb. Returns the exit status.
pub fn run(args: impl IntoIterator<Item = OsString>, world: &World) -> u8 {
    let mut args = args.into_iter();
    let name = args.next().unwrap_or_default();
    let words: Vec<OsString> = args.collect();
    let link = Path::new(&name)
        .file_name()
        .and_then(OsStr::to_str)
        .and_then(face::linked);
    if let Some(face) = link.or_else(|| face::claimed(&words)) {
        return cli::run_face(face, &words, world);
    }
    let Some((first, rest)) = words.split_first() else {
        world.streams.err(&cli::overview());
        return error::Kind::BadRequest.exit();
    };
    match (first.to_str().unwrap_or_default(), rest) {
        ("--help" | "-h", _) | ("help", []) => cli::Answer::text(&cli::overview()).write(world),
        ("--version" | "-V", _) => cli::Answer::text(&cli::version()).write(world),
        ("help", [word, ..]) => act(word, &["--help".into()], world),
        ("as", [name, rest @ ..]) => match face::named(&name.to_string_lossy()) {
            Some(face) => cli::run_face(face, rest, world),
            None => cli::unknown_face(&name.to_string_lossy(), world),
        },
        _ => act(first, rest, world),
    }
}

fn act(word: &OsString, args: &[OsString], world: &World) -> u8 {
    let word = word.to_string_lossy();
    if let Some(face) = face::named(&word).filter(|face| face.is_verb) {
        return cli::run_face(face, args, world);
    }
    match cli::VERBS.iter().find(|verb| verb.name == word) {
        Some(verb) => verb.run(args, world),
        None => cli::unknown_word(&word, world),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use world::fake::Fake;

    fn called(args: &[&str]) -> (u8, String, String) {
        let fake = Fake::default();
        let args = std::iter::once("entra-token")
            .chain(args.iter().copied())
            .map(OsString::from);
        let exit = run(args, &fake.world());
        (exit, fake.out(), fake.err())
    }

    #[test]
    fn nothing_said_is_a_wrong_call() {
        let (exit, out, err) = called(&[]);
        assert_eq!((exit, out.as_str()), (2, ""));
        assert!(err.contains("Usage: entra-token <VERB>"));
    }

    #[test]
    fn help_and_version_go_to_standard_output() {
        for args in [&["--help"][..], &["-h"], &["help"]] {
            let (exit, out, err) = called(args);
            assert_eq!((exit, err.as_str()), (0, ""));
            assert!(out.contains("Usage: entra-token <VERB>"));
        }
        for verb in cli::VERBS {
            let by_word = called(&["help", verb.name]);
            assert_eq!(by_word, called(&[verb.name, "--help"]));
            assert_eq!((by_word.0, by_word.2.as_str()), (0, ""));
            assert!(
                by_word.1.contains(&format!("Usage: entra-token {}", verb.name)),
                "{}",
                by_word.1
            );
        }
        assert_eq!(called(&["help", "rpc"]).0, 0);
        let version = concat!("entra-token ", env!("CARGO_PKG_VERSION"), "\n");
        assert_eq!(called(&["--version"]), (0, version.to_owned(), String::new()));
    }

    #[test]
    fn a_misspelt_word_is_a_wrong_call() {
        for args in [&["statsu"][..], &["help", "statsu"]] {
            let (exit, out, err) = called(args);
            assert_eq!((exit, out.as_str()), (2, ""));
            assert!(err.contains("did you mean `entra-token status`?"));
        }
    }
}
