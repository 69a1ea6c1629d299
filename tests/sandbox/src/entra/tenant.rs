//! Which tenant a path names.

use crate::directory::{Tenant, User};
use crate::entra::error::Refused;

/// The first segment of a path under the authority.
#[derive(Clone, Copy)]
pub(crate) enum Named {
    /// `common` or `organizations`: the tenant follows from the user.
    Any,
    /// A GUID or a domain.
    One(&'static Tenant),
}

/// Reads a path's segment.
pub(crate) fn parse(segment: &str) -> Result<Named, Refused> {
    if matches!(segment, "common" | "organizations") {
        return Ok(Named::Any);
    }
    let unknown = || Refused::new(90002).about(segment);
    Tenant::named(segment).map(Named::One).ok_or_else(unknown)
}

impl Named {
    /// The tenant that `user` gets a token of.
    pub(crate) fn of(self, user: &'static User) -> Result<&'static Tenant, Refused> {
        match self {
            Self::Any => Ok(user.home),
            Self::One(tenant) if user.object_in(tenant).is_some() => Ok(tenant),
            Self::One(_) => Err(Refused::new(50020).about(user.upn)),
        }
    }
}
