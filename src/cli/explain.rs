//! `explain`: what an AADSTS number means, what it leaves to the caller, and what to do; offline.

use super::selectors::bad_flag;
use super::text::columns;
use super::{Act, Answer};
use crate::entra::advice::{Words, remedy};
use crate::entra::codes::{TABLE, find, link};
use crate::entra::refusal::mentioned;
use crate::error::{Error, Kind};
use crate::world::World;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{BufRead, Read as _};

const EXAMPLES: &str = "Examples:
  entra-token explain AADSTS50076
  entra-token explain 65001 7000218 --json
  entra-token get 2>&1 >/dev/null | entra-token explain -
  entra-token explain

A whole error text may be given, or `-` to read one from standard input: each number in it that follows `AADSTS` is
explained. Without an argument all known numbers are listed. The exit status is 3 if none of the numbers is known.

An answer's `error` and `suberror` go before its number: a call may end with another exit status than the one told here.";

/// Longest text in bytes that is read from standard input.
const LIMIT: u64 = 1024 * 1024;

/// The flags of `explain`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// Number, `AADSTS` before it or not; an error text; or `-` for standard input (default: all)
    #[arg(value_name = "CODE|TEXT|-")]
    texts: Vec<String>,
    /// Print JSON for a program: a list of objects
    #[arg(long)]
    json: bool,
}

/// What is known of a number; every member but the first and the last is null where it is not.
#[derive(Serialize)]
struct Entry {
    aadsts: u32,
    meaning: Option<&'static str>,
    code: Option<&'static str>,
    exit: Option<u8>,
    remedy: Option<String>,
    more: String,
}

impl Act for Explain {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let all = self.texts.is_empty();
        let numbers = if all { every() } else { asked(&self.texts, world)? };
        if !numbers.iter().any(|number| find(*number).is_some()) {
            return Err(unknown(&numbers));
        }
        let entries = numbers.into_iter().map(entry);
        Ok(if self.json {
            Answer::json(&entries.collect::<Vec<_>>())
        } else if all {
            Answer::text(&listed(entries))
        } else {
            Answer::text(&entries.map(told).collect::<Vec<_>>().join("\n"))
        })
    }
}

fn every() -> Vec<u32> {
    let mut numbers: Vec<_> = TABLE.iter().flat_map(|row| row.codes).copied().collect();
    numbers.sort_unstable();
    numbers
}

/// The numbers that are asked about, each once. Words that are numbers themselves need no `AADSTS`.
fn asked(texts: &[String], world: &World) -> Result<Vec<u32>, Error> {
    let mut numbers: Vec<u32> = Vec::new();
    for text in texts {
        let found = match text.trim() {
            "-" => mentioned(&read(world)?),
            word => word.parse().map_or_else(|_| mentioned(word), |number| vec![number]),
        };
        numbers.extend(found);
    }
    let mut seen = Vec::new();
    numbers.retain(|number| {
        !seen.contains(number) && {
            seen.push(*number);
            true
        }
    });
    if numbers.is_empty() {
        // The text is not repeated: it may hold anything.
        return Err(bad_flag("explain", "there is no AADSTS number in that text".to_owned()));
    }
    Ok(numbers)
}

fn read(world: &World) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let mut read = |input: &mut dyn BufRead| input.take(LIMIT + 1).read_to_end(&mut bytes).map(drop);
    world
        .streams
        .input(&mut read)
        .map_err(|why| bad_flag("explain", "standard input cannot be read".to_owned()).caused_by(why))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LIMIT {
        return Err(bad_flag("explain", "standard input is longer than 1 MiB".to_owned()));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unknown(numbers: &[u32]) -> Error {
    let named: Vec<_> = numbers.iter().map(|number| format!("`AADSTS{number}`")).collect();
    let links: Vec<_> = numbers.iter().copied().map(link).collect();
    Error::new(
        Kind::NotFound,
        format!("this program does not know {}", named.join(", ")),
    )
    .hint(format!("Microsoft explains it at {}", links.join(" , ")))
}

fn entry(number: u32) -> Entry {
    let row = find(number);
    Entry {
        aadsts: number,
        meaning: row.map(|row| row.meaning),
        code: row.map(|row| row.kind.code()),
        exit: row.map(|row| row.kind.exit()),
        remedy: row.map(|row| remedy(row.kind, row.advice, &Words::unknown())),
        more: link(number),
    }
}

/// An entry for a person.
fn told(entry: Entry) -> String {
    let Entry {
        aadsts,
        meaning,
        code,
        exit,
        remedy,
        more,
    } = entry;
    let mut text = format!("AADSTS{aadsts}: {}\n", meaning.unwrap_or("not known to this program"));
    // Writing to memory cannot fail.
    if let (Some(code), Some(exit)) = (code, exit) {
        let _ = writeln!(text, "  ends with  exit status {exit}, `{code}`: {}", left_to_you(exit));
    }
    if let Some(remedy) = remedy {
        let _ = writeln!(text, "  what to do {remedy}");
    }
    let _ = writeln!(text, "  more       {more}");
    text
}

fn left_to_you(exit: u8) -> &'static str {
    match exit {
        4 => "a person must sign in again, or consent",
        5 => "refused, and signing in again will not help",
        6 => "try again later",
        _ => "something is wrong with the settings",
    }
}

