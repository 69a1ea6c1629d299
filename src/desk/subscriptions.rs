//! Subscriptions of Azure: what is held of them, and asking Azure Resource Manager for them with a token of the login.

use super::Desk;
use crate::cache::{Listed, Login, LoginId, Pointed, Pointer};
use crate::clouds;
use crate::entra::resource_manager::{self, KnownTenant};
use crate::error::{Error, Kind};
use crate::request::{Account, Ask, Authority, Scopes, Selectors, Tenant, Terms};
use crate::secret::Secret;
use crate::services::{AzureLogin, LoginSummary, Look, Subscription, Subscriptions, Tokens};
use std::time::Duration;

/// How long everything may take that asks Azure Resource Manager: some callers give up after 10 seconds.
const LIMIT: Duration = Duration::from_secs(8);

/// After so many seconds a list is worth asking for again.
const OLD: i64 = 86_400;

/// After so many seconds a failure is.
const FAILED: i64 = 300;

/// So many tenants are asked, the login's own first.
const MOST_TENANTS: usize = 20;

/// What tokens for Azure Resource Manager are for, where nobody knows better.
const PUBLIC: &str = "https://management.core.windows.net/";

impl Subscriptions for Desk<'_> {
    fn in_use(&self, ask: &Ask) -> Result<AzureLogin, Error> {
        let request = self.resolve(ask)?.request;
        let place = self.cache().locate_living(&request)?;
        let authority = Authority::parse(&place.pointed.authority).map_err(|why| Error::new(Kind::Internal, why))?;
        // Whoever names a tenant does not mean the one of a subscription.
        let in_use = match &request.tenant {
            Some(tenant) if !tenant.is_collective() => None,
            _ => self.cache().subscription_in_use(&place.id),
        };
        let login = LoginSummary {
            id: place.id.as_str().to_owned(),
            account: place.pointed.account,
            tenant: place.tenant,
        };
        Ok(self.azure_login(login, &authority, in_use, Vec::new()))
    }

    fn subscriptions(&self, look: Look) -> Result<Vec<AzureLogin>, Error> {
        let default = self.cache().pointed(&Pointer::Default).and_then(|pointed| pointed.id());
        let mut logins = self.cache().logins()?.usable;
        logins.sort_by_key(|(id, _)| default.as_ref() != Some(id));
        let until = self.world.clock.monotonic() + LIMIT;
        let known = |(id, login): (LoginId, Login)| {
            let subscriptions = self.known(&id, &login, look, until);
            let summary = LoginSummary {
                id: id.as_str().to_owned(),
                account: login.account,
                tenant: login.tenant,
            };
            self.azure_login(
                summary,
                &login.authority,
                self.cache().subscription_in_use(&id),
                subscriptions,
            )
        };
        Ok(logins.into_iter().map(known).collect())
    }

    fn use_subscription(&self, login: &AzureLogin, subscription: &Subscription) -> Result<(), Error> {
        let gone = || Error::new(Kind::NotFound, "this login is gone meanwhile");
        let id = LoginId::parse(&login.login.id).ok_or_else(gone)?;
        let held = self.cache().login(&id)?.ok_or_else(gone)?;
        self.cache().use_subscription(&id, subscription)?;
        self.cache()
            .point(&Pointer::Default, &Pointed::new(&held, &held.tenant))
    }
}

