//! Storing what a sign-in or a refresh brought, so that nothing is lost: the refresh token first, and never over a newer
//! one.

use super::file::cannot_write;
use super::layout::LOGIN_FILE;
use super::lock::Busy;
use super::refusal::{Reach, Refusal};
use super::token::Rejected;
use super::{Cache, Login, LoginId, TokenKey};
use crate::error::{Error, Kind};
use crate::request::Scopes;
use crate::secret::{Fingerprint, Secret};
use crate::token::Credential;
use std::io;
use std::path::Path;

/// How many sign-outs at the same moment a sign-in outlasts.
const SIGN_OUTS: u32 = 100;

/// What became of a refreshed token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Refresh token and access token are held.
    Kept,
    /// Somebody signed in meanwhile: the newer refresh token stays, only the access token was added.
    NewerLogin,
    /// Somebody signed out meanwhile: discarded.
    Gone,
    /// The authority issued a token again that a resource had refused: discarded.
    RejectedAgain,
}

impl Cache<'_> {
    /// Stores the answer to a refresh with the refresh token `redeemed`.
    ///
    /// # Errors
    /// `cache_busy` or `store_unavailable`; what was held stays as it was.
    pub fn store_refreshed(
        &self,
        id: &LoginId,
        redeemed: &Fingerprint,
        refresh_token: Option<&Secret>,
        token: &Credential,
        claims: Option<Fingerprint>,
    ) -> Result<Stored, Error> {
        let folder = self.login_folder(id);
        let _locks = match self.writing(&folder) {
            Ok(locks) => locks,
            Err(Busy) => return Err(busy(&folder)),
        };
        let Some(mut login) = self.login(id)? else {
            return Ok(Stored::Gone);
        };
        self.sweep(&folder);
        let current = login.refresh_token.fingerprint() == *redeemed;
        match refresh_token {
            Some(new) if current && new.fingerprint() != *redeemed => {
                login.refresh_token = new.clone();
                login.refresh_token_obtained_on = token.obtained_ms.div_euclid(1000);
                self.replace(&folder, LOGIN_FILE, &login.to_json(), None)
                    .map_err(|error| cannot_write("the new refresh token", &folder, &error))?;
            }
            _ => {}
        }
        let stored = self
            .store_token(id, token, claims)
            .map_err(|error| cannot_write("the access token", &folder, &error))?;
        if !stored {
            return Ok(Stored::RejectedAgain);
        }
        let held = login.refresh_token.fingerprint();
        self.revise(id, |refusal| match &refusal.reach {
            // Disproved.
            Reach::Login | Reach::Unreachable => None,
            Reach::Wish { tenant, scope, .. } if *tenant == token.tenant && *scope == token.scope => None,
            // What else the redeemed refresh token was refused, the one in its place would be refused as well.
            _ if current && refusal.refresh_token == *redeemed => Some(Refusal {
                refresh_token: held.clone(),
                ..refusal
            }),
            _ => Some(refusal),
        });
        Ok(if current { Stored::Kept } else { Stored::NewerLogin })
    }

    /// Stores a sign-in with its first access token, replacing an earlier one of the same account. Returns what a person
    /// should know: files that were set aside.
    ///
    /// # Errors
    /// `cache_busy` or `store_unavailable`; an earlier login stays as it was.
    pub fn store_login(&self, login: &Login, token: &Credential) -> Result<Vec<String>, Error> {
        let folder = self.login_folder(&login.id());
        let mut again = SIGN_OUTS;
        loop {
            self.make_folders(&folder)
                .map_err(|error| cannot_write("the login", &folder, &error))?;
            let _locks = match self.writing_for_a_person(&folder) {
                Ok(locks) => locks,
                Err(Busy) => return Err(busy(&folder)),
            };
            match self.write_login(&folder, login, token) {
                Ok(notes) => {
                    let _ = self.clear_gone();
                    return Ok(notes);
                }
                // A sign-out took the folder away under our hands; this sign-in comes after it.
                Err(error) if error.kind() == io::ErrorKind::NotFound && again > 0 => again -= 1,
                Err(error) => return Err(cannot_write("the login", &folder, &error)),
            }
        }
    }

    fn write_login(&self, folder: &Path, login: &Login, token: &Credential) -> io::Result<Vec<String>> {
        let id = login.id();
        let broken = self.read_login(&id).err();
        self.sweep(folder);
        let told = self.replace(folder, LOGIN_FILE, &login.to_json(), broken.as_ref())?;
        self.revise(&id, |_| None);
        self.store_token(&id, token, None)?;
        Ok(told.into_iter().collect())
    }

    /// Drops a token that a resource refused, if it is still the held one, and keeps its hash until it would have expired.
    ///
    /// # Errors
    /// `cache_busy` or `store_unavailable`.
    pub fn reject(&self, id: &LoginId, key: &TokenKey, refused: &Fingerprint) -> Result<(), Error> {
        let folder = self.login_folder(id);
        let _locks = match self.writing(&folder) {
            Ok(locks) => locks,
            Err(Busy) => return Err(busy(&folder)),
        };
        let mut held = self.held(id, key);
        let Some(token) = held.token.take_if(|token| token.fingerprint() == *refused) else {
            return Ok(());
        };
        held.rejected.push(Rejected {
            token: refused.clone(),
            until: token.expires_on,
        });
        held.claims = None;
        let json = held.to_json(&token.tenant, &token.scope);
        self.replace(&folder, &key.file_name(), &json, None)
            .map(drop)
            .map_err(|error| cannot_write("that the token was refused", &folder, &error))
    }

    /// Whether the token was stored; not if a resource had refused it.
    fn store_token(&self, id: &LoginId, token: &Credential, claims: Option<Fingerprint>) -> io::Result<bool> {
        let folder = self.login_folder(id);
        let scopes = Scopes::parse(token.scope.iter().map(String::as_str)).map_err(io::Error::other)?;
        let key = TokenKey::of(&token.tenant, &scopes);
        let mut held = self.held(id, &key);
        if held.refuses(&token.fingerprint()) {
            return Ok(false);
        }
        let broken = self.broken_token(&folder.join(key.file_name()));
        let now = self.world.clock.now();
        held.rejected.retain(|entry| entry.until > now);
        held.token = Some(token.clone());
        held.claims = claims;
        let json = held.to_json(&token.tenant, &token.scope);
        self.replace(&folder, &key.file_name(), &json, broken.as_ref())?;
        Ok(true)
    }
}

fn busy(folder: &Path) -> Error {
    Error::new(
        Kind::CacheBusy,
        format!("another process has been writing in `{}` for seconds", folder.display()),
    )
    .hint("repeat the command; if it persists, look for a stopped `entra-token` process")
}
