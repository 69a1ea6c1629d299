//! Options of a face's own command line: `--name value`, `--name=value`, flags, and words. No error repeats a value: a
//! caller may have put a token where it does not belong.

use crate::clouds::authority_of_cloud;
use crate::error::{Error, Kind};
use crate::request::{Account, Authority, ClientId, Host, Scopes, Selectors, Tenant};

/// Options by which a call says which login is meant, as those of our verbs.
pub(super) const SELECTORS: [&str; 6] = [
    "--profile",
    "--tenant",
    "--client-id",
    "--account",
    "--cloud",
    "--authority-host",
];

/// Options by which a call says what the token is for.
pub(super) const TARGETS: [&str; 3] = ["--host", "--resource", "--scope"];

/// What was given.
#[derive(Debug)]
pub(super) struct Options {
    given: Vec<(String, String)>,
    flags: Vec<String>,
    /// What is no option, in order.
    pub(super) words: Vec<String>,
}

impl Options {
    /// Reads a command line. After `--` there are words only.
    pub(super) fn parse(args: &[String], with_value: &[&[&str]], flags: &[&str]) -> Result<Self, Error> {
        let takes = |name: &str| with_value.iter().any(|names| names.contains(&name));
        let mut options = Self {
            given: Vec::new(),
            flags: Vec::new(),
            words: Vec::new(),
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            if arg == "--" {
                options.words.extend(args.by_ref().cloned());
            } else if takes(name) {
                let value = value.or_else(|| args.next().cloned());
                let value = value.ok_or_else(|| bad(format!("`{name}` needs a value")))?;
                options.given.push((name.to_owned(), value));
            } else if flags.contains(&arg.as_str()) {
                options.flags.push(arg.clone());
            } else if is_option(name) {
                return Err(bad(format!("there is no option `{name}`")));
            } else if arg.len() > 1 && arg.starts_with('-') {
                return Err(bad("there is an option that is not known"));
            } else {
                options.words.push(arg.clone());
            }
        }
        Ok(options)
    }

    /// The last value of an option.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).last()
    }

    /// Every value of an option, in order.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let of_name = move |(given, _): &&(String, String)| given == name;
        self.given.iter().filter(of_name).map(|(_, value)| value.as_str())
    }

    /// Whether a flag was given.
    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|given| given == flag)
    }

    /// Which login is meant, and what for.
    pub(super) fn selectors(&self) -> Result<Selectors, Error> {
        let profile = self.parsed("--profile", |name| match name {
            "" => Err("it is empty".to_owned()),
            _ if name.chars().any(char::is_control) => Err("it holds a control character".to_owned()),
            _ => Ok(name.to_owned()),
        })?;
        let cloud = self.parsed("--cloud", |name| {
            authority_of_cloud(name).ok_or_else(|| "there is no such cloud".to_owned())
        })?;
        let resource = self.parsed("--resource", Scopes::of_resource)?;
        let scopes: Vec<_> = self.values("--scope").collect();
        let scopes = match scopes.as_slice() {
            [] => None,
            // The reason may repeat a scope.
            texts => Some(
                Scopes::parse(texts.iter().copied()).map_err(|_| bad("`--scope`: not a scope as RFC 6749 has it"))?,
            ),
        };
        if resource.is_some() && scopes.is_some() {
            return Err(bad("name one of `--resource` and `--scope`, not both"));
        }
        Ok(Selectors {
            profile,
            host: self.parsed("--host", Host::parse)?,
            authority: self.parsed("--authority-host", Authority::parse)?.or(cloud),
            tenant: self.parsed("--tenant", Tenant::parse)?,
            client_id: self.parsed("--client-id", ClientId::parse)?,
            account: self.parsed("--account", Account::parse)?,
            scopes: resource.or(scopes),
        })
    }

    fn parsed<T>(&self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Error> {
        let read = |text| read(text).map_err(|_| bad(format!("`{name}`: its value cannot be used")));
        self.value(name).map(read).transpose()
    }
}

/// A wrong call.
pub(super) fn bad(message: impl Into<String>) -> Error {
    Error::new(Kind::BadRequest, message)
}

/// Dashes and a short word of letters; anything else may be a secret that was pasted.
fn is_option(text: &str) -> bool {
    let word = text.trim_start_matches('-');
    let is_word = (1..=24).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    is_word && word.len() < text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, Error> {
        let args: Vec<_> = line.split(' ').map(str::to_owned).collect();
        Options::parse(&args, &[&SELECTORS, &TARGETS], &["--json"])
    }

    #[test]
    fn every_form() {
        let options = parse("get --scope=a --json --scope b --tenant t.example -- --tenant x").unwrap();
        assert_eq!(options.words, ["get", "--tenant", "x"]);
        assert_eq!(options.values("--scope").collect::<Vec<_>>(), ["a", "b"]);
        assert!(options.has("--json") && !options.has("--tenant"));
        let selectors = options.selectors().unwrap();
        assert_eq!(selectors.scopes.unwrap().joined(), "a b");
        assert_eq!(selectors.tenant.unwrap().as_str(), "t.example");
        let selectors = parse("--cloud usgov --host adb-1.2.databricks.azure.us --profile ci --account a@b.example");
        let selectors = selectors.unwrap().selectors().unwrap();
        assert_eq!(selectors.authority.unwrap().name(), "login.microsoftonline.us");
    }

    #[test]
    fn what_is_wrong_is_told_without_the_value() {
        for line in [
            "--tenant",
            "--tennant=PLANTED",
            "--PLANTED",
            "-PLANTED=x",
            "--tenant PLANTED/",
            "--cloud PLANTED",
            "--scope PLANTED\\",
            "--scope a --resource b",
            "--json=PLANTED",
        ] {
            let error = parse(line).and_then(|options| options.selectors()).expect_err(line);
            assert_eq!(error.kind(), Kind::BadRequest, "{line}");
            assert!(!error.to_string().contains("PLANTED"), "{error}");
        }
    }
}
