//! The one thing that verbs and faces talk to: the services, over configuration, broker and cache.

mod registries;
mod subscriptions;

use crate::broker::{Broker, Call};
use crate::cache::{Cache, LoginId, Pointed, Pointer};
use crate::clouds;
use crate::config::{self, Resolved, Settings};
use crate::error::{Error, Kind};
use crate::how::{How, Way};
use crate::remedy;
use crate::request::{Ask, Authority, Host, Selectors};
use crate::services::{
    Accounts, AtOnce, Choice, Directory, Forgotten, LoginSummary, Reason, Said, SignIn, SignedIn, Tokens,
};
use crate::status::Status;
use crate::token::Granted;
use crate::world::files::Stamp;
use crate::world::{World, home};
use std::time::Duration;

/// The deadline of a call that names none: below the 10 seconds after which Bazel and azure-identity kill us.
pub const DEADLINE: Duration = Duration::from_secs(8);

/// The services of one user.
pub struct Desk<'w> {
    world: &'w World,
    settings: Settings,
    broker: Broker<'w>,
    /// How `config.toml` was when it was read, where that matters.
    config: Option<Stamp>,
}

impl<'w> Desk<'w> {
    /// Finds the user's logins and settings.
    ///
    /// # Errors
    /// `config`, `store_unavailable`.
    pub fn open(world: &'w World) -> Result<Self, Error> {
        let home = home::folder(world)?;
        let cache = Cache::open(world, home)?;
        let settings = config::load(world, cache.home())?;
        let authorities = settings
            .hosts
            .iter()
            .map(|(_, audience)| audience.authority.clone())
            .collect();
        Ok(Self {
            world,
            settings,
            broker: Broker::new(world, cache, authorities),
            config: None,
        })
    }

    /// As [`Self::open`], for a process that answers many calls: it remembers what it read last.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn for_many_calls(world: &'w World) -> Result<Self, Error> {
        // Before it is read: a change that comes meanwhile is seen the next time.
        let config = config::stamp(world, &home::folder(world)?);
        let mut desk = Self {
            config,
            ..Self::open(world)?
        };
        desk.broker.remember_what_is_read();
        Ok(desk)
    }

    /// Whether `config.toml` still is as [`Self::for_many_calls`] read it.
    #[must_use]
    pub fn is_current(&self) -> bool {
        config::stamp(self.world, self.cache().home()) == self.config
    }

    fn resolve(&self, ask: &Ask) -> Result<Resolved, Error> {
        let mut resolved = config::resolve(self.world, &self.settings, ask, DEADLINE)?;
        resolved.request.authority = resolved.request.authority.map(clouds::canonical);
        Ok(resolved)
    }

    fn cache(&self) -> &Cache<'w> {
        self.broker.cache()
    }
}

impl Tokens for Desk<'_> {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        let resolved = self.resolve(ask)?;
        let tells = resolved.audience.as_ref().is_some_and(|audience| audience.tells_tenant);
        let granted = self.broker.token(&Call::begin(self.world, &resolved.request, tells));
        self.note(&granted);
        granted
    }
}

impl AtOnce for Desk<'_> {
    fn at_once(&self, ask: &Ask) -> Said {
        let resolved = match self.resolve(ask) {
            Ok(resolved) => resolved,
            Err(error) => return Said::All(Err(error)),
        };
        let tells = resolved.audience.as_ref().is_some_and(|audience| audience.tells_tenant);
        let said = self.broker.at_once(&Call::begin(self.world, &resolved.request, tells));
        if let Said::All(granted) = &said {
            self.note(granted);
        }
        said
    }
}

impl Desk<'_> {
    fn note(&self, granted: &Result<Granted, Error>) {
        match granted {
            Ok(Granted {
                credential,
                from,
                warnings,
            }) => {
                let (left, from) = (credential.left(self.world.clock.now()), from.word());
                self.world.note(format_args!(
                    "token from {from}, {left} s left, scope `{}`",
                    credential.scope.join(" ")
                ));
                warnings
                    .iter()
                    .for_each(|warning| self.world.note(format_args!("{}: {}", warning.code, warning.message)));
            }
            Err(error) => self
                .world
                .note(format_args!("no token: {}: {error}", error.kind().code())),
        }
    }
}

impl SignIn for Desk<'_> {
    fn sign_in(&self, ask: &Ask, how: &How) -> Result<SignedIn, Error> {
        let resolved = self.resolve(ask)?;
        let tells = resolved.audience.as_ref().is_some_and(|audience| audience.tells_tenant);
        let signed_in = self
            .broker
            .sign_in(&Call::begin(self.world, &resolved.request, tells), how);
        match &signed_in {
            Ok(SignedIn { id, flow, .. }) => self.world.note(format_args!("signed in by {flow}, login {id}")),
            Err(error) => self
                .world
                .note(format_args!("not signed in: {}: {error}", error.kind().code())),
        }
        signed_in
    }

    fn usual_way(&self) -> Result<(Way, String), Error> {
        self.broker.usual_way()
    }
}

