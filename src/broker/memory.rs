//! Failures are shared: what one process was refused, the others do not ask for again.

use super::{Broker, Call};
use crate::cache::{Place, Reach, Refusal};
use crate::entra;
use crate::error::{Error, Kind};
use crate::secret::Fingerprint;
use std::time::Duration;

/// How long a refusal of one wish is remembered.
const REFUSED_MS: i64 = 60_000;

/// How long a dead login is not asked again. Nothing but a new sign-in heals it, so this only bounds an error of ours.
const DEAD_MS: i64 = 15 * 60_000;

/// How long an early refresh leaves an authority alone that could not be reached.
const UNREACHABLE_MS: i64 = 60_000;

impl Broker<'_> {
    /// Whether the authority asked for patience that this call has: how long. A refusal that somebody met already is this
    /// call's too.
    pub(super) fn wait_asked(&self, call: &Call<'_>, place: &Place) -> Result<Option<Duration>, Error> {
        let now = self.world.clock.now_ms();
        let Some(refusal) = self.remembered(call, place, false) else {
            return Ok(None);
        };
        if refusal.reach == Reach::Throttled {
            let wait = Duration::from_millis(u64::try_from(refusal.until_ms - now).unwrap_or_default());
            if self.world.clock.monotonic() + wait < call.until {
                return Ok(Some(wait));
            }
        }
        Err(refusal.error(now))
    }

    /// A failure that is remembered and stands in the way of this call.
    pub(super) fn remembered(&self, call: &Call<'_>, place: &Place, early: bool) -> Option<Refusal> {
        let refusals = self.cache.refusals(&place.id);
        if refusals.is_empty() {
            return None;
        }
        let current = self.cache.login(&place.id).ok().flatten()?.refresh_token.fingerprint();
        refusals.into_iter().find(|refusal| match &refusal.reach {
            Reach::Throttled => true,
            // Who needs a token asks again, unless somebody failed while we waited for them. That another one's time ran
            // out says nothing: ours may be longer.
            Reach::Unreachable => early || (refusal.kind == Kind::Network && refusal.at_ms >= call.began_ms),
            Reach::Login => refusal.refresh_token == current,
            Reach::Wish { tenant, scope, claims } => {
                refusal.refresh_token == current
                    && *tenant == place.tenant
                    && *scope == call.request.scopes.as_slice()
                    && *claims == call.claims()
            }
        })
    }

    /// Remembers a failure for the others.
    pub(super) fn remember(&self, call: &Call<'_>, place: &Place, redeemed: &Fingerprint, error: &Error) {
        let at_ms = self.world.clock.now_ms();
        let dead = error.details().is_some_and(entra::means_dead);
        let (reach, ms) = match error.kind() {
            Kind::Throttled => (
                Reach::Throttled,
                i64::try_from(error.wait().unwrap_or(60)).unwrap_or(60) * 1000,
            ),
            Kind::Network | Kind::Timeout => (Reach::Unreachable, UNREACHABLE_MS),
            _ if dead => (Reach::Login, DEAD_MS),
            _ => {
                let (tenant, scope) = (place.tenant.clone(), call.request.scopes.as_slice().to_vec());
                (
                    Reach::Wish {
                        tenant,
                        scope,
                        claims: call.claims(),
                    },
                    REFUSED_MS,
                )
            }
        };
        let refusal = Refusal {
            reach,
            refresh_token: redeemed.clone(),
            at_ms,
            until_ms: at_ms + ms,
            kind: error.kind(),
            message: error.message().to_owned(),
            caused_by: error.causes().to_vec(),
            hint: error.remedy().map(str::to_owned),
            entra: error.details().cloned(),
        };
        if let Err(error) = self.cache.remember(&place.id, refusal) {
            self.world
                .note(format_args!("cannot remember the failure for others: {error}"));
        }
    }
}