impl Desk<'_> {
    fn azure_login(
        &self,
        login: LoginSummary,
        authority: &Authority,
        in_use: Option<Subscription>,
        subscriptions: Vec<Subscription>,
    ) -> AzureLogin {
        AzureLogin {
            login,
            cloud: clouds::name_of(authority),
            resource_manager: self
                .resource_manager(authority)
                .map_or_else(|| PUBLIC.to_owned(), |(resource, _)| resource),
            in_use,
            subscriptions,
        }
    }

    /// Azure Resource Manager of an authority: its resource and where it answers. Of one that is no known cloud's, the
    /// `[[host]]` whose resource it is tells.
    fn resource_manager(&self, authority: &Authority) -> Option<(String, String)> {
        let own = self.settings.hosts.iter().find_map(|(host, audience)| {
            let resource = audience.scopes.resource()?;
            (audience.authority == *authority && clouds::is_resource_manager(resource))
                .then(|| (resource.to_owned(), host.url()))
        });
        own.or_else(|| {
            let manager = clouds::of(authority)?.resource_manager.as_ref()?;
            Some((manager.resource.to_owned(), manager.endpoint.to_owned()))
        })
    }

    fn known(&self, id: &LoginId, login: &Login, look: Look, until: Duration) -> Vec<Subscription> {
        let held = self.cache().subscriptions(id);
        let now = self.world.clock.now();
        let asks = match (&held, look) {
            (_, Look::Held) => false,
            (_, Look::Again) | (None, _) => true,
            // A failure is repeated after a while; an old list is good enough for most.
            (Some(listed), Look::IfNone) => listed.subscriptions.is_empty() && listed.ask_again_on <= now,
            (Some(listed), Look::IfOld) => listed.ask_again_on <= now,
        };
        let held = held.map(|listed| listed.subscriptions).unwrap_or_default();
        if !asks {
            return held;
        }
        let listed = match self.told(login, until) {
            Ok(subscriptions) => Listed {
                ask_again_on: now + OLD,
                subscriptions,
            },
            Err(error) => {
                self.world.note(format_args!("no subscriptions: {error}"));
                Listed {
                    ask_again_on: now + FAILED,
                    subscriptions: held,
                }
            }
        };
        if let Err(error) = self.cache().store_subscriptions(id, &listed) {
            self.world
                .note(format_args!("cannot remember the subscriptions: {error}"));
        }
        listed.subscriptions
    }

    /// The subscriptions of every tenant that knows the user.
    fn told(&self, login: &Login, until: Duration) -> Result<Vec<Subscription>, Error> {
        let Some((resource, endpoint)) = self.resource_manager(&login.authority) else {
            return Ok(Vec::new());
        };
        let scopes = Scopes::of_resource(&resource).map_err(|why| Error::new(Kind::Internal, why))?;
        let token = |tenant: &str| self.token_of(login, tenant, &scopes, until);
        let home = token(&login.tenant)?;
        let mut tenants = match resource_manager::tenants(self.world, &endpoint, &home, until) {
            Ok(tenants) => tenants,
            Err(error) => {
                self.world.note(format_args!("no tenants: {error}"));
                Vec::new()
            }
        };
        if !tenants.iter().any(|tenant| tenant.id == login.tenant) {
            tenants.insert(0, KnownTenant::unnamed(&login.tenant));
        }
        tenants.sort_by_key(|tenant| tenant.id != login.tenant);
        let mut all = Vec::new();
        for tenant in tenants.iter().take(MOST_TENANTS) {
            let of_tenant = match tenant.id == login.tenant {
                true => Ok(home.clone()),
                false => token(&tenant.id),
            };
            let of_tenant = of_tenant
                .and_then(|token| resource_manager::subscriptions(self.world, &endpoint, tenant, &token, until));
            match of_tenant {
                Ok(subscriptions) => all.extend(subscriptions),
                // One that demands a second factor hides none of the others.
                Err(error) if tenant.id != login.tenant => self
                    .world
                    .note(format_args!("no subscriptions of tenant `{}`: {error}", tenant.id)),
                Err(error) => return Err(error),
            }
        }
        let mut seen = std::collections::HashSet::new();
        all.retain(|subscription| seen.insert(subscription.id.clone()));
        Ok(all)
    }

    fn token_of(&self, login: &Login, tenant: &str, scopes: &Scopes, until: Duration) -> Result<Secret, Error> {
        let internal = |why| Error::new(Kind::Internal, why);
        let ask = Ask {
            explicit: Selectors {
                authority: Some(login.authority.clone()),
                client_id: Some(login.client_id.clone()),
                // By its name, which the next command can repeat.
                account: Account::parse(&login.account).ok(),
                tenant: Some(Tenant::parse(tenant).map_err(internal)?),
                scopes: Some(scopes.clone()),
                ..Selectors::default()
            },
            terms: Terms {
                timeout: Some(until.saturating_sub(self.world.clock.monotonic())),
                ..Terms::default()
            },
            ..Ask::default()
        };
        Ok(self.token(&ask)?.credential.access_token)
    }
}
