//! Which tenant a path names.

use crate::directory::{Tenant, User};
use crate::entra::error::Refused;

/// The first segment of a path under the authority.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// `common`: work or school accounts and personal ones; the tenant follows from the user.
    Common,
    /// `organizations`: work or school accounts; likewise.
    Organizations,
    /// A GUID or a domain.
    One(&'static Tenant),
}

/// Reads a path's segment.
pub(crate) fn parse(segment: &str) -> Result<Named, Refused> {
    match segment {
        "common" => Ok(Named::Common),
        "organizations" => Ok(Named::Organizations),
        _ => {
            let unknown = || Refused::new(90002).about(segment);
            Tenant::named(segment).map(Named::One).ok_or_else(unknown)
        }
    }
}

impl Named {
    /// This tenant, or where none is named, `other`.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::One(_) => self,
            Self::Common | Self::Organizations => other,
        }
    }

    /// The tenant that `user` gets a token of.
    pub(crate) fn of(self, user: &'static User) -> Result<&'static Tenant, Refused> {
        match self {
            Self::Common | Self::Organizations => Ok(user.home),
            Self::One(tenant) if user.object_in(tenant).is_some() => Ok(tenant),
            Self::One(_) => Err(Refused::new(50020).about(user.upn)),
        }
    }
}
