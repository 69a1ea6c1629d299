//! `login.json`: who, where, as which application, and the refresh token.

use super::file::{Broken, cannot_read};
use super::layout::LOGIN_FILE;
use super::{Cache, LoginId, VERSION, time};
use crate::error::{Error, Kind};
use crate::request::{Authority, ClientId, Tenant};
use crate::secret::{Secret, pretty_json};
use serde::{Deserialize, Serialize};
use std::io;
use zeroize::Zeroizing;

/// One sign-in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Where tokens are asked for.
    pub authority: Authority,
    /// The token endpoint, discovered at sign-in for an authority that is no known cloud; may hold `{tenant}`.
    pub token_endpoint: Option<String>,
    /// As which application.
    pub client_id: ClientId,
    /// `uid.utid`: the account, whatever it is called today.
    pub home_account_id: String,
    /// The user name.
    pub account: String,
    /// The tenant that was signed in to; meant when no other is named.
    pub tenant: String,
    /// How the sign-in happened: a row of the flow table.
    pub flow: String,
    /// When, epoch seconds.
    pub signed_in_on: i64,
    /// What brings new access tokens.
    pub refresh_token: Secret,
    /// When it was received, epoch seconds.
    pub refresh_token_obtained_on: i64,
}

impl Login {
    /// The login's identity.
    #[must_use]
    pub fn id(&self) -> LoginId {
        LoginId::of(&self.authority, &self.client_id, &self.home_account_id)
    }

    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        let Self {
            authority,
            token_endpoint,
            client_id,
            home_account_id,
            account,
            tenant,
            flow,
            signed_in_on,
            refresh_token,
            refresh_token_obtained_on,
        } = self;
        let wire = Written {
            version: VERSION,
            authority: authority.url(),
            token_endpoint: token_endpoint.as_deref(),
            client_id: client_id.as_str(),
            home_account_id,
            account,
            tenant,
            flow,
            signed_in_on: *signed_in_on,
            refresh_token: refresh_token.expose(),
            refresh_token_obtained_on: *refresh_token_obtained_on,
        };
        pretty_json(&wire, refresh_token.expose().len())
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    authority: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_endpoint: Option<&'a str>,
    client_id: &'a str,
    home_account_id: &'a str,
    account: &'a str,
    tenant: &'a str,
    flow: &'a str,
    signed_in_on: i64,
    refresh_token: &'a str,
    refresh_token_obtained_on: i64,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    authority: String,
    token_endpoint: Option<String>,
    client_id: String,
    home_account_id: String,
    account: String,
    tenant: String,
    flow: String,
    #[serde(deserialize_with = "time::seconds")]
    signed_in_on: i64,
    refresh_token: Secret,
    #[serde(deserialize_with = "time::seconds")]
    refresh_token_obtained_on: i64,
}

impl TryFrom<Read> for Login {
    type Error = String;

    fn try_from(wire: Read) -> Result<Self, String> {
        if wire.version != VERSION {
            return Err(format!("it has the format {}", wire.version));
        }
        if wire.refresh_token.is_empty() {
            return Err("it holds no refresh token".to_owned());
        }
        let tenant = Tenant::parse(&wire.tenant).map_err(|_| "its tenant is neither a GUID nor a domain")?;
        Ok(Self {
            authority: Authority::parse(&wire.authority)?,
            token_endpoint: wire.token_endpoint,
            client_id: ClientId::parse(&wire.client_id)?,
            home_account_id: wire.home_account_id,
            account: wire.account,
            tenant: tenant.as_str().to_owned(),
            flow: wire.flow,
            signed_in_on: wire.signed_in_on,
            refresh_token: wire.refresh_token,
            refresh_token_obtained_on: wire.refresh_token_obtained_on,
        })
    }
}

/// All logins that can be used, and what is wrong with the others.
#[derive(Default)]
pub struct Logins {
    /// Usable ones, by id.
    pub usable: Vec<(LoginId, Login)>,
    /// One line for each that is not.
    pub broken: Vec<String>,
}

impl Cache<'_> {
    /// Reads a login; `None` if there is none of that id.
    ///
    /// # Errors
    /// `store_unavailable` if it is there but cannot be used.
    pub fn login(&self, id: &LoginId) -> Result<Option<Login>, Error> {
        self.read_login(id).map_err(|broken| self.broken_login(id, &broken))
    }

    /// The ids of all logins, whatever state they are in.
    ///
    /// # Errors
    /// `store_unavailable` if they cannot be listed: that nobody is signed in would be a guess.
    pub fn ids(&self) -> Result<Vec<LoginId>, Error> {
        let folder = self.logins_folder();
        let names = match self.world.files.list(&folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(cannot_read("who is signed in", &folder, error)),
        };
        Ok(names
            .iter()
            .filter_map(|name| name.to_str())
            .filter_map(LoginId::parse)
            .collect())
    }

    /// Reads all logins. A broken one hides none of the others.
    ///
    /// # Errors
    /// As [`Self::ids`].
    pub fn logins(&self) -> Result<Logins, Error> {
        let mut logins = Logins::default();
        for id in self.ids()? {
            match self.read_login(&id) {
                Ok(Some(login)) => logins.usable.push((id, login)),
                Ok(None) => {}
                Err(broken) => logins.broken.push(self.broken_login(&id, &broken).message().to_owned()),
            }
        }
        Ok(logins)
    }

    pub(super) fn read_login(&self, id: &LoginId) -> Result<Option<Login>, Broken> {
        let Some(wire) = self.read::<Read>(&self.login_folder(id).join(LOGIN_FILE))? else {
            return Ok(None);
        };
        Login::try_from(wire).map(Some).map_err(Broken::by_content)
    }

    fn broken_login(&self, id: &LoginId, broken: &Broken) -> Error {
        let path = self.login_folder(id).join(LOGIN_FILE);
        if broken.unread {
            return cannot_read("the login", &path, &broken.why);
        }
        let message = format!("the login in `{}` cannot be used: {}", path.display(), broken.why);
        let error = Error::new(Kind::StoreUnavailable, message);
        match &broken.fix {
            Some(fix) => error.hint(fix),
            None => error.hint("sign in again: the file will be set aside; see `entra-token login --help`"),
        }
    }
}
