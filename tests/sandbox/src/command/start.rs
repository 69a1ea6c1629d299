//! The options that every command has.

use clap::Args;
use entra_sandbox::{Lifetime, Options, Result, Sandbox, Settings};

/// How the sandbox starts.
#[derive(Args)]
pub(crate) struct Start {
    /// Life of the access tokens: 10m, 75m, 28h (with `refresh_in`), or any number of seconds
    #[arg(long, default_value = "75m")]
    lifetime: Lifetime,
}

impl Start {
    /// Starts it.
    pub(crate) fn sandbox(&self) -> Result<Sandbox> {
        let settings = Settings {
            lifetime: self.lifetime,
            ..Settings::default()
        };
        Sandbox::start(Options {
            settings,
            ..Options::default()
        })
    }
}
