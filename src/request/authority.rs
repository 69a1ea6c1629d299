//! `Authority`: scheme, host and port of a token authority.

use super::Host;

/// An authority such as `https://login.microsoftonline.com`: https, or http on loopback; no path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Authority(Host);

impl Authority {
    /// Reads a URL or a bare host name. A tenant or other path after it is refused, since it would be lost.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (host, rest) = Host::split(text, "authority")?;
        if !rest.is_empty() && rest != "/" {
            return Err(format!(
                "authority `{}` has a path; give the tenant with `--tenant`",
                host.url()
            ));
        }
        Ok(Self(host))
    }

    /// The base URL without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// The host name alone.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// `host` or `host:port`: what a login is keyed by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_or_loopback_only() {
        assert_eq!(
            Authority::parse("login.microsoftonline.us/").unwrap().url(),
            "https://login.microsoftonline.us"
        );
        assert_eq!(
            Authority::parse("http://localhost:8080").unwrap().key(),
            "http://localhost:8080"
        );
        assert!(Authority::parse("http://login.microsoftonline.com").is_err());
        assert!(
            Authority::parse("https://login.microsoftonline.com/common")
                .unwrap_err()
                .contains("--tenant")
        );
    }
}
