//! The clouds of Microsoft, each with the hosts under which it is known. Hard-coded: no instance discovery is needed.

use crate::request::Authority;

/// The authority of the public cloud: where a person signs in when nothing names a place.
pub const PUBLIC: &str = "https://login.microsoftonline.com";

/// One cloud.
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Our name.
    pub name: &'static str,
    /// The name that `az cloud list` shows, if `az` knows it.
    pub az_name: Option<&'static str>,
    /// What else it is called, by Azure SDKs and by `ARM_ENVIRONMENT`.
    pub other_names: &'static [&'static str],
    /// Whether a person may choose it by a name. The others are known as hosts only, since old configurations name them.
    pub is_offered: bool,
    /// Its login hosts, the preferred one first.
    pub aliases: &'static [&'static str],
    /// Azure Resource Manager there, if it is known.
    pub resource_manager: Option<ResourceManager>,
}

/// Azure Resource Manager of one cloud.
#[derive(Debug, PartialEq, Eq)]
pub struct ResourceManager {
    /// What tokens for it are for.
    pub resource: &'static str,
    /// Where it answers.
    pub endpoint: &'static str,
}

/// Every cloud. Microsoft's own test cloud is left out: nobody else has an account there.
pub const CLOUDS: [Cloud; 8] = [
    Cloud {
        name: "public",
        az_name: Some("AzureCloud"),
        other_names: &["AzurePublicCloud", "AzurePublic"],
        is_offered: true,
        aliases: &[
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
        ],
        resource_manager: Some(ResourceManager {
            resource: "https://management.core.windows.net/",
            endpoint: "https://management.azure.com",
        }),
    },
    Cloud {
        name: "china",
        az_name: Some("AzureChinaCloud"),
        other_names: &["AzureChina"],
        is_offered: true,
        aliases: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        resource_manager: Some(ResourceManager {
            resource: "https://management.core.chinacloudapi.cn/",
            endpoint: "https://management.chinacloudapi.cn",
        }),
    },
    Cloud {
        name: "usgov",
        az_name: Some("AzureUSGovernment"),
        other_names: &["AzureUSGovernmentCloud", "USGovernment", "AzureGovernment", "USDoD"],
        is_offered: true,
        aliases: &["login.microsoftonline.us", "login.usgovcloudapi.net"],
        resource_manager: Some(ResourceManager {
            resource: "https://management.core.usgovcloudapi.net/",
            endpoint: "https://management.usgovcloudapi.net",
        }),
    },
    Cloud {
        name: "us-legacy",
        az_name: None,
        other_names: &[],
        is_offered: false,
        aliases: &["login-us.microsoftonline.com"],
        resource_manager: None,
    },
    Cloud {
        // Closed on 2021-10-29.
        name: "germany",
        az_name: Some("AzureGermanCloud"),
        other_names: &[],
        is_offered: false,
        aliases: &["login.microsoftonline.de"],
        resource_manager: None,
    },
    Cloud {
        name: "bleu",
        az_name: Some("AzureBleuCloud"),
        other_names: &[],
        is_offered: true,
        aliases: &["login.sovcloud-identity.fr"],
        resource_manager: Some(ResourceManager {
            resource: "https://management.sovcloud-api.fr/",
            endpoint: "https://management.sovcloud-api.fr",
        }),
    },
    Cloud {
        name: "delos",
        az_name: None,
        other_names: &["AzureDelosCloud"],
        is_offered: true,
        aliases: &["login.sovcloud-identity.de"],
        resource_manager: None,
    },
    Cloud {
        name: "govsg",
        az_name: None,
        other_names: &["AzureGovSGCloud"],
        is_offered: true,
        aliases: &["login.sovcloud-identity.sg"],
        resource_manager: None,
    },
];

/// The cloud that is offered under that name, ours or another's, in any case.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Cloud> {
    offered().find(|cloud| {
        [cloud.name]
            .iter()
            .chain(&cloud.az_name)
            .chain(cloud.other_names)
            .any(|known| known.eq_ignore_ascii_case(name.trim()))
    })
}

/// The authority of a cloud by any of its names, such as `usgov` or `AzureUSGovernment`.
#[must_use]
pub fn authority_of_cloud(name: &str) -> Option<Authority> {
    Authority::parse(by_name(name)?.aliases.first()?).ok()
}

/// Our own name of every cloud that is offered, for help and errors.
pub fn cloud_names() -> impl Iterator<Item = &'static str> {
    offered().map(|cloud| cloud.name)
}

fn offered() -> impl Iterator<Item = &'static Cloud> {
    CLOUDS.iter().filter(|cloud| cloud.is_offered)
}

