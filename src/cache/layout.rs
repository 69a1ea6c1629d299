//! Where things lie: names that are hashes, so that a path costs the same however many logins there are.

use super::Cache;
use crate::request::{Authority, ClientId, Scopes};
use crate::secret::sha256_hex;
use std::path::PathBuf;

/// A login's identity: authority host and port, client, home account. One refresh token serves every tenant and
/// resource, so neither is part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LoginId(String);

impl LoginId {
    /// The id of a user's login.
    #[must_use]
    pub fn of(authority: &Authority, client: &ClientId, home_account_id: &str) -> Self {
        let parts = [&authority.key(), client.as_str(), &home_account_id.to_lowercase()].join("\n");
        Self(short(&parts))
    }

    /// An id as it stands in a file or a folder's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fine = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fine.then(|| Self(text.to_owned()))
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An access token's identity within a login: tenant and sorted scopes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenKey(String);

impl TokenKey {
    /// The key of a wish.
    #[must_use]
    pub fn of(tenant: &str, scopes: &Scopes) -> Self {
        Self(short(&format!("{tenant}\n{}", scopes.joined())))
    }

    pub(super) fn file_name(&self) -> String {
        format!("{TOKEN_PREFIX}{}.json", self.0)
    }
}

pub(super) const TOKEN_PREFIX: &str = "token-";
pub(super) const LOGIN_FILE: &str = "login.json";
pub(super) const REFUSALS_FILE: &str = "refusals.json";
pub(super) const READ_LOCK: &str = "read.lock";
pub(super) const WRITE_LOCK: &str = "write.lock";
pub(super) const REFRESH_LOCK: &str = "refresh.lock";

impl Cache<'_> {
    pub(super) fn logins_folder(&self) -> PathBuf {
        self.root.join("logins")
    }

    pub(super) fn login_folder(&self, id: &LoginId) -> PathBuf {
        let mut path = self.logins_folder();
        path.push(id.as_str());
        path
    }

    pub(super) fn pointers_folder(&self) -> PathBuf {
        self.root.join("pointers")
    }
}

/// 128 bits are plenty to tell a person's logins apart, and keep names short.
pub(super) fn short(text: &str) -> String {
    let mut hex = sha256_hex(text.as_bytes());
    hex.truncate(32);
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity() {
        let authority = Authority::parse("https://login.microsoftonline.com").unwrap();
        let id = LoginId::of(&authority, &ClientId::default(), "U.T");
        assert_eq!(id, LoginId::of(&authority, &ClientId::default(), "u.t"));
        assert_ne!(
            id,
            LoginId::of(
                &Authority::parse("https://localhost:1").unwrap(),
                &ClientId::default(),
                "u.t"
            )
        );
        assert_eq!(LoginId::parse(id.as_str()), Some(id));
        assert!(LoginId::parse("../../etc").is_none());
    }

    #[test]
    fn a_key_is_tenant_and_sorted_scopes() {
        let (a, b) = (Scopes::parse(["x y"]).unwrap(), Scopes::parse(["y", "x"]).unwrap());
        assert_eq!(TokenKey::of("t", &a), TokenKey::of("t", &b));
        assert_ne!(TokenKey::of("t", &a), TokenKey::of("u", &a));
    }
}
