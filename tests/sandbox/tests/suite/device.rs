//! The device code flow.

use entra_sandbox::{ANA, AZURE_CLI, AppRegistration, BEN, DATABRICKS, Demand, Flow, OWN_APP, Policy, Result};
use serde_json::{Value, json};

use crate::caller::{Caller, claims};

fn begin(caller: &Caller, client: &str) -> Result<Value> {
    let url = format!("{}/contoso.example/oauth2/v2.0/devicecode", caller.sandbox.authority());
    let scope = format!("{}/.default offline_access openid profile", DATABRICKS.id());
    let answer = caller
        .client
        .post_form(&url, &[("client_id", client), ("scope", &scope)])?;
    Ok(answer.json())
}

fn poll(caller: &Caller, client: &str, begun: &Value) -> Result<Value> {
    let url = format!("{}/contoso.example/oauth2/v2.0/token", caller.sandbox.authority());
    let code = begun["device_code"].as_str().unwrap_or_default();
    let fields = [
        ("client_id", client),
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_info", "1"),
        ("code", code),
        ("device_code", code),
    ];
    Ok(caller.client.post_form(&url, &fields)?.json())
}

fn patient() -> Result<Caller> {
    let caller = Caller::new()?;
    caller.sandbox.change(|settings| settings.device_interval = 0);
    Ok(caller)
}

#[test]
fn a_device_waits_and_gets_its_tokens() -> Result<()> {
    let caller = patient()?;
    let begun = begin(&caller, AZURE_CLI)?;
    assert_eq!((&begun["expires_in"], &begun["interval"]), (&900.into(), &0.into()));
    assert!(
        begun["verification_uri"]
            .as_str()
            .is_some_and(|uri| uri.ends_with("/devicelogin"))
    );
    assert!(begun.get("verification_uri_complete").is_none());
    let user_code = begun["user_code"].as_str().unwrap_or_default();
    assert!(begun["message"].as_str().is_some_and(|text| text.contains(user_code)));

    let pending = poll(&caller, AZURE_CLI, &begun)?;
    assert_eq!(
        (&pending["error"], &pending["error_codes"][0]),
        (&"authorization_pending".into(), &70016.into())
    );
    assert!(caller.sandbox.approve_device(user_code, &BEN));
    let json = poll(&caller, AZURE_CLI, &begun)?;
    assert_eq!(claims(&json["access_token"])["upn"], BEN.upn);
    assert!(json["scope"].as_str().is_some_and(|scope| scope.ends_with("/.default")));
    for member in ["refresh_token", "id_token", "client_info"] {
        assert!(json[member].is_string(), "{member}");
    }
    assert_eq!(poll(&caller, AZURE_CLI, &begun)?["error_codes"][0], 54005);
    Ok(())
}

#[test]
fn polling_too_fast_is_told() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.change(|settings| settings.device_interval = 600);
    let begun = begin(&caller, AZURE_CLI)?;
    assert_eq!(poll(&caller, AZURE_CLI, &begun)?["error"], "authorization_pending");
    assert_eq!(poll(&caller, AZURE_CLI, &begun)?["error"], "slow_down");
    Ok(())
}

#[test]
fn codes_end() -> Result<()> {
    let caller = patient()?;
    let declined = begin(&caller, AZURE_CLI)?;
    caller.control(
        "POST",
        "/device-codes",
        &json!({"user_code": declined["user_code"], "decline": true}),
    )?;
    assert_eq!(poll(&caller, AZURE_CLI, &declined)?["error"], "authorization_declined");

    let begun = begin(&caller, AZURE_CLI)?;
    let wrong = poll(&caller, AZURE_CLI, &json!({"device_code": "magic"}))?;
    assert_eq!(
        (&wrong["error"], &wrong["error_codes"][0]),
        (&"bad_verification_code".into(), &70018.into())
    );
    caller.sandbox.change(|settings| settings.clock_skew = 901);
    assert_eq!(poll(&caller, AZURE_CLI, &begun)?["error"], "expired_token");
    Ok(())
}

#[test]
fn it_goes_without_a_person() -> Result<()> {
    let caller = patient()?;
    caller.sandbox.auto_approve(&ANA);
    caller.sandbox.change(|settings| settings.device_auto_approve = Some(2));
    let begun = begin(&caller, AZURE_CLI)?;
    assert_eq!(poll(&caller, AZURE_CLI, &begun)?["error"], "authorization_pending");
    let json = poll(&caller, AZURE_CLI, &begun)?;
    assert_eq!(claims(&json["access_token"])["upn"], ANA.upn);
    Ok(())
}

#[test]
fn public_flows_and_policies_stand_in_the_way() -> Result<()> {
    let caller = patient()?;
    caller.sandbox.auto_approve(&ANA);
    caller.sandbox.app(AppRegistration {
        public_client_flows: false,
        ..AppRegistration::default()
    });
    let begun = begin(&caller, OWN_APP)?;
    let json = poll(&caller, OWN_APP, &begun)?;
    assert_eq!(
        (&json["error"], &json["error_codes"][0]),
        (&"invalid_client".into(), &7_000_218.into())
    );

    caller
        .sandbox
        .policy(Policy::new("no device codes", Demand::Block(53003)).flow(Flow::DeviceCode));
    let begun = begin(&caller, AZURE_CLI)?;
    let json = poll(&caller, AZURE_CLI, &begun)?;
    assert_eq!(
        (&json["error"], &json["error_codes"][0]),
        (&"invalid_grant".into(), &53003.into())
    );
    Ok(())
}
