//! Which login, which tenant: by pointers if they answer, else by a look at all logins.

use super::layout::LOGIN_FILE;
use super::{Cache, Login, LoginId, Pointed, Pointer};
use crate::error::{Error, Kind};
use crate::request::TokenRequest;
use std::io::ErrorKind;

/// Where a wish is served from.
#[derive(Clone, Debug)]
pub struct Place {
    /// The login.
    pub id: LoginId,
    /// The login in short.
    pub pointed: Pointed,
    /// Why this login.
    pub why: String,
    /// The tenant whose token is wanted: its GUID, or its domain if the GUID is not known yet.
    pub tenant: String,
    /// Why this tenant.
    pub tenant_why: String,
    /// Whether the named host has not yet told its tenant.
    pub host_is_new: bool,
    /// Whether the tenant is a name whose GUID nobody has learnt yet.
    pub tenant_is_new: bool,
}

impl Cache<'_> {
    /// The login and the tenant that are meant. Costs the same however many logins there are, unless pointers were lost.
    /// Whether the login is still there is not looked at.
    ///
    /// # Errors
    /// `not_found` (without a remedy: the caller knows the command), `ambiguous`, `store_unavailable`.
    pub fn locate(&self, request: &TokenRequest) -> Result<Place, Error> {
        self.locate_past(&[], request)
    }

    /// As [`Self::locate`], past pointers at logins that are gone, as a sign-out that was killed leaves them.
    ///
    /// # Errors
    /// `not_found`, `ambiguous`.
    pub fn locate_living(&self, request: &TokenRequest) -> Result<Place, Error> {
        let mut gone = Vec::new();
        loop {
            let place = self.locate_past(&gone, request)?;
            if gone.contains(&place.id) || !self.is_gone(&place.id) {
                return Ok(place);
            }
            gone.push(place.id);
        }
    }

    /// Whether there is no such login.
    #[must_use]
    pub fn is_gone(&self, id: &LoginId) -> bool {
        let file = self.login_folder(id).join(LOGIN_FILE);
        matches!(self.world.files.look(&file), Err(error) if error.kind() == ErrorKind::NotFound)
    }

    fn locate_past(&self, gone: &[LoginId], request: &TokenRequest) -> Result<Place, Error> {
        let asked = request.tenant.as_ref().filter(|tenant| !tenant.is_collective());
        let by_profile = request.profile.clone().map(Pointer::Profile);
        let by_host = request.host.clone().map(Pointer::Host);
        let by_tenant = asked.cloned().map(Pointer::Tenant);
        let surely = |pointer: &Option<Pointer>| match pointer {
            Some(pointer) => self.pointed_surely(pointer),
            None => Ok(None),
        };
        let (profile, host, tenant) = (surely(&by_profile)?, surely(&by_host)?, surely(&by_tenant)?);

        let mut found = None;
        for pointer in [by_profile, by_host, by_tenant, Some(Pointer::Default)]
            .into_iter()
            .flatten()
        {
            let pointed = match &pointer {
                Pointer::Host(_) => host.clone(),
                Pointer::Tenant(_) => tenant.clone(),
                Pointer::Profile(_) => profile.clone(),
                Pointer::Default => self.pointed(&pointer),
            };
            let living = |pointed: &Pointed| !pointed.id().is_some_and(|id| gone.contains(&id));
            if let Some(pointed) = pointed.filter(|pointed| living(pointed) && fits(pointed, request)) {
                found = Some((pointed, pointer.words(), matches!(pointer, Pointer::Profile(_))));
                break;
            }
        }
        let (pointed, why, by_profile) = match found {
            Some(found) => found,
            None => (self.search(request)?, "the only login that fits".to_owned(), false),
        };
        let Some(id) = pointed.id() else {
            return Err(nobody(request));
        };

        let (wanted, tenant_why, host_is_new) = match (asked, &request.host) {
            (Some(asked), _) if asked.is_guid() => (asked.as_str().to_owned(), "as asked".to_owned(), false),
            (Some(asked), _) => match tenant {
                Some(known) => (known.tenant, format!("the GUID of `{}`", asked.as_str()), false),
                None => (asked.as_str().to_owned(), "as asked".to_owned(), false),
            },
            (None, Some(name)) => match host {
                Some(known) => (known.tenant, Pointer::Host(name.clone()).words(), false),
                None => (
                    pointed.tenant.clone(),
                    "the tenant that was signed in to".to_owned(),
                    true,
                ),
            },
            (None, None) if by_profile => (pointed.tenant.clone(), why.clone(), false),
            (None, None) => (
                pointed.tenant.clone(),
                "the tenant that was signed in to".to_owned(),
                false,
            ),
        };
        let tenant_is_new = asked.is_some_and(|asked| asked.as_str() == wanted && !asked.is_guid());
        Ok(Place {
            id,
            pointed,
            why,
            tenant: wanted,
            tenant_why,
            host_is_new,
            tenant_is_new,
        })
    }

    /// Every login that fits.
    ///
    /// # Errors
    /// `store_unavailable` if the logins cannot be listed.
    pub fn fitting(&self, request: &TokenRequest) -> Result<Vec<(LoginId, Login)>, Error> {
        let mut logins = self.logins()?.usable;
        logins.retain(|(_, login)| fits(&Pointed::new(login, &login.tenant), request));
        Ok(logins)
    }

    fn search(&self, request: &TokenRequest) -> Result<Pointed, Error> {
        let logins = self.logins()?;
        let mut fitting = logins.usable;
        fitting.retain(|(_, login)| fits(&Pointed::new(login, &login.tenant), request));
        match fitting.as_slice() {
            [] if !logins.broken.is_empty() => {
                let broken = logins.broken.join("; ");
                Err(Error::new(Kind::StoreUnavailable, broken)
                    .hint("mend the file, or sign in again: it will be set aside; see `entra-token login --help`"))
            }
            [] => Err(nobody(request)),
            [(_, only)] => {
                let pointed = Pointed::new(only, &only.tenant);
                let default = self.pointed(&Pointer::Default).and_then(|pointed| pointed.id());
                if default.is_none_or(|id| self.is_gone(&id)) {
                    // Lost, or its login is gone: rebuild it. That it cannot be written changes nothing.
                    let _ = self.rebuild(&Pointer::Default, &pointed);
                }
                Ok(pointed)
            }
            several => Err(ambiguous(several)),
        }
    }
}

