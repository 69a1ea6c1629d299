//! What a face or a verb may ask for, a narrow trait each. `desk` implements them.

use crate::error::Error;
use crate::how::{How, Way};
use crate::request::{Ask, Authority, Host, Selectors};
use crate::secret::Secret;
use crate::status::Status;
use crate::token::Granted;

/// Tokens, silently: no browser, no prompt.
pub trait Tokens {
    /// A token on the terms that were asked for.
    ///
    /// # Errors
    /// Any [`crate::error::Kind`].
    fn token(&self, ask: &Ask) -> Result<Granted, Error>;
}

/// Tokens for a process that answers many callers, none of whom is to wait for another's.
pub trait AtOnce {
    /// What can be said without waiting for the network or for anybody else.
    fn at_once(&self, ask: &Ask) -> Said;
}

/// What can be said at once.
#[derive(Debug)]
pub enum Said {
    /// All there is to say.
    All(Result<Granted, Error>),
    /// A good token, but [`Tokens::token`] would try for a newer one, if nobody else does so already.
    Early(Granted, Wish),
    /// [`Tokens::token`] must be asked.
    Nothing(Wish),
}

/// Which token is meant: calls that wait for the same one are served by one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish(pub String);

/// Tokens of container registries.
pub trait Registries {
    /// A refresh token of the named host, an Azure Container Registry, made from a token of Entra's. It is not kept.
    ///
    /// # Errors
    /// Any [`crate::error::Kind`].
    fn registry_token(&self, ask: &Ask) -> Result<Secret, Error>;
}

/// Who is signed in.
pub trait Accounts {
    /// What is held, offline and without secrets. With no selector all logins.
    ///
    /// # Errors
    /// If the store cannot be read at all, or the selectors fit nothing.
    fn status(&self, selectors: &Selectors) -> Result<Status, Error>;

    /// Forgets the logins that fit, and their tokens. With no selector and `all` unset, the default login.
    ///
    /// # Errors
    /// `not_found`, `ambiguous`, or `store_unavailable`.
    fn forget(&self, selectors: &Selectors, all: bool) -> Result<Vec<Forgotten>, Error>;
}

/// A login that was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Forgotten {
    /// The login's id.
    pub id: String,
    /// The user name.
    pub account: String,
    /// The home tenant.
    pub tenant: String,
    /// How many access tokens were deleted with it.
    pub tokens: usize,
}

/// Signing in: the one service that may involve a person.
pub trait SignIn {
    /// Signs in, and remembers the login.
    ///
    /// # Errors
    /// Any [`crate::error::Kind`]; what was held before stays as it was.
    fn sign_in(&self, ask: &Ask, how: &How) -> Result<SignedIn, Error>;

    /// The way that this place allows, and one line that says so.
    ///
    /// # Errors
    /// `bad_request` if nobody can sign in here.
    fn usual_way(&self) -> Result<(Way, String), Error>;
}

/// A login that was made.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The login's id.
    pub id: String,
    /// The user name.
    pub account: String,
    /// The tenant that was signed in to.
    pub tenant: String,
    /// Where.
    pub authority: String,
    /// As which application.
    pub client_id: String,
    /// By which way: a row of the flow table.
    pub flow: &'static str,
    /// The first token.
    pub granted: Granted,
    /// What else a person should know: files set aside, another default than before.
    pub notes: Vec<String>,
}

/// Which login is meant.
pub trait Choice {
    /// Makes the login that fits the default among several.
    ///
    /// # Errors
    /// `not_found`, `ambiguous`, `store_unavailable`.
    fn make_default(&self, selectors: &Selectors) -> Result<LoginSummary, Error>;

    /// The cloud that was chosen while nobody was signed in to it, until another login becomes the default.
    ///
    /// # Errors
    /// If the store cannot be opened.
    fn cloud(&self) -> Result<Option<Authority>, Error>;

    /// Chooses a cloud for the next sign-in, or none.
    ///
    /// # Errors
    /// `store_unavailable`.
    fn choose_cloud(&self, authority: Option<&Authority>) -> Result<(), Error>;

    /// Every value that decides a call, and why it won; offline.
    ///
    /// # Errors
    /// If the configuration cannot be read or denies the host.
    fn why(&self, ask: &Ask) -> Result<Vec<Reason>, Error>;
}

/// Which host is meant.
pub trait Directory {
    /// The host that a call is for, if anything names one: it is on the allow-list.
    ///
    /// # Errors
    /// If the configuration cannot be read or denies the host.
    fn host(&self, ask: &Ask) -> Result<Option<Host>, Error>;

