//! What `config.toml` may say: its keys and their types. A key that is not known is an error, since a misspelt `tenant`
//! that is passed over gives somebody the wrong tenant's token. A table that is opened again in another notation, which
//! TOML forbids, is taken as said in one: no key can be said twice in it, so nothing is lost.

use super::settings::{Place, Profile, Settings};
use super::toml::{self, Fault, Listener, Name, Value};
use super::{Field, Said};
use crate::audience::Audience;
use crate::error::{Error, Kind};
use crate::request::{Host, Scopes};
use std::path::{Path, PathBuf};

/// The keys of a profile.
const PROFILE: [Field; 9] = [
    Field::Host,
    Field::Tenant,
    Field::ClientId,
    Field::Account,
    Field::Scope,
    Field::Resource,
    Field::Cloud,
    Field::AuthorityHost,
    Field::MinTtl,
];

/// The keys of a `[[host]]`, besides its `name`.
const HOST: [(&str, Field); 5] = [
    ("resource", Field::Resource),
    ("scope", Field::Scope),
    ("authority", Field::AuthorityHost),
    ("cloud", Field::Cloud),
    ("tenant", Field::Tenant),
];

/// Reads the text of the file at `path`.
///
/// # Errors
/// `config`, naming the line.
pub(super) fn read(path: PathBuf, text: String) -> Result<Settings, Error> {
    let mut filling = Filling {
        text: &text,
        settings: Settings {
            path,
            ..Settings::default()
        },
        hosts: Vec::new(),
    };
    let read = toml::read(&text, &mut filling).and_then(|()| {
        let hosts = std::mem::take(&mut filling.hosts);
        hosts.into_iter().map(HostEntry::finish).collect()
    });
    let mut settings = filling.settings;
    settings.hosts = read.map_err(|fault| at_line(&settings.path, &text, &fault))?;
    settings.text = text;
    Ok(settings)
}

/// An error that names the line.
pub(super) fn at_line(path: &Path, text: &str, fault: &Fault) -> Error {
    let before = text.as_bytes().get(..fault.at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let (path, why) = (path.display(), &fault.why);
    Error::new(Kind::Config, format!("`{path}`, line {line}: {why}")).hint(format!("edit line {line} of `{path}`"))
}

struct Filling<'a> {
    text: &'a str,
    settings: Settings,
    hosts: Vec<HostEntry>,
}

impl Listener for Filling<'_> {
    fn table(&mut self, path: &[Name<'_>], element: bool) -> Result<(), Fault> {
        match path {
            [profiles] if !element && profiles.text == "profiles" => Ok(()),
            [profiles, name] if !element && profiles.text == "profiles" => {
                let profile = self.profile(name);
                match profile.header.replace(name.at) {
                    Some(_) => Err(twice(name)),
                    None => Ok(()),
                }
            }
            [host] if element && host.text == "host" => {
                self.hosts.push(HostEntry::new(host.at));
                Ok(())
            }
            _ => Err(misplaced(path)),
        }
    }

    fn value(&mut self, path: &[Name<'_>], value: Value) -> Result<(), Fault> {
        match path {
            [one] if one.text == "default_profile" => {
                let have = &mut self.settings.default_profile;
                if have.replace(text(self.text, &one.text, value)?).is_some() {
                    return Err(twice(one));
                }
                Ok(())
            }
            [profiles, name, key] if profiles.text == "profiles" => {
                let field = PROFILE.into_iter().find(|field| field.key() == key.text);
                let field = field.ok_or_else(|| misplaced(path))?;
                let typed = if field == Field::MinTtl {
                    !value.is_text() && !value.listed
                } else {
                    value.is_text() && (!value.listed || field == Field::Scope)
                };
                if !typed {
                    return Err(mistyped(&key.text, value));
                }
                let places = &mut self.profile(name).places;
                if places.iter().any(|place| place.field == field && place.key != key.at) {
                    return Err(twice(key));
                }
                places.push(Place {
                    field,
                    key: key.at,
                    value,
                });
                Ok(())
            }
            [host, key] if host.text == "host" => {
                let entry = self.hosts.last_mut().ok_or_else(|| misplaced(&path[..1]))?;
                entry.value(self.text, key, value)
            }
            _ => Err(misplaced(path)),
        }
    }
}

impl Filling<'_> {
    /// The profile of that name, which is nearly always the last one.
    fn profile(&mut self, name: &Name<'_>) -> &mut Profile {
        let profiles = &mut self.settings.profiles;
        let at = profiles.iter().rposition(|(have, _)| *have == name.text);
        let at = at.unwrap_or_else(|| {
            profiles.push((name.text.clone().into_owned(), Profile::default()));
            profiles.len() - 1
        });
        &mut profiles[at].1
    }
}

