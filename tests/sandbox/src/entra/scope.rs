//! The parameter `scope`: a resource with its permission, and OpenID's own words.

use crate::directory::{GRAPH, Resource};
use crate::entra::error::Refused;

/// Scopes that name no resource.
const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What a request asks for.
pub(crate) struct Asked {
    pub(crate) resource: &'static Resource,
    /// `aud` of the token: the resource as the request names it.
    pub(crate) audience: String,
    /// `scope` of the answer.
    pub(crate) granted: String,
    /// Whether an id token is wanted.
    pub(crate) openid: bool,
    /// Whether a refresh token is wanted.
    pub(crate) offline: bool,
}

/// Reads `scope`; all of its resource scopes must be of one resource.
pub(crate) fn parse(scope: &str) -> Result<Asked, Refused> {
    let (openid, wanted): (Vec<&str>, Vec<&str>) = scope
        .split_ascii_whitespace()
        .partition(|word| OPENID.contains(&word.to_ascii_lowercase().as_str()));
    let mut audience = None;
    for word in &wanted {
        let (name, permission) = split(word).ok_or_else(|| Refused::new(70011).about(*word))?;
        let resource = Resource::named(name).ok_or_else(|| Refused::new(500_011).about(name))?;
        if permission != ".default" && permission != resource.permission {
            return Err(Refused::new(65001).about(*word));
        }
        match audience {
            None => audience = Some((resource, name)),
            Some((first, _)) if first == resource => {}
            Some(_) => return Err(Refused::new(28000)),
        }
    }
    let (resource, audience) = audience.unwrap_or_else(|| (&GRAPH, GRAPH.id()));
    let mut granted = vec![format!("{audience}/{}", resource.permission)];
    granted.extend(
        wanted
            .iter()
            .filter(|word| word.ends_with("/.default"))
            .map(|&word| word.to_owned()),
    );
    Ok(Asked {
        resource,
        audience: audience.to_owned(),
        granted: granted.join(" "),
        openid: openid.contains(&"openid"),
        offline: openid.contains(&"offline_access"),
    })
}

/// The resource that `scope` names first, known or not.
pub(crate) fn resource_named(scope: &str) -> Option<&str> {
    let word = scope.split_ascii_whitespace().find(|word| !OPENID.contains(word))?;
    split(word).map(|(resource, _)| resource)
}

/// A resource ends at the last slash, so `https://host//.default` is about `https://host/`.
fn split(word: &str) -> Option<(&str, &str)> {
    word.rsplit_once('/')
        .filter(|(resource, permission)| !resource.is_empty() && !permission.is_empty())
}