/// Whether a login is what the call names. A tenant is no part of it: one refresh token serves every tenant.
fn fits(pointed: &Pointed, request: &TokenRequest) -> bool {
    request
        .authority
        .as_ref()
        .is_none_or(|authority| authority.url() == pointed.authority)
        && request
            .client_id
            .as_ref()
            .is_none_or(|client| client.as_str() == pointed.client_id)
        && request.account.as_ref().is_none_or(|account| {
            account.matches(&pointed.account)
                || account.matches(&pointed.home_account_id)
                || pointed.id().is_some_and(|id| account.matches(id.as_str()))
        })
}

fn nobody(request: &TokenRequest) -> Error {
    let mut named = Vec::new();
    if let Some(account) = &request.account {
        named.push(format!("as `{}`", account.as_str()));
    }
    if let Some(client) = &request.client_id {
        named.push(format!("for the application `{}`", client.as_str()));
    }
    if let Some(authority) = &request.authority {
        named.push(format!("at `{}`", authority.url()));
    }
    let named = if named.is_empty() {
        String::new()
    } else {
        format!(" {}", named.join(" "))
    };
    Error::new(Kind::NotFound, format!("nobody is signed in{named}"))
}

/// Several logins fit: lists them, so that the next command can name one.
#[must_use]
pub fn ambiguous(logins: &[(LoginId, Login)]) -> Error {
    let list: Vec<_> = logins
        .iter()
        .map(|(id, login)| {
            format!(
                "`{}` in tenant `{}` (id `{}`)",
                login.account,
                login.tenant,
                id.as_str()
            )
        })
        .collect();
    let id = logins.first().map_or("ID", |(id, _)| id.as_str());
    Error::new(Kind::Ambiguous, format!("several logins fit: {}", list.join(", "))).hint(format!(
        "name one with `--account`, or choose the default with: entra-token use {id}"
    ))
}