/// A `[[host]]` that is being read.
struct HostEntry {
    at: usize,
    name: Option<Host>,
    said: Said,
    keys: Vec<(Field, usize)>,
}

impl HostEntry {
    fn new(at: usize) -> Self {
        Self {
            at,
            name: None,
            said: Said::default(),
            keys: Vec::new(),
        }
    }

    fn value(&mut self, page: &str, key: &Name<'_>, value: Value) -> Result<(), Fault> {
        if key.text == "name" {
            let host = Host::parse(&text(page, &key.text, value)?).map_err(|why| Fault { at: value.at(), why })?;
            return match self.name.replace(host) {
                Some(_) => Err(twice(key)),
                None => Ok(()),
            };
        }
        let Some((_, field)) = HOST.iter().find(|(name, _)| *name == key.text) else {
            return Err(unknown(
                key,
                "of a `[[host]]`",
                std::iter::once("name").chain(HOST.map(|(name, _)| name)),
            ));
        };
        if self.keys.iter().any(|(known, at)| known == field && *at != key.at) {
            return Err(twice(key));
        }
        self.keys.push((*field, key.at));
        let read = if *field == Field::Scope { word } else { text };
        self.said.say(*field, read(page, &key.text, value)?);
        Ok(())
    }

    fn finish(mut self) -> Result<(Host, Audience), Fault> {
        let at = self.at;
        let fault = |why: &str| Fault {
            at,
            why: why.to_owned(),
        };
        if self.said.get(Field::AuthorityHost).is_none() && self.said.get(Field::Cloud).is_none() {
            self.said.say(Field::Cloud, "public".to_owned());
        }
        let key = |field| {
            HOST.iter()
                .find(|(_, of)| *of == field)
                .map_or("name", |(name, _)| name)
        };
        let selectors = self.said.read().map_err(|bad| fault(&bad.text(key)))?.selectors;
        let name = self
            .name
            .ok_or_else(|| fault("a `[[host]]` needs a `name`, such as `name = \"db.contoso.example\"`"))?;
        let scopes = selectors.scopes.unwrap_or_else(Scopes::databricks);
        let audience = Audience {
            authority: selectors
                .authority
                .ok_or_else(|| fault("a `[[host]]` needs an authority"))?,
            // A workspace behind a name of its own still tells its tenant, unless the entry does.
            tells_tenant: selectors.tenant.is_none() && scopes == Scopes::databricks(),
            tenant: selectors.tenant,
            scopes,
        };
        Ok((name, audience))
    }
}

/// The value of a key that must be one text.
fn text(page: &str, key: &str, value: Value) -> Result<String, Fault> {
    if value.listed {
        return Err(mistyped(key, value));
    }
    word(page, key, value)
}

/// A text, in a list or not.
fn word(page: &str, key: &str, value: Value) -> Result<String, Fault> {
    match value.decode(page)? {
        Some(text) if value.is_text() => Ok(text.into_owned()),
        _ => Err(mistyped(key, value)),
    }
}

fn mistyped(key: &str, value: Value) -> Fault {
    let what = match key {
        "min_ttl" => "a number of seconds",
        "scope" => "a text in quotes, or a list of such",
        _ => "a text in quotes",
    };
    Fault {
        at: value.at(),
        why: format!("`{key}` must be {what}"),
    }
}

