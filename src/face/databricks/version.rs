//! `version`: by it the SDKs decide which arguments they send.

use super::args::Args;
use super::wants_json;
use crate::face::Call;
use serde::Serialize;

/// The version of the Databricks CLI whose `auth` commands these are: high enough that every SDK sends `--profile` and
/// `--force-refresh`, and that none warns of stale tokens.
const MAJOR: u32 = 1;
const MINOR: u32 = 13;
const PATCH: u32 = 0;

/// The real one's members. What only a build of the real one has is empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Build {
    project_name: &'static str,
    version: String,
    branch: &'static str,
    tag: String,
    short_commit: &'static str,
    full_commit: &'static str,
    commit_time: &'static str,
    summary: &'static str,
    major: u32,
    minor: u32,
    patch: u32,
    prerelease: &'static str,
    is_snapshot: bool,
    build_time: &'static str,
}

/// No time, as Go writes it.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// The answer.
pub(super) fn answer(args: &Args, call: &Call<'_>) -> String {
    if !wants_json(args, call) {
        return text();
    }
    let version = format!("{MAJOR}.{MINOR}.{PATCH}");
    let build = Build {
        project_name: "cli",
        branch: "",
        tag: format!("v{version}"),
        version,
        short_commit: "",
        full_commit: "",
        commit_time: NEVER,
        summary: concat!("answered by entra-token ", env!("CARGO_PKG_VERSION")),
        major: MAJOR,
        minor: MINOR,
        patch: PATCH,
        prerelease: "",
        is_snapshot: false,
        build_time: NEVER,
    };
    // A plain struct cannot fail.
    serde_json::to_string_pretty(&build).unwrap_or_default() + "\n"
}

/// Exactly one line.
pub(super) fn text() -> String {
    format!("Databricks CLI v{MAJOR}.{MINOR}.{PATCH}\n")
}