/// Whether a host is the authority of a cloud: the trust rule for a challenge that names a tenant.
#[must_use]
pub fn is_cloud_authority(name: &str) -> bool {
    CLOUDS.iter().any(|cloud| cloud.aliases.contains(&name))
}

/// The cloud of an authority: one of its hosts, by https on the default port.
#[must_use]
pub fn of(authority: &Authority) -> Option<&'static Cloud> {
    // The key is the bare host name only for https on the default port.
    let key = authority.key();
    CLOUDS.iter().find(|cloud| cloud.aliases.contains(&key.as_str()))
}

/// What `az` calls the cloud of an authority: one that is no known cloud's by its host.
#[must_use]
pub fn name_of(authority: &Authority) -> String {
    let name = of(authority).and_then(|cloud| cloud.az_name);
    name.map_or_else(|| authority.key(), str::to_owned)
}

/// Whether a resource is that of Azure Resource Manager in any cloud, by either of its names.
#[must_use]
pub fn is_resource_manager(resource: &str) -> bool {
    let bare = resource.trim_end_matches('/');
    CLOUDS
        .iter()
        .filter_map(|cloud| cloud.resource_manager.as_ref())
        .any(|manager| bare == manager.resource.trim_end_matches('/') || bare == manager.endpoint)
}

/// Whether two authorities are one: the hosts of one cloud are.
#[must_use]
pub fn same(a: &Authority, b: &Authority) -> bool {
    match (of(a), of(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// The authority under its cloud's preferred host; one that is no cloud's stays.
#[must_use]
pub fn canonical(authority: Authority) -> Authority {
    of(&authority)
        .and_then(|cloud| cloud.aliases.first())
        .and_then(|host| Authority::parse(host).ok())
        .unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn authority(text: &str) -> Authority {
        Authority::parse(text).unwrap()
    }

    #[test]
    fn public_is_the_first_and_preferred() {
        assert_eq!(authority(PUBLIC), authority_of_cloud("public").unwrap());
        assert_eq!(authority(PUBLIC).url(), PUBLIC);
    }

    #[test]
    fn names_that_others_use() {
        for (name, host) in [
            ("public", "login.microsoftonline.com"),
            ("PUBLIC", "login.microsoftonline.com"),
            ("AzureCloud", "login.microsoftonline.com"),
            ("AzurePublicCloud", "login.microsoftonline.com"),
            ("USGOVERNMENT", "login.microsoftonline.us"),
            ("AzureUSGovernment", "login.microsoftonline.us"),
            (" usdod ", "login.microsoftonline.us"),
            ("AzureChinaCloud", "login.partner.microsoftonline.cn"),
            ("bleu", "login.sovcloud-identity.fr"),
            ("delos", "login.sovcloud-identity.de"),
            ("AzureGovSGCloud", "login.sovcloud-identity.sg"),
        ] {
            assert_eq!(authority_of_cloud(name).unwrap().name(), host, "{name}");
        }
        // The last two are clouds that nobody can sign in to any more.
        for name in ["", "mars", "azurestack", "germany", "us-legacy"] {
            assert_eq!(authority_of_cloud(name), None, "{name}");
        }
        assert!(cloud_names().all(|name| authority_of_cloud(name).is_some()));
    }

    #[test]
    fn authorities_by_every_host_and_by_no_other() {
        for host in [
            "login.microsoftonline.com",
            "sts.windows.net",
            "login.microsoftonline.de",
        ] {
            assert!(is_cloud_authority(host), "{host}");
        }
        for host in ["", "login.microsoftonline.com.evil.example", "microsoftonline.com"] {
            assert!(!is_cloud_authority(host), "{host}");
        }
    }

    #[test]
    fn every_name_and_host_is_of_one_cloud() {
        let mut seen = BTreeSet::new();
        for cloud in &CLOUDS {
            for host in cloud.aliases {
                assert!(seen.insert((*host).to_owned()), "{host}");
                assert_eq!(of(&authority(host)), Some(cloud));
            }
            for name in [cloud.name].iter().chain(&cloud.az_name).chain(cloud.other_names) {
                assert!(seen.insert(name.to_ascii_lowercase()), "{name}");
            }
        }
    }

    #[test]
    fn aliases_are_one_authority_and_look_alikes_are_not() {
        let preferred = authority("login.microsoftonline.com");
        assert!(same(&authority("https://login.windows.net:443/"), &preferred));
        assert_eq!(canonical(authority("sts.windows.net")), preferred);
        for other in [
            "login.microsoftonline.com:8443",
            "login.microsoftonline.us",
            "login.microsoftonline.com.evil.example",
        ] {
            assert!(!same(&authority(other), &preferred), "{other}");
        }
        let custom = authority("https://localhost:8443");
        assert_eq!(canonical(custom.clone()), custom);
        assert!(same(&custom, &custom) && of(&custom).is_none());
    }
}