fn twice(key: &Name<'_>) -> Fault {
    Fault {
        at: key.at,
        why: format!("`{}` is said twice", key.text.escape_debug()),
    }
}

/// A path that leads nowhere, or to another kind of thing than stands there.
fn misplaced(path: &[Name<'_>]) -> Fault {
    let fault = |key: &Name<'_>, why: &str| Fault {
        at: key.at,
        why: format!("`{}` must be {why}", key.text.escape_debug()),
    };
    let names: Vec<_> = path.iter().map(|name| name.text.as_ref()).collect();
    match (names.as_slice(), path) {
        (["profiles"], [key]) => fault(key, "a table: write `[profiles.NAME]`"),
        (["profiles", _], [_, key]) => fault(key, "a table of keys and values"),
        (["profiles", _, known, ..], [_, _, key, ..]) if PROFILE.iter().any(|field| field.key() == *known) => {
            fault(key, "a single value")
        }
        (["profiles", _, ..], [_, _, key, ..]) => unknown(key, "of a profile", PROFILE.map(Field::key)),
        (["host", ..], [key, ..]) => fault(key, "a list of tables with single values: write `[[host]]`"),
        (["default_profile", ..], [key, ..]) => fault(key, "a text in quotes"),
        (_, [key, ..]) => unknown(key, "of the file", ["default_profile", "profiles", "host"]),
        (_, []) => Fault {
            at: 0,
            why: "a table without a name".to_owned(),
        },
    }
}

