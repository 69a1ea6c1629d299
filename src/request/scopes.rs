//! `Scopes`: for what. Sorted and unique, so that one wish has one cache key.

use super::no_control;

/// A non-empty set of OAuth scopes (RFC 6749 §3.3) of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scopes(Vec<String>);

/// Azure Databricks in the public, US Government and China clouds.
pub const DATABRICKS: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

/// Scopes that the protocol itself adds; a caller that asks for them would change the key, not the token.
const RESERVED: [&str; 3] = ["openid", "profile", "offline_access"];

impl Scopes {
    /// Azure Databricks' `/.default`.
    #[must_use]
    pub fn databricks() -> Self {
        Self(vec![format!("{DATABRICKS}/.default")])
    }

    /// Reads scopes, each text holding one or several separated by blanks. `openid`, `profile` and `offline_access`
    /// are left out, as they are always asked for.
    ///
    /// # Errors
    /// What is wrong with the texts.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut scopes = Vec::new();
        for text in texts {
            no_control(text, "scope")?;
            scopes.extend(
                text.split(' ')
                    .filter(|s| !s.is_empty() && !RESERVED.contains(s))
                    .map(str::to_owned),
            );
        }
        // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        if let Some(bad) = scopes
            .iter()
            .find(|s| !s.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)))
        {
            return Err(format!("scope `{bad}` holds a character that RFC 6749 does not allow"));
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err("no scope given".to_owned());
        }
        if scopes.iter().map(String::len).sum::<usize>() > 8192 {
            return Err("the scopes are longer than 8192 characters".to_owned());
        }
        Ok(Self(scopes))
    }

    /// `<resource>/.default`; a trailing slash of the resource stays, as `az` has it.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn of_resource(resource: &str) -> Result<Self, String> {
        let resource = resource.trim();
        if resource.is_empty() || resource.contains(' ') {
            return Err("a resource is one application id or URI, such as `https://management.azure.com/`".to_owned());
        }
        if resource.ends_with("/.default") {
            return Self::parse([resource]);
        }
        Self::parse([format!("{resource}/.default").as_str()])
    }

    /// The scopes, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Scopes as a person reads them: with the name of the resource, if it is known.
    #[must_use]
    pub fn told(scopes: &[String]) -> String {
        match scopes {
            [one] if one.strip_suffix("/.default") == Some(DATABRICKS) => format!("{one} (Azure Databricks)"),
            _ => scopes.join(" "),
        }
    }

    /// Joined by one blank, as stored and shown.
    #[must_use]
    pub fn joined(&self) -> String {
        self.0.join(" ")
    }

    /// With what the protocol adds, sorted, as sent.
    #[must_use]
    pub fn on_the_wire(&self) -> String {
        let mut all: Vec<&str> = self.0.iter().map(String::as_str).chain(RESERVED).collect();
        all.sort_unstable();
        all.join(" ")
    }

    /// The resource, if all is asked of one by `/.default`.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        match self.0.as_slice() {
            [only] => only.strip_suffix("/.default"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wish_one_key() {
        let a = Scopes::parse(["b a", "offline_access", "a"]).unwrap();
        assert_eq!(a, Scopes::parse(["a", "b"]).unwrap());
        assert_eq!(a.on_the_wire(), "a b offline_access openid profile");
    }

    #[test]
    fn a_guid_that_says_nothing_is_named() {
        let databricks = format!("{DATABRICKS}/.default");
        assert_eq!(
            Scopes::told(Scopes::databricks().as_slice()),
            format!("{databricks} (Azure Databricks)")
        );
        assert_eq!(
            Scopes::told(&["a".into(), databricks.clone()]),
            format!("a {databricks}")
        );
    }

    #[test]
    fn resource_keeps_its_slash() {
        assert_eq!(
            Scopes::of_resource("https://localhost/").unwrap().joined(),
            "https://localhost//.default"
        );
        assert_eq!(Scopes::of_resource("x/.default").unwrap().resource(), Some("x"));
        assert_eq!(Scopes::of_resource(DATABRICKS).unwrap(), Scopes::databricks());
    }

    #[test]
    fn what_is_refused() {
        assert!(Scopes::parse(["openid"]).is_err());
        assert!(Scopes::parse(["a\"b"]).is_err());
        assert!(Scopes::parse(["a\nb"]).is_err());
        assert!(Scopes::of_resource("").is_err());
    }
}
