//! A home for entra-token that knows the sandbox, and the environment that leads there.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: it prepares entra-token's environment"
)]

use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use entra_sandbox::{DATABRICKS, Description, Error, Result, Sandbox};

/// Variables that would lead entra-token, or a caller of it, out of the sandbox.
const FOREIGN: [&str; 5] = ["ARM_", "AZURE_", "DATABRICKS_", "ENTRA_", "SSL_CERT_"];

/// A folder that stands for the user's home.
pub(crate) struct Home {
    folder: PathBuf,
}

impl Home {
    /// Makes `folder`, or a new one that goes with the sandbox, into a home.
    pub(crate) fn prepare(sandbox: &Sandbox, folder: Option<PathBuf>) -> Result<Self> {
        let folder = folder.unwrap_or_else(|| sandbox.folder().join("home"));
        let own = folder.join(".entra-token");
        private(&folder)
            .and_then(|()| private(&own))
            .and_then(|()| write(&own.join("config.toml"), &config(sandbox)))
            .map_err(|error| Error::new(format!("preparing the home `{}`", folder.display()), error))?;
        Ok(Self { folder })
    }

    /// Variables to set for a child: everything in `description`, one by one, and where entra-token finds its things.
    pub(crate) fn environment(&self, description: &Description, binaries: &Path) -> Vec<(&'static str, OsString)> {
        let path = env::var_os("PATH").unwrap_or_default();
        let paths = [binaries.to_owned()].into_iter().chain(env::split_paths(&path));
        let path = env::join_paths(paths).unwrap_or(path);
        let text = |text: &str| OsString::from(text);
        let refresh_token = description
            .users
            .first()
            .and_then(|user| description.refresh_tokens.get(user));
        vec![
            ("HOME", self.folder.clone().into()),
            ("ENTRA_TOKEN_HOME", self.folder.join(".entra-token").into()),
            ("SSL_CERT_FILE", text(&description.ca_file)),
            // A sign-in that names no workspace would go to the real Entra ID.
            ("AZURE_AUTHORITY_HOST", text(&description.authority)),
            ("PATH", path),
            ("ENTRA_SANDBOX_AUTHORITY", text(&description.authority)),
            ("ENTRA_SANDBOX_AUTHORITY_HTTP", text(&description.authority_http)),
            ("ENTRA_SANDBOX_CA_FILE", text(&description.ca_file)),
            ("ENTRA_SANDBOX_CLIENT_ID", text(description.client_id)),
            ("ENTRA_SANDBOX_CONTROL", text(&description.control)),
            (
                "ENTRA_SANDBOX_REFRESH_TOKEN",
                text(refresh_token.map_or("", |token| token)),
            ),
            ("ENTRA_SANDBOX_OWN_CLIENT_ID", text(description.own_client_id)),
            ("ENTRA_SANDBOX_RESOURCE_MANAGER", text(&description.resource_manager)),
            (
                "ENTRA_SANDBOX_WORKSPACE_RESOURCE_ID",
                text(description.workspace_resource_id),
            ),
            ("ENTRA_SANDBOX_TENANT", text(description.tenant)),
            (
                "ENTRA_SANDBOX_USER",
                text(description.users.first().copied().unwrap_or_default()),
            ),
            ("ENTRA_SANDBOX_WORKSPACE", text(&description.workspace)),
            ("ENTRA_SANDBOX_WORKSPACE_HTTP", text(&description.workspace_http)),
        ]
    }

    /// Variables to take away from a child.
    pub(crate) fn foreign() -> Vec<OsString> {
        let names = env::vars_os().map(|(name, _)| name);
        let foreign = |name: &OsString| {
            let name = name.to_string_lossy();
            FOREIGN.iter().any(|start| name.starts_with(start))
        };
        names.filter(foreign).collect()
    }
}

/// The workspace's addresses as hosts that may be given a token.
fn config(sandbox: &Sandbox) -> String {
    // A name without a scheme would mean https.
    let hosts = [sandbox.workspace(), sandbox.workspace_http()].map(|name| {
        format!(
            "[[host]]\nname = \"{name}\"\nresource = \"{}\"\nauthority = \"{}\"\n",
            DATABRICKS.id(),
            sandbox.authority()
        )
    });
    hosts.join("\n")
}

/// Writes a file that nobody else reads.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

/// Makes a folder that is nobody else's, or makes it so.
fn private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
