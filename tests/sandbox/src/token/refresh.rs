//! Refresh tokens: opaque, kept by their hash, good for one user and one client in every tenant and for every resource.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::directory::User;
use crate::entra::error::Refused;
use crate::locked::locked;
use crate::options::Rotation;
use crate::random::{base64url, bytes, sha256};

/// Bytes in a refresh token, which makes 1,202 characters: about what Entra sends.
const SIZE: usize = 900;

/// All refresh tokens ever minted, by hash.
#[derive(Default)]
pub(crate) struct RefreshTokens(Mutex<Vault>);

#[derive(Default)]
struct Vault {
    records: HashMap<String, Record>,
    families: u64,
}

#[derive(Clone)]
struct Record {
    user: &'static User,
    client: String,
    /// Whether the sign-in had a second factor.
    mfa: bool,
    /// The sign-in from which this token descends.
    family: u64,
    /// Whether it was used, under a rotation that cares.
    spent: bool,
    /// The AADSTS code with which it is refused.
    dead: Option<u32>,
}

/// Which refresh tokens to kill.
pub(crate) enum Which<'a> {
    All,
    OfUser(&'a User),
    Token(&'a str),
    Hash(&'a str),
}

impl RefreshTokens {
    /// A new one from a new sign-in.
    pub(crate) fn mint(&self, user: &'static User, client: &str, mfa: bool) -> String {
        let mut vault = locked(&self.0);
        vault.families += 1;
        let record = Record {
            user,
            client: client.to_owned(),
            mfa,
            family: vault.families,
            spent: false,
            dead: None,
        };
        vault.put(record)
    }

    /// The user whose `token` this is, if `client` may use it, and whether the sign-in had a second factor.
    pub(crate) fn check(&self, token: &str, client: &str) -> Result<(&'static User, bool), Refused> {
        let record = locked(&self.0).live(token, client)?;
        Ok((record.user, record.mfa))
    }

    /// Uses `token`: what replaces it, if anything does. Two calls at once are told apart here, by the lock.
    pub(crate) fn redeem(&self, token: &str, client: &str, rotation: Rotation) -> Result<Option<String>, Refused> {
        let mut vault = locked(&self.0);
        let record = vault.live(token, client)?;
        match rotation {
            Rotation::Off => Ok(None),
            Rotation::Rotate => Ok(Some(vault.put(record))),
            Rotation::RevokeOnReuse if record.spent => {
                let members = vault.records.values_mut();
                members
                    .filter(|member| member.family == record.family)
                    .for_each(|member| member.dead = Some(50173));
                Err(Refused::new(54005).suberror("bad_token"))
            }
            Rotation::RevokeOnReuse => {
                if let Some(used) = vault.records.get_mut(&sha256(token)) {
                    used.spent = true;
                }
                Ok(Some(vault.put(record)))
            }
        }
    }

    /// Lets tokens be refused with `code` from now on; gives how many were alive.
    pub(crate) fn kill(&self, which: &Which<'_>, code: u32) -> usize {
        let mut vault = locked(&self.0);
        let hashes: HashSet<String> = match which {
            Which::Token(token) => [sha256(token)].into(),
            Which::Hash(hash) => [(*hash).trim_start_matches("sha256:").to_owned()].into(),
            Which::All => vault.records.keys().cloned().collect(),
            Which::OfUser(user) => {
                let of_user = vault.records.iter().filter(|(_, record)| record.user == *user);
                of_user.map(|(hash, _)| hash.clone()).collect()
            }
        };
        let dying = vault
            .records
            .iter_mut()
            .filter(|(hash, record)| hashes.contains(*hash) && record.dead.is_none());
        dying.map(|(_, record)| record.dead = Some(code)).count()
    }
}

impl Vault {
    /// Keeps a successor of `record` and gives its token.
    fn put(&mut self, record: Record) -> String {
        let token = format!("1.{}", base64url(bytes::<SIZE>()));
        let record = Record { spent: false, ..record };
        self.records.insert(sha256(&token), record);
        token
    }

    fn live(&self, token: &str, client: &str) -> Result<Record, Refused> {
        let Some(record) = self.records.get(&sha256(token)) else {
            let well_formed = token
                .strip_prefix("1.")
                .is_some_and(|body| URL_SAFE_NO_PAD.decode(body).is_ok());
            return Err(Refused::new(if well_formed { 70000 } else { 9_002_313 }));
        };
        if let Some(code) = record.dead {
            return Err(Refused::new(code));
        }
        if record.client != client {
            return Err(Refused::new(700_007));
        }
        Ok(record.clone())
    }
}
