//! The text of `config.toml`: TOML 1.0, whose keys and types are checked here. A key that is not known is an error, since
//! a misspelt `tenant` that is passed over gives somebody the wrong tenant's token.

use super::settings::{Profile, Settings};
use super::{Field, Said};
use crate::audience::Audience;
use crate::error::{Error, Kind};
use crate::request::{Host, Scopes};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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

/// The keys of a `[[host]]`, besides its `name`. Its authority goes by `authority` too.
const HOST: [Field; 5] = [
    Field::Resource,
    Field::Scope,
    Field::AuthorityHost,
    Field::Cloud,
    Field::Tenant,
];

/// Reads the text of the file at `path`.
///
/// # Errors
/// `config`, naming the line.
pub(super) fn read(path: PathBuf, text: String) -> Result<Settings, Error> {
    let mut settings = Settings {
        path,
        ..Settings::default()
    };
    let page = Page::new(&settings.path, &text);
    let document = DeTable::parse(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        page.fault(at, error.message())
    })?;
    for (key, value) in document.get_ref() {
        match key.get_ref().as_ref() {
            "default_profile" => settings.default_profile = Some(page.text(key.get_ref(), value)?),
            "profiles" => {
                for (name, body) in page.table("profiles", value)? {
                    let profile = profile(&page, page.table(name.get_ref(), body)?)?;
                    settings.profiles.insert(name.get_ref().clone().into_owned(), profile);
                }
            }
            "host" => {
                let DeValue::Array(entries) = value.get_ref() else {
                    return Err(page.fault(value.span().start, "`host` must be a list: write `[[host]]`"));
                };
                for entry in entries {
                    settings.hosts.push(host(&page, entry)?);
                }
            }
            _ => return Err(page.unknown(key, "of the file", ["default_profile", "profiles", "host"])),
        }
    }
    settings.text = text;
    Ok(settings)
}

fn profile(page: &Page<'_>, table: &DeTable<'_>) -> Result<Profile, Error> {
    let mut profile = Profile::default();
    for (key, value) in table {
        let Some(field) = PROFILE.into_iter().find(|field| field.key() == key.get_ref()) else {
            return Err(page.unknown(key, "of a profile", PROFILE.map(Field::key)));
        };
        profile.said.say(field, page.field(field, value)?);
        profile.places.push((field, value.span().start));
    }
    Ok(profile)
}

fn host(page: &Page<'_>, entry: &Spanned<DeValue<'_>>) -> Result<(Host, Audience), Error> {
    let fault = |why: &str| page.fault(entry.span().start, why);
    let (mut name, mut said) = (None, Said::default());
    for (key, value) in page.table("host", entry)? {
        let key_text = key.get_ref().as_ref();
        if key_text == "name" {
            let host = Host::parse(&page.text(key_text, value)?).map_err(|why| page.fault(value.span().start, &why))?;
            name = Some(host);
            continue;
        }
        let same = |field: &Field| field.key() == key_text || (*field, key_text) == (Field::AuthorityHost, "authority");
        let Some(field) = HOST.into_iter().find(same) else {
            return Err(page.unknown(
                key,
                "of a `[[host]]`",
                ["name", "resource", "scope", "authority", "cloud", "tenant"],
            ));
        };
        said.say(field, page.field(field, value)?);
    }
    if said.get(Field::AuthorityHost).is_none() && said.get(Field::Cloud).is_none() {
        said.say(Field::Cloud, "public".to_owned());
    }
    let selectors = said.read().map_err(|bad| fault(&bad.text(Field::key)))?.selectors;
    let name = name.ok_or_else(|| fault("a `[[host]]` needs a `name`, such as `name = \"db.contoso.example\"`"))?;
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

/// The file's text with its path, to point at a line of it.
pub(super) struct Page<'a> {
    path: &'a Path,
    text: &'a str,
}

impl<'a> Page<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text }
    }

    /// An error about what stands at an offset of the text.
    pub(super) fn fault(&self, at: usize, why: &str) -> Error {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let path = self.path.display();
        // TOML's own messages run over several lines.
        let why = why.trim().replace('\n', ", ");
        Error::new(Kind::Config, format!("`{path}`, line {line}: {why}")).hint(format!("edit line {line} of `{path}`"))
    }

    fn unknown<const N: usize>(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        whose: &str,
        known: [&'static str; N],
    ) -> Error {
        let text = key.get_ref().escape_debug();
        let known = known.map(|key| format!("`{key}`")).join(", ");
        self.fault(
            key.span().start,
            &format!("`{text}` is not a key {whose}; known are {known}"),
        )
    }

    fn table<'v, 'i>(&self, key: &str, value: &'v Spanned<DeValue<'i>>) -> Result<&'v DeTable<'i>, Error> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.fault(value.span().start, &format!("`{}` must be a table", key.escape_debug()))),
        }
    }

    fn text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String, Error> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.clone().into_owned()),
            _ => Err(self.fault(
                value.span().start,
                &format!("`{}` must be a text in quotes", key.escape_debug()),
            )),
        }
    }

    /// The value of a field: seconds may be a number, scopes a list; all else is text.
    fn field(&self, field: Field, value: &Spanned<DeValue<'_>>) -> Result<String, Error> {
        match (field, value.get_ref()) {
            (Field::MinTtl, DeValue::Integer(number)) if number.radix() == 10 => Ok(number.as_str().to_owned()),
            (Field::MinTtl, _) => Err(self.fault(value.span().start, "`min_ttl` must be a number of seconds")),
            (Field::Scope, DeValue::Array(texts)) => {
                let texts: Result<Vec<_>, _> = texts.iter().map(|text| self.text("scope", text)).collect();
                Ok(texts?.join(" "))
            }
            _ => self.text(field.key(), value),
        }
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
            ("profiles = 1", 1, "`profiles` must be a table"),
            ("[profiles]\na = 1", 2, "`a` must be a table"),
            ("[host]\nname = 'x'", 1, "`host` must be a list: write `[[host]]`"),
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
            ("[profiles.a]\ntenant = 'x'\ntenant = 'y'", 3, "duplicate key"),
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
    fn two_ways_to_say_one_thing_are_refused() {
        let settings = of("[profiles.a]\nscope = 'x'\nresource = 'y'").unwrap();
        assert_eq!(
            settings.profile("a").unwrap_err().message(),
            "`/h/config.toml`, line 3: `scope` and `resource` are both given, but they say the same thing in two ways"
        );
    }
}
