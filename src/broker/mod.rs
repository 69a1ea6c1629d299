//! The promise, in order: cache, lock, cache again, refresh, cache. Only here are both the cache and the flows known.

mod call;
mod check;
mod memory;
mod refresh;
mod sign_in;
mod tenant;

pub use call::Call;

use crate::cache::{Attempt, Cache, Held, Place, TokenKey};
use crate::entra::Patience;
use crate::error::Error;
use crate::request::{Authority, Host};
use crate::services::{Said, Wish};
use crate::token::{Credential, Freshness, Granted, Origin};
use crate::world::World;
use std::time::Duration;

/// How long an early try for a newer token may keep a caller that holds a good one.
const EARLY_LIMIT: Duration = Duration::from_secs(2);

/// The same for a caller that would rather wait for the newer one.
const RENEW_LIMIT: Duration = Duration::from_secs(5);

/// Hands out tokens of one user's logins.
pub struct Broker<'w> {
    world: &'w World,
    cache: Cache<'w>,
    /// Authorities that the user's configuration names, besides the known clouds.
    authorities: Vec<Authority>,
}

impl<'w> Broker<'w> {
    /// A broker over a cache.
    #[must_use]
    pub fn new(world: &'w World, cache: Cache<'w>, authorities: Vec<Authority>) -> Self {
        Self {
            world,
            cache,
            authorities,
        }
    }

