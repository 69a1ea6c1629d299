//! Pointers: tiny files that say which login is meant, so that a look-up costs the same however many logins there are.
//! Last writer wins; they are rebuilt from the logins when lost.

use super::file::{cannot_read, cannot_write};
use super::layout::short;
use super::{Cache, Login, LoginId, VERSION};
use crate::error::Error;
use crate::request::{Host, Tenant};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// What points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// Nothing was said.
    Default,
    /// A host was named.
    Host(Host),
    /// A profile was named.
    Profile(String),
    /// A tenant was named, by GUID or domain.
    Tenant(Tenant),
}

impl Pointer {
    fn file_name(&self) -> String {
        match self {
            Self::Default => "default.json".to_owned(),
            Self::Host(host) => format!("host-{}.json", short(&host.key())),
            Self::Profile(name) => format!("profile-{}.json", short(name)),
            Self::Tenant(tenant) => format!("tenant-{}.json", short(tenant.as_str())),
        }
    }

    /// In words, for `why`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Default => "the default login".to_owned(),
            Self::Host(host) => format!("remembered for the host `{}`", host.key()),
            Self::Profile(name) => format!("remembered for the profile `{name}`"),
            Self::Tenant(tenant) => format!("remembered for the tenant `{}`", tenant.as_str()),
        }
    }
}

/// What is pointed at, with as much of the login as decides whether it fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointed {
    version: u32,
    login: String,
    /// Where tokens are asked for.
    pub authority: String,
    /// As which application.
    pub client_id: String,
    /// The user name.
    pub account: String,
    /// `uid.utid`.
    pub home_account_id: String,
    /// The tenant that is meant when none is named.
    pub tenant: String,
    /// On the default pointer alone: the host that was signed in for, which `api` calls when nothing names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
}

impl Pointed {
    /// Points at a login and a tenant.
    #[must_use]
    pub fn new(login: &Login, tenant: &str) -> Self {
        Self {
            version: VERSION,
            login: login.id().as_str().to_owned(),
            authority: login.authority.url(),
            client_id: login.client_id.as_str().to_owned(),
            account: login.account.clone(),
            home_account_id: login.home_account_id.clone(),
            tenant: tenant.to_owned(),
            host: None,
        }
    }

    /// The same, signed in for a host.
    #[must_use]
    pub fn signed_in_for(&self, host: Option<&Host>) -> Self {
        Self {
            host: host.map(Host::url),
            ..self.clone()
        }
    }

    /// The login's id, if it is one.
    #[must_use]
    pub fn id(&self) -> Option<LoginId> {
        LoginId::parse(&self.login)
    }

    fn is_usable(&self) -> bool {
        self.version == VERSION && self.id().is_some() && Tenant::parse(&self.tenant).is_ok()
    }

    /// The same login, another tenant.
    #[must_use]
    pub fn with_tenant(&self, tenant: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            host: None,
            ..self.clone()
        }
    }
}

impl Cache<'_> {
    /// Reads a pointer; one that cannot be used is as good as lost.
    #[must_use]
    pub fn pointed(&self, pointer: &Pointer) -> Option<Pointed> {
        let pointed = self.read::<Pointed>(&self.pointer_path(pointer)).ok().flatten();
        pointed.filter(Pointed::is_usable)
    }

    /// Reads a pointer that must not be passed over when the disk fails, since another login would be taken for its own.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(super) fn pointed_surely(&self, pointer: &Pointer) -> Result<Option<Pointed>, Error> {
        match self.read::<Pointed>(&self.pointer_path(pointer)) {
            Err(broken) if broken.unread => {
                Err(cannot_read("which login is meant", &self.pointers_folder(), broken.why))
            }
            read => Ok(read.ok().flatten().filter(Pointed::is_usable)),
        }
    }

    /// Writes a pointer.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub fn point(&self, pointer: &Pointer, pointed: &Pointed) -> Result<(), Error> {
        self.rebuild(pointer, pointed)?;
        if *pointer == Pointer::Default {
            // Whoever chooses a login chooses its cloud.
            let _ = self.forget_cloud();
        }
        Ok(())
    }

    /// Writes a pointer that was lost: nobody has chosen anything.
    pub(super) fn rebuild(&self, pointer: &Pointer, pointed: &Pointed) -> Result<(), Error> {
        let folder = self.pointers_folder();
        let written = self
            .make_folders(&folder)
            .and_then(|()| self.write_pointer(pointer, pointed));
        written.map_err(|error| cannot_write("which login is meant", &folder, &error))
    }

    fn write_pointer(&self, pointer: &Pointer, pointed: &Pointed) -> io::Result<()> {
        let path = self.pointer_path(pointer);
        let broken = match self.read::<Pointed>(&path) {
            Ok(Some(have)) if have == *pointed => return Ok(()),
            Ok(_) => None,
            Err(broken) => Some(broken),
        };
        let folder = self.pointers_folder();
        let locks = self.writing(&folder);
        if locks.is_ok() {
            self.sweep(&folder);
        }
        let json = serde_json::to_vec(pointed)?;
        self.replace(&folder, &pointer.file_name(), &json, broken.as_ref())
            .map(drop)
    }

    /// Removes every pointer at a login.
    pub(super) fn unpoint(&self, id: &LoginId) {
        let folder = self.pointers_folder();
        let Ok(names) = self.world.files.list(&folder) else {
            return;
        };
        for path in names
            .iter()
            .map(|name| folder.join(name))
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
        {
            if matches!(self.read::<Pointed>(&path), Ok(Some(pointed)) if pointed.login == id.as_str()) {
                let _ = self.world.files.remove(&path);
            }
        }
    }

    fn pointer_path(&self, pointer: &Pointer) -> PathBuf {
        let mut path = self.pointers_folder();
        path.push(pointer.file_name());
        path
    }
}
