//! Tokens of container registries: nothing of them is kept, since a refresh token of Entra's brings one whenever it is asked for.

use super::{DEADLINE, Desk};
use crate::entra::registry;
use crate::error::{Error, Kind};
use crate::request::Ask;
use crate::secret::Secret;
use crate::services::{Directory, Registries, Tokens};

impl Registries for Desk<'_> {
    fn registry_token(&self, ask: &Ask) -> Result<Secret, Error> {
        let until = self.world.clock.monotonic() + DEADLINE;
        let host = self
            .host(ask)?
            .ok_or_else(|| Error::new(Kind::BadRequest, "no registry is named"))?;
        let credential = self.token(ask)?.credential;
        registry::exchange(self.world, &host, &credential.tenant, &credential.access_token, until)
    }
}
