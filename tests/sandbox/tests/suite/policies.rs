//! Conditional Access: what is refused, and what lifts the refusal.

use entra_sandbox::{ANA, ARM, BEN, DATABRICKS, Demand, Flow, Policy, Result};
use serde_json::{Value, json};

use crate::authorize::{redeem, url};
use crate::caller::{Caller, claims};
use entra_sandbox::browser::Form;

const ARM_SCOPE: &str = "https://management.azure.com/.default";

#[test]
fn a_second_factor_with_the_claims_lifts_the_refusal() -> Result<()> {
    let caller = Caller::new()?;
    caller.control(
        "POST",
        "/policies",
        &json!({"name": "second factor for ARM", "demand": "mfa", "resources": [ARM.id()]}),
    )?;
    // A sign-in for something else asks for no second factor …
    let mut browser = caller.browser();
    let page = browser.get(&url(&caller, "common", &[]))?;
    let page = browser.submit(&page, &[("loginfmt", ANA.upn), ("passwd", ANA.password)])?;
    let (_, json) = redeem(&caller, Form::of(&page.text).value("code"), &[])?;
    let refresh_token = json["refresh_token"].as_str().unwrap_or_default().to_owned();
    let refresh = |token: &str, scope: &str| {
        let fields = [("refresh_token", token), ("scope", scope)];
        caller.refresh(&fields).map(|answer| answer.json())
    };
    // … so that ARM is refused later, with the claims that would help.
    let refused = refresh(&refresh_token, ARM_SCOPE)?;
    assert_eq!(
        (&refused["error_codes"][0], &refused["error"]),
        (&50076.into(), &"invalid_grant".into())
    );
    assert_eq!(refused["suberror"], "basic_action");
    let wanted = refused["claims"].as_str().unwrap_or_default();
    let databricks = format!("{}/.default", DATABRICKS.id());
    assert!(refresh(&refresh_token, &databricks)?["access_token"].is_string());

    // The session of before does not do: a second factor is missing.
    let request = url(&caller, "common", &[("claims", wanted)]);
    let silent = browser.get(&format!("{request}&prompt=none"))?;
    assert_eq!(Form::of(&silent.text).value("error"), "interaction_required");
    let page = browser.get(&request)?;
    assert!(page.text.contains("name=\"otc\""));
    let number = caller.sandbox.second_factor(&ANA).unwrap_or_default();
    let page = browser.submit(&page, &[("otc", &number)])?;
    let (_, json) = redeem(&caller, Form::of(&page.text).value("code"), &[("claims", wanted)])?;
    let refresh_token = json["refresh_token"].as_str().unwrap_or_default();
    let json = refresh(refresh_token, ARM_SCOPE)?;
    assert_eq!(claims(&json["access_token"])["amr"], json!(["pwd", "mfa"]));
    Ok(())
}

#[test]
fn claims_of_a_challenge_are_not_satisfied_by_a_password() -> Result<()> {
    let caller = Caller::new()?;
    let wanted = r#"{"access_token":{"capolids":{"essential":true,"values":["x"]}}}"#;
    let json = caller.refresh(&[("claims", wanted)])?.json();
    assert_eq!(
        (&json["error_codes"][0], json["claims"].as_str()),
        (&50076.into(), Some(wanted))
    );
    Ok(())
}

#[test]
fn a_policy_holds_for_whom_and_what_it_names() -> Result<()> {
    let caller = Caller::new()?;
    let ben = caller.sandbox.mint_refresh_token(&BEN, entra_sandbox::AZURE_CLI);
    caller.sandbox.policy(
        Policy::new("only managed devices", Demand::Block(530_003))
            .user(&BEN)
            .resource(&DATABRICKS)
            .flow(Flow::Refresh),
    );
    assert_eq!(caller.refresh(&[])?.status, 200);
    assert_eq!(
        caller.refresh(&[("refresh_token", &ben), ("scope", ARM_SCOPE)])?.status,
        200
    );
    let json = caller.refresh(&[("refresh_token", &ben)])?.json();
    assert_eq!(
        (&json["error_codes"][0], &json["suberror"]),
        (&530_003.into(), &"additional_action".into())
    );
    assert!(json["claims"].is_string());
    caller.control("DELETE", "/policies", &Value::Null)?;
    assert_eq!(caller.refresh(&[("refresh_token", &ben)])?.status, 200);
    Ok(())
}

#[test]
fn the_browser_goes_where_device_codes_are_blocked() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    caller
        .sandbox
        .policy(Policy::new("no device codes", Demand::Block(53003)).flow(Flow::DeviceCode));
    let page = caller.browser().get(&url(&caller, "common", &[]))?;
    let (status, _) = redeem(&caller, Form::of(&page.text).value("code"), &[])?;
    assert_eq!(status, 200);
    Ok(())
}
