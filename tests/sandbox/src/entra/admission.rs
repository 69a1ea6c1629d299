//! Who may have a token of what: the client, the account, the registration's switches, the policies.

use crate::app::{AppRegistration, Consent};
use crate::directory::{Account, Resource, Tenant, User};
use crate::entra::error::Refused;
use crate::entra::tenant::Named;
use crate::policy::{Case, Flow};
use crate::state::State;

/// Somebody who wants a token for a resource.
pub(crate) struct Visit<'a> {
    pub(crate) app: &'a AppRegistration,
    pub(crate) tenant: Named,
    pub(crate) user: &'static User,
    pub(crate) resource: &'static Resource,
    pub(crate) flow: Flow,
    /// Whether the sign-in had a second factor.
    pub(crate) mfa: bool,
}

/// The application of this id, if the tenant knows it.
pub(crate) fn client(state: &State, tenant: Named, client_id: &str) -> Result<AppRegistration, Refused> {
    let unknown = || Refused::new(700_016).about(client_id);
    let app = state.apps.find(client_id).ok_or_else(unknown)?;
    match tenant {
        Named::One(tenant) if !app.known_in(tenant) => Err(unknown()),
        Named::Common | Named::Organizations if !app.multi_tenant => Err(Refused::new(50194).about(client_id)),
        _ if app.disabled => Err(Refused::new(7_000_112).about(client_id)),
        _ => Ok(app),
    }
}

/// Whether the account can be used.
pub(crate) fn account(user: &User) -> Result<(), Refused> {
    match user.account {
        Account::Usable => Ok(()),
        Account::Locked => Err(Refused::new(50053)),
        Account::Disabled => Err(Refused::new(50057)),
        Account::PasswordExpired => Err(Refused::new(50055)),
    }
}

/// Whether the registration lists a permission of `resource`.
pub(crate) fn permitted(app: &AppRegistration, resource: &Resource) -> Result<(), Refused> {
    if app.permits(resource) {
        Ok(())
    } else {
        Err(Refused::new(650_057).about(&app.client_id))
    }
}

/// Everything, where nobody can be asked: the tenant of the token, or the first thing that is in the way.
pub(crate) fn admit(state: &State, visit: &Visit<'_>) -> Result<&'static Tenant, Refused> {
    let Visit {
        app, user, resource, ..
    } = visit;
    let tenant = visit.enter()?;
    permitted(app, resource)?;
    if let Some(refused) = visit.blocked(state) {
        return Err(refused);
    }
    if let Some(refused) = visit.second_factor(state) {
        return Err(refused);
    }
    if state.apps.consented(app, user, resource) {
        Ok(tenant)
    } else {
        Err(Refused::new(65001).about(&app.client_id))
    }
}

impl Visit<'_> {
    /// The tenant of the token, for an account that can be used and is assigned.
    pub(crate) fn enter(&self) -> Result<&'static Tenant, Refused> {
        account(self.user)?;
        let tenant = self.tenant.of(self.user)?;
        if self.app.admits(self.user) {
            Ok(tenant)
        } else {
            Err(Refused::new(50105).about(&self.app.client_id))
        }
    }

    /// A policy that nothing here satisfies.
    pub(crate) fn blocked(&self, state: &State) -> Option<Refused> {
        state.policies.block(&self.case())
    }

    /// The refusal that a second factor would lift.
    pub(crate) fn second_factor(&self, state: &State) -> Option<Refused> {
        state.policies.second_factor(&self.case())
    }

    /// Whether a person must consent first; refused if that must be an administrator.
    pub(crate) fn consent_page(&self, state: &State) -> Result<bool, Refused> {
        match self.app.consent {
            _ if state.apps.consented(self.app, self.user, self.resource) => Ok(false),
            Consent::AdminRequired => Err(Refused::new(90094).about(&self.app.client_id)),
            Consent::Granted | Consent::ByUser => Ok(true),
        }
    }

    fn case(&self) -> Case<'_> {
        Case {
            user: self.user,
            resource: self.resource,
            client: &self.app.client_id,
            flow: self.flow,
            mfa: self.mfa,
        }
    }
}
