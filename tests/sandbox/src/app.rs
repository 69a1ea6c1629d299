//! App registrations: which clients there are, and what an administrator has switched on for each.

use std::collections::HashSet;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::directory::{AZURE_CLI, CONTOSO, OWN_APP, Resource, Tenant, User};
use crate::locked::locked;

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
        let fits = |registered: &String| same_redirect(registered, sent);
        if self.redirect_uris.iter().any(fits) {
            return Some(true);
        }
        self.web_redirect_uris.iter().any(fits).then_some(false)
    }
}

/// For `localhost` the port does not matter; everything else does, to the letter.
fn same_redirect(registered: &str, sent: &str) -> bool {
    fn without_port(uri: &str) -> Option<(&str, &str)> {
        let rest = uri.strip_prefix("http://localhost")?;
        match rest.strip_prefix(':') {
            None => Some(("", rest)),
            Some(rest) => {
                let port = rest.bytes().take_while(u8::is_ascii_digit).count();
                Some(rest.split_at(port))
            }
        }
    }
    match (without_port(registered), without_port(sent)) {
        (Some((_, registered)), Some((_, sent))) => {
            registered == sent && (sent.is_empty() || sent.starts_with(['/', '?']))
        }
        _ => registered == sent,
    }
}

/// All registrations, and what users consented to on the page.
pub(crate) struct Apps {
    registrations: Mutex<Vec<AppRegistration>>,
    consents: Mutex<HashSet<(String, &'static str, &'static str)>>,
}

impl Default for Apps {
    fn default() -> Self {
        Self {
            registrations: Mutex::new(vec![AppRegistration::azure_cli(), AppRegistration::default()]),
            consents: Mutex::default(),
        }
    }
}

impl Apps {
    pub(crate) fn list(&self) -> Vec<AppRegistration> {
        locked(&self.registrations).clone()
    }

    pub(crate) fn find(&self, client_id: &str) -> Option<AppRegistration> {
        let apps = locked(&self.registrations);
        apps.iter()
            .find(|app| app.client_id.eq_ignore_ascii_case(client_id))
            .cloned()
    }

    /// Registers `app`, in place of the one with its id.
    pub(crate) fn put(&self, app: AppRegistration) {
        let mut apps = locked(&self.registrations);
        apps.retain(|other| !other.client_id.eq_ignore_ascii_case(&app.client_id));
        apps.push(app);
    }

    /// Deletes a registration; says whether there was one.
    pub(crate) fn remove(&self, client_id: &str) -> bool {
        let mut apps = locked(&self.registrations);
        let before = apps.len();
        apps.retain(|app| !app.client_id.eq_ignore_ascii_case(client_id));
        apps.len() < before
    }

    /// Notes that `user` accepted on the consent page.
    pub(crate) fn accept(&self, app: &AppRegistration, user: &'static User, resource: &'static Resource) {
        locked(&self.consents).insert((app.client_id.to_ascii_lowercase(), user.upn, resource.id()));
    }

    /// Whether `user` or an administrator has consented.
    pub(crate) fn consented(&self, app: &AppRegistration, user: &'static User, resource: &'static Resource) -> bool {
        let key = (app.client_id.to_ascii_lowercase(), user.upn, resource.id());
        app.consent == Consent::Granted || locked(&self.consents).contains(&key)
    }

    /// As at the start.
    pub(crate) fn reset(&self) {
        *locked(&self.registrations) = Self::default().list();
        locked(&self.consents).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::same_redirect;

    #[test]
    fn only_the_port_of_localhost_does_not_matter() {
        for (registered, sent) in [
            ("http://localhost", "http://localhost:1234"),
            ("http://localhost:8400", "http://localhost"),
            ("http://localhost/done", "http://localhost:1/done"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ] {
            assert!(same_redirect(registered, sent), "{registered} {sent}");
        }
        for (registered, sent) in [
            ("http://localhost", "http://localhost:1234/"),
            ("http://localhost", "http://localhost.example"),
            ("http://localhost", "http://localhost:1@evil.example"),
            ("http://localhost", "http://127.0.0.1:1234"),
            ("http://localhost", "https://localhost:1234"),
            ("http://localhost/done", "http://localhost:1/Done"),
        ] {
            assert!(!same_redirect(registered, sent), "{registered} {sent}");
        }
    }
}
