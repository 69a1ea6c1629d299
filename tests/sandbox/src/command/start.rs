//! The options that every command has.

use clap::Args;
use entra_sandbox::{Lifetime, Options, Ports, Result, Sandbox, Settings};

/// How the sandbox starts.
#[derive(Args)]
pub(crate) struct Start {
    /// Life of the access tokens: 10m, 75m, 28h (with `refresh_in`), or any number of seconds
    #[arg(long, default_value = "75m")]
    lifetime: Lifetime,
    /// Port of Entra ID over https; 0 takes any free one
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    authority_port: u16,
    /// Port of Entra ID over plain http
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    authority_http_port: u16,
    /// Port of the workspace over https
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    workspace_port: u16,
    /// Port of the workspace over plain http
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    workspace_http_port: u16,
    /// Port of the control API
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    control_port: u16,
}

impl Start {
    /// Starts it, with room for a connection of each of hundreds of processes.
    pub(crate) fn sandbox(&self) -> Result<Sandbox> {
        let Self {
            lifetime,
            authority_port,
            authority_http_port,
            workspace_port,
            workspace_http_port,
            control_port,
        } = *self;
        more_files();
        Sandbox::start(Options {
            ports: Ports {
                authority_https: authority_port,
                authority_http: authority_http_port,
                workspace_https: workspace_port,
                workspace_http: workspace_http_port,
                control: control_port,
            },
            settings: Settings {
                lifetime,
                ..Settings::default()
            },
        })
    }
}

/// Raises the soft limit of open files, which is 256 on macOS.
#[cfg(unix)]
fn more_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < 4096) {
        limit.current = Some(limit.maximum.map_or(4096, |maximum| maximum.min(4096)));
        // Refused, it stays as it was: good enough for most.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

#[cfg(not(unix))]
fn more_files() {}
