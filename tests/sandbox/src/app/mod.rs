//! App registrations: which clients there are, and what an administrator has switched on for each.

use serde::{Deserialize, Serialize};

use crate::directory::{AZURE_CLI, CONTOSO, OWN_APP, Resource, Tenant, User};

mod redirect;
mod store;

pub(crate) use store::Apps;

/// An application, with its switches. `AppRegistration::default()` has every switch right, so a test turns one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppRegistration {
    /// The application (client) id.
    pub client_id: String,
    /// Display name.
    pub name: String,
    /// Where it is registered: GUID or domain.
    pub tenant: String,
    /// Whether other tenants know it too.
    pub multi_tenant: bool,
    /// "Allow public client flows": device code and password (else AADSTS7000218).
    pub public_client_flows: bool,
    /// Redirect URIs of the kind "mobile and desktop", whose codes are redeemed without a secret.
    pub redirect_uris: Vec<String>,
    /// Redirect URIs of the kind "web", whose codes are not (AADSTS7000218).
    pub web_redirect_uris: Vec<String>,
    /// API permissions, such as `AzureDatabricks/user_impersonation` (else AADSTS650057); `*` for all.
    pub permissions: Vec<String>,
    /// Whether these were consented to.
    pub consent: Consent,
    /// "Assignment required": only for `assigned` (else AADSTS50105).
    pub assignment_required: bool,
    /// Principal names of the users who are assigned.
    pub assigned: Vec<String>,
    /// A client secret.
    pub secret: Option<String>,
    /// Whether that secret is too old (AADSTS7000222).
    pub secret_expired: bool,
    /// Whether sign-in is switched off (AADSTS7000112).
    pub disabled: bool,
}

/// Who has consented to an application's permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// An administrator, for everybody.
    #[default]
    Granted,
    /// Nobody yet; every user may, on the consent page (AADSTS65001 where nobody can be asked).
    ByUser,
    /// Nobody yet, and only an administrator may (AADSTS90094 on the page, 65001 elsewhere).
    AdminRequired,
}

impl Default for AppRegistration {
    fn default() -> Self {
        let own = |text: &str| text.to_owned();
        Self {
            client_id: own(OWN_APP),
            name: own("Our command line"),
            tenant: own(CONTOSO.id),
            multi_tenant: false,
            public_client_flows: true,
            redirect_uris: vec![own("http://localhost")],
            web_redirect_uris: Vec::new(),
            permissions: ["AzureDatabricks/user_impersonation", "Microsoft Graph/User.Read"]
                .map(own)
                .to_vec(),
            consent: Consent::Granted,
            assignment_required: false,
            assigned: Vec::new(),
            secret: None,
            secret_expired: false,
            disabled: false,
        }
    }
}

impl AppRegistration {
    /// The Azure CLI: every tenant knows it, and every resource of the sandbox has authorized it beforehand.
    pub fn azure_cli() -> Self {
        Self {
            client_id: AZURE_CLI.to_owned(),
            name: "Microsoft Azure CLI".to_owned(),
            multi_tenant: true,
            permissions: vec!["*".to_owned()],
            redirect_uris: vec![
                "http://localhost".to_owned(),
                "https://login.microsoftonline.com/common/oauth2/nativeclient".to_owned(),
            ],
            ..Self::default()
        }
    }

    /// Whether `tenant` knows it.
    pub(crate) fn known_in(&self, tenant: &Tenant) -> bool {
        self.multi_tenant || Tenant::named(&self.tenant) == Some(tenant)
    }

    /// Whether it has a permission of `resource`.
    pub(crate) fn permits(&self, resource: &Resource) -> bool {
        self.permissions.iter().any(|permission| {
            let of = permission.rsplit_once('/').map_or("", |(of, _)| of);
            permission == "*" || of == resource.name || Resource::named(of) == Some(resource)
        })
    }

    /// Whether `user` may use it.
    pub(crate) fn admits(&self, user: &User) -> bool {
        let is = |upn: &String| upn.eq_ignore_ascii_case(user.upn);
        !self.assignment_required || self.assigned.iter().any(is)
    }

    /// The kind of the redirect URI that `sent` fits, if any: true for "mobile and desktop".
    pub(crate) fn redirect(&self, sent: &str) -> Option<bool> {
        let fits = |registered: &String| redirect::same(registered, sent);
        if self.redirect_uris.iter().any(fits) {
            return Some(true);
        }
        self.web_redirect_uris.iter().any(fits).then_some(false)
    }
}
