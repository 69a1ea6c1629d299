//! Where an account's password is checked: by Entra ID itself, or by a server of the organisation.

use super::correlation;
use super::post::{MAX_BODY, timed};
use super::redeem::Context;
use super::unreachable::{self, nonsense};
use crate::error::Error;
use crate::world::World;
use crate::world::http::{Method, Request};
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

/// Who checks the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Realm {
    /// Entra ID; also where the authority does not know realms, and for accounts that it does not know.
    Managed,
    /// A server of the organisation, such as ADFS.
    Federated {
        /// The domain's name, if it is told; fit to be shown.
        domain: Option<String>,
    },
}

/// As it stands in JSON.
#[derive(Deserialize)]
struct Wire {
    account_type: String,
    domain_name: Option<String>,
}

/// Asks who checks the password of a user.
///
/// # Errors
/// `timeout` or `network` if there is no usable answer.
pub fn realm_of(world: &World, context: &Context<'_>, username: &str) -> Result<Realm, Error> {
    let mut url = Url::parse(&context.authority.url())
        .map_err(|why| Error::new(crate::error::Kind::Internal, "the authority has no address").caused_by(why))?;
    if let Ok(mut path) = url.path_segments_mut() {
        // Percent-encoded: a name may hold what means something in an address.
        path.clear().extend(["common", "userrealm", username]);
    }
    url.set_query(Some("api-version=1.0"));
    let correlation = correlation::id(world);
    let request = Request {
        method: Method::Get,
        url: url.as_str(),
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("client-request-id", correlation.clone()),
        ],
        body: Zeroizing::default(),
        timeout: std::time::Duration::ZERO,
        max_body: MAX_BODY,
    };
    let response = timed(world, context.until, request, &correlation)
        .map_err(|fault| unreachable::explain(&fault, context.authority))?;
    match response.status {
        200 => {}
        // No realms here, as at authorities that are not Microsoft's.
        404 => return Ok(Realm::Managed),
        _ => return Err(nonsense(&response, context.authority, "nothing about this account")),
    }
    let wire: Wire = serde_json::from_slice(&response.body)
        .map_err(|_| nonsense(&response, context.authority, "something that is no user realm"))?;
    if wire.account_type.eq_ignore_ascii_case("federated") {
        let domain = wire
            .domain_name
            .map(|name| unreachable::clean(&name))
            .filter(|name| !name.is_empty());
        return Ok(Realm::Federated { domain });
    }
    Ok(Realm::Managed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::Patience;
    use crate::entra::testing::{Setting, Stage};
    use crate::error::Kind;

    fn ask(username: &str, status: u16, body: &str) -> (Result<Realm, Kind>, String) {
        let stage = Stage::new().answers(status, body);
        let setting = Setting::new();
        let realm = realm_of(&stage.world, &setting.context(8, Patience::Once), username);
        (realm.map_err(|error| error.kind()), stage.sent()[0].url.clone())
    }

    #[test]
    fn the_name_cannot_leave_its_place_in_the_address() {
        for (name, place) in [
            ("ana@contoso.example", "ana@contoso.example"),
            ("a/../b?c#d%41", "a%2F..%2Fb%3Fc%23d%2541"),
        ] {
            let (realm, url) = ask(name, 200, r#"{"account_type":"Managed"}"#);
            assert_eq!(realm, Ok(Realm::Managed));
            assert_eq!(
                url,
                format!("https://login.microsoftonline.com/common/userrealm/{place}?api-version=1.0")
            );
        }
    }

    #[test]
    fn managed_or_not() {
        let of = |status, body| ask("a@b.example", status, body).0;
        let federated = Realm::Federated {
            domain: Some("b.example".into()),
        };
        assert_eq!(
            of(
                200,
                r#"{"account_type":"federated","domain_name":"b.example","federation_protocol":"WSTrust"}"#
            ),
            Ok(federated)
        );
        assert_eq!(of(200, r#"{"account_type":"Unknown"}"#), Ok(Realm::Managed));
        assert_eq!(of(404, ""), Ok(Realm::Managed));
        for (status, body) in [(200, "{}"), (200, "<html>"), (302, ""), (500, "")] {
            assert_eq!(of(status, body), Err(Kind::Network), "{status} {body}");
        }
    }
}
