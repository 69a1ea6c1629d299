//! What git sends: lines of `key=value`, ended by a blank one or by the end of input.

use crate::error::{Error, Kind};
use crate::request::Host;
use crate::secret::Secret;

/// A description of a credential, as far as we care. Unknown keys are passed over.
#[derive(Default)]
pub(super) struct Asked {
    protocol: String,
    host: String,
    pub(super) username: Option<String>,
    /// The password, or what stands in its place.
    pub(super) credential: Option<Secret>,
    /// Whether an answer may be another header than `Basic`.
    pub(super) takes_authtype: bool,
    /// `WWW-Authenticate` headers, in order.
    wwwauth: Vec<String>,
}

impl Asked {
    /// Reads a description.
    ///
    /// # Errors
    /// A CR or NUL, by which one line passes for two elsewhere (CVE-2024-50349, CVE-2024-52006), or a line without `=`. No
    /// text is repeated.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let bad = |why: &str| Error::new(Kind::BadRequest, format!("what git sent {why}"));
        let mut asked = Self::default();
        for line in bytes.split(|b| *b == b'\n') {
            if line.is_empty() {
                break;
            }
            if line.iter().any(|b| matches!(b, 0 | b'\r')) {
                return Err(bad("holds a CR or a NUL"));
            }
            let at = line.iter().position(|b| *b == b'=');
            let (key, value) = line.split_at(at.ok_or_else(|| bad("holds a line without `=`"))?);
            asked.take(key, value.get(1..).unwrap_or_default());
        }
        Ok(asked)
    }

    fn take(&mut self, key: &[u8], value: &[u8]) {
        let text = || String::from_utf8_lossy(value).into_owned();
        match key {
            b"protocol" => self.protocol = text(),
            b"host" => self.host = text(),
            b"username" => self.username = Some(text()),
            b"password" | b"credential" => self.credential = Some(Secret::new(text())).filter(|s| !s.is_empty()),
            b"capability[]" if value.is_empty() => self.takes_authtype = false,
            b"capability[]" => self.takes_authtype |= value == b"authtype",
            b"wwwauth[]" if value.is_empty() => self.wwwauth.clear(),
            b"wwwauth[]" => self.wwwauth.push(text()),
            _ => {}
        }
    }

    /// The host, if it is one that a token may be sent to. git decodes what the address says, so that
    /// `https://dev.azure.com%23.evil.example` comes as `dev.azure.com#.evil.example`: what is not a name and a port is no
    /// host of ours.
    pub(super) fn host(&self) -> Option<Host> {
        let fine = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
        let is_host = !self.host.is_empty() && self.host.bytes().all(fine);
        let web = ["http", "https"].contains(&self.protocol.as_str()) && is_host;
        web.then(|| Host::parse(&format!("{}://{}", self.protocol, self.host)).ok())?
    }

    /// What the host demanded when it refused.
    pub(super) fn challenges(&self) -> impl Iterator<Item = &str> {
        self.wwwauth.iter().map(String::as_str)
    }
}
