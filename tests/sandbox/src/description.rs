//! What a sandbox says about itself: the one line that `serve` prints.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::directory::{AZURE_CLI, TENANTS, USERS};

/// Where everything is. It holds refresh tokens, which open nothing but this sandbox.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// Entra ID over https: `https://localhost:PORT`.
    pub authority: String,
    /// Entra ID over plain http.
    pub authority_http: String,
    /// The workspace over https.
    pub workspace: String,
    /// The workspace over plain http.
    pub workspace_http: String,
    /// Entra ID behind a certificate of an unknown authority.
    pub authority_unknown_ca: String,
    /// Entra ID behind a certificate for another name.
    pub authority_wrong_name: String,
    /// Azure Resource Manager; also at `authority` itself, where the Azure CLI may look for it.
    pub resource_manager: String,
    /// What Azure Resource Manager calls the workspace.
    pub workspace_resource_id: &'static str,
    /// The control API, over plain http.
    pub control: String,
    /// The file with the certificate authority in PEM.
    pub ca_file: String,
    /// The public client of the Azure CLI.
    pub client_id: &'static str,
    /// An organization's own registration, every switch of it right.
    pub own_client_id: &'static str,
    /// The tenant of the workspace at start.
    pub tenant: &'static str,
    /// Domain by tenant GUID.
    pub tenants: BTreeMap<&'static str, &'static str>,
    /// User principal names.
    pub users: Vec<&'static str>,
    /// A fresh refresh token for each user.
    pub refresh_tokens: BTreeMap<&'static str, String>,
}

impl Description {
    pub(crate) fn tenants() -> BTreeMap<&'static str, &'static str> {
        TENANTS.into_iter().map(|tenant| (tenant.id, tenant.domain)).collect()
    }

    pub(crate) fn users() -> Vec<&'static str> {
        USERS.into_iter().map(|user| user.upn).collect()
    }

    pub(crate) const CLIENT: &'static str = AZURE_CLI;
}
