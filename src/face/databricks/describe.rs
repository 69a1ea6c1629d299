//! `auth describe`: who would be signed in to what, and who says so. A failure is told in the answer, with status 0, as the
//! real one does.

use super::args::Args;
use super::refusal::Refusal;
use super::target::{Source, Target};
use super::{TOOL, wants_json};
use crate::face::{Call, Outcome, Services};
use serde_json::{Map, Value, json};

/// How we sign in, in the words of the SDKs.
const AUTH_TYPE: &str = "databricks-cli";

pub(super) fn run(call: &Call<'_>, services: &Services<'_>, args: &Args) -> Outcome {
    let target = match Target::find(call, services, args, None) {
        Ok(target) => target,
        Err(refusal) => return refusal.outcome(call),
    };
    let granted = services.tokens.token(&target.ask()).map_err(Refusal::Failed);
    let (account, refusal) = match granted {
        Ok(granted) => (granted.credential.account, None),
        Err(refusal) => (None, Some(refusal)),
    };
    let facts = facts(&target);
    let why = refusal.as_ref().map(Refusal::text);
    let out = if wants_json(args, call) {
        as_json(&target, &facts, account.as_deref(), why.as_deref())
    } else {
        as_text(&target, &facts, account.as_deref(), why.as_deref())
    };
    match refusal {
        Some(refusal) if refusal.is_for_the_real_one() && (call.is_behind)(TOOL) => Outcome::Forward(TOOL),
        _ => call.done(out.as_bytes()),
    }
}

/// Every value and who said it, in the order of the SDK's own table.
fn facts(target: &Target) -> Vec<(&'static str, String, Source)> {
    let in_file = || target.host_from.clone();
    let mut facts = vec![("host", target.host.url(), target.host_from.clone())];
    if let Some(id) = &target.account_id {
        facts.push(("account_id", id.clone(), in_file()));
    }
    if let Some(id) = &target.workspace_id {
        facts.push(("workspace_id", id.clone(), in_file()));
    }
    let profile = target.profile.as_deref().unwrap_or("default");
    facts.push(("profile", profile.to_owned(), target.profile_from.clone()));
    facts.push(("auth_type", AUTH_TYPE.to_owned(), Source::Derived));
    facts
}

fn as_json(
    target: &Target,
    facts: &[(&'static str, String, Source)],
    account: Option<&str>,
    why: Option<&str>,
) -> String {
    // Types in the words of the SDK (databricks-sdk-go `config/config_attribute.go`).
    let source = |source: &Source| match source {
        Source::Flag(name) => json!({"type": "flag", "name": name}),
        Source::Variable(name) => json!({"type": "environment variable", "name": name}),
        Source::File(path) => json!({"type": "config file", "name": path}),
        Source::Derived => json!({"type": "dynamic configuration"}),
    };
    let configuration: Map<String, Value> = facts
        .iter()
        .map(|(name, value, from)| {
            let said = json!({"value": value, "source": source(from), "auth_type_mismatch": false});
            ((*name).to_owned(), said)
        })
        .collect();
    let mut answer = Map::new();
    let status = if why.is_some() { "error" } else { "success" };
    answer.insert("status".into(), status.into());
    if let Some(why) = why {
        answer.insert("error".into(), why.into());
    }
    if let Some(account) = account {
        answer.insert("username".into(), account.into());
    }
    if let Some(id) = &target.account_id {
        answer.insert("account_id".into(), id.clone().into());
    }
    answer.insert(
        "details".into(),
        json!({"auth_type": AUTH_TYPE, "host": target.host.url(), "configuration": configuration}),
    );
    serde_json::to_string_pretty(&answer).unwrap_or_default()
}

fn as_text(
    target: &Target,
    facts: &[(&'static str, String, Source)],
    account: Option<&str>,
    why: Option<&str>,
) -> String {
    let mut text = match why {
        Some(why) => format!("Unable to authenticate: {why}\n"),
        None => {
            let id = target.account_id.as_ref().map(|id| format!("Account ID: {id}\n"));
            let user = account.map(|account| format!("User: {account}\n"));
            format!(
                "Host: {}\n{}{}Authenticated with: {AUTH_TYPE}\n",
                target.host.url(),
                id.unwrap_or_default(),
                user.unwrap_or_default()
            )
        }
    };
    text.push_str("-----\nCurrent configuration:\n");
    for (name, value, from) in facts {
        let from = match from {
            Source::Flag(name) => format!(" (from {name} flag)"),
            Source::Variable(name) => format!(" (from {name} environment variable)"),
            Source::File(path) => format!(" (from {path} config file)"),
            Source::Derived => String::new(),
        };
        text.push_str(&format!("  ✓ {name}: {value}{from}\n"));
    }
    text
}
