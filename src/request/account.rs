//! `Account`: as whom.

use super::no_control;

/// A user name (UPN) or a home account id (`uid.utid`), compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account(String);

impl Account {
    /// Reads an account.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        no_control(text, "account")?;
        let text = text.trim();
        if text.is_empty() || text.len() > 320 {
            return Err("account must be a user name such as `ana@contoso.example`".to_owned());
        }
        Ok(Self(text.to_lowercase()))
    }

    /// The text form, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this account is meant by a user name or a home account id.
    #[must_use]
    pub fn matches(&self, other: &str) -> bool {
        other.to_lowercase() == self.0
    }
}
