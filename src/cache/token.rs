//! `token-<key>.json`: one access token, and the hashes of those that a resource refused.

use super::file::Broken;
use super::layout::TOKEN_PREFIX;
use super::{Cache, LoginId, TokenKey, VERSION, time};
use crate::secret::{Fingerprint, Secret, json};
use crate::token::Credential;
use crate::world::files::Stamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use zeroize::Zeroizing;

/// How many token files a process that answers many calls remembers.
const MOST_SEEN: usize = 16;

/// What is held for one wish.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The token, unless a resource refused it.
    pub token: Option<Credential>,
    /// The claims that it was asked with.
    pub claims: Option<Fingerprint>,
    /// Tokens that were refused, until when each would have lived.
    pub rejected: Vec<Rejected>,
}

/// A token file that was read.
pub(super) struct Seen {
    path: PathBuf,
    stamp: Stamp,
    held: Held,
}

/// A token that a resource refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Its hash.
    pub token: Fingerprint,
    /// When it would have expired, epoch seconds.
    #[serde(deserialize_with = "time::seconds")]
    pub until: i64,
}

impl Held {
    /// Whether a token was refused.
    #[must_use]
    pub fn refuses(&self, token: &Fingerprint) -> bool {
        self.rejected.iter().any(|entry| entry.token == *token)
    }

    pub(super) fn to_json(&self, tenant: &str, scope: &[String]) -> Zeroizing<Vec<u8>> {
        let Self {
            token,
            claims,
            rejected,
        } = self;
        let wire = Written {
            version: VERSION,
            tenant,
            scope,
            claims: claims.as_ref(),
            rejected,
            token: token.as_ref().map(|credential| {
                let Credential {
                    access_token,
                    token_type,
                    obtained_ms,
                    expires_on,
                    refresh_on,
                    account,
                    scope: _,
                    tenant: _,
                } = credential;
                WrittenToken {
                    access_token: access_token.expose(),
                    token_type,
                    obtained_ms: *obtained_ms,
                    expires_on: *expires_on,
                    refresh_on: *refresh_on,
                    account: account.as_deref(),
                }
            }),
        };
        json(&wire, wire.token.as_ref().map_or(0, |token| token.access_token.len()))
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    tenant: &'a str,
    scope: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<&'a Fingerprint>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rejected: &'a [Rejected],
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<WrittenToken<'a>>,
}

#[derive(Serialize)]
struct WrittenToken<'a> {
    access_token: &'a str,
    token_type: &'a str,
    obtained_ms: i64,
    expires_on: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_on: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    tenant: String,
    scope: Vec<String>,
    claims: Option<Fingerprint>,
    #[serde(default)]
    rejected: Vec<Rejected>,
    token: Option<ReadToken>,
}

#[derive(Deserialize)]
struct ReadToken {
    access_token: Secret,
    token_type: String,
    #[serde(deserialize_with = "time::milliseconds")]
    obtained_ms: i64,
    #[serde(deserialize_with = "time::seconds")]
    expires_on: i64,
    #[serde(default, deserialize_with = "time::seconds_if_said")]
    refresh_on: Option<i64>,
    account: Option<String>,
}

impl Read {
    fn held(self) -> Held {
        let Self {
            version: _,
            tenant,
            scope,
            claims,
            rejected,
            token,
        } = self;
        let token = token.map(|read| Credential {
            access_token: read.access_token,
            token_type: read.token_type,
            obtained_ms: read.obtained_ms,
            expires_on: read.expires_on,
            refresh_on: read.refresh_on,
            scope,
            tenant,
            account: read.account,
        });
        Held {
            token,
            claims,
            rejected,
        }
    }
}

impl Cache<'_> {
    /// What is held for a wish: nothing if there is no file, or none that can be used (a refresh then sets it aside).
    #[must_use]
    pub fn held(&self, id: &LoginId, key: &TokenKey) -> Held {
        let Some(seen) = &self.seen else {
            return self.read_held(id, key);
        };
        let path = self.login_folder(id).join(key.file_name());
        // Before it is read: what is replaced meanwhile is read again the next time. A file that replaces another is never in
        // its place on the disk.
        let Ok(stamp) = self.world.files.stamp(&path) else {
            return self.read_held(id, key);
        };
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = seen.iter().find(|last| last.path == path && last.stamp == stamp) {
            return last.held.clone();
        }
        let held = self.read_held(id, key);
        seen.retain(|last| last.path != path);
        if seen.len() >= MOST_SEEN {
            seen.remove(0);
        }
        seen.push(Seen {
            path,
            stamp,
            held: held.clone(),
        });
        held
    }

    fn read_held(&self, id: &LoginId, key: &TokenKey) -> Held {
        let mut path = self.login_folder(id);
        let _reading = self.reading(&path);
        path.push(key.file_name());
        match self.read::<Read>(&path) {
            Ok(Some(read)) if read.version == VERSION => read.held(),
            Ok(_) => Held::default(),
            Err(broken) => {
                self.world
                    .note(format_args!("`{}` cannot be used: {}", path.display(), broken.why));
                Held::default()
            }
        }
    }

    /// What is wrong with a token file, if it is there and cannot be used.
    pub(super) fn broken_token(&self, path: &Path) -> Option<Broken> {
        match self.read::<Read>(path) {
            Ok(Some(read)) if read.version != VERSION => {
                Some(Broken::by_content(format!("it has the format {}", read.version)))
            }
            Ok(_) => None,
            Err(broken) => Some(broken),
        }
    }

    /// Every access token of a login.
    #[must_use]
    pub fn tokens(&self, id: &LoginId) -> Vec<Credential> {
        let folder = self.login_folder(id);
        let Ok(names) = self.world.files.list(&folder) else {
            return Vec::new();
        };
        let names = names.iter().filter_map(|name| name.to_str());
        names
            .filter(|name| name.starts_with(TOKEN_PREFIX) && name.ends_with(".json"))
            .filter_map(|name| self.read::<Read>(&folder.join(name)).ok().flatten())
            .filter(|read| read.version == VERSION)
            .filter_map(|read| read.held().token)
            .collect()
    }
}
