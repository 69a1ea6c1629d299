//! The sandbox as a value: it starts with `start` and is gone when dropped.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::arm;
use crate::certificate::Authority;
use crate::client::Client;
use crate::description::Description;
use crate::directory::{AZURE_CLI, CONTOSO, DATABRICKS, OWN_APP, Resource, Tenant, USERS, User, WORKSPACE_RESOURCE_ID};
use crate::error::{Doing as _, Result};
use crate::exchange::authority;
use crate::fault::Fault;
use crate::http::server::{Door, Role, Server};
use crate::lifetime::Lifetime;
use crate::log::{Counts, Entry};
use crate::options::{Options, Settings};
use crate::refusal::Refusal;
use crate::state::State;
use crate::token::access::{self, Subject, Terms};
use crate::token::refresh::Which;

mod people;

/// A running Entra ID and a running workspace.
pub struct Sandbox {
    // Dropped first: no thread outlives the files.
    _server: Server,
    state: Arc<State>,
    ports: [u16; 7],
    authority: Authority,
    folder: TempDir,
}

impl Sandbox {
    /// Starts on 127.0.0.1. Fails where a port is taken or the folder for temporary files cannot be written.
    pub fn start(options: Options) -> Result<Self> {
        let Options { ports, settings } = options;
        let authority = Authority::generate("entra-sandbox CA")?;
        let unknown = Authority::generate("unknown CA")?;
        let tls = authority.server()?;
        let doors = vec![
            Door::bind(Role::Authority, ports.authority_https, Some(Arc::clone(&tls)))?,
            Door::bind(Role::Authority, ports.authority_http, None)?,
            Door::bind(Role::Workspace, ports.workspace_https, Some(tls))?,
            Door::bind(Role::Workspace, ports.workspace_http, None)?,
            Door::bind(Role::Authority, 0, Some(unknown.server()?))?,
            Door::bind(Role::Authority, 0, Some(authority.server_named(&["login.invalid"])?))?,
            Door::bind(Role::Control, ports.control, None)?,
        ];
        let mut bound = [0; 7];
        for (port, door) in bound.iter_mut().zip(&doors) {
            *port = door.port;
        }
        let folder = private_folder(&authority)?;
        let state = Arc::new(State::new(
            url("https", bound[0]),
            url("http", bound[1]),
            control_url(bound[6]),
            settings,
        )?);
        let server = Server::start(doors, &state)?;
        Ok(Self {
            _server: server,
            state,
            ports: bound,
            authority,
            folder,
        })
    }

    /// Entra ID over https, such as `https://localhost:41234`.
    pub fn authority(&self) -> String {
        url("https", self.ports[0])
    }

    /// Entra ID over plain http.
    pub fn authority_http(&self) -> String {
        url("http", self.ports[1])
    }

    /// The workspace over https.
    pub fn workspace(&self) -> String {
        url("https", self.ports[2])
    }

    /// The workspace over plain http.
    pub fn workspace_http(&self) -> String {
        url("http", self.ports[3])
    }

    /// Entra ID behind a certificate of an authority that nobody knows.
    pub fn authority_unknown_ca(&self) -> String {
        url("https", self.ports[4])
    }

    /// Entra ID behind a certificate for another name.
    pub fn authority_wrong_name(&self) -> String {
        url("https", self.ports[5])
    }

    /// Azure Resource Manager over https; also at [`authority`](Self::authority) itself.
    pub fn resource_manager(&self) -> String {
        format!("{}{}", self.authority(), arm::PREFIX)
    }

    /// The control API over plain http.
    pub fn control(&self) -> String {
        control_url(self.ports[6])
    }

    /// The certificate authority in PEM.
    pub fn ca_pem(&self) -> &str {
        self.authority.pem()
    }

    /// A file with the certificate authority in PEM, for `SSL_CERT_FILE`; gone with the sandbox.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A private folder (0700) that is gone with the sandbox.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A client that trusts this sandbox.
    pub fn client(&self) -> Result<Client> {
        Client::trusting(self.authority.certificate())
    }

    /// Everything above in one value, with a new refresh token for each user.
    pub fn description(&self) -> Description {
        let tokens = USERS
            .into_iter()
            .map(|user| (user.upn, self.mint_refresh_token(user, AZURE_CLI)));
        Description {
            authority: self.authority(),
            authority_http: self.authority_http(),
            workspace: self.workspace(),
            workspace_http: self.workspace_http(),
            authority_unknown_ca: self.authority_unknown_ca(),
            authority_wrong_name: self.authority_wrong_name(),
            resource_manager: self.resource_manager(),
            workspace_resource_id: WORKSPACE_RESOURCE_ID,
            control: self.control(),
            ca_file: self.ca_file().display().to_string(),
            client_id: Description::CLIENT,
            own_client_id: OWN_APP,
            tenant: CONTOSO.id,
            tenants: Description::tenants(),
            users: Description::users(),
            refresh_tokens: tokens.collect(),
        }
    }

