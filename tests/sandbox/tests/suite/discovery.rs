//! Discovery of endpoints, keys and instances.

use entra_sandbox::{CONTOSO, Result};

use crate::caller::Caller;

#[test]
fn a_domain_is_answered_with_the_guid() -> Result<()> {
    let caller = Caller::new()?;
    let base = caller.sandbox.authority();
    let url = format!("{base}/contoso.example/v2.0/.well-known/openid-configuration");
    let answer = caller.client.get(&url, None)?;
    assert_eq!(answer.status, 200);
    let at = |member: &str| answer.json()[member].clone();
    assert_eq!(at("issuer"), format!("{base}/{}/v2.0", CONTOSO.id));
    assert_eq!(at("token_endpoint"), format!("{base}/{}/oauth2/v2.0/token", CONTOSO.id));
    assert_eq!(
        at("device_authorization_endpoint"),
        format!("{base}/{}/oauth2/v2.0/devicecode", CONTOSO.id)
    );
    let keys = at("jwks_uri");
    let keys = caller.client.get(keys.as_str().unwrap_or_default(), None)?.json();
    assert_eq!(keys["keys"][0]["kty"], "EC");
    Ok(())
}

#[test]
fn organizations_stays_and_plain_http_names_itself() -> Result<()> {
    let caller = Caller::new()?;
    let base = caller.sandbox.authority_http();
    let url = format!("{base}/organizations/v2.0/.well-known/openid-configuration");
    let json = caller.client.get(&url, None)?.json();
    assert_eq!(json["issuer"], format!("{base}/{{tenantid}}/v2.0"));
    assert_eq!(
        json["token_endpoint"],
        format!("{base}/organizations/oauth2/v2.0/token")
    );
    Ok(())
}

#[test]
fn an_unknown_tenant_is_not_found() -> Result<()> {
    let caller = Caller::new()?;
    let url = format!(
        "{}/nobody.example/v2.0/.well-known/openid-configuration",
        caller.sandbox.authority()
    );
    let answer = caller.client.get(&url, None)?;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "invalid_tenant");
    assert_eq!(answer.json()["error_codes"][0], 90002);
    Ok(())
}

#[test]
fn instances_are_known_or_not() -> Result<()> {
    let caller = Caller::new()?;
    let base = caller.sandbox.authority();
    let ask = |endpoint: &str| {
        let url = format!("{base}/common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}");
        caller.client.get(&url, None)
    };
    let known = ask(&format!("{base}/organizations/oauth2/v2.0/authorize"))?.json();
    let discovery = format!("{base}/organizations/v2.0/.well-known/openid-configuration");
    assert_eq!(known["tenant_discovery_endpoint"], discovery);
    assert!(known["metadata"][0]["aliases"].is_array());
    let unknown = ask("https://login.example/organizations/oauth2/v2.0/authorize")?;
    assert_eq!(
        (unknown.status, &unknown.json()["error"]),
        (400, &"invalid_instance".into())
    );
    Ok(())
}

#[test]
fn certificates_of_others_are_not_trusted() -> Result<()> {
    let caller = Caller::new()?;
    for base in [
        caller.sandbox.authority_unknown_ca(),
        caller.sandbox.authority_wrong_name(),
    ] {
        let url = format!("{base}/common/discovery/v2.0/keys");
        assert!(caller.client.get(&url, None).is_err());
    }
    assert_eq!(caller.sandbox.counts().requests, 0);
    Ok(())
}
