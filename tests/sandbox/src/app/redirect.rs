//! Whether a redirect URI is a registered one.

/// For `localhost` the port does not matter; everything else does, to the letter.
pub(super) fn same(registered: &str, sent: &str) -> bool {
    fn without_port(uri: &str) -> Option<(&str, &str)> {
        let rest = uri.strip_prefix("http://localhost")?;
        match rest.strip_prefix(':') {
            None => Some(("", rest)),
            Some(rest) => {
                let port = rest.bytes().take_while(u8::is_ascii_digit).count();
                Some(rest.split_at(port))
            }
        }
    }
    match (without_port(registered), without_port(sent)) {
        (Some((_, registered)), Some((_, sent))) => {
            registered == sent && (sent.is_empty() || sent.starts_with(['/', '?']))
        }
        _ => registered == sent,
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn only_the_port_of_localhost_does_not_matter() {
        for (registered, sent) in [
            ("http://localhost", "http://localhost:1234"),
            ("http://localhost:8400", "http://localhost"),
            ("http://localhost/done", "http://localhost:1/done"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ] {
            assert!(same(registered, sent), "{registered} {sent}");
        }
        for (registered, sent) in [
            ("http://localhost", "http://localhost:1234/"),
            ("http://localhost", "http://localhost.example"),
            ("http://localhost", "http://localhost:1@evil.example"),
            ("http://localhost", "http://127.0.0.1:1234"),
            ("http://localhost", "https://localhost:1234"),
            ("http://localhost/done", "http://localhost:1/Done"),
        ] {
            assert!(!same(registered, sent), "{registered} {sent}");
        }
    }
}