impl Accounts for Desk<'_> {
    fn status(&self, selectors: &Selectors) -> Result<Status, Error> {
        if *selectors == Selectors::default() {
            return self.cache().status(|_| true);
        }
        let request = self.resolve(&only(selectors))?.request;
        let wanted: Vec<_> = self.cache().fitting(&request)?.into_iter().map(|(id, _)| id).collect();
        if wanted.is_empty() {
            return Err(Error::new(Kind::NotFound, "no login fits").hint("to see all of them, run: entra-token status"));
        }
        self.cache().status(|login| wanted.contains(&login.id()))
    }

    fn forget(&self, selectors: &Selectors, all: bool) -> Result<Vec<Forgotten>, Error> {
        let chosen = match self.chosen(selectors, all) {
            Ok(chosen) if chosen.is_empty() => Err(Error::new(Kind::NotFound, "nobody is signed in")),
            chosen => chosen,
        };
        let chosen = match chosen {
            Err(error) if error.kind() == Kind::NotFound => {
                // Whoever repeats a sign-out that was killed is told that nothing is left to do; so nothing may be left.
                self.cache().clear_gone()?;
                return Err(error.hint("there is nothing to sign out; see: entra-token status"));
            }
            chosen => chosen?,
        };
        // One that cannot be forgotten is no reason to keep the others.
        let forgotten: Vec<_> = chosen.into_iter().map(|chosen| self.forget_one(chosen)).collect();
        forgotten.into_iter().collect()
    }
}

/// A login to be forgotten, with whose it is as far as a pointer knows.
type Chosen = (LoginId, Option<Pointed>);

impl Desk<'_> {
    /// Pointers are followed also to a login that is gone: then a sign-out was killed, and the same command ends it. It must
    /// never come upon somebody else instead.
    fn chosen(&self, selectors: &Selectors, all: bool) -> Result<Vec<Chosen>, Error> {
        let unnamed = |id: LoginId| (id, None);
        if all && *selectors == Selectors::default() {
            return Ok(self.cache().ids()?.into_iter().map(unnamed).collect());
        }
        let request = self.resolve(&only(selectors))?.request;
        if all {
            let fitting = self.cache().fitting(&request)?;
            return Ok(fitting.into_iter().map(|(id, _)| unnamed(id)).collect());
        }
        let place = self.cache().locate(&request)?;
        Ok(vec![(place.id, Some(place.pointed))])
    }

    fn forget_one(&self, (id, pointed): Chosen) -> Result<Forgotten, Error> {
        // A login file that cannot be used is no reason to keep its tokens.
        let login = self.cache().login(&id).ok().flatten();
        let who = login.map(|login| Pointed::new(&login, &login.tenant)).or(pointed);
        let (account, tenant) = who.map(|who| (who.account, who.tenant)).unwrap_or_default();
        Ok(Forgotten {
            tokens: self.cache().forget(&id)?,
            id: id.as_str().to_owned(),
            account,
            tenant,
        })
    }
}

impl Choice for Desk<'_> {
    fn make_default(&self, selectors: &Selectors) -> Result<LoginSummary, Error> {
        let request = self.resolve(&only(selectors))?.request;
        let fitting = self.cache().fitting(&request)?;
        let [(id, login)] = fitting.as_slice() else {
            return match fitting.as_slice() {
                [] => Err(Error::new(Kind::NotFound, "no such login").hint(format!(
                    "see `entra-token status`, or run: {}",
                    remedy::sign_in(&request, None)
                ))),
                several => Err(crate::cache::ambiguous(several)),
            };
        };
        self.cache()
            .point(&Pointer::Default, &Pointed::new(login, &login.tenant))?;
        Ok(LoginSummary {
            id: id.as_str().to_owned(),
            account: login.account.clone(),
            tenant: login.tenant.clone(),
        })
    }

    fn cloud(&self) -> Result<Option<Authority>, Error> {
        self.cache().chosen_cloud()
    }

    fn choose_cloud(&self, authority: Option<&Authority>) -> Result<(), Error> {
        self.cache().choose_cloud(authority)
    }

    fn why(&self, ask: &Ask) -> Result<Vec<Reason>, Error> {
        let resolved = self.resolve(ask)?;
        let mut reasons = resolved.why(self.world);
        match self.cache().locate_living(&resolved.request) {
            Ok(place) => {
                let host_asks =
                    place.host_is_new && resolved.audience.as_ref().is_some_and(|audience| audience.tells_tenant);
                let tenant_why = if host_asks {
                    "not known yet: the host will be asked for its tenant at the next `get`".to_owned()
                } else {
                    place.tenant_why
                };
                reasons.retain(|reason| reason.field != "tenant" || !reason.value.is_empty());
                reasons.push(Reason {
                    field: "used_tenant",
                    value: if host_asks { String::new() } else { place.tenant },
                    source: tenant_why,
                });
                let value = format!("{} ({})", place.pointed.account, place.id.as_str());
                reasons.push(Reason {
                    field: "login",
                    value,
                    source: place.why,
                });
            }
            Err(error) => reasons.push(Reason {
                field: "login",
                value: String::new(),
                source: error.to_string(),
            }),
        }
        Ok(reasons)
    }
}

impl Directory for Desk<'_> {
    fn host(&self, ask: &Ask) -> Result<Option<Host>, Error> {
        Ok(self.resolve(ask)?.request.host)
    }

    fn remembered_host(&self) -> Option<Host> {
        let pointed = self.cache().pointed(&Pointer::Default)?;
        Host::parse(&pointed.host?).ok()
    }
}

fn only(selectors: &Selectors) -> Ask {
    Ask {
        explicit: selectors.clone(),
        ..Ask::default()
    }
}
