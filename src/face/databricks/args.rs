//! The command line as the CLI reads it: flags anywhere, `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-f=value`.

use std::ffi::OsString;

/// What was said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Args {
    /// The words that are no flags.
    pub(super) words: Vec<String>,
    /// `--profile`.
    pub(super) profile: Option<String>,
    /// `--host`.
    pub(super) host: Option<String>,
    /// `--account-id`.
    pub(super) account_id: Option<String>,
    /// `--workspace-id`.
    pub(super) workspace_id: Option<String>,
    /// `--target`: a target of a bundle, which names its host in files that we do not read.
    pub(super) target: Option<String>,
    /// `--output`: JSON, or text.
    pub(super) json: Option<bool>,
    /// `--force-refresh`.
    pub(super) force_refresh: bool,
    /// `--skip-validate`.
    pub(super) skip_validate: bool,
    /// `--version`.
    pub(super) version: bool,
    /// `--help`.
    pub(super) help: bool,
}

/// A flag: its name, its letter, and whether a value follows.
const FLAGS: [(&str, Option<char>, bool); 19] = [
    ("profile", Some('p'), true),
    ("host", None, true),
    ("account-id", None, true),
    ("workspace-id", None, true),
    ("target", Some('t'), true),
    ("output", Some('o'), true),
    // Nothing of ours waits for anybody, and our deadline is shorter than any that is said.
    ("timeout", None, true),
    ("log-level", None, true),
    ("log-file", None, true),
    ("log-format", None, true),
    ("progress-format", None, true),
    ("debug", None, false),
    ("force-refresh", None, false),
    ("skip-validate", None, false),
    ("sensitive", None, false),
    // Gone from the CLI, but some SDKs still send it.
    ("experimental-is-unified-host", None, false),
    ("no-color", None, false),
    ("version", Some('v'), false),
    ("help", Some('h'), false),
];

impl Args {
    /// Reads what stands after the tool's name.
    ///
    /// # Errors
    /// The CLI's own words for a flag that it does not have. They never repeat a value.
    pub(super) fn read(args: &[OsString]) -> Result<Self, String> {
        let mut read = Self::default();
        let mut rest = args
            .iter()
            .map(|word| word.to_str().ok_or("an argument is not UTF-8 text"));
        while let Some(word) = rest.next() {
            let word = word?;
            if word == "--" {
                for word in rest.by_ref() {
                    read.words.push(word?.to_owned());
                }
                break;
            }
            let Some((name, takes, joined)) = flag(word)? else {
                read.words.push(word.to_owned());
                continue;
            };
            if !takes {
                let on = match joined.unwrap_or("true") {
                    "true" | "TRUE" | "True" | "t" | "T" | "1" => true,
                    "false" | "FALSE" | "False" | "f" | "F" | "0" => false,
                    _ => return Err(format!("invalid argument for \"--{name}\" flag")),
                };
                read.switch(name, on);
                continue;
            }
            let value = match joined {
                Some(value) => value,
                None => rest
                    .next()
                    .ok_or_else(|| format!("flag needs an argument: --{name}"))??,
            };
            read.value(name, value)?;
        }
        Ok(read)
    }

    fn switch(&mut self, name: &str, on: bool) {
        match name {
            "force-refresh" => self.force_refresh = on,
            "skip-validate" => self.skip_validate = on,
            "version" => self.version = on,
            "help" => self.help = on,
            _ => {}
        }
    }

    fn value(&mut self, name: &str, value: &str) -> Result<(), String> {
        let said = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match name {
            "profile" => self.profile = said(),
            "host" => self.host = said(),
            "account-id" => self.account_id = said(),
            "workspace-id" => self.workspace_id = said(),
            "target" => self.target = said(),
            "output" => {
                self.json = Some(match value.to_ascii_lowercase().as_str() {
                    "json" => true,
                    "text" => false,
                    _ => return Err("accepted arguments are json, text".to_owned()),
                });
            }
            _ => {}
        }
        Ok(())
    }
}

/// A flag, whether it takes a value, and the value that is joined to it.
type Flag<'a> = (&'static str, bool, Option<&'a str>);

/// The flag that a word is; none if it is no flag.
fn flag(word: &str) -> Result<Option<Flag<'_>>, String> {
    if let Some(long) = word.strip_prefix("--") {
        let (name, joined) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let known = FLAGS.iter().find(|(known, _, _)| *known == name);
        let (name, _, takes) = known.ok_or_else(|| unknown("flag: --", name))?;
        return Ok(Some((name, *takes, joined)));
    }
    let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
    let Some(letter) = letters.next() else {
        return Ok(None);
    };
    let known = FLAGS.iter().find(|(_, known, _)| *known == Some(letter));
    let (name, _, takes) = known.ok_or_else(|| unknown("shorthand flag: -", &letter.to_string()))?;
    let joined = letters.as_str();
    let joined = joined.strip_prefix('=').unwrap_or(joined);
    Ok(Some((name, *takes, (!joined.is_empty()).then_some(joined))))
}

/// A name that is no flag's may be a secret that was pasted.
fn unknown(what: &str, name: &str) -> String {
    let plain = name.len() <= 32 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    format!("unknown {what}{}", if plain { name } else { "…" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Args, String> {
        Args::read(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn every_form_of_a_flag() {
        let expected = Args {
            words: vec!["auth".into(), "token".into()],
            profile: Some("dev".into()),
            json: Some(true),
            force_refresh: true,
            ..Args::default()
        };
        for line in [
            "auth token --profile dev --force-refresh --output json",
            "auth token --profile=dev --force-refresh=true --output=JSON",
            "-p dev auth -o json token --force-refresh",
            "-pdev -o=json auth --force-refresh token --debug --timeout 1h --experimental-is-unified-host",
            "--profile dev --force-refresh -ojson -- auth token",
        ] {
            assert_eq!(read(line).as_ref(), Ok(&expected), "{line}");
        }
        assert!(!read("auth token --force-refresh=false").unwrap().force_refresh);
        assert_eq!(read("auth token --host -x").unwrap().host.as_deref(), Some("-x"));
    }

    #[test]
    fn what_is_no_flag_is_told_in_its_words() {
        for (line, why) in [
            ("auth token --scope x", "unknown flag: --scope"),
            ("auth token -x", "unknown shorthand flag: -x"),
            ("auth token --PlantedSecret", "unknown flag: --…"),
            ("auth token --profile", "flag needs an argument: --profile"),
            ("auth token --output yaml", "accepted arguments are json, text"),
            (
                "auth token --force-refresh=maybe",
                "invalid argument for \"--force-refresh\" flag",
            ),
        ] {
            assert_eq!(read(line), Err(why.to_owned()), "{line}");
        }
    }
}
