//! Asks Azure Resource Manager for tenants and subscriptions. Its answers come page by page; the next page is taken from the
//! same host only, since a token goes along.

use super::correlation;
use super::post::timed;
use super::unreachable;
use crate::error::{Error, Kind};
use crate::request::Authority;
use crate::secret::Secret;
use crate::services::Subscription;
use crate::world::World;
use crate::world::http::{Method, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// The version of its interface.
const VERSION: &str = "api-version=2022-12-01";

/// Longest page that is read, in bytes.
const MAX_PAGE: usize = 4 * 1024 * 1024;

/// More pages than anybody has: a list that goes on for ever is no list.
const MOST_PAGES: usize = 100;

/// A tenant that knows the user of a token.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownTenant {
    /// Its GUID.
    #[serde(rename = "tenantId")]
    pub id: String,
    /// Its name.
    pub display_name: Option<String>,
    /// Its default domain.
    pub default_domain: Option<String>,
}

impl KnownTenant {
    /// A tenant of which nothing else is known.
    #[must_use]
    pub fn unnamed(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            display_name: None,
            default_domain: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    subscription_id: String,
    display_name: Option<String>,
    state: Option<String>,
    tenant_id: Option<String>,
    #[serde(default)]
    managed_by_tenants: Vec<Manager>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manager {
    tenant_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    value: Vec<T>,
    next_link: Option<String>,
}

/// The tenants that know the user of the token.
///
/// # Errors
/// `timeout`, `network`, or `denied` if it refuses the token.
pub fn tenants(world: &World, endpoint: &str, token: &Secret, until: Duration) -> Result<Vec<KnownTenant>, Error> {
    all(world, endpoint, "tenants", token, until)
}

/// The subscriptions of the token's tenant.
///
/// # Errors
/// `timeout`, `network`, or `denied` if it refuses the token.
pub fn subscriptions(
    world: &World,
    endpoint: &str,
    tenant: &KnownTenant,
    token: &Secret,
    until: Duration,
) -> Result<Vec<Subscription>, Error> {
    let rows: Vec<Row> = all(world, endpoint, "subscriptions", token, until)?;
    let subscription = |row: Row| Subscription {
        name: row.display_name.unwrap_or_else(|| row.subscription_id.clone()),
        id: row.subscription_id,
        state: row.state.unwrap_or_else(|| "Enabled".to_owned()),
        tenant: row.tenant_id.unwrap_or_else(|| tenant.id.clone()),
        tenant_domain: tenant.default_domain.clone(),
        tenant_name: tenant.display_name.clone(),
        managed_by: row.managed_by_tenants.into_iter().map(|by| by.tenant_id).collect(),
    };
    Ok(rows.into_iter().map(subscription).collect())
}

fn all<T: DeserializeOwned>(
    world: &World,
    endpoint: &str,
    what: &str,
    token: &Secret,
    until: Duration,
) -> Result<Vec<T>, Error> {
    let host = Authority::parse(endpoint).map_err(|why| Error::new(Kind::Internal, why))?;
    let mut url = format!("{endpoint}/{what}?{VERSION}");
    let mut rows = Vec::new();
    for _ in 0..MOST_PAGES {
        let page: Page<T> = page(world, &host, &url, token, until)?;
        rows.extend(page.value);
        match page.next_link.filter(|link| !link.is_empty()) {
            None => return Ok(rows),
            Some(link) if is_at(&link, &url) => url = link,
            Some(_) => return Err(nonsense(&host, "names a next page on another host")),
        }
    }
    Err(nonsense(&host, "names one more page for ever"))
}

fn page<T: DeserializeOwned>(
    world: &World,
    host: &Authority,
    url: &str,
    token: &Secret,
    until: Duration,
) -> Result<Page<T>, Error> {
    let correlation = correlation::id(world);
    let request = Request {
        method: Method::Get,
        url,
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("authorization", ["Bearer ", token.expose()].concat()),
        ],
        body: Zeroizing::default(),
        timeout: Duration::ZERO,
        max_body: MAX_PAGE,
    };
    let response = timed(world, until, request, &correlation).map_err(|fault| unreachable::explain(&fault, host))?;
    match response.status {
        200 => serde_json::from_slice(&response.body).map_err(|_| nonsense(host, "answers with no list")),
        401 | 403 => Err(Error::new(
            Kind::Denied,
            format!("`{}` refuses the token (status {})", host.key(), response.status),
        )),
        status => Err(nonsense(host, &format!("is in trouble (status {status})"))),
    }
}

/// Whether a link leads to the same scheme, host and port.
fn is_at(link: &str, asked: &str) -> bool {
    let origin = |text: &str| {
        let url = Url::parse(text).ok()?;
        (url.username().is_empty() && url.password().is_none()).then(|| url.origin())
    };
    match (origin(link), origin(asked)) {
        (Some(link), Some(asked)) => link.is_tuple() && link == asked,
        _ => false,
    }
}

fn nonsense(host: &Authority, what: &str) -> Error {
    Error::new(Kind::Network, format!("`{}` {what}", host.key())).hint("try again later")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::{BEGAN, Stage};

    const ENDPOINT: &str = "https://management.azure.com";

    fn tenant() -> KnownTenant {
        KnownTenant {
            id: "t-1".into(),
            display_name: Some("Contoso".into()),
            default_domain: None,
        }
    }

    fn ask(stage: &Stage) -> Result<Vec<Subscription>, Error> {
        let token = Secret::new("planted".into());
        subscriptions(
            &stage.world,
            ENDPOINT,
            &tenant(),
            &token,
            BEGAN + Duration::from_secs(5),
        )
    }

    #[test]
    fn page_after_page_on_the_same_host() {
        let stage = Stage::new()
            .answers(
                200,
                r#"{"value":[{"subscriptionId":"s-1","displayName":"One","state":"Disabled","tenantId":"t-2",
                "managedByTenants":[{"tenantId":"m-1"}],"more":1}],
                "nextLink":"https://management.azure.com/subscriptions?x=2"}"#,
            )
            .answers(200, r#"{"value":[{"subscriptionId":"s-2"}],"nextLink":""}"#);
        let told = ask(&stage).unwrap();
        assert_eq!((told[0].name.as_str(), told[0].tenant.as_str()), ("One", "t-2"));
        assert_eq!(told[0].managed_by, ["m-1"]);
        assert_eq!((told[1].name.as_str(), told[1].tenant.as_str()), ("s-2", "t-1"));
        assert_eq!(told[1].tenant_name.as_deref(), Some("Contoso"));
        let sent = stage.sent();
        assert_eq!(
            sent.iter().map(|sent| sent.url.as_str()).collect::<Vec<_>>(),
            [
                "https://management.azure.com/subscriptions?api-version=2022-12-01",
                "https://management.azure.com/subscriptions?x=2"
            ]
        );
    }

    #[test]
    fn the_token_goes_nowhere_else() {
        for link in [
            "https://management.azure.com.evil.example/subscriptions",
            "https://management.azure.com:8443/subscriptions",
            "http://management.azure.com/subscriptions",
            "https://user@management.azure.com/subscriptions",
            "https://management.azure.com@evil.example/",
            "/subscriptions",
            "file:///etc/passwd",
        ] {
            let stage = Stage::new().answers(200, &format!(r#"{{"value":[],"nextLink":"{link}"}}"#));
            assert_eq!(ask(&stage).unwrap_err().kind(), Kind::Network, "{link}");
            assert_eq!(stage.sent().len(), 1);
        }
    }

    #[test]
    fn refusals_and_nonsense() {
        for (status, body, kind) in [
            (401, "{}", Kind::Denied),
            (403, "{}", Kind::Denied),
            (500, "{}", Kind::Network),
            (302, "{}", Kind::Network),
            (200, "<html>", Kind::Network),
            (200, r#"{"value":[{"name":"x"}]}"#, Kind::Network),
        ] {
            let error = ask(&Stage::new().answers(status, body)).unwrap_err();
            assert_eq!(error.kind(), kind, "{status} {body}");
            assert!(!format!("{error:?}").contains("planted"));
        }
    }
}