    /// How the servers behave.
    pub fn settings(&self) -> Settings {
        self.state.settings()
    }

    /// Makes the servers behave otherwise from now on.
    pub fn change(&self, change: impl FnOnce(&mut Settings)) {
        self.state.change(change);
    }

    /// The life of access tokens minted from now on.
    pub fn set_lifetime(&self, lifetime: Lifetime) {
        self.change(|settings| settings.lifetime = lifetime);
    }

    /// A new refresh token, as from a sign-in of `user` with `client_id` and without a second factor.
    pub fn mint_refresh_token(&self, user: &'static User, client_id: &str) -> String {
        self.state.refresh_tokens.mint(user, client_id, false)
    }

    /// An access token as the token endpoint would give it, but of any audience and with any life in seconds,
    /// negative for one that is expired.
    pub fn mint_access_token(
        &self,
        user: &'static User,
        tenant: &'static Tenant,
        audience: &str,
        expires_in: i64,
    ) -> String {
        let subject = Subject {
            user,
            tenant,
            client: AZURE_CLI,
        };
        let resource = Resource::named(audience).unwrap_or(&DATABRICKS);
        let terms = Terms {
            audience,
            permission: resource.permission,
            expires_in,
            mfa: true,
            claims: None,
        };
        access::mint(&self.state, &subject, &terms)
    }

    /// Lets this refresh token be refused with AADSTS `code` (700082: unused for too long; 50173: revoked).
    /// Says whether it was alive.
    pub fn kill_refresh_token(&self, token: &str, code: u32) -> bool {
        self.state.refresh_tokens.kill(&Which::Token(token), code) == 1
    }

    /// Lets every refresh token be refused with AADSTS `code`; gives how many lived.
    pub fn kill_all_refresh_tokens(&self, code: u32) -> usize {
        self.state.refresh_tokens.kill(&Which::All, code)
    }

    /// Revokes all refresh tokens of `user` (AADSTS50173), as a change of the password does; gives how many lived.
    pub fn revoke(&self, user: &User) -> usize {
        self.state.refresh_tokens.kill(&Which::OfUser(user), 50173)
    }

    /// Lets the workspace refuse the access token with this SHA-256 (hexadecimal, `sha256:` in front or not).
    pub fn reject_access_token(&self, sha256: &str) {
        self.state.reject(sha256);
    }

    /// Orders a fault, behind those that wait already.
    pub fn fault(&self, fault: Fault) {
        self.state.faults.add(fault);
    }

    /// Faults that wait.
    pub fn faults(&self) -> Vec<Fault> {
        self.state.faults.list()
    }

    /// Clears all faults.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// Lets requests go on that a fault [`Hold`](crate::FaultKind::Hold) holds.
    pub fn release(&self) {
        self.state.gate.release();
    }

    /// Waits until `count` requests have come to `endpoint` since the log was cleared, answered or not (see
    /// [`Entry::endpoint`]; empty for all). False if `timeout` is over before.
    pub fn wait_for_requests(&self, endpoint: &str, count: u64, timeout: Duration) -> bool {
        self.state.log.wait(endpoint, count, timeout)
    }

    /// Orders a refusal, behind those that wait already.
    pub fn refuse(&self, refusal: Refusal) {
        self.state.refusals.add(refusal);
    }

    /// Clears all refusals.
    pub fn clear_refusals(&self) {
        self.state.refusals.clear();
    }

    /// The requests so far, secrets as hashes.
    pub fn log(&self) -> Vec<Entry> {
        self.state.log.entries()
    }

    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.state.log.counts()
    }

    /// How many requests came to the token endpoints.
    pub fn token_requests(&self) -> u64 {
        self.counts().endpoints.get("token").copied().unwrap_or_default()
    }

    /// Forgets requests and counts.
    pub fn clear_log(&self) {
        self.state.log.clear();
    }

    /// Settings, faults, refusals, rejections and log as at the start; refresh tokens stay good.
    pub fn reset(&self) {
        self.state.reset();
    }
}

fn url(scheme: &str, port: u16) -> String {
    format!("{scheme}://{}", authority(scheme, "localhost", port))
}

fn control_url(port: u16) -> String {
    format!("{}/_sandbox", url("http", port))
}

fn private_folder(authority: &Authority) -> Result<TempDir> {
    let what = "writing the file of the certificate authority";
    let folder = tempfile::Builder::new()
        .prefix("entra-sandbox-")
        .tempdir()
        .doing(what)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(folder.path().join("ca.pem"))
        .doing(what)?;
    file.write_all(authority.pem().as_bytes()).doing(what)?;
    Ok(folder)
}
