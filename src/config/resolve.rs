//! The resolver: every value that decides a call, from the source that ranks highest. Flag or member, then
//! `ENTRA_TOKEN_*`, then the named profile, then the calling tool's own variables. What is still open afterwards is left
//! to what is remembered, and then to the defaults.

use super::{Layer, Settings, door};
use crate::audience::{self, Audience};
use crate::error::{Error, Kind};
use crate::request::{Ask, DEFAULT_MIN_TTL, Host, Scopes, Selectors, Tenant, TokenRequest};
use crate::world::World;
use std::time::Duration;

/// A call after configuration was consulted. [`Resolved::why`] tells where each value came from.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What is asked for. `None` is left to what is remembered.
    pub request: TokenRequest,
    /// What the host demands, if a host is known.
    pub audience: Option<Audience>,
    pub(super) origins: Origins,
    /// A host that the calling tool's variables name and that is on no list.
    pub(super) ignored: Option<Host>,
}

/// Who said a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The call itself.
    Call,
    /// `ENTRA_TOKEN_*`.
    Variable,
    /// The named profile.
    Profile,
    /// The calling tool's variables.
    Door,
    /// What the host demands.
    Host,
    /// Nobody.
    Nobody,
}

/// Who said each value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origins {
    pub(super) profile: Origin,
    pub(super) host: Origin,
    pub(super) authority: Origin,
    pub(super) tenant: Origin,
    pub(super) client_id: Origin,
    pub(super) account: Origin,
    pub(super) scopes: Origin,
    pub(super) min_ttl: Origin,
}

/// Brings the sources together.
///
/// # Errors
/// `config` for an unreadable variable or profile, `bad_request` for a profile that does not exist,
/// `target_not_supported` for a host that is on no list.
pub fn resolve(world: &World, settings: &Settings, ask: &Ask, default_timeout: Duration) -> Result<Resolved, Error> {
    let variables = door::own(world)?;
    let (profile, profile_from) = named_profile(settings, ask, &variables);
    let in_profile = match &profile {
        Some(name) => settings
            .profile(name)?
            .ok_or_else(|| no_such_profile(settings, name, profile_from))?,
        None => Layer::default(),
    };
    let mut ranks = Ranks {
        sources: [
            (Origin::Call, &ask.explicit),
            (Origin::Variable, &variables.selectors),
            (Origin::Profile, &in_profile.selectors),
            (Origin::Door, &ask.door),
        ],
        audience: None,
    };
    let (mut host, mut host_from) = ranks.first(|s| s.host.as_ref(), |_| None);
    let audience = host.and_then(|host| audience::of_host(host, &settings.hosts));
    let mut ignored = None;
    match (host, &audience) {
        (Some(_), None) if host_from == Origin::Door => {
            ignored = host.cloned();
            (host, host_from) = (None, Origin::Nobody);
        }
        (Some(host), None) => return Err(denied(settings, host)),
        _ => {}
    }
    ranks.audience = audience.as_ref().map(|audience| (host_from, audience));

    let (authority, authority_from) = ranks.first(|s| s.authority.as_ref(), |a| Some(&a.authority));
    let (tenant, tenant_from) = ranks.tenant();
    let (client_id, client_id_from) = ranks.first(|s| s.client_id.as_ref(), |_| None);
    let (account, account_from) = ranks.first(|s| s.account.as_ref(), |_| None);
    let (scopes, scopes_from) = ranks.first(|s| s.scopes.as_ref(), |a| Some(&a.scopes));
    let (min_ttl, min_ttl_from) = [
        (ask.terms.min_ttl, Origin::Call),
        (variables.min_ttl, Origin::Variable),
        (in_profile.min_ttl, Origin::Profile),
    ]
    .into_iter()
    .find_map(|(said, from)| said.map(|seconds| (seconds, from)))
    .unwrap_or((DEFAULT_MIN_TTL, Origin::Nobody));

    let request = TokenRequest {
        host: host.cloned(),
        authority: authority.cloned(),
        tenant: tenant.cloned(),
        client_id: client_id.cloned(),
        account: account.cloned(),
        scopes: scopes.cloned().unwrap_or_else(Scopes::databricks),
        min_ttl,
        force: ask.terms.force,
        renew: ask.terms.renew,
        rejected: ask.terms.rejected.clone(),
        claims: ask.terms.claims.clone(),
        timeout: ask.terms.timeout.unwrap_or(default_timeout),
        profile,
    };
    let origins = Origins {
        profile: profile_from,
        host: host_from,
        authority: authority_from,
        tenant: tenant_from,
        client_id: client_id_from,
        account: account_from,
        scopes: scopes_from,
        min_ttl: min_ttl_from,
    };
    Ok(Resolved {
        request,
        audience,
        origins,
        ignored,
    })
}

