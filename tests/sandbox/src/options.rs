//! What a sandbox is started with, and what can be changed while it runs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::directory::CONTOSO;
use crate::lifetime::Lifetime;

/// How a sandbox starts; `Options::default()` is an Entra ID on a good day, on free ports.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to listen; 0 takes any free port.
    pub ports: Ports,
    /// How the servers behave at first.
    pub settings: Settings,
}

/// A port for each of the two servers, with and without TLS.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    /// Entra ID over https.
    pub authority_https: u16,
    /// Entra ID over plain http.
    pub authority_http: u16,
    /// The workspace over https.
    pub workspace_https: u16,
    /// The workspace over plain http.
    pub workspace_http: u16,
    /// The control API, over plain http.
    pub control: u16,
}

/// How the servers behave from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The life of every access token minted from now on.
    pub lifetime: Lifetime,
    /// What happens to a refresh token that is used.
    pub rotation: Rotation,
    /// How long every answer is held back.
    pub latency_ms: u64,
    /// Seconds that the servers' clock is ahead of the machine's; it shows in `Date`, in the times inside of
    /// tokens and errors, and in what the workspace takes for expired.
    pub clock_skew: i64,
    /// Leaves `Date` away.
    pub no_date: bool,
    /// The tenant (GUID or domain) whose tokens the workspace takes.
    pub workspace_tenant: String,
    /// Who signs in at once, without a page: the user whom `login_hint` names, or else this one (principal name).
    /// It does all that a person would do: second factor, consent where users may, choice of account.
    pub auto_approve: Option<String>,
    /// Device codes are approved, for the user of `auto_approve`, at this poll (1: the first).
    pub device_auto_approve: Option<u32>,
    /// Seconds between two polls for a device code.
    pub device_interval: u64,
    /// Seconds that a device code lives.
    pub device_expires_in: u64,
    /// Characters of an authorization code.
    pub code_length: usize,
    /// Whether `/common/userrealm` is there; 404 if not.
    pub user_realm: bool,
    /// Rows on a page of Azure Resource Manager.
    pub arm_page_size: usize,
    /// Whether the workspace wants `X-Databricks-Azure-Workspace-Resource-Id`, as from users whom it does not know yet.
    pub resource_id_required: bool,
    /// A `Location` for `/aad/auth` in place of the true one: a hostile workspace.
    pub aad_auth_location: Option<String>,
}

/// What happens to a refresh token that is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// Every refresh brings a new one and the old one stays good: Entra's way.
    #[default]
    Rotate,
    /// Every refresh brings a new one, and whoever uses the old one again kills all of its family.
    RevokeOnReuse,
    /// The answer brings no refresh token; the old one stays good.
    Off,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lifetime: Lifetime::SEVENTY_FIVE_MINUTES,
            rotation: Rotation::default(),
            latency_ms: 0,
            clock_skew: 0,
            no_date: false,
            workspace_tenant: CONTOSO.id.to_owned(),
            auto_approve: None,
            device_auto_approve: None,
            device_interval: 5,
            device_expires_in: 900,
            code_length: 1100,
            user_realm: true,
            arm_page_size: 2,
            resource_id_required: false,
            aad_auth_location: None,
        }
    }
}

impl Settings {
    pub(crate) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }
}
