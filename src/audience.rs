//! Host name -> authority and resource: the allow-list. Default deny; extended by the user's `[[host]]`, never by the
//! network.

use crate::clouds::PUBLIC;
use crate::request::{Authority, Host, Scopes, Tenant};

/// What a token for a host must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// For what.
    pub scopes: Scopes,
    /// Where to ask.
    pub authority: Authority,
    /// The tenant, if the user's configuration says it.
    pub tenant: Option<Tenant>,
    /// Whether the host tells its tenant at `/aad/auth`, as an Azure Databricks workspace does.
    pub tells_tenant: bool,
}

struct Zone {
    suffix: &'static str,
    resource: &'static str,
    authority: &'static str,
    workspace: bool,
}

/// Databricks' zones (databricks-sdk `environments.py`), Azure DevOps' hosts (Git Credential Manager, artifacts-credprovider),
/// Azure Blob Storage and Azure Container Registry, one resource in all clouds.
const ZONES: [Zone; 14] = [
    zone(
        ".staging.azuredatabricks.net",
        "4a67d088-db5c-48f1-9ff2-0aace800ae68",
        PUBLIC,
        true,
    ),
    zone(
        ".dev.azuredatabricks.net",
        "62a912ac-b58e-4c1d-89ea-b2dbfc7358fc",
        PUBLIC,
        true,
    ),
    zone(".azuredatabricks.net", crate::request::DATABRICKS, PUBLIC, true),
    zone(
        ".databricks.azure.us",
        crate::request::DATABRICKS,
        "https://login.microsoftonline.us",
        true,
    ),
    zone(
        ".databricks.azure.cn",
        crate::request::DATABRICKS,
        "https://login.partner.microsoftonline.cn",
        true,
    ),
    zone("dev.azure.com", DEVOPS, PUBLIC, false),
    zone("pkgs.dev.azure.com", DEVOPS, PUBLIC, false),
    zone(".visualstudio.com", DEVOPS, PUBLIC, false),
    zone(".blob.core.windows.net", STORAGE, PUBLIC, false),
    zone(
        ".blob.core.usgovcloudapi.net",
        STORAGE,
        "https://login.microsoftonline.us",
        false,
    ),
    zone(
        ".blob.core.chinacloudapi.cn",
        STORAGE,
        "https://login.partner.microsoftonline.cn",
        false,
    ),
    zone(".azurecr.io", REGISTRY, PUBLIC, false),
    zone(".azurecr.us", REGISTRY, "https://login.microsoftonline.us", false),
    zone(
        ".azurecr.cn",
        REGISTRY,
        "https://login.partner.microsoftonline.cn",
        false,
    ),
];

/// Good for registries alone, where a token for Azure Resource Manager, which they take too, is good for a whole subscription.
const REGISTRY: &str = "https://containerregistry.azure.net";
const STORAGE: &str = "https://storage.azure.com";
const DEVOPS: &str = "499b84ac-1321-427f-aa17-267ca6975798";

const fn zone(suffix: &'static str, resource: &'static str, authority: &'static str, workspace: bool) -> Zone {
    Zone {
        suffix,
        resource,
        authority,
        workspace,
    }
}

/// The audience of a host, or `None` if it is on no list. `own` are the user's `[[host]]` entries and go first.
#[must_use]
pub fn of_host(host: &Host, own: &[(Host, Audience)]) -> Option<Audience> {
    if let Some((_, audience)) = own.iter().find(|(name, _)| name == host) {
        return Some(audience.clone());
    }
    if !host.is_https() || host.port().is_some() {
        return None;
    }
    let zone = ZONES.iter().find(|zone| matches(host.name(), zone.suffix))?;
    Some(Audience {
        scopes: Scopes::of_resource(zone.resource).ok()?,
        authority: Authority::parse(zone.authority).ok()?,
        tenant: None,
        // An account console belongs to no tenant and answers `common`.
        tells_tenant: zone.workspace && !host.name().starts_with("accounts"),
    })
}

/// An exact name, or a suffix that begins with a dot: never a look-alike such as `evil-azuredatabricks.net`.
fn matches(name: &str, suffix: &str) -> bool {
    if suffix.starts_with('.') {
        name.len() > suffix.len() && name.ends_with(suffix)
    } else {
        name == suffix
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Audience> {
        of_host(&Host::parse(text).unwrap(), &[])
    }

    #[test]
    fn zones() {
        assert_eq!(of("adb-1.2.azuredatabricks.net").unwrap().scopes, Scopes::databricks());
        assert_eq!(
            of("adb-1.2.databricks.azure.us").unwrap().authority.name(),
            "login.microsoftonline.us"
        );
        assert_eq!(
            of("x.staging.azuredatabricks.net").unwrap().scopes.resource(),
            Some(ZONES[0].resource)
        );
        assert!(!of("accounts.azuredatabricks.net").unwrap().tells_tenant);
        for host in ["dev.azure.com", "pkgs.dev.azure.com", "contoso.pkgs.visualstudio.com"] {
            assert_eq!(of(host).unwrap().scopes.resource(), Some(DEVOPS), "{host}");
        }
        assert_eq!(of("contoso.azurecr.io").unwrap().scopes.resource(), Some(REGISTRY));
        assert_eq!(
            of("contoso.azurecr.us").unwrap().authority.name(),
            "login.microsoftonline.us"
        );
        let storage = of("acme.blob.core.chinacloudapi.cn").unwrap();
        assert_eq!(storage.authority.name(), "login.partner.microsoftonline.cn");
    }

    #[test]
    fn look_alikes_are_denied() {
        for text in [
            "evil-azuredatabricks.net",
            "azuredatabricks.net",
            "adb-1.2.azuredatabricks.net.evil.example",
            "adb-1.2.azuredatabricks.net:8443",
            "evildev.azure.com",
            "x.dev.azure.com",
            "azurecr.io",
            "evilazurecr.io",
            "contoso.azurecr.io.evil.example",
            "github.com",
            "localhost:443",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn own_hosts_go_first_and_match_exactly() {
        let host = Host::parse("localhost:8443").unwrap();
        let audience = of("adb-1.2.azuredatabricks.net").unwrap();
        let own = [(host.clone(), audience.clone())];
        assert_eq!(of_host(&host, &own), Some(audience));
        assert_eq!(of_host(&Host::parse("localhost:8444").unwrap(), &own), None);
    }
}