fn unknown(key: &Name<'_>, whose: &str, known: impl IntoIterator<Item = &'static str>) -> Fault {
    let known: Vec<_> = known.into_iter().map(|key| format!("`{key}`")).collect();
    Fault {
        at: key.at,
        why: format!(
            "`{}` is not a key {whose}; known are {}",
            key.text.escape_debug(),
            known.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Settings, Error> {
        read("/h/config.toml".into(), text.to_owned())
    }

    #[test]
    fn everything_at_once() {
        let settings = of(r#"
            default_profile = "dev"
            [profiles.dev]
            host = "https://adb-1.2.azuredatabricks.net"
            tenant = "contoso.example"
            client_id = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
            account = "Ana@contoso.example"
            scope = ["b", "a"]
            cloud = "usgov"
            min_ttl = 1_200
            [profiles."two words"]
            resource = "https://management.azure.com/"
            authority_host = "https://login.contoso.example"
            [[host]]
            name = "db.contoso.example"
            [[host]]
            name = "http://localhost:8080"
            resource = "api://x"
            authority = "http://localhost:8081"
            tenant = "t.example"
        "#)
        .unwrap();
        assert_eq!(settings.default_profile.as_deref(), Some("dev"));
        let dev = settings.profile("dev").unwrap().unwrap();
        assert_eq!(dev.selectors.host.unwrap().name(), "adb-1.2.azuredatabricks.net");
        assert_eq!(dev.selectors.account.unwrap().as_str(), "ana@contoso.example");
        assert_eq!(dev.selectors.scopes.unwrap().joined(), "a b");
        assert_eq!(dev.selectors.authority.unwrap().name(), "login.microsoftonline.us");
        assert_eq!(dev.min_ttl, Some(1200));
        assert!(
            settings
                .profile("two words")
                .unwrap()
                .unwrap()
                .selectors
                .scopes
                .is_some()
        );

        let [(name, own), (loopback, api)] = settings.hosts.as_slice() else {
            panic!("two hosts")
        };
        assert_eq!((name.key().as_str(), own.tells_tenant), ("db.contoso.example", true));
        assert_eq!(own.scopes, Scopes::databricks());
        assert_eq!(own.authority.name(), "login.microsoftonline.com");
        assert_eq!(loopback.key(), "http://localhost:8080");
        assert_eq!(api.scopes.resource(), Some("api://x"));
        assert_eq!(api.authority.key(), "http://localhost:8081");
        assert_eq!((api.tenant.is_some(), api.tells_tenant), (true, false));
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line, why) in [
            (
                "\nprofile = 'x'",
                2,
                "`profile` is not a key of the file; known are `default_profile`",
            ),
            (
                "[profiles.a]\n\ntenat = 'x'",
                3,
                "`tenat` is not a key of a profile; known are `host`, `tenant`",
            ),
            (
                "[profiles.a]\nrefresh_token = 'x'",
                2,
                "`refresh_token` is not a key of a profile",
            ),
            ("[profiles.a]\ntenant = 7", 2, "`tenant` must be a text in quotes"),
            (
                "[profiles.a]\nmin_ttl = 'x'",
                2,
                "`min_ttl` must be a number of seconds",
            ),
            ("[profiles.a]\nscope = ['x', 1]", 2, "`scope` must be a text in quotes"),
            ("[profiles.a]\nscope = []", 2, "an empty list says nothing"),
            ("[profiles.a]\ntenant = ['x']", 2, "`tenant` must be a text in quotes"),
            ("[profiles.a.tenant]\nx = 1", 1, "`tenant` must be a single value"),
            (
                "default_profile = 'a'\ndefault_profile = 'b'",
                2,
                "`default_profile` is said twice",
            ),
            ("[profiles.a]\n[profiles.b]\n[profiles.a]", 3, "`a` is said twice"),
            ("[[host]]\nname = 'a'\nname = 'b'", 3, "`name` is said twice"),
            ("host.name = 'x'", 1, "`host` must be a list"),
            ("profiles = 1", 1, "`profiles` must be a table"),
            ("[profiles]\na = 1", 2, "`a` must be a table"),
            ("[host]\nname = 'x'", 1, "`host` must be a list of tables"),
            ("[[host]]\nresource = 'x'", 1, "a `[[host]]` needs a `name`"),
            (
                "[[host]]\nname = 'x'\nresorce = 'x'",
                3,
                "`resorce` is not a key of a `[[host]]`; known are `name`",
            ),
            (
                "[[host]]\nname = 'http://x.example'",
                2,
                "host `x.example` must be reached by https",
            ),
            (
                "[[host]]\nname = 'x'\ncloud = 'moon'",
                1,
                "`cloud`: cloud `moon` is not known",
            ),
            ("a = = 1", 1, ""),
            ("[profiles.a]\ntenant = 'x'\ntenant = 'y'", 3, "`tenant` is said twice"),
            (
                "profiles.a.tenant = 'x'\n[profiles.a]\ntenant = 'y'",
                3,
                "`tenant` is said twice",
            ),
        ] {
            let error = of(text).unwrap_err();
            assert_eq!(error.kind(), Kind::Config);
            let begin = format!("`/h/config.toml`, line {line}: {why}");
            assert!(error.message().starts_with(&begin), "{}", error.message());
            assert!(!error.message().contains('\n'));
            assert_eq!(
                error.remedy(),
                Some(format!("edit line {line} of `/h/config.toml`").as_str())
            );
        }
    }

    #[test]
    fn a_profile_in_two_notations_is_one() {
        let settings =
            of("profiles.a.tenant = 'x.example'\n[profiles]\n[profiles.a]\nmin_ttl = 7\n[profiles]").unwrap();
        let layer = settings.profile("a").unwrap().unwrap();
        assert_eq!(
            (layer.selectors.tenant.unwrap().as_str(), layer.min_ttl),
            ("x.example", Some(7))
        );
        assert_eq!(settings.profile_names().count(), 1);
    }

    #[test]
    fn two_ways_to_say_one_thing_are_refused() {
        let settings = of("[profiles.a]\nscope = 'x'\nresource = 'y'").unwrap();
        assert_eq!(
            settings.profile("a").unwrap_err().message(),
            "`/h/config.toml`, line 3: `scope` and `resource` are both given, but they say the same thing in two ways"
        );
    }
}