    /// The cache, for verbs that need no token.
    #[must_use]
    pub fn cache(&self) -> &Cache<'w> {
        &self.cache
    }

    /// See [`Cache::remember_what_is_read`].
    pub fn remember_what_is_read(&mut self) {
        self.cache.remember_what_is_read();
    }

    /// A token on the terms of the call, by the cheapest way that keeps every promise.
    ///
    /// # Errors
    /// Any [`crate::error::Kind`].
    pub fn token(&self, call: &Call<'_>) -> Result<Granted, Error> {
        let place = self.place(call)?;
        let key = key(call, &place);
        let held = self.cache.held(&place.id, &key);
        if self.refused(call, &held) {
            self.reject(&place, &key, call);
            return self.refreshed(call, place, key);
        }
        match self.judged(call, held) {
            Some((token, Freshness::Fresh)) => Ok(granted(token, Origin::Cache)),
            Some((token, Freshness::Early)) => Ok(self.early(call, &place, &key, token)),
            _ => self.refreshed(call, place, key),
        }
    }

    /// What [`Self::token`] would say, as far as that needs no network and waits for nobody.
    #[must_use]
    pub fn at_once(&self, call: &Call<'_>) -> Said {
        let place = match self.located(call) {
            Ok(place) => place,
            Err(error) => return Said::All(Err(error)),
        };
        if tenant::tells(call, &place) {
            return Said::Nothing(wish(call, &place));
        }
        let held = self.cache.held(&place.id, &key(call, &place));
        match self.judged(call, held) {
            Some((token, Freshness::Fresh)) => Said::All(Ok(granted(token, Origin::Cache))),
            // It has failed already.
            Some((token, Freshness::Early)) if self.remembered(call, &place, true).is_some() => {
                Said::All(Ok(granted(token, Origin::Cache)))
            }
            Some((token, Freshness::Early)) => Said::Early(granted(token, Origin::Cache), wish(call, &place)),
            _ => Said::Nothing(wish(call, &place)),
        }
    }

    /// In the early window: a newer token if it comes quickly, else the held one. While somebody else is fetching one, only
    /// a call that wants it renewed waits.
    fn early(&self, call: &Call<'_>, place: &Place, key: &TokenKey, token: Credential) -> Granted {
        let renew = call.request.renew;
        let limit = if renew { RENEW_LIMIT } else { EARLY_LIMIT };
        let until = call.until.min(self.world.clock.monotonic() + limit);
        let lock = self.cache.refresh_lock(&place.id);
        let mut pause = call::Pause::new(self.world);
        let _guard = loop {
            match lock.attempt() {
                Attempt::Got(guard) => break guard,
                Attempt::Busy if renew && !pause.is_over(until) => pause.rest(until),
                Attempt::Busy => return granted(token, Origin::Cache),
            }
        };
        match self.judged(call, self.cache.held(&place.id, key)) {
            Some((newer, Freshness::Fresh)) => return granted(newer, Origin::Cache),
            Some(_) => {}
            None => return granted(token, Origin::Cache),
        }
        match self.refresh(call, place, until, Patience::Once, true) {
            Ok(newer) => newer,
            Err(error) => {
                self.world
                    .note(format_args!("early refresh failed, the held token is served: {error}"));
                granted(token, Origin::Cache)
            }
        }
    }

    /// A newer token, fetched by us or, while we wait for the lock, by somebody else; their failure is ours too.
    fn refreshed(&self, call: &Call<'_>, mut place: Place, mut key: TokenKey) -> Result<Granted, Error> {
        if self.cache.is_gone(&place.id) {
            place = self.living_place(call)?;
            key = self::key(call, &place);
        }
        let lock = self.cache.refresh_lock(&place.id);
        let mut pause = call::Pause::new(self.world);
        loop {
            let attempt = lock.attempt();
            if place.tenant_is_new {
                // Whoever had the lock before us may have learnt which tenant the name means.
                place = self.place(call)?;
                key = self::key(call, &place);
            }
            if let Some((token, Freshness::Fresh | Freshness::Early)) =
                self.judged(call, self.cache.held(&place.id, &key))
            {
                return Ok(granted(token, Origin::Cache));
            }
            match attempt {
                Attempt::Got(guard) => match self.wait_asked(call, &place)? {
                    None => return self.refresh(call, &place, call.until, Patience::Retry, false),
                    // The authority asked for patience: nobody is kept waiting by our waiting.
                    Some(wait) => {
                        drop(guard);
                        self.world.clock.sleep(wait);
                    }
                },
                Attempt::Busy if pause.is_over(call.until) => return Err(call::timed_out(lock.holder())),
                Attempt::Busy => pause.rest(call.until),
            }
        }
    }

    /// The held token with its freshness for this call, unless it cannot serve it at all.
    fn judged(&self, call: &Call<'_>, held: Held) -> Option<(Credential, Freshness)> {
        if self.refused(call, &held) {
            return None;
        }
        let now = self.world.clock.now_ms();
        let demand = call.demand();
        let token = held.token?;
        if let Some(claims) = call.claims() {
            // Only a token that was minted for this challenge, while we waited, answers it.
            if held.claims.as_ref() != Some(&claims) || token.obtained_ms < demand.began_ms {
                return None;
            }
        }
        let freshness = token.freshness(now, demand);
        (freshness != Freshness::Stale).then_some((token, freshness))
    }

    /// Whether the held token is the one that the caller says was refused.
    fn refused(&self, call: &Call<'_>, held: &Held) -> bool {
        match (&call.request.rejected, &held.token) {
            (Some(rejected), Some(token)) => token.fingerprint() == *rejected,
            _ => false,
        }
    }

    fn reject(&self, place: &Place, key: &TokenKey, call: &Call<'_>) {
        let Some(rejected) = &call.request.rejected else { return };
        if let Err(error) = self.cache.reject(&place.id, key, rejected) {
            self.world.note(format_args!("cannot drop the rejected token: {error}"));
        }
    }
}

fn key(call: &Call<'_>, place: &Place) -> TokenKey {
    TokenKey::of(&place.tenant, &call.request.scopes)
}

/// All that decides which token is meant.
fn wish(call: &Call<'_>, place: &Place) -> Wish {
    let host = call.request.host.as_ref().filter(|_| tenant::tells(call, place));
    let host = host.map(Host::key).unwrap_or_default();
    let scopes = call.request.scopes.as_slice().join(" ");
    Wish(format!("{} {} {host} {scopes}", place.id.as_str(), place.tenant))
}

fn granted(credential: Credential, from: Origin) -> Granted {
    Granted {
        credential,
        from,
        warnings: Vec::new(),
    }
}
