//! What a program must know to ask, and who else does not.

use crate::error::{Error, Kind};
use crate::face::endpoint::Endpoint;
use crate::remedy::quoted;
use crate::request::Host;
use crate::secret::Secret;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Bytes of randomness in each.
const LENGTH: usize = 32;

/// The path and the key.
pub(super) struct Secrets {
    path: Secret,
    key: Secret,
}

impl Secrets {
    /// New ones.
    pub(super) fn new(world: &World) -> Result<Self, Error> {
        Ok(Self {
            path: random(world)?,
            key: random(world)?,
        })
    }

    pub(super) fn endpoint<'a>(&'a self, host: Option<&'a Host>) -> Endpoint<'a> {
        let Self { path, key } = self;
        Endpoint { path, key, host }
    }

    /// The variables by which programs find us. The SDKs take `localhost` and `127.0.0.1` only.
    pub(super) fn variables(&self, port: u16, host: Option<&Host>) -> Vec<(&'static str, Secret)> {
        let at = format!("http://127.0.0.1:{port}");
        let url = [&at, "/", self.path.expose()].concat();
        let mut variables = vec![("DATABRICKS_METADATA_SERVICE_URL", Secret::new(url))];
        variables.extend(host.map(|host| ("DATABRICKS_HOST", Secret::new(host.url()))));
        variables.push(("AZD_AUTH_ENDPOINT", Secret::new(at)));
        variables.push(("AZD_AUTH_KEY", self.key.clone()));
        variables
    }
}

/// As lines for a POSIX shell.
pub(super) fn exports(variables: &[(&str, Secret)]) -> String {
    let mut text = String::with_capacity(1024);
    for (name, value) in variables {
        for part in ["export ", name, "=", &Zeroizing::new(quoted(value.expose())), "\n"] {
            text.push_str(part);
        }
    }
    text
}

fn random(world: &World) -> Result<Secret, Error> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    world
        .random
        .fill(&mut *bytes)
        .map_err(|why| Error::new(Kind::Internal, "the system gives no randomness").caused_by(why))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(*bytes)))
}
