//! Terraform's `external` data source: an object of strings on standard input and output. What it answers is stored in the
//! state, in clear; so the token is left out unless the query asks for it in so many words.

use super::options::bad;
use super::{Call, Face, Outcome, Services};
use crate::clouds::authority_of_cloud;
use crate::error::Error;
use crate::localtime::rfc3339_utc;
use crate::render::tame;
use crate::request::{Account, Ask, Authority, ClientId, Host, Scopes, Selectors, Tenant};
use crate::secret::json;
use serde::Serialize;
use std::collections::BTreeMap;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["terraform"],
    links: &[],
    is_verb: false,
    claims: |_| false,
    about: "Terraform's `external` data source: who is signed in, and for how long",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| answer(call, services).unwrap_or_else(|error| call.failed(&error, FACE.forbidden)),
};

/// The member of a query that puts the token into the state.
const ASK_FOR_TOKEN: &str = "access_token_in_state";

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    if !call.args.is_empty() {
        return Err(bad(
            "Terraform's `external` sends its query on standard input, not as arguments",
        ));
    }
    let input = call
        .input()
        .map_err(|why| bad("the query cannot be read").caused_by(why))?;
    let query: BTreeMap<String, String> =
        serde_json::from_slice(&input).map_err(|_| bad("the query is not a JSON object of strings"))?;
    let (explicit, with_token) = understood(&query)?;
    let credential = services
        .tokens
        .token(&Ask {
            explicit,
            ..Ask::default()
        })?
        .credential;
    let token = with_token.then(|| credential.access_token.expose());
    let answer = Answer {
        access_token: token,
        token_type: &credential.token_type,
        expires_on: credential.expires_on.to_string(),
        expires_at: rfc3339_utc(credential.expires_on),
        scope: credential.scope.join(" "),
        tenant: &credential.tenant,
        account: credential.account.as_deref().unwrap_or_default(),
    };
    let mut bytes = json(&answer, token.map_or(0, str::len));
    bytes.push(b'\n');
    Ok(call.done(&tame(bytes)))
}

/// The login that is meant, and whether the token is wanted.
fn understood(query: &BTreeMap<String, String>) -> Result<(Selectors, bool), Error> {
    let mut selectors = Selectors::default();
    let mut with_token = false;
    for (name, value) in query {
        // No reason is repeated: the value may be a secret that was put in the wrong place.
        let unusable = || bad(format!("`{name}`: its value cannot be used"));
        match name.as_str() {
            "profile" if !value.is_empty() && !value.chars().any(char::is_control) => {
                selectors.profile = Some(value.clone());
            }
            "host" => selectors.host = Some(Host::parse(value).map_err(|_| unusable())?),
            "tenant" => selectors.tenant = Some(Tenant::parse(value).map_err(|_| unusable())?),
            "client_id" => selectors.client_id = Some(ClientId::parse(value).map_err(|_| unusable())?),
            "account" => selectors.account = Some(Account::parse(value).map_err(|_| unusable())?),
            "authority_host" => selectors.authority = Some(Authority::parse(value).map_err(|_| unusable())?),
            "cloud" => selectors.authority = Some(authority_of_cloud(value).ok_or_else(unusable)?),
            "resource" => selectors.scopes = Some(Scopes::of_resource(value).map_err(|_| unusable())?),
            "scope" => selectors.scopes = Some(Scopes::parse([value.as_str()]).map_err(|_| unusable())?),
            ASK_FOR_TOKEN if value == "true" || value == "false" => with_token = value == "true",
            "profile" | ASK_FOR_TOKEN => return Err(unusable()),
            _ => {
                return Err(bad("the query has a member that is not known").hint(format!(
                    "there are profile, host, tenant, client_id, account, cloud, authority_host, resource, scope and \
                     {ASK_FOR_TOKEN}"
                )));
            }
        }
    }
    for (one, other) in [("resource", "scope"), ("cloud", "authority_host")] {
        if query.contains_key(one) && query.contains_key(other) {
            return Err(bad(format!("name one of `{one}` and `{other}`, not both")));
        }
    }
    Ok((selectors, with_token))
}

/// Strings only: Terraform refuses anything else.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    token_type: &'a str,
    expires_on: String,
    expires_at: String,
    scope: String,
    tenant: &'a str,
    account: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, TENANT, TOKEN};

    #[test]
    fn the_token_only_if_it_is_asked_for() {
        let rest = format!(
            "\"token_type\":\"Bearer\",\"expires_on\":\"1795345200\",\"expires_at\":\"2026-11-22T11:00:00Z\",\
             \"scope\":\"a/.default\",\"tenant\":\"{TENANT}\",\"account\":\"ana@contoso.example\"}}\n"
        );
        let call = |query: &str| Caller::of(&FACE).input(query).call().ok();
        assert_eq!(call(r#"{"resource":"a"}"#), format!("{{{rest}"));
        assert_eq!(
            call(r#"{"resource":"a","access_token_in_state":"false"}"#),
            format!("{{{rest}")
        );
        assert_eq!(
            call(r#"{"scope":"a/.default","access_token_in_state":"true"}"#),
            format!("{{\"access_token\":\"{TOKEN}\",{rest}")
        );
    }

    #[test]
    fn what_is_asked_for() {
        let query = r#"{"host":"https://adb-1.2.azuredatabricks.net","tenant":"t.example","account":"a@t.example",
            "profile":"ci","client_id":"04b07795-8ddb-461a-bbee-02f9e1bf7b46","cloud":"usgov"}"#;
        let seen = Caller::of(&FACE).input(query).call();
        let selectors = &seen.only_ask().explicit;
        assert_eq!(selectors.host.as_ref().unwrap().name(), "adb-1.2.azuredatabricks.net");
        assert_eq!(selectors.profile.as_deref(), Some("ci"));
        assert_eq!(selectors.authority.as_ref().unwrap().name(), "login.microsoftonline.us");
    }

    #[test]
    fn malformed() {
        for query in [
            "",
            "[]",
            "PLANTED",
            r#"{"tenant":1}"#,
            r#"{"tenant":"PLANTED/x"}"#,
            r#"{"PLANTED":"x"}"#,
            r#"{"access_token_in_state":"yes"}"#,
            r#"{"profile":""}"#,
            r#"{"cloud":"PLANTED"}"#,
            r#"{"resource":"a","scope":"b"}"#,
        ] {
            let seen = Caller::of(&FACE).input(query).call();
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{query}");
            assert!(
                !seen.err.contains("PLANTED") && seen.err.lines().count() == 1,
                "{}",
                seen.err
            );
        }
        assert_eq!(Caller::of(&FACE).args(&["get"]).call().outcome, Outcome::Done(2));
    }
}
