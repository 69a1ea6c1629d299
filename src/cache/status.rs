//! What is held, in words.

use super::forget::is_gone;
use super::{Cache, Login, LoginId, Pointer, Reach};
use crate::error::Error;
use crate::localtime;
use crate::status::{LoginStatus, RefusalStatus, Status, Storage, TokenStatus};

impl Cache<'_> {
    /// What is held of those logins, the default one first. Offline, without secrets.
    ///
    /// # Errors
    /// `store_unavailable` if the logins cannot be listed.
    pub fn status(&self, wanted: impl Fn(&Login) -> bool) -> Result<Status, Error> {
        let default = self.pointed(&Pointer::Default).and_then(|pointed| pointed.id());
        let all = self.logins()?;
        let mut logins: Vec<_> = all
            .usable
            .iter()
            .filter(|(_, login)| wanted(login))
            .map(|(id, login)| self.login_status(id, login, default.as_ref() == Some(id)))
            .collect();
        logins.sort_by_key(|login| !login.default);
        Ok(Status {
            storage: self.storage(),
            logins,
            notes: [all.broken, self.oddities()].concat(),
        })
    }

    fn login_status(&self, id: &LoginId, login: &Login, default: bool) -> LoginStatus {
        let now = self.world.clock.now();
        let offset = |epoch: i64| self.world.zone.offset_at(epoch);
        let tokens = self.tokens(id).into_iter().map(|token| TokenStatus {
            expiry: localtime::rfc3339(token.expires_on, &offset),
            expires_in: token.left(now),
            expires_on: token.expires_on,
            claims: crate::jwt::claims(token.access_token.expose()).map(serde_json::Value::Object),
            tenant: token.tenant,
            scope: token.scope,
        });
        let current = login.refresh_token.fingerprint();
        let refusals = self
            .refusals(id)
            .into_iter()
            .filter(|refusal| refusal.refresh_token == current)
            .map(|refusal| {
                let (tenant, scope) = match refusal.reach {
                    Reach::Wish { tenant, scope, .. } => (Some(tenant), scope),
                    Reach::Login | Reach::Throttled | Reach::Unreachable => (None, Vec::new()),
                };
                let code = refusal.kind.code().to_owned();
                RefusalStatus {
                    code,
                    scope,
                    tenant,
                    message: refusal.message,
                    until: refusal.until_ms.div_euclid(1000),
                }
            });
        LoginStatus {
            id: id.as_str().to_owned(),
            default,
            account: login.account.clone(),
            home_account_id: login.home_account_id.clone(),
            tenant: login.tenant.clone(),
            client_id: login.client_id.as_str().to_owned(),
            authority: login.authority.url(),
            flow: login.flow.clone(),
            signed_in_on: login.signed_in_on,
            refresh_token_obtained_on: login.refresh_token_obtained_on,
            tokens: tokens.collect(),
            refusals: refusals.collect(),
        }
    }

    fn storage(&self) -> Storage {
        let folder = self.pointers_folder();
        let there = self.world.files.look(&folder).is_ok_and(|facts| facts.is_folder);
        let path = self.home.display().to_string();
        let locks = there.then(|| self.can_lock(&folder));
        Storage {
            kind: "file",
            path,
            locks,
            writable: there.then(|| self.can_write(&folder)),
        }
    }

    fn can_write(&self, folder: &std::path::Path) -> bool {
        let path = folder.join(format!(".probe.{}.new", self.world.clock.now_ms()));
        let written = self.world.files.create(&path).is_ok();
        if written {
            let _ = self.world.files.remove(&path);
        }
        written
    }

    /// Files that were set aside, what a killed sign-out left, and folders that are wider than they should be.
    fn oddities(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let files = self.world.files.as_ref();
        if let Ok(facts) = files.look(&self.home)
            && facts.mode & 0o077 != 0
        {
            notes.push(format!(
                "others may look into `{}`; run: chmod 700 '{}'",
                self.home.display(),
                self.home.display()
            ));
        }
        for name in files.list(&self.logins_folder()).unwrap_or_default() {
            let folder = self.logins_folder().join(&name);
            if name.to_str().is_some_and(is_gone) {
                let path = folder.display();
                notes.push(format!(
                    "signed out, but not deleted yet: `{path}`; run: rm -r '{path}'"
                ));
                continue;
            }
            for name in files.list(&folder).unwrap_or_default() {
                if name.to_str().is_some_and(|name| name.contains(".aside-")) {
                    notes.push(format!(
                        "set aside earlier: `{}`; delete it if you do not need it",
                        folder.join(name).display()
                    ));
                }
            }
        }
        notes
    }
}
