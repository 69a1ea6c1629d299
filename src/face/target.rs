//! What a program wants a token for, where it names a URL or a host.

use crate::audience;
use crate::challenge;
use crate::request::{Ask, Claims, Host, Selectors, Terms};

/// A call for a host, with what the host's own challenges (`WWW-Authenticate`) demand.
///
/// A cloud's own host tells the truth about its tenant. Another one, which the user's `[[host]]` must name, is believed only
/// where nothing of the user's says otherwise.
pub(super) fn of_host<'c>(host: Host, mut explicit: Selectors, challenges: impl Iterator<Item = &'c str>) -> Ask {
    let (mut tenant, mut claims) = (None, None);
    for header in challenges {
        tenant = tenant.or_else(|| challenge::tenant(header));
        let said = || challenge::parameter(header, "claims").and_then(|text| Claims::parse(text).ok());
        claims = claims.or_else(said);
    }
    if is_clouds(&host) {
        explicit.tenant = explicit.tenant.or_else(|| tenant.clone());
    }
    explicit.host = Some(host);
    Ask {
        explicit,
        door: Selectors {
            tenant,
            ..Selectors::default()
        },
        terms: Terms {
            claims,
            ..Terms::default()
        },
    }
}

/// Whether a host is on our own list.
fn is_clouds(host: &Host) -> bool {
    audience::of_host(host, &[]).is_some()
}

/// Whether a host may be one of package feeds: Azure Artifacts', or one that only the user's `[[host]]` knows.
pub(super) fn may_be_feed(host: &Host) -> bool {
    let is_artifacts = host.name() == "pkgs.dev.azure.com" || host.name().ends_with(".pkgs.visualstudio.com");
    is_artifacts || !is_clouds(host)
}

/// Whether a host may be a container registry: one of Azure's, or one that only the user's `[[host]]` knows.
pub(super) fn may_be_registry(host: &Host) -> bool {
    const ZONES: [&str; 3] = [".azurecr.io", ".azurecr.us", ".azurecr.cn"];
    let is_azures = ZONES.iter().any(|zone| host.name().ends_with(zone));
    is_azures || !is_clouds(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds() {
        for (host, feed) in [
            ("https://pkgs.dev.azure.com/contoso/_packaging/core/pypi/simple/", true),
            ("contoso.pkgs.visualstudio.com", true),
            ("feed.contoso.example", true),
            ("adb-1.2.azuredatabricks.net", false),
            ("dev.azure.com", false),
        ] {
            assert_eq!(may_be_feed(&Host::parse(host).unwrap()), feed, "{host}");
        }
    }
}
