//! `Host`: the host that a token is for.

use super::no_control;
use url::Url;

/// A host name with scheme and port, normalised; https unless it is loopback.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    secure: bool,
    name: String,
    port: Option<u16>,
}

impl Host {
    /// Reads `https://adb-1.2.azuredatabricks.net/?o=1`, or the bare name. Path and query are dropped.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::split(text, "host").map(|(host, _)| host)
    }

    /// The host and the path that followed it.
    pub(super) fn split(text: &str, what: &str) -> Result<(Self, String), String> {
        no_control(text, what)?;
        let text = text.trim();
        // A password before an `@` is not repeated.
        let shown = text.rsplit('@').next().unwrap_or_default();
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("https://{text}"))
        }
        .map_err(|error| format!("{what} `{shown}` is not a URL or host name: {error}"))?;
        let name = url.host_str().unwrap_or_default();
        // The root's dot says nothing. A second one does: without it another host might be meant.
        let name = name.strip_suffix('.').unwrap_or(name).to_owned();
        // URLs may hold more, such as parentheses and quotes; names in the DNS do not.
        let fine = |b: u8| b.is_ascii_alphanumeric() || b"-._[:]".contains(&b);
        if name.is_empty() || name.ends_with('.') || !name.bytes().all(fine) {
            return Err(format!("{what} `{shown}` has no host name"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("{what} `{name}` carries a user name or password; leave it out"));
        }
        // Others who read the same address may see another host there: they decode what we do not, or the other way round,
        // not all take `\` for `/`, or `///` for `//`, and letters beyond ASCII are folded or left out by some only.
        let said = text.split_once("://").map_or(text, |(_, rest)| rest);
        let said = said.split(['/', '?', '#']).next().unwrap_or_default();
        if said.is_empty() || !said.is_ascii() || said.contains(['\\', '%']) {
            return Err(format!("{what} `{name}` is not written plainly, as `https://{name}`"));
        }
        let secure = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&name) => false,
            "http" => {
                return Err(format!(
                    "{what} `{name}` must be reached by https; http is for loopback only"
                ));
            }
            other => return Err(format!("{what} `{name}` has the scheme `{other}`; use https")),
        };
        Ok((
            Self {
                secure,
                name,
                port: url.port(),
            },
            url.path().to_owned(),
        ))
    }

    /// The host name, lower case, without a port.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The port, if it is not the scheme's own.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether the host is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.name)
    }

    /// Whether https is used.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.secure
    }

    /// The base URL without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        match self.port {
            Some(port) => format!("{scheme}://{}:{port}", self.name),
            None => format!("{scheme}://{}", self.name),
        }
    }

    /// What the host is remembered by: `name`, `name:port`, or the URL if it is plain http.
    #[must_use]
    pub fn key(&self) -> String {
        match (self.secure, self.port) {
            (true, None) => self.name.clone(),
            (true, Some(port)) => format!("{}:{port}", self.name),
            (false, _) => self.url(),
        }
    }
}

fn is_loopback(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste() {
        for text in [
            "ADB-1.2.azuredatabricks.net",
            "https://adb-1.2.azuredatabricks.net./?o=1#x",
            " https://adb-1.2.azuredatabricks.net:443/ml ",
        ] {
            assert_eq!(
                Host::parse(text).unwrap().url(),
                "https://adb-1.2.azuredatabricks.net",
                "{text}"
            );
        }
        assert_eq!(Host::parse("localhost:8443").unwrap().key(), "localhost:8443");
        assert_eq!(Host::parse("http://127.0.0.1:80/").unwrap().key(), "http://127.0.0.1");
        assert!(Host::parse("http://[::1]:9").unwrap().is_loopback());
        assert_eq!(Host::parse("http://0x7f.1.").unwrap().url(), "http://127.0.0.1");
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "",
            "http://adb-1.2.azuredatabricks.net",
            "ftp://x",
            "https://user:pw@x",
            "a\nb",
            "https://",
            "http://127.0.0.1.evil.example",
            "0x7f.1..",
            ".",
            "https://dev.azure.com\\@evil.example/",
            "https:\\\\dev.azure.com",
            "https://dev%2eazure.com/",
            "https:///dev.azure.com",
            "dev.azure.com\\.evil.example",
            "https://it's.visualstudio.com",
            "https://dev.azu\u{feff}re.com",
            "https://dev\u{3002}azure.com",
            "(x).visualstudio.com",
        ] {
            assert!(Host::parse(text).is_err(), "{text:?}");
        }
        let plain = Host::parse("b\u{fc}cher.example").unwrap_err();
        assert!(plain.ends_with("as `https://xn--bcher-kva.example`"), "{plain}");
        for text in ["https://user:pw@x", "https://user:pw@x y", "https://user:pw@.."] {
            assert!(!Host::parse(text).unwrap_err().contains("pw"), "{text}");
        }
    }
}