/// The sources of a call, the highest first, and what the host demands: it ranks right below the source that named it.
struct Ranks<'a> {
    sources: [(Origin, &'a Selectors); 4],
    audience: Option<(Origin, &'a Audience)>,
}

impl<'a> Ranks<'a> {
    fn first<T>(
        &self,
        said: impl Fn(&'a Selectors) -> Option<&'a T>,
        demanded: impl Fn(&'a Audience) -> Option<&'a T>,
    ) -> (Option<&'a T>, Origin) {
        for (origin, selectors) in self.sources {
            if let Some(value) = said(selectors) {
                return (Some(value), origin);
            }
            if let Some((of, audience)) = self.audience
                && of == origin
                && let Some(value) = demanded(audience)
            {
                return (Some(value), Origin::Host);
            }
        }
        (None, Origin::Nobody)
    }

    /// The tenant: as [`Self::first`], but a host that tells its tenant itself is not overruled by a source below the one
    /// that named it, such as a default profile that was made for another host.
    fn tenant(&self) -> (Option<&'a Tenant>, Origin) {
        let found = self.first(|s| s.tenant.as_ref(), |a| a.tenant.as_ref());
        match self.audience {
            Some((named_by, audience)) if audience.tells_tenant && rank(found.1) > rank(named_by) => {
                (None, Origin::Nobody)
            }
            _ => found,
        }
    }
}

fn rank(origin: Origin) -> usize {
    [Origin::Call, Origin::Variable, Origin::Profile, Origin::Door]
        .iter()
        .position(|known| *known == origin)
        .unwrap_or(0)
}

/// The profile's name, and who named it. `default_profile` is the file's own word.
fn named_profile(settings: &Settings, ask: &Ask, variables: &Layer) -> (Option<String>, Origin) {
    [
        (&ask.explicit.profile, Origin::Call),
        (&variables.selectors.profile, Origin::Variable),
        (&settings.default_profile, Origin::Profile),
    ]
    .into_iter()
    .find_map(|(name, origin)| name.clone().map(|name| (Some(name), origin)))
    .unwrap_or((None, Origin::Nobody))
}

fn no_such_profile(settings: &Settings, name: &str, from: Origin) -> Error {
    let (kind, by) = match from {
        Origin::Call => (Kind::BadRequest, String::new()),
        Origin::Variable => (Kind::Config, ", named by `ENTRA_TOKEN_PROFILE`,".to_owned()),
        _ => (Kind::Config, ", named by `default_profile`,".to_owned()),
    };
    let path = settings.path.display();
    let known: Vec<_> = settings.profile_names().map(|name| format!("`{name}`")).collect();
    let has = if known.is_empty() {
        "which has no profiles".to_owned()
    } else {
        format!("which has {}", known.join(", "))
    };
    let name = name.escape_debug();
    Error::new(kind, format!("profile `{name}`{by} is not in `{path}`, {has}"))
        .hint(format!("name one of these, or add `[profiles.{name}]` to `{path}`"))
}

/// Default deny, with what would allow it.
fn denied(settings: &Settings, host: &Host) -> Error {
    let key = host.key();
    Error::new(
        Kind::TargetNotSupported,
        format!("`{key}` is not a host that tokens are given for"),
    )
    .hint(format!(
        "to allow it as an Azure Databricks workspace of yours, add the lines `[[host]]` and `name = \"{key}\"` to `{}`; \
         for another resource also `resource = \"…\"`",
        settings.path.display()
    ))
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
