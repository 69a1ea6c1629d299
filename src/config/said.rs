//! `Said`: what one source says, as texts, and how they are read. Flags, variables and profiles all pass through here, so
//! that a value means the same wherever it stands.

use super::Field;
use crate::clouds;
use crate::request::{Account, Authority, ClientId, Host, Scopes, Selectors, Tenant};

/// The texts of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    texts: [Option<String>; Field::ALL.len()],
}

/// What one source says, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// Which login and resource.
    pub selectors: Selectors,
    /// Seconds that a token must live on.
    pub min_ttl: Option<u64>,
}

/// A value that cannot be read, or two that exclude each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// The field and what is wrong with its value.
    Value(Field, String),
    /// Two fields of which only one may be said.
    Both(Field, Field),
}

impl Bad {
    /// The field to point at.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Value(field, _) | Self::Both(_, field) => *field,
        }
    }

    /// The cause, with each field called as its source calls it.
    #[must_use]
    pub fn text(&self, name: impl Fn(Field) -> &'static str) -> String {
        match self {
            Self::Value(field, why) => format!("`{}`: {why}", name(*field)),
            Self::Both(one, other) => format!(
                "`{}` and `{}` are both given, but they say the same thing in two ways",
                name(*one),
                name(*other)
            ),
        }
    }
}

impl Said {
    /// Notes what a field says; scopes that are said several times add up.
    pub fn say(&mut self, field: Field, text: String) {
        let Some(place) = self.texts.get_mut(field as usize) else {
            return;
        };
        match place {
            Some(have) if field == Field::Scope => {
                have.push(' ');
                have.push_str(&text);
            }
            _ => *place = Some(text),
        }
    }

    /// What a field says.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.texts.get(field as usize)?.as_deref()
    }

    /// Reads every text.
    ///
    /// # Errors
    /// The first that is wrong.
    pub fn read(&self) -> Result<Layer, Bad> {
        let either = |one: Field, other: Field| match (self.get(one), self.get(other)) {
            (Some(_), Some(_)) => Err(Bad::Both(one, other)),
            _ => Ok(()),
        };
        either(Field::Scope, Field::Resource)?;
        either(Field::Cloud, Field::AuthorityHost)?;
        Ok(Layer {
            selectors: Selectors {
                profile: self.value(Field::Profile, profile_name)?,
                host: self.value(Field::Host, Host::parse)?,
                authority: match self.value(Field::AuthorityHost, Authority::parse)? {
                    None => self.value(Field::Cloud, cloud)?,
                    said => said,
                },
                tenant: self.value(Field::Tenant, Tenant::parse)?,
                client_id: self.value(Field::ClientId, ClientId::parse)?,
                account: self.value(Field::Account, Account::parse)?,
                scopes: match self.value(Field::Scope, |text| Scopes::parse([text]))? {
                    None => self.value(Field::Resource, Scopes::of_resource)?,
                    said => said,
                },
            },
            min_ttl: self.value(Field::MinTtl, seconds)?,
        })
    }

    fn value<T>(&self, field: Field, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, Bad> {
        self.get(field)
            .map(|text| parse(text).map_err(|why| Bad::Value(field, why)))
            .transpose()
    }
}

fn profile_name(text: &str) -> Result<String, String> {
    crate::request::no_control(text, "profile")?;
    Ok(text.to_owned())
}

fn cloud(text: &str) -> Result<Authority, String> {
    crate::request::no_control(text, "cloud")?;
    clouds::authority_of_cloud(text).ok_or_else(|| {
        let known: Vec<_> = clouds::cloud_names().map(|name| format!("`{name}`")).collect();
        format!("cloud `{text}` is not known; known are {}", known.join(", "))
    })
}

fn seconds(text: &str) -> Result<u64, String> {
    const DAY: u64 = 24 * 3600; // no access token lives longer
    match text.trim().parse() {
        Ok(seconds) if seconds <= DAY => Ok(seconds),
        _ => Err(format!("expected whole seconds from 0 to {DAY}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(Field, &str)]) -> Result<Layer, Bad> {
        let mut said = Said::default();
        for (field, text) in pairs {
            said.say(*field, (*text).to_owned());
        }
        said.read()
    }

    #[test]
    fn nothing_said_is_nothing_read() {
        assert_eq!(said(&[]).unwrap(), Layer::default());
    }

    #[test]
    fn scopes_add_up_and_a_resource_is_short_for_one() {
        let read = |pairs: &[_]| said(pairs).unwrap().selectors.scopes.unwrap().joined();
        assert_eq!(read(&[(Field::Scope, "b c"), (Field::Scope, "a")]), "a b c");
        assert_eq!(
            read(&[(Field::Resource, "https://management.azure.com/")]),
            "https://management.azure.com//.default"
        );
    }

    #[test]
    fn a_cloud_is_short_for_its_authority() {
        let read = |pairs: &[_]| said(pairs).unwrap().selectors.authority.unwrap().url();
        assert_eq!(read(&[(Field::Cloud, "usgov")]), "https://login.microsoftonline.us");
        assert_eq!(
            read(&[(Field::AuthorityHost, "http://localhost:1")]),
            "http://localhost:1"
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (pairs, field, text) in [
            (
                vec![(Field::Scope, "a"), (Field::Resource, "b")],
                Field::Resource,
                "`--scope` and `--resource` are both given",
            ),
            (
                vec![(Field::Cloud, "public"), (Field::AuthorityHost, "x.example")],
                Field::AuthorityHost,
                "`--cloud` and `--authority-host` are both given",
            ),
            (
                vec![(Field::Cloud, "moon")],
                Field::Cloud,
                "`--cloud`: cloud `moon` is not known; known are `public`, ",
            ),
            (
                vec![(Field::Tenant, "a b")],
                Field::Tenant,
                "`--tenant`: tenant `a b` is neither",
            ),
            (
                vec![(Field::MinTtl, "-1")],
                Field::MinTtl,
                "`--min-ttl`: expected whole seconds",
            ),
            (
                vec![(Field::MinTtl, "86401")],
                Field::MinTtl,
                "`--min-ttl`: expected whole seconds",
            ),
            (
                vec![(Field::Host, "ftp://x")],
                Field::Host,
                "`--host`: host `x` has the scheme",
            ),
            (
                vec![(Field::Profile, "a\u{1b}")],
                Field::Profile,
                "`--profile`: profile holds a control",
            ),
        ] {
            let bad = said(&pairs).unwrap_err();
            assert_eq!(bad.field(), field);
            assert!(bad.text(Field::flag).starts_with(text), "{}", bad.text(Field::flag));
        }
    }
}
