//! The clouds of Microsoft, each with the hosts under which it is known. Hard-coded: no instance discovery is needed.

use crate::request::Authority;

/// One cloud.
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Our name.
    pub name: &'static str,
    /// The name that `az cloud list` shows, if `az` knows it.
    pub az_name: Option<&'static str>,
    /// What else it is called, by Azure SDKs and by `ARM_ENVIRONMENT`.
    pub other_names: &'static [&'static str],
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
        other_names: &["AzurePublicCloud"],
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
        aliases: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        resource_manager: Some(ResourceManager {
            resource: "https://management.core.chinacloudapi.cn/",
            endpoint: "https://management.chinacloudapi.cn",
        }),
    },
    Cloud {
        name: "usgov",
        az_name: Some("AzureUSGovernment"),
        other_names: &["AzureUSGovernmentCloud", "USGovernment", "AzureGovernment"],
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
        aliases: &["login-us.microsoftonline.com"],
        resource_manager: None,
    },
    Cloud {
        // Closed on 2021-10-29; still known, so that an old configuration gets a clear answer.
        name: "germany",
        az_name: Some("AzureGermanCloud"),
        other_names: &[],
        aliases: &["login.microsoftonline.de"],
        resource_manager: None,
    },
    Cloud {
        name: "bleu",
        az_name: Some("AzureBleuCloud"),
        other_names: &[],
        aliases: &["login.sovcloud-identity.fr"],
        resource_manager: Some(ResourceManager {
            resource: "https://management.sovcloud-api.fr/",
            endpoint: "https://management.sovcloud-api.fr",
        }),
    },
    Cloud {
        name: "delos",
        az_name: None,
        other_names: &[],
        aliases: &["login.sovcloud-identity.de"],
        resource_manager: None,
    },
    Cloud {
        name: "govsg",
        az_name: None,
        other_names: &[],
        aliases: &["login.sovcloud-identity.sg"],
        resource_manager: None,
    },
];

/// The cloud of that name, ours or another's, in any case.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Cloud> {
    CLOUDS.iter().find(|cloud| {
        [cloud.name]
            .iter()
            .chain(&cloud.az_name)
            .chain(cloud.other_names)
            .any(|known| known.eq_ignore_ascii_case(name.trim()))
    })
}

/// The cloud of an authority: one of its hosts, by https on the default port.
#[must_use]
pub fn of(authority: &Authority) -> Option<&'static Cloud> {
    // The key is the bare host name only for https on the default port.
    let key = authority.key();
    CLOUDS.iter().find(|cloud| cloud.aliases.contains(&key.as_str()))
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
    fn names_that_others_use() {
        for (name, cloud) in [
            ("public", "public"),
            ("PUBLIC", "public"),
            ("AzureCloud", "public"),
            ("AzurePublicCloud", "public"),
            ("usgovernment", "usgov"),
            ("AzureUSGovernment", "usgov"),
            ("china", "china"),
        ] {
            assert_eq!(by_name(name).map(|found| found.name), Some(cloud), "{name}");
        }
        assert_eq!(by_name("mars"), None);
        assert_eq!(by_name(""), None);
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
