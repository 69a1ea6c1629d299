//! A sandbox and a home folder, both gone when dropped.

use super::{Done, Run, Store};
use entra_sandbox::{ANA, AZURE_CLI, DATABRICKS, Options, Sandbox, User};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A sandbox and a home folder.
pub(crate) struct Bed {
    pub(crate) sandbox: Sandbox,
    home: TempDir,
}

impl Bed {
    /// Nobody is signed in. The configuration names the sandbox's workspaces.
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let bed = Self {
            sandbox,
            home: tempfile::tempdir().unwrap(),
        };
        bed.store().make();
        bed.config(&bed.hosts());
        bed
    }

    /// Ana is signed in to the workspace.
    pub(crate) fn signed_in() -> Self {
        let bed = Self::new();
        bed.sign_in(&ANA).ok();
        bed.sandbox.clear_log();
        bed
    }

    /// Signs a user in by a refresh token.
    pub(crate) fn sign_in(&self, user: &'static User) -> Done {
        let token = self.sandbox.mint_refresh_token(user, AZURE_CLI);
        self.run(["login", "--refresh-token-stdin", "--host", &self.sandbox.workspace()])
            .stdin(&token)
            .done()
    }

    /// A call of the program with this home, and nothing else in its environment.
    pub(crate) fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Run {
        Run::new(args)
            .env("HOME", self.home.path())
            .env("SSL_CERT_FILE", self.sandbox.ca_file())
            .env("TZ", "UTC")
    }

    /// `get` of the default login, which must succeed: the access token.
    pub(crate) fn token(&self) -> String {
        self.run(["get", "-o", "token"]).ok().trim_end().to_owned()
    }

    /// The home folder.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// `~/.entra-token`.
    pub(crate) fn folder(&self) -> PathBuf {
        self.home.path().join(".entra-token")
    }

    /// The files of the logins.
    pub(crate) fn store(&self) -> Store {
        Store::new(self.folder())
    }

    /// Writes `config.toml`.
    pub(crate) fn config(&self, text: &str) {
        std::fs::write(self.folder().join("config.toml"), text).unwrap();
    }

    /// `[[host]]` entries for the sandbox's two workspaces.
    pub(crate) fn hosts(&self) -> String {
        [
            (self.sandbox.workspace(), self.sandbox.authority()),
            (self.sandbox.workspace_http(), self.sandbox.authority_http()),
        ]
        .map(|(name, authority)| {
            let resource = DATABRICKS.id();
            format!("[[host]]\nname = \"{name}\"\nresource = \"{resource}\"\nauthority = \"{authority}\"\n\n")
        })
        .concat()
    }

    /// Refresh requests that reached the sandbox.
    pub(crate) fn posts(&self) -> u64 {
        self.sandbox.token_requests()
    }
}