    /// The host that the default login was made for, if it was made for one. Whether it is on the allow-list today is for
    /// [`Directory::host`] to say.
    fn remembered_host(&self) -> Option<Host>;
}

/// What the configuration file of the Databricks tools says.
pub trait Workspaces {
    /// The profiles of `.databrickscfg`; none if there is no such file. `file` is the value of `DATABRICKS_CONFIG_FILE`.
    ///
    /// # Errors
    /// `config`: it cannot be trusted or read; the message names the line, and never what stands there.
    fn workspaces(&self, file: Option<&str>) -> Result<DatabricksFile, Error>;
}

/// `.databrickscfg`, without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabricksFile {
    /// Where it is, or would be.
    pub path: String,
    /// `default_profile` of its section `__settings__`.
    pub default_profile: Option<String>,
    /// Its profiles, in the order of the file.
    pub profiles: Vec<DatabricksProfile>,
}

/// A profile of `.databrickscfg`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabricksProfile {
    /// Its name.
    pub name: String,
    /// `host`.
    pub host: Option<String>,
    /// `account_id`.
    pub account_id: Option<String>,
    /// `workspace_id`.
    pub workspace_id: Option<String>,
    /// `auth_type`.
    pub auth_type: Option<String>,
    /// `azure_tenant_id`.
    pub azure_tenant_id: Option<String>,
    /// `client_id`: it signs in as a service principal.
    pub client_id: Option<String>,
    /// Whether it holds a `token`, `password` or `client_secret` of its own.
    pub has_secret: bool,
}

impl DatabricksFile {
    /// The profile of that name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&DatabricksProfile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }
}

/// A login in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginSummary {
    /// The login's id.
    pub id: String,
    /// The user name.
    pub account: String,
    /// The home tenant.
    pub tenant: String,
}

/// One value that decides a call.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    /// What it decides: `profile`, `host`, `authority`, `tenant`, `client_id`, `account`, `scope`, `min_ttl`, `used_tenant`,
    /// `login`.
    pub field: &'static str,
    /// The value; empty if nothing decides.
    pub value: String,
    /// Who said so, such as ``flag `--tenant` `` or `profile `ci` in config.toml`.
    pub source: String,
}

/// Subscriptions of Azure: what `az` calls accounts.
pub trait Subscriptions {
    /// The login that a call is for, with the subscription that was chosen for it, if there is one, and no others. Offline, and
    /// at the same cost however many there are.
    ///
    /// # Errors
    /// `not_found` if nobody is signed in, `ambiguous`, `config`, `store_unavailable`.
    fn in_use(&self, ask: &Ask) -> Result<AzureLogin, Error>;

    /// Every login with its subscriptions, the default one first. Azure Resource Manager that cannot be asked is no error: what
    /// is held stands, or nothing.
    ///
    /// # Errors
    /// `store_unavailable` if the logins cannot be listed, `config`.
    fn subscriptions(&self, look: Look) -> Result<Vec<AzureLogin>, Error>;

    /// Makes a subscription the one in use, and its login the default one.
    ///
    /// # Errors
    /// `not_found` if the login is gone, `cache_busy`, `store_unavailable`.
    fn use_subscription(&self, login: &AzureLogin, subscription: &Subscription) -> Result<(), Error>;
}

/// Whether Azure Resource Manager is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Never.
    Held,
    /// If nothing is held.
    IfNone,
    /// If nothing is held, or something older than a day.
    IfOld,
    /// In any case.
    Again,
}

/// A login as `az` sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureLogin {
    /// The login.
    pub login: LoginSummary,
    /// Its cloud by the name that `az` has for it; else the host of its authority.
    pub cloud: String,
    /// The resource of Azure Resource Manager there.
    pub resource_manager: String,
    /// The subscription in use.
    pub in_use: Option<Subscription>,
    /// Every subscription that is known.
    pub subscriptions: Vec<Subscription>,
}

/// A subscription of Azure.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Subscription {
    /// Its GUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Enabled`, `Disabled`, `Warned` and others.
    pub state: String,
    /// The tenant that it belongs to.
    pub tenant: String,
    /// The default domain of that tenant, if Azure Resource Manager tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_domain: Option<String>,
    /// The name of that tenant, if Azure Resource Manager tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_name: Option<String>,
    /// Other tenants that manage it.
    #[serde(default)]
    pub managed_by: Vec<String>,
}

impl Subscription {
    /// Whether it is meant by this id or name, in any case.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        self.id.eq_ignore_ascii_case(text) || self.name.to_lowercase() == text.to_lowercase()
    }
}
