//! `WWW-Authenticate`: what a resource demands of the next token (RFC 9110 §11.6.1; claims challenges: Microsoft's
//! continuous access evaluation).

use crate::clouds::is_cloud_authority;
use crate::request::Tenant;

/// A parameter of a challenge, quoted or not.
#[must_use]
pub fn parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let start = header.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = header[..*at].chars().next_back();
        before.is_none_or(|c| c == ' ' || c == ',') && header[at + name.len()..].starts_with('=')
    })?;
    let value = &header[start + name.len() + 1..];
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([',', ' ']).next(),
    }
}

/// The tenant that a challenge names: taken only as a name, and only from the URL of a known cloud, which is never followed.
/// Names for no tenant in particular are none.
#[must_use]
pub fn tenant(header: &str) -> Option<Tenant> {
    let uri = parameter(header, "authorization_uri")?;
    let (host, path) = uri.strip_prefix("https://")?.split_once('/')?;
    if !is_cloud_authority(host) {
        return None;
    }
    let tenant = Tenant::parse(path.split('/').next()?).ok()?;
    let names_one = !tenant.is_collective() && tenant.as_str() != NOBODYS;
    names_one.then_some(tenant)
}

/// What Azure DevOps calls an organisation without a tenant.
const NOBODYS: &str = "00000000-0000-0000-0000-000000000000";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_or_not_and_never_a_part_of_another_name() {
        let header =
            r#"Bearer realm="", xclaims="no", error="insufficient_claims",claims="eyJh", tenant=t.example, x=y"#;
        assert_eq!(parameter(header, "claims"), Some("eyJh"));
        assert_eq!(parameter(header, "tenant"), Some("t.example"));
        assert_eq!(parameter(header, "realm"), Some(""));
        assert_eq!(parameter(header, "x"), Some("y"));
        assert_eq!(parameter(header, "scope"), None);
    }
}
