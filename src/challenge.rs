//! `WWW-Authenticate`: what a resource demands of the next token (RFC 9110 §11.6.1; claims challenges: Microsoft's
//! continuous access evaluation).

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
