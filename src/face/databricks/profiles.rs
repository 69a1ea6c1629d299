//! `auth profiles`: the profiles of the file, and for which of them a token is to be had.

use super::args::Args;
use super::refusal::Refusal;
use super::target::default_profile;
use super::{TOOL, wants_json};
use crate::face::{Call, Outcome, Services};
use crate::request::{Ask, Host};
use crate::services::{DatabricksFile, DatabricksProfile};
use serde::Serialize;
use std::time::Duration;

/// How long one profile may take.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<String>,
    cloud: &'static str,
    auth_type: String,
    valid: bool,
    #[serde(skip_serializing_if = "is_false")]
    default: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

pub(super) fn run(call: &Call<'_>, services: &Services<'_>, args: &Args) -> Outcome {
    let file = match services.workspaces.workspaces(call.variable("DATABRICKS_CONFIG_FILE")) {
        Ok(file) => file,
        Err(error) => return Refusal::Failed(error).outcome(call),
    };
    let check = !args.skip_validate;
    let rows: Vec<Row> = file
        .profiles
        .iter()
        .filter(|profile| profile.host.is_some() || profile.account_id.is_some())
        .map(|profile| row(profile, &file, services, check))
        .collect();
    let out = if wants_json(args, call) {
        serde_json::to_string_pretty(&serde_json::json!({ "profiles": rows })).unwrap_or_default() + "\n"
    } else {
        table(&rows)
    };
    // What signs in by a way that is not ours only the real one can try.
    let all_ours = file.profiles.iter().all(|profile| !profile.has_secret);
    if check && !all_ours && (call.is_behind)(TOOL) {
        return Outcome::Forward(TOOL);
    }
    call.done(out.as_bytes())
}

fn row(profile: &DatabricksProfile, file: &DatabricksFile, services: &Services<'_>, check: bool) -> Row {
    let host = profile.host.as_deref().and_then(|text| Host::parse(text).ok());
    let mut ask = Ask::default();
    ask.explicit.host = host.clone();
    ask.terms.timeout = Some(PATIENCE);
    Row {
        name: profile.name.clone(),
        cloud: host.as_ref().map_or("", cloud),
        valid: check && host.is_some() && !profile.has_secret && services.tokens.token(&ask).is_ok(),
        host: host.map(|host| host.url()).or_else(|| profile.host.clone()),
        account_id: profile.account_id.clone(),
        workspace_id: profile.workspace_id.clone(),
        auth_type: profile.auth_type.clone().unwrap_or_else(|| {
            let by = if profile.has_secret { "" } else { "databricks-cli" };
            by.to_owned()
        }),
        default: default_profile(file).is_some_and(|default| default.name == profile.name),
    }
}

/// The cloud by the host's name, as the SDKs have it; the others are AWS.
fn cloud(host: &Host) -> &'static str {
    let name = host.name();
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
    if ends(&[".azuredatabricks.net", ".databricks.azure.us", ".databricks.azure.cn"]) {
        "azure"
    } else if ends(&[".gcp.databricks.com"]) {
        "gcp"
    } else {
        "aws"
    }
}

/// Columns for a person.
fn table(rows: &[Row]) -> String {
    let word = |valid| if valid { "YES" } else { "NO" };
    let mut lines = vec![["Name".to_owned(), "Host".to_owned(), "Valid".to_owned()]];
    lines.extend(rows.iter().map(|row| {
        let host = row.host.clone().unwrap_or_default();
        [row.name.clone(), host, word(row.valid).to_owned()]
    }));
    let width = |column: usize| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let (first, second) = (width(0), width(1));
    lines
        .iter()
        .map(|[name, host, valid]| format!("{name:<first$}  {host:<second$}  {valid}\n"))
        .collect()
}
