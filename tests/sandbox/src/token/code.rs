//! Authorization codes (RFC 6749 §4.1.2): kept by their hash, good once, for ten minutes.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;

use crate::directory::User;
use crate::entra::error::Refused;
use crate::entra::tenant::Named;
use crate::locked::locked;
use crate::random::{self, sha256};

/// Seconds.
const LIFE: u64 = 600;

/// What a code stands for.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) user: &'static User,
    pub(crate) tenant: Named,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    /// Whether the redirect URI is one of "mobile and desktop".
    pub(crate) native: bool,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// `code_challenge`, always S256.
    pub(crate) challenge: Option<String>,
    pub(crate) claims: Option<Value>,
    pub(crate) mfa: bool,
}

/// All codes ever issued, by hash.
#[derive(Default)]
pub(crate) struct Codes(Mutex<HashMap<String, Issued>>);

struct Issued {
    grant: Grant,
    expires: u64,
    used: bool,
}

impl Codes {
    /// A new code of `length` characters.
    pub(crate) fn issue(&self, grant: Grant, now: u64, length: usize) -> String {
        let code = format!("1.{}", random::text(length.saturating_sub(2)));
        let issued = Issued {
            grant,
            expires: now + LIFE,
            used: false,
        };
        locked(&self.0).insert(sha256(&code), issued);
        code
    }

    /// What `code` stands for, if it is still good.
    pub(crate) fn look(&self, code: &str, now: u64) -> Result<Grant, Refused> {
        let codes = locked(&self.0);
        let issued = codes
            .get(&sha256(code))
            .ok_or_else(|| Refused::new(if code.starts_with("1.") { 70000 } else { 9_002_313 }))?;
        if issued.used {
            return Err(Refused::new(54005));
        }
        if issued.expires <= now {
            return Err(Refused::new(70008));
        }
        Ok(issued.grant.clone())
    }

    /// Uses `code` up; of two calls at once, one gets through.
    pub(crate) fn spend(&self, code: &str) -> Result<(), Refused> {
        match locked(&self.0).get_mut(&sha256(code)) {
            Some(issued) if !issued.used => {
                issued.used = true;
                Ok(())
            }
            _ => Err(Refused::new(54005)),
        }
    }
}
