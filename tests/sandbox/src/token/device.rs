//! Device codes (RFC 8628): what waits for a person on another machine.

use std::sync::Mutex;

use serde_json::Value;

use crate::directory::User;
use crate::entra::error::Refused;
use crate::entra::tenant::Named;
use crate::locked::locked;
use crate::random::{self, sha256};

/// Characters of a user code that nobody mistakes for one another.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";

/// What a device has asked for.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) client: String,
    pub(crate) tenant: Named,
    pub(crate) scope: String,
    pub(crate) claims: Option<Value>,
}

/// What a person has answered.
#[derive(Clone)]
pub(crate) enum Standing {
    Waiting,
    Approved { user: &'static User, mfa: bool },
    Declined,
    Refused(Refused),
    Used,
}

/// All device codes ever issued.
#[derive(Default)]
pub(crate) struct Devices(Mutex<Vec<Issued>>);

struct Issued {
    hash: String,
    user_code: String,
    request: Request,
    expires: u64,
    interval_ms: u64,
    polled_ms: Option<u64>,
    polls: u32,
    standing: Standing,
}

/// Seconds since the epoch, and milliseconds that no skew changes.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: u64,
    pub(crate) uptime_ms: u64,
}

impl Devices {
    /// A new device code and its user code.
    pub(crate) fn issue(&self, request: Request, expires: u64, interval: u64) -> (String, String) {
        let device_code = random::text(210);
        let user_code: String = random::bytes::<9>()
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
            .collect();
        locked(&self.0).push(Issued {
            hash: sha256(&device_code),
            user_code: user_code.clone(),
            request,
            expires,
            interval_ms: interval * 1000,
            polled_ms: None,
            polls: 0,
            standing: Standing::Waiting,
        });
        (device_code, user_code)
    }

    /// What waits for `user_code`, in any case.
    pub(crate) fn waiting(&self, user_code: &str, now: u64) -> Result<Request, Refused> {
        let user_code = user_code.trim();
        let devices = locked(&self.0);
        let issued = devices
            .iter()
            .find(|issued| issued.user_code.eq_ignore_ascii_case(user_code))
            .ok_or_else(|| Refused::new(70018))?;
        match issued.standing {
            Standing::Waiting if issued.expires > now => Ok(issued.request.clone()),
            Standing::Waiting => Err(Refused::new(70020)),
            _ => Err(Refused::new(70018)),
        }
    }

    /// The user codes that wait for an answer, the newest last.
    pub(crate) fn user_codes(&self) -> Vec<String> {
        let devices = locked(&self.0);
        let waiting = devices
            .iter()
            .filter(|issued| matches!(issued.standing, Standing::Waiting));
        waiting.map(|issued| issued.user_code.clone()).collect()
    }

    /// Answers for `user_code`; false where nothing waits for it.
    pub(crate) fn answer(&self, user_code: &str, standing: Standing) -> bool {
        let user_code = user_code.trim();
        let mut devices = locked(&self.0);
        let waiting = devices.iter_mut().find(|issued| {
            issued.user_code.eq_ignore_ascii_case(user_code) && matches!(issued.standing, Standing::Waiting)
        });
        let answered = waiting.map(|issued| issued.standing = standing);
        answered.is_some()
    }

    /// One poll of the device: what was asked for, how it was answered, and how often it has been asked about. Too
    /// early is `slow_down`, as RFC 8628 §3.5 has it.
    pub(crate) fn poll(&self, device_code: &str, moment: Moment) -> Result<(Request, Standing, u32), Refused> {
        let hash = sha256(device_code);
        let mut devices = locked(&self.0);
        let issued = devices
            .iter_mut()
            .find(|issued| issued.hash == hash)
            .ok_or_else(|| Refused::new(70018))?;
        issued.polls += 1;
        let before = issued.polled_ms.replace(moment.uptime_ms);
        if issued.expires <= moment.now {
            return Err(Refused::new(70019));
        }
        // A tenth is for the way: what left in time may arrive early, next to what was held up.
        let early = |before: u64| moment.uptime_ms.saturating_sub(before) < issued.interval_ms * 9 / 10;
        if before.is_some_and(early) {
            return Err(Refused::new(70016).error("slow_down"));
        }
        Ok((issued.request.clone(), issued.standing.clone(), issued.polls))
    }

    /// The user code of a device code.
    pub(crate) fn user_code(&self, device_code: &str) -> Option<String> {
        let hash = sha256(device_code);
        let devices = locked(&self.0);
        let issued = devices.iter().find(|issued| issued.hash == hash);
        issued.map(|issued| issued.user_code.clone())
    }

    /// Uses `device_code` up; of two calls at once, one gets through.
    pub(crate) fn spend(&self, device_code: &str) -> Result<(), Refused> {
        let hash = sha256(device_code);
        let mut devices = locked(&self.0);
        let approved = devices
            .iter_mut()
            .find(|issued| issued.hash == hash && matches!(issued.standing, Standing::Approved { .. }));
        approved
            .map(|issued| issued.standing = Standing::Used)
            .ok_or_else(|| Refused::new(54005))
    }
}
