//! `az cloud show`, `list`, `set`. The cloud in use is that of the login in use, unless another was chosen, by the environment or
//! by `set`, where nobody is signed in yet.

use super::fault::{self, Fault};
use super::lookup;
use super::options::{Spec, one};
use super::output::Reply;
use super::{Command, Request, Too};
use crate::clouds::{authority_of_cloud, name_of};
use crate::error::Kind;
use crate::request::Selectors;
use serde_json::{Map, Value, json};

const NAME: Spec = one(&["--name", "-n"]);

pub(super) const SHOW: Command = Command {
    words: &["cloud", "show"],
    options: &[NAME],
    too: Too::Nothing,
    run: show,
};

pub(super) const LIST: Command = Command {
    words: &["cloud", "list"],
    options: &[],
    too: Too::Nothing,
    run: list,
};

pub(super) const SET: Command = Command {
    words: &["cloud", "set"],
    options: &[Spec { required: true, ..NAME }, one(&["--profile"])],
    too: Too::Quietly(&[], true),
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

/// The name of the cloud in use.
pub(super) fn in_use(request: &Request<'_>) -> Result<String, Fault> {
    if let Some(authority) = request.cloud()? {
        return Ok(name_of(&authority));
    }
    match lookup::in_use(request) {
        Ok(account) => Ok(account.login.cloud),
        Err(fault) if fault.is_for_another => Ok(PUBLIC.to_owned()),
        Err(fault) => Err(fault),
    }
}

/// All clouds, and which one is in use. What is in use where nobody is signed in here, and what is known of a cloud that we do not
/// know, the real az knows better.
fn marked(request: &Request<'_>) -> Result<Vec<Value>, Fault> {
    let mut in_use = in_use(request)?;
    let is_known = clouds().iter().any(|known| known["name"] == in_use.as_str());
    if request.is_before_another() && (!is_known || lookup::in_use(request).is_err()) {
        return Err(unknown(&in_use).for_another());
    }
    if !is_known {
        in_use = PUBLIC.to_owned();
    }
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
            .find(|cloud| cloud["name"] == name)
            .ok_or_else(|| unknown(name).for_another())?,
        None => clouds
            .into_iter()
            .find(|cloud| cloud["isActive"] == true)
            .unwrap_or_default(),
    };
    Ok(Reply::Value(shown))
}

fn list(request: &Request<'_>) -> Result<Reply, Fault> {
    marked(request).map(|clouds| Reply::Value(Value::Array(clouds)))
}

/// Makes a login at that cloud the default one; if there is none, the next sign-in is there, and nobody is signed in until then.
fn set(request: &Request<'_>) -> Result<Reply, Fault> {
    let name = request.options.get("--name").unwrap_or_default();
    let clouds = clouds();
    let known = clouds
        .iter()
        .filter_map(|cloud| cloud["name"].as_str())
        .find(|known| *known == name);
    let Some(known) = known else {
        return Err(unknown(name).for_another());
    };
    if in_use(request)? == known {
        return Ok(Reply::Silent);
    }
    let authority = authority_of_cloud(known);
    let choice = request.services.choice;
    let selectors = Selectors {
        authority: authority.clone(),
        ..Selectors::default()
    };
    let mut told = vec![format!("Switched active cloud to '{known}'.")];
    let chosen = match choice.make_default(&selectors) {
        Err(error) if error.kind() == Kind::NotFound => {
            told.push("Use 'az login' to log in to this cloud.".to_owned());
            told.push("Use 'az account set' to set the active subscription.".to_owned());
            choice.choose_cloud(authority.as_ref())
        }
        chosen => chosen.map(drop),
    };
    chosen.map_err(|error| fault::of(&error, None))?;
    for line in told {
        request.warn(&line);
    }
    Ok(Reply::Silent)
}