/// A line for each.
fn listed(entries: impl Iterator<Item = Entry>) -> String {
    let mut rows = vec![[
        "NUMBER".to_owned(),
        "EXIT".to_owned(),
        "CODE".to_owned(),
        "MEANING".to_owned(),
    ]];
    rows.extend(entries.map(|entry| {
        [
            format!("AADSTS{}", entry.aadsts),
            entry.exit.map(|exit| exit.to_string()).unwrap_or_default(),
            entry.code.unwrap_or_default().to_owned(),
            entry.meaning.unwrap_or_default().to_owned(),
        ]
    }));
    columns(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;
    use clap::Parser;

    fn explained(args: &[&str], input: &str) -> Result<String, Error> {
        let args = std::iter::once("explain").chain(args.iter().copied());
        let answer = Explain::try_parse_from(args)
            .unwrap()
            .act(&Fake::default().given(input.as_bytes()).world())?;
        Ok(answer.as_str().to_owned())
    }

    const MFA: &str = "AADSTS50076: multi-factor authentication is needed
  ends with  exit status 4, `interaction_required`: a person must sign in again, or consent
  what to do run: entra-token login
  more       https://login.microsoftonline.com/error?code=50076
";

    #[test]
    fn a_number_in_every_spelling() {
        let pasted = "ERROR: AADSTS50076: Due to a change at 2023-01-04 19:44:18Z, code 53003. AADSTS50076";
        for args in [
            &["AADSTS50076"][..],
            &["50076"],
            &["aadsts50076"],
            &[pasted],
            &["50076", "AADSTS50076"],
        ] {
            assert_eq!(explained(args, "").unwrap(), MFA, "{args:?}");
        }
        let words: Vec<_> = pasted.split(' ').filter(|word| *word != "53003.").collect();
        assert_eq!(explained(&words, "").unwrap(), MFA);
        assert_eq!(explained(&["-"], pasted).unwrap(), MFA);
    }

    #[test]
    fn several_and_one_that_nobody_knows() {
        let text = explained(&["50076", "AADSTS123"], "").unwrap();
        let unknown =
            "AADSTS123: not known to this program\n  more       https://login.microsoftonline.com/error?code=123\n";
        assert_eq!(text, format!("{MFA}\n{unknown}"));
        let error = explained(&["AADSTS123 and AADSTS124"], "").unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound);
        assert_eq!(error.message(), "this program does not know `AADSTS123`, `AADSTS124`");
        assert!(
            error
                .remedy()
                .unwrap()
                .contains("https://login.microsoftonline.com/error?code=123 ")
        );
    }

    #[test]
    fn a_text_without_a_number_is_not_repeated() {
        for (args, input) in [
            (&["eyJplanted"][..], ""),
            (&["99999999999"], ""),
            (&["-"], "eyJplanted 50076"),
            (&[""], ""),
        ] {
            let error = explained(args, input).unwrap_err();
            assert_eq!(error.kind(), Kind::BadRequest);
            assert!(!format!("{error:?}").contains("planted"));
        }
        let long = "x".repeat(1024 * 1024 + 1);
        assert!(explained(&["-"], &long).unwrap_err().message().contains("1 MiB"));
    }

    #[test]
    fn for_a_program() {
        let text = explained(&["50105", "123", "--json"], "").unwrap();
        let list: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(list[0]["aadsts"], 50105);
        assert_eq!((&list[0]["code"], &list[0]["exit"]), (&"denied".into(), &5.into()));
        assert!(
            list[0]["remedy"]
                .as_str()
                .unwrap()
                .contains("> your app > Users and groups")
        );
        assert_eq!(list[1]["meaning"], serde_json::Value::Null);
    }

    #[test]
    fn all_of_them() {
        let text = explained(&[], "").unwrap();
        let count = TABLE.iter().map(|row| row.codes.len()).sum::<usize>();
        assert_eq!(text.lines().count(), count + 1);
        assert!(
            text.starts_with("NUMBER         EXIT  CODE                  MEANING\nAADSTS16000    4"),
            "{text}"
        );
        assert_eq!(explained(&["--json"], "").unwrap().matches("\"aadsts\"").count(), count);
    }
}
