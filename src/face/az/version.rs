//! `az version`, `az --version`.

use super::output::Reply;
use super::{Command, Too};
use serde_json::json;

/// The version of az that is spoken here: callers look for one from 2.0.81 to below 3.0.0.
const SPOKEN: &str = "2.91.0";

pub(super) const COMMAND: Command = Command {
    words: &["version"],
    options: &[],
    too: Too::Nothing,
    run: |_| {
        Ok(Reply::Value(json!({
            "extensions": {},
            "azure-cli": SPOKEN,
            "azure-cli-core": SPOKEN,
            "azure-cli-telemetry": "1.1.0",
        })))
    },
};

/// `az --version`.
pub(super) fn text() -> String {
    format!(
        "azure-cli                         {SPOKEN}\n\ncore                              {SPOKEN}\n\
         telemetry                          1.1.0\n\nAnswered by entra-token {}\n",
        env!("CARGO_PKG_VERSION")
    )
}
