//! `az cloud show`, `list`, `set`. The cloud in use is that of the login in use: nothing else is kept.

use super::fault::{self, Fault};
use super::lookup;
use super::options::{Spec, flag, one};
use super::output::Reply;
use super::{Command, Request};
use crate::clouds::authority_of_cloud;
use crate::error::Kind;
use crate::request::Selectors;
use serde_json::{Map, Value, json};

const NAME: Spec = one(&["--name", "-n"]);

pub(super) const SHOW: Command = Command {
    words: &["cloud", "show"],
    options: &[NAME],
    run: show,
};

pub(super) const LIST: Command = Command {
    words: &["cloud", "list"],
    options: &[flag(&["--all"])],
    run: list,
};

pub(super) const SET: Command = Command {
    words: &["cloud", "set"],
    options: &[Spec { required: true, ..NAME }, one(&["--profile"])],
    run: set,
};

/// What az has on board of each cloud.
const CLOUDS: &str = include_str!("clouds.json");

/// The cloud where nobody is signed in to another one.
const PUBLIC: &str = "AzureCloud";

fn clouds() -> Vec<Map<String, Value>> {
    serde_json::from_str(CLOUDS).unwrap_or_default()
}

/// The resource of a type that az knows, in a cloud; in one of which nothing is known, as in the public one.
pub(super) fn resource(cloud: &str, kind: &str) -> Option<String> {
    const TYPES: [(&str, &str); 6] = [
        ("oss-rdbms", "ossrdbmsResourceId"),
        ("aad-graph", "activeDirectoryGraphResourceId"),
        ("ms-graph", "microsoftGraphResourceId"),
        ("batch", "batchResourceId"),
        ("media", "mediaResourceId"),
        ("data-lake", "activeDirectoryDataLakeResourceId"),
    ];
    let (_, member) = TYPES.iter().find(|(name, _)| *name == kind)?;
    let clouds = clouds();
    let named = |name: &str| clouds.iter().find(|known| known["name"] == name);
    named(cloud).or_else(|| named(PUBLIC))?["endpoints"][member]
        .as_str()
        .map(str::to_owned)
}

/// There is no such cloud.
pub(super) fn unknown(name: &str) -> Fault {
    fault::plain(&format!("The cloud '{name}' is not registered."))
}

fn in_use(request: &Request<'_>) -> Result<String, Fault> {
    let cloud = match lookup::in_use(request) {
        Ok(account) => account.login.cloud,
        Err(fault) if fault.is_for_another => request.call.variable("AZURE_CLOUD_NAME").unwrap_or(PUBLIC).to_owned(),
        Err(fault) => return Err(fault),
    };
    let clouds = clouds();
    let known = clouds.iter().filter_map(|known| known["name"].as_str());
    let known = known.into_iter().find(|known| known.eq_ignore_ascii_case(&cloud));
    Ok(known.unwrap_or(PUBLIC).to_owned())
}

fn marked(request: &Request<'_>) -> Result<Vec<Value>, Fault> {
    let in_use = in_use(request)?;
    let mark = |mut cloud: Map<String, Value>| {
        let is_active = cloud["name"] == in_use.as_str();
        cloud.insert("isActive".to_owned(), json!(is_active));
        Value::Object(cloud)
    };
    Ok(clouds().into_iter().map(mark).collect())
}

fn show(request: &Request<'_>) -> Result<Reply, Fault> {
    let clouds = marked(request)?;
    let shown = match request.options.get("--name") {
        Some(name) => clouds
            .into_iter()
            .find(|cloud| is_named(cloud, name))
            .ok_or_else(|| unknown(name).for_another())?,
        None => clouds
            .into_iter()
            .find(|cloud| cloud["isActive"] == true)
            .unwrap_or_default(),
    };
    Ok(Reply::Value(shown))
}

fn is_named(cloud: &Value, name: &str) -> bool {
    cloud["name"]
        .as_str()
        .is_some_and(|known| known.eq_ignore_ascii_case(name))
}

fn list(request: &Request<'_>) -> Result<Reply, Fault> {
    marked(request).map(|clouds| Reply::Value(Value::Array(clouds)))
}

/// Makes a login at that cloud the default one.
fn set(request: &Request<'_>) -> Result<Reply, Fault> {
    let name = request.options.get("--name").unwrap_or_default();
    let clouds = clouds();
    let known = clouds
        .iter()
        .filter_map(|cloud| cloud["name"].as_str())
        .find(|known| known.eq_ignore_ascii_case(name));
    let Some(known) = known else {
        return Err(unknown(name).for_another());
    };
    if in_use(request)? == known {
        return Ok(Reply::Silent);
    }
    let selectors = Selectors {
        authority: authority_of_cloud(known),
        ..Selectors::default()
    };
    match request.services.choice.make_default(&selectors) {
        Ok(_) => {
            request.warn(&format!("Switched active cloud to '{known}'."));
            Ok(Reply::Silent)
        }
        Err(error) if error.kind() == Kind::NotFound => Err(fault::plain(&format!(
            "Nobody is signed in to the cloud '{known}'. Run: AZURE_CLOUD_NAME={known} entra-token as az login"
        ))
        .for_another()),
        Err(error) => Err(fault::of(&error, None)),
    }
}
