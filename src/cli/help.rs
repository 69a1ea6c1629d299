//! Help over all verbs, the version, and what a misspelt word was meant to be.

use super::VERBS;
use crate::error::{Error, Kind};
use crate::face::{self, FACES};
use crate::world::World;
use std::fmt::Write;

/// What `--help` prints.
pub(crate) fn overview() -> String {
    let mut text = "entra-token: access tokens of Microsoft Entra ID, over stdio, for every program that needs one

Usage: entra-token <VERB> [OPTIONS]        entra-token help <VERB>

Verbs:
"
    .to_owned();
    let faces: Vec<_> = FACES.iter().map(|face| (face.names.join(", "), face.about)).collect();
    let names = VERBS.iter().map(|verb| verb.name.len());
    let width = names.chain(faces.iter().map(|(names, _)| names.len())).max();
    let width = width.unwrap_or_default();
    // Writing to memory cannot fail.
    for verb in VERBS {
        let _ = writeln!(text, "  {:<width$}  {}", verb.name, verb.about);
    }
    text.push_str("\nProtocols that other programs speak to us (entra-token as NAME, or by a link of that name):\n");
    for (names, about) in faces {
        let _ = writeln!(text, "  {names:<width$}  {about}");
    }
    text.push_str(
        "
Options:
  -h, --help     print this help, or that of a verb
  -V, --version  print the version

Environment:
  ENTRA_TOKEN_HOME    folder of logins and config.toml (default: ~/.entra-token)
  ENTRA_TOKEN_LOG     file to note in what happened, without secrets (default: none)
  ENTRA_TOKEN_{PROFILE, HOST, TENANT, CLIENT_ID, ACCOUNT, SCOPE, RESOURCE, CLOUD, AUTHORITY_HOST, MIN_TTL}
                      the flags of the same names; `entra-token why` shows which source wins

Exit status:
  0  here it is                      4  a person must sign in again, or consent
  1  something is wrong here         5  refused, and signing in again will not help
  2  the call is wrong, or ambiguous 6  try again later
  3  not ours, or never signed in
",
    );
    text
}

/// What `--version` prints.
pub(crate) fn version() -> String {
    format!("entra-token {}\n", env!("CARGO_PKG_VERSION"))
}

/// Tells that no face has this name; the exit status.
pub(crate) fn unknown_face(name: &str, world: &World) -> u8 {
    if name.starts_with('-') {
        return no_face(world);
    }
    let error = Error::new(Kind::BadRequest, "there is no protocol of that name");
    let known = FACES.iter().flat_map(|face| face.names.iter().copied());
    let error = match closest(name, known) {
        Some((_, meant)) => error.hint(format!("did you mean `entra-token as {meant}`?")),
        None => error.hint("see: entra-token faces"),
    };
    super::report::error(world, &error)
}

/// Tells that `as` stands alone; the exit status.
fn no_face(world: &World) -> u8 {
    let error = Error::new(Kind::BadRequest, "the name of a protocol is missing after `as`");
    super::report::error(world, &error.hint("see: entra-token faces"))
}

/// What a word was meant to be.
fn closest<'n>(word: &str, known: impl Iterator<Item = &'n str>) -> Option<(usize, &'n str)> {
    known
        .map(|name| (strsim::osa_distance(word, name), name))
        .min()
        .filter(|(distance, name)| distance * 2 < name.len())
}

/// Tells that the first word is neither a verb nor a face; the exit status.
pub(crate) fn unknown_word(word: &str, world: &World) -> u8 {
    if word == "as" {
        return no_face(world);
    }
    let known = VERBS.iter().map(|verb| verb.name).chain(
        FACES
            .iter()
            .filter(|face| face.is_verb)
            .flat_map(|face| face.names.iter().copied()),
    );
    let closest = closest(word, known);
    let error = Error::new(
        Kind::BadRequest,
        format!("{} is not a verb of entra-token", called(word)),
    );
    let error = match (face::named(word).or_else(|| face::linked(word)), closest) {
        (Some(face), _) => error.hint(format!("did you mean `entra-token as {} …`?", face.names[0])),
        (None, Some((_, name))) => error.hint(format!("did you mean `entra-token {name}`?")),
        (None, None) => error.hint("see `entra-token --help`"),
    };
    super::report::error(world, &error)
}

/// A word that was typed, as it may be told: a long one may be a token that was pasted.
pub(super) fn called(word: &str) -> String {
    match word.len() {
        ..=24 => format!("`{word}`"),
        _ => "that".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    #[test]
    fn the_overview_names_everything() {
        let text = overview();
        for verb in VERBS {
            assert!(text.contains(&format!("\n  {} ", verb.name)), "{}", verb.name);
        }
        for face in FACES {
            assert!(text.contains(face.about));
        }
        assert!(text.lines().all(|line| line.len() <= 120));
    }

    #[test]
    fn what_they_are_about_stands_in_one_column() {
        let text = overview();
        let verbs = VERBS.iter().map(|verb| verb.about);
        let columns: Vec<_> = verbs
            .chain(FACES.iter().map(|face| face.about))
            .map(|about| text.lines().find_map(|line| line.find(&format!(" {about}"))))
            .collect();
        assert!(
            columns.iter().all(|column| column.is_some() && *column == columns[0]),
            "{text}"
        );
    }

    #[test]
    fn a_protocol_is_called_by_as() {
        let told = |tell: fn(&str, &World) -> u8, word: &str| {
            let fake = Fake::default();
            assert_eq!(tell(word, &fake.world()), 2, "{word}");
            fake.err()
        };
        let missing = "entra-token: the name of a protocol is missing after `as`\n  see: entra-token faces\n";
        assert_eq!(told(unknown_word, "as"), missing);
        assert_eq!(told(unknown_face, "--help"), missing);
        for (word, name) in [("az", "az"), ("git", "git"), ("git-credential-entra", "git")] {
            assert_eq!(
                told(unknown_word, word),
                format!(
                    "entra-token: `{word}` is not a verb of entra-token\n  did you mean `entra-token as {name} …`?\n"
                )
            );
        }
    }

    #[test]
    fn a_misspelt_word() {
        let fake = Fake::default();
        assert_eq!(unknown_word("gte", &fake.world()), 2);
        assert_eq!(
            fake.err(),
            "entra-token: `gte` is not a verb of entra-token\n  did you mean `entra-token get`?\n"
        );
        let fake = Fake::default();
        unknown_word(&"eyJ".repeat(20), &fake.world());
        assert!(!fake.err().contains("eyJ"));
    }
}
