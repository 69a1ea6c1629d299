//! The refresh itself, under the refresh lock: with what was re-read, stored before it is handed out.

use super::{Broker, Call, granted};
use crate::cache::{Login, Place, Pointed, Pointer, Stored};
use crate::entra::{self, Answer, Endpoints, Patience};
use crate::error::{Error, Kind};
use crate::flow;
use crate::remedy;
use crate::request::{Tenant, TokenRequest};
use crate::token::{Credential, Granted, Origin, Warning};
use std::time::Duration;

/// Seconds by which the clocks may differ before a person is told.
const SKEW_TOLD: i64 = 300;

impl Broker<'_> {
    /// One refresh. The caller holds the refresh lock.
    pub(super) fn refresh(
        &self,
        call: &Call<'_>,
        place: &Place,
        until: Duration,
        patience: Patience,
        early: bool,
    ) -> Result<Granted, Error> {
        let login = self
            .cache
            .login(&place.id)?
            .ok_or_else(|| signed_out(call.request, place))?;
        if early && let Some(refusal) = self.remembered(call, place, true) {
            return Err(refusal.error(self.world.clock.now_ms()));
        }
        let redeemed = login.refresh_token.fingerprint();
        let answer = self.redeem(call, place, &login, until, patience);
        match answer {
            Ok(answer) => self.keep(call, place, &login, answer),
            Err(error) => {
                self.remember(call, place, &redeemed, &error);
                Err(error)
            }
        }
    }

    fn redeem(
        &self,
        call: &Call<'_>,
        place: &Place,
        login: &Login,
        until: Duration,
        patience: Patience,
    ) -> Result<Answer, Error> {
        let tenant = Tenant::parse(&place.tenant).map_err(|why| Error::new(Kind::Internal, why))?;
        let endpoints = match &login.token_endpoint {
            Some(token) => Endpoints::kept(token, &login.authority)?,
            None => Endpoints::of_cloud(&login.authority),
        };
        let context = entra::Context {
            authority: &login.authority,
            endpoints: &endpoints,
            tenant: &tenant,
            client_id: &login.client_id,
            scopes: &call.request.scopes,
            claims: call.request.claims.as_ref(),
            sign_in: remedy::sign_in(&as_login(call.request, login), Some(&place.tenant)),
            until,
            patience,
        };
        flow::refresh::refresh(self.world, &context, &login.refresh_token)
    }

    /// Stores the answer and hands the token out; a store that fails after a good answer does not take the token away.
    fn keep(&self, call: &Call<'_>, place: &Place, login: &Login, answer: Answer) -> Result<Granted, Error> {
        let tenant = match &answer.identity.tenant {
            Some(told) if !is_guid(&place.tenant) => told.clone(),
            _ => place.tenant.clone(),
        };
        let token = credential(&answer, call.request, &tenant, &login.account);
        let mut warnings = Vec::new();
        if answer.skew.abs() > SKEW_TOLD {
            let message = format!("this machine's clock differs from the authority's by {} s", answer.skew);
            warnings.push(Warning {
                code: "clock_skew",
                message,
            });
        }
        let redeemed = login.refresh_token.fingerprint();
        let stored = self.cache.store_refreshed(
            &place.id,
            &redeemed,
            answer.refresh_token.as_ref(),
            &token,
            call.claims(),
        );
        match stored {
            Ok(Stored::Kept | Stored::NewerLogin) => self.learn(call, login, &tenant),
            Ok(Stored::Gone) => return Err(signed_out(call.request, place)),
            Ok(Stored::RejectedAgain) => {
                let error = Error::new(
                    Kind::Denied,
                    "the authority issued the same token again that was rejected",
                )
                .hint("signing in again will not help: ask why the resource refuses this account's token");
                let held = answer.refresh_token.as_ref().unwrap_or(&login.refresh_token);
                self.remember(call, place, &held.fingerprint(), &error);
                return Err(error);
            }
            Err(error) => {
                self.world
                    .note(format_args!("the token is served but not stored: {error}"));
                warnings.push(Warning {
                    code: "not_stored",
                    message: error.to_string(),
                });
            }
        }
        if token.left(self.world.clock.now()) < i64::try_from(call.request.min_ttl).unwrap_or(i64::MAX) {
            let message = format!("the authority gave it only {} s", token.left(self.world.clock.now()));
            warnings.push(Warning {
                code: "token_expiring",
                message,
            });
        }
        Ok(Granted {
            warnings,
            ..granted(token, Origin::Refresh)
        })
    }

    /// Remembers what this refresh taught: the GUID of a domain, the login of a tenant.
    fn learn(&self, call: &Call<'_>, login: &Login, tenant: &str) {
        let asked = call.request.tenant.clone().filter(|asked| !asked.is_collective());
        let Some(pointer) = asked.map(Pointer::Tenant) else {
            return;
        };
        if let Err(error) = self.cache.point(&pointer, &Pointed::new(login, tenant)) {
            self.world.note(format_args!("cannot remember the tenant: {error}"));
        }
    }
}

fn is_guid(tenant: &str) -> bool {
    Tenant::parse(tenant).is_ok_and(|tenant| tenant.is_guid())
}

/// The token of an answer, as it is stored and handed out.
pub(super) fn credential(answer: &Answer, request: &TokenRequest, tenant: &str, account: &str) -> Credential {
    Credential {
        access_token: answer.access_token.clone(),
        token_type: answer.token_type.clone(),
        obtained_ms: answer.obtained_ms,
        expires_on: answer.expires_on,
        refresh_on: answer.refresh_on,
        scope: request.scopes.as_slice().to_vec(),
        tenant: tenant.to_owned(),
        account: (!account.is_empty()).then(|| account.to_owned()),
    }
}

/// The request with the login's own identity filled in, so that the remedy names it.
fn as_login(request: &TokenRequest, login: &Login) -> TokenRequest {
    TokenRequest {
        authority: Some(login.authority.clone()),
        client_id: Some(login.client_id.clone()),
        ..request.clone()
    }
}

fn signed_out(request: &TokenRequest, place: &Place) -> Error {
    Error::new(
        Kind::NotFound,
        format!("`{}` is not signed in any more", place.pointed.account),
    )
    .hint(format!("run: {}", remedy::sign_in(request, Some(&place.tenant))))
}
