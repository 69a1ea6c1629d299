//! Everything that the servers share.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::app::Apps;
use crate::clock::Clock;
use crate::directory::User;
use crate::entra::signin::Waiting;
use crate::error::Result;
use crate::fault::Faults;
use crate::http::gate::Gate;
use crate::locked::locked;
use crate::log::Log;
use crate::options::Settings;
use crate::policy::Policies;
use crate::refusal::Refusals;
use crate::token::code::Codes;
use crate::token::device::Devices;
use crate::token::jwt::Signer;
use crate::token::refresh::RefreshTokens;

/// One Entra ID and one workspace.
pub(crate) struct State {
    /// The authority's https address, which issues every token.
    pub(crate) authority: String,
    /// Its address without TLS, to which a workspace without TLS belongs.
    pub(crate) authority_http: String,
    /// The control API's address.
    pub(crate) control: String,
    pub(crate) clock: Clock,
    pub(crate) signer: Signer,
    pub(crate) refresh_tokens: RefreshTokens,
    pub(crate) codes: Codes,
    pub(crate) devices: Devices,
    pub(crate) signins: Waiting,
    /// Users of browser sessions by the hash of the cookie, and whether they had a second factor.
    sessions: Mutex<HashMap<String, (&'static User, bool)>>,
    pub(crate) apps: Apps,
    pub(crate) policies: Policies,
    pub(crate) faults: Faults,
    pub(crate) refusals: Refusals,
    /// Hashes of access tokens that the workspace does not take.
    rejected: Mutex<HashSet<String>>,
    pub(crate) log: Log,
    pub(crate) gate: Arc<Gate>,
    settings: Mutex<Settings>,
    at_start: Settings,
}

impl State {
    pub(crate) fn new(authority: String, authority_http: String, control: String, settings: Settings) -> Result<Self> {
        Ok(Self {
            authority,
            authority_http,
            control,
            clock: Clock::new(settings.clock_skew),
            signer: Signer::generate()?,
            refresh_tokens: RefreshTokens::default(),
            codes: Codes::default(),
            devices: Devices::default(),
            signins: Waiting::default(),
            sessions: Mutex::default(),
            apps: Apps::default(),
            policies: Policies::default(),
            faults: Faults::default(),
            refusals: Refusals::default(),
            rejected: Mutex::default(),
            log: Log::default(),
            gate: Arc::default(),
            settings: Mutex::new(settings.clone()),
            at_start: settings,
        })
    }

    /// How the servers behave; a copy, so that nobody holds the lock.
    pub(crate) fn settings(&self) -> Settings {
        locked(&self.settings).clone()
    }

    /// Makes the servers behave otherwise.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = locked(&self.settings);
        change(&mut settings);
        self.clock.set_skew(settings.clock_skew);
    }

    /// Hashes of access tokens that the workspace does not take.
    pub(crate) fn rejected(&self) -> MutexGuard<'_, HashSet<String>> {
        locked(&self.rejected)
    }

    /// Lets the workspace refuse the access token with this hash.
    pub(crate) fn reject(&self, sha256: &str) {
        let hash = sha256.trim_start_matches("sha256:").to_ascii_lowercase();
        self.rejected().insert(hash);
    }

    /// Browser sessions.
    pub(crate) fn sessions(&self) -> MutexGuard<'_, HashMap<String, (&'static User, bool)>> {
        locked(&self.sessions)
    }

    /// As at the start, but for the refresh tokens, which stay good.
    pub(crate) fn reset(&self) {
        let at_start = self.at_start.clone();
        self.change(|settings| *settings = at_start);
        self.signins.clear();
        self.sessions().clear();
        self.apps.reset();
        self.policies.clear();
        self.faults.clear();
        self.refusals.clear();
        self.rejected().clear();
        self.log.clear();
    }
}
