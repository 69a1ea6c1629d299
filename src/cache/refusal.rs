//! `refusals.json`: failures that are shared. It stands beside `login.json` and not in it, so that remembering a failure
//! never rewrites the refresh token.

use super::file::cannot_write;
use super::layout::REFUSALS_FILE;
use super::{Cache, LoginId, VERSION, time};
use crate::error::{EntraDetails, Error, Kind};
use crate::secret::Fingerprint;
use serde::{Deserialize, Serialize};

/// More are not worth remembering.
const KEPT: usize = 64;

/// A failure that is shared by all processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it holds for.
    pub reach: Reach,
    /// The refresh token that was refused.
    pub refresh_token: Fingerprint,
    /// When it happened, epoch milliseconds.
    pub at_ms: i64,
    /// Until when nobody need ask again, epoch milliseconds.
    pub until_ms: i64,
    /// The error code.
    pub kind: Kind,
    /// The cause.
    pub message: String,
    /// Lower-level causes.
    pub caused_by: Vec<String>,
    /// The remedy.
    pub hint: Option<String>,
    /// What the authority said.
    pub entra: Option<EntraDetails>,
}

/// What a refusal holds for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The refresh token is good for nothing any more.
    Login,
    /// The authority asked us to wait, whatever we want.
    Throttled,
    /// The authority could not be reached.
    Unreachable,
    /// One wish was refused.
    Wish {
        /// The tenant.
        tenant: String,
        /// The sorted scopes.
        scope: Vec<String>,
        /// The claims.
        #[serde(skip_serializing_if = "Option::is_none")]
        claims: Option<Fingerprint>,
    },
}

impl Refusal {
    /// The refusal as the error that it was.
    #[must_use]
    pub fn error(&self, now_ms: i64) -> Error {
        let mut error = Error::new(self.kind, self.message.clone());
        for cause in &self.caused_by {
            error = error.caused_by(cause);
        }
        if let Some(hint) = &self.hint {
            error = error.hint(hint.clone());
        }
        if let Some(entra) = &self.entra {
            error = error.entra(entra.clone());
        }
        if self.kind == Kind::Throttled {
            let left = (self.until_ms - now_ms).max(0);
            error = error.retry_after(u64::try_from(left).unwrap_or_default().div_ceil(1000));
        }
        error
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    reach: Reach,
    refresh_token: Fingerprint,
    #[serde(deserialize_with = "time::milliseconds")]
    at_ms: i64,
    #[serde(deserialize_with = "time::milliseconds")]
    until_ms: i64,
    code: String,
    message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    caused_by: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entra: Option<EntraDetails>,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    refusals: Vec<Wire>,
}

impl Cache<'_> {
    /// What is remembered and still holds. A file that cannot be used holds nothing.
    #[must_use]
    pub fn refusals(&self, id: &LoginId) -> Vec<Refusal> {
        let now = self.world.clock.now_ms();
        let file = self
            .read::<File>(&self.login_folder(id).join(REFUSALS_FILE))
            .ok()
            .flatten();
        let Some(file) = file.filter(|file| file.version == VERSION) else {
            return Vec::new();
        };
        // One from the future was written before the clock went back.
        let holds = |refusal: &Refusal| refusal.until_ms > now && refusal.at_ms <= now + 60_000;
        file.refusals.into_iter().filter_map(from_wire).filter(holds).collect()
    }

    /// Remembers a failure for all processes.
    ///
    /// # Errors
    /// `store_unavailable`; nothing is lost but the memory of a failure.
    pub fn remember(&self, id: &LoginId, refusal: Refusal) -> Result<(), Error> {
        let folder = self.login_folder(id);
        let _locks = self.writing(&folder);
        let mut refusals = self.refusals(id);
        refusals.retain(|have| have.reach != refusal.reach);
        refusals.push(refusal);
        let surplus = refusals.len().saturating_sub(KEPT);
        refusals.drain(..surplus);
        self.write_refusals(id, refusals)
            .map_err(|error| cannot_write("a refusal", &folder, &error))
    }

    /// Brings what is remembered up to date: `revised` keeps, changes or forgets each. Only under the writers' lock.
    pub(super) fn revise(&self, id: &LoginId, revised: impl Fn(Refusal) -> Option<Refusal>) {
        let have = self.refusals(id);
        let keep: Vec<_> = have.iter().cloned().filter_map(revised).collect();
        if keep != have {
            let _ = self.write_refusals(id, keep);
        }
    }

    fn write_refusals(&self, id: &LoginId, refusals: Vec<Refusal>) -> std::io::Result<()> {
        let file = File {
            version: VERSION,
            refusals: refusals.into_iter().map(to_wire).collect(),
        };
        let json = serde_json::to_vec_pretty(&file)?;
        self.replace(&self.login_folder(id), REFUSALS_FILE, &json, None)
            .map(drop)
    }
}

fn to_wire(refusal: Refusal) -> Wire {
    let Refusal {
        reach,
        refresh_token,
        at_ms,
        until_ms,
        kind,
        message,
        caused_by,
        hint,
        entra,
    } = refusal;
    Wire {
        reach,
        refresh_token,
        at_ms,
        until_ms,
        code: kind.code().to_owned(),
        message,
        caused_by,
        hint,
        entra,
    }
}

fn from_wire(wire: Wire) -> Option<Refusal> {
    let Wire {
        reach,
        refresh_token,
        at_ms,
        until_ms,
        code,
        message,
        caused_by,
        hint,
        entra,
    } = wire;
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code)?;
    Some(Refusal {
        reach,
        refresh_token,
        at_ms,
        until_ms,
        kind,
        message,
        caused_by,
        hint,
        entra,
    })
}
