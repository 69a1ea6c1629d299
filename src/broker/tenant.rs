//! Where a wish is served from, with the tenant that a new host tells.

use super::{Broker, Call};
use crate::cache::{Place, Pointer};
use crate::clouds;
use crate::entra;
use crate::error::{Error, Kind};
use crate::remedy;
use crate::request::{Authority, Host, Tenant};
use std::time::Duration;

impl Broker<'_> {
    /// The login and tenant that are meant; asks a workspace for its tenant once.
    pub(super) fn place(&self, call: &Call<'_>) -> Result<Place, Error> {
        let place = self.located(call)?;
        self.told(call, place)
    }

    /// As [`Self::place`], past logins that are gone.
    pub(super) fn living_place(&self, call: &Call<'_>) -> Result<Place, Error> {
        let place = self.cache.locate_living(call.request);
        self.told(call, place.map_err(|error| with_remedy(call, error))?)
    }

    /// The login and tenant that are meant, as far as that is known here.
    pub(super) fn located(&self, call: &Call<'_>) -> Result<Place, Error> {
        let place = self.cache.locate(call.request);
        place.map_err(|error| with_remedy(call, error))
    }

    fn told(&self, call: &Call<'_>, place: Place) -> Result<Place, Error> {
        match &call.request.host {
            Some(host) if tells(call, &place) => {
                let (_, tenant) = self.tenant_of(host, call.request.authority.as_ref(), call.until)?;
                if tenant.is_collective() {
                    return Ok(place);
                }
                // Remembered at once: a token that is held already brings nobody here again.
                let pointed = place.pointed.with_tenant(tenant.as_str());
                if let Err(error) = self.cache.point(&Pointer::Host(host.clone()), &pointed) {
                    self.world
                        .note(format_args!("cannot remember the host's tenant: {error}"));
                }
                let tenant_why = format!("told by `{}`", host.key());
                Ok(Place {
                    tenant: tenant.as_str().to_owned(),
                    tenant_why,
                    ..place
                })
            }
            _ => Ok(place),
        }
    }

    /// The authority and tenant that a workspace tells at `/aad/auth`.
    pub(super) fn tenant_of(
        &self,
        host: &Host,
        expected: Option<&Authority>,
        until: Duration,
    ) -> Result<(Authority, Tenant), Error> {
        let expected = expected.cloned().or_else(|| Authority::parse(clouds::PUBLIC).ok());
        let Some(expected) = expected else {
            return Err(Error::new(Kind::Internal, "no authority for the host"));
        };
        entra::workspace::tenant_of(self.world, host, &expected, &self.authorities, until)
    }
}

/// Whether the host is to be asked for its tenant.
pub(super) fn tells(call: &Call<'_>, place: &Place) -> bool {
    place.host_is_new && call.host_tells_tenant
}

fn with_remedy(call: &Call<'_>, error: Error) -> Error {
    match error.kind() {
        Kind::NotFound => error.hint(format!("run: {}", remedy::sign_in(call.request, None))),
        _ => error,
    }
}
