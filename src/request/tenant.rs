//! `Tenant`: a directory, by GUID or domain, or one of Entra's collective names.

use super::no_control;

/// A tenant as it stands in an authority's path: letters, digits, `-` and `.` only, lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tenant(String);

impl Tenant {
    /// Reads a GUID, a domain, or `common`, `organizations`, `consumers`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        no_control(text, "tenant")?;
        let text = text.trim().to_ascii_lowercase();
        let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        if text.is_empty() || text.len() > 253 || text.starts_with('.') || !text.bytes().all(fine) {
            return Err(format!("tenant `{text}` is neither a GUID nor a domain"));
        }
        Ok(Self(text))
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names one tenant by its identifier.
    #[must_use]
    pub fn is_guid(&self) -> bool {
        let bytes = self.0.as_bytes();
        bytes.len() == 36
            && bytes.iter().enumerate().all(|(at, b)| match at {
                8 | 13 | 18 | 23 => *b == b'-',
                _ => b.is_ascii_hexdigit(),
            })
    }

    /// Whether it names no tenant in particular: the user's home tenant is meant.
    #[must_use]
    pub fn is_collective(&self) -> bool {
        matches!(self.0.as_str(), "common" | "organizations" | "consumers")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_tenant() {
        let guid = Tenant::parse("72F988BF-86f1-41af-91ab-2d7cd011db47").unwrap();
        assert!(guid.is_guid() && !guid.is_collective());
        assert!(!Tenant::parse("contoso.example").unwrap().is_guid());
        assert!(Tenant::parse("common").unwrap().is_collective());
        for text in ["", "a/b", "a b", "../x", "a\n", "ü.example", ".."] {
            assert!(Tenant::parse(text).is_err(), "{text:?}");
        }
    }
}
