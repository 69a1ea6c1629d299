//! `WWW-Authenticate`: what a resource demands of the next token (RFC 9110 §11.6.1; claims challenges: Microsoft's
//! continuous access evaluation).

use crate::clouds::is_cloud_authority;
use crate::request::Tenant;

/// A parameter of a challenge, quoted or not: the first of that name, in any case. What a quoted value holds is no
/// parameter; a backslash in it is left standing.
#[must_use]
pub fn parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return None;
        }
        // Without a `=` it is the name of a scheme, or its token.
        let (word, after) = rest.split_at(rest.find(['=', ',', ' ', '\t']).unwrap_or(rest.len()));
        let Some(after) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let (value, after) = value(after);
        if word.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
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

/// The value that a text begins with, and what follows it.
fn value(text: &str) -> (&str, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        return text.split_at(text.find([',', ' ', '\t']).unwrap_or(text.len()));
    };
    let mut escaped = false;
    let end = quoted.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let (value, after) = quoted.split_at(end.unwrap_or(quoted.len()));
    (value, after.strip_prefix('"').unwrap_or(after))
}

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
        assert_eq!(parameter(header, "TENANT"), Some("t.example"));
    }

    #[test]
    fn what_a_value_quotes_is_no_parameter() {
        let header = r#"Bearer error_description="say \", claims=no or, claims=\"no\"", claims="yes" , Basic a=b"#;
        assert_eq!(parameter(header, "claims"), Some("yes"));
        assert_eq!(parameter(header, "a"), Some("b"));
        assert_eq!(parameter(r#"Bearer realm="open, claims=no"#, "claims"), None);
        assert_eq!(parameter("Negotiate dGVzdA==, claims=x", "claims"), Some("x"));
    }
}
