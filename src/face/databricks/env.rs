//! `auth env`: the variables by which another program signs in as this one does. No token is among them.

use super::args::Args;
use super::refusal::Refusal;
use super::target::Target;
use crate::face::{Call, Services};
use crate::remedy::quoted;
use serde_json::{Map, Value, json};

pub(super) fn answer(call: &Call<'_>, services: &Services<'_>, args: &Args) -> Result<String, Refusal> {
    let target = Target::find(call, services, args, None)?;
    services.tokens.token(&target.ask()).map_err(Refusal::Failed)?;
    let variables: Vec<(&str, String)> = [
        ("DATABRICKS_ACCOUNT_ID", target.account_id),
        ("DATABRICKS_AUTH_TYPE", Some("databricks-cli".to_owned())),
        ("DATABRICKS_CONFIG_PROFILE", target.profile),
        ("DATABRICKS_HOST", Some(target.host.url())),
        ("DATABRICKS_WORKSPACE_ID", target.workspace_id),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| (name, value)))
    .collect();
    if args.json == Some(false) {
        let lines = variables
            .iter()
            .map(|(name, value)| format!("{name}={}\n", quoted(value)));
        return Ok(lines.collect());
    }
    let members = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)));
    let env = json!({ "env": members.collect::<Map<_, _>>() });
    Ok(serde_json::to_string_pretty(&env).unwrap_or_default())
}
