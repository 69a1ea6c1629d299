//! All registrations, and what users consented to.

use std::collections::HashSet;
use std::sync::Mutex;

use crate::app::{AppRegistration, Consent};
use crate::directory::{Resource, User};
use crate::locked::locked;

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
