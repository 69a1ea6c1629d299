//! `grant_type=refresh_token`: shapes, rotation, refusals.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_sandbox::{
    ANA, AZURE_CLI, AppRegistration, BEN, CONTOSO, FABRIKAM, Lifetime, OWN_APP, Refusal, Result, Rotation,
};
use serde_json::{Value, json};

use crate::caller::{Caller, claims};

const ARM: &str = "https://management.core.windows.net//.default";

#[test]
fn an_answer_has_all_that_entra_gives() -> Result<()> {
    let caller = Caller::new()?;
    let answer = caller.refresh(&[])?;
    assert_eq!(answer.status, 200);
    let json = answer.json();
    let mut members: Vec<&str> = json
        .as_object()
        .map(|o| o.keys().map(String::as_str).collect())
        .unwrap_or_default();
    members.sort_unstable();
    let expected = [
        "access_token",
        "client_info",
        "expires_in",
        "ext_expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    ];
    assert_eq!(members, expected);
    assert_eq!(json["expires_in"], 4500);
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(
        json["scope"],
        "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/user_impersonation 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
    );
    let length = json["access_token"].as_str().map_or(0, str::len);
    assert!((1500..2100).contains(&length), "{length}");

    let token = claims(&json["access_token"]);
    assert_eq!(token["aud"], "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d");
    assert_eq!(token["tid"], CONTOSO.id);
    assert_eq!(token["upn"], ANA.upn);
    assert_eq!(token["scp"], "user_impersonation");
    assert_eq!(token["appid"], AZURE_CLI);
    assert_eq!(
        token["exp"]
            .as_u64()
            .zip(token["iat"].as_u64())
            .map(|(exp, iat)| exp - iat),
        Some(4500)
    );
    assert_eq!(claims(&json["id_token"])["preferred_username"], ANA.upn);
    let info = URL_SAFE_NO_PAD
        .decode(json["client_info"].as_str().unwrap_or_default())
        .unwrap_or_default();
    let info: Value = serde_json::from_slice(&info).unwrap_or_default();
    assert_eq!(info, json!({"uid": ANA.uid(), "utid": CONTOSO.id}));
    assert!(answer.header("date").is_some_and(|date| date.ends_with(" GMT")));
    assert_eq!(answer.header("cache-control"), Some("no-store, no-cache"));
    Ok(())
}

#[test]
fn what_was_not_asked_for_is_not_given() -> Result<()> {
    let caller = Caller::new()?;
    let json = caller.refresh(&[("client_info", "0"), ("scope", ARM)])?.json();
    assert!(json.get("client_info").is_none() && json.get("id_token").is_none());
    assert_eq!(
        claims(&json["access_token"])["aud"],
        "https://management.core.windows.net/"
    );
    assert_eq!(
        json["scope"],
        format!("https://management.core.windows.net//user_impersonation {ARM}")
    );
    Ok(())
}

#[test]
fn every_token_is_another_one() -> Result<()> {
    let caller = Caller::new()?;
    let [one, other] = [caller.refresh(&[])?.json(), caller.refresh(&[])?.json()];
    assert_ne!(one["access_token"], other["access_token"]);
    assert_ne!(one["refresh_token"], other["refresh_token"]);
    Ok(())
}

#[test]
fn a_long_life_comes_with_refresh_in() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.set_lifetime(Lifetime::TWENTY_EIGHT_HOURS);
    let json = caller.refresh(&[])?.json();
    assert_eq!(
        (&json["expires_in"], &json["refresh_in"]),
        (&100_800.into(), &50_400.into())
    );
    caller.control("PATCH", "/settings", &json!({"lifetime": "10m"}))?;
    let json = caller.refresh(&[])?.json();
    assert_eq!((&json["expires_in"], json.get("refresh_in")), (&600.into(), None));
    Ok(())
}

#[test]
fn an_old_refresh_token_stays_good() -> Result<()> {
    let caller = Caller::new()?;
    for _ in 0..3 {
        assert_eq!(caller.refresh(&[])?.status, 200);
    }
    Ok(())
}

#[test]
fn reuse_kills_the_family_where_it_shall() -> Result<()> {
    let caller = Caller::new()?;
    caller
        .sandbox
        .change(|settings| settings.rotation = Rotation::RevokeOnReuse);
    let next = caller.refresh(&[])?.json()["refresh_token"].clone();
    let next = next.as_str().unwrap_or_default();
    assert_eq!(caller.refresh(&[])?.json()["error_codes"][0], 54005);
    let dead = caller.refresh(&[("refresh_token", next)])?.json();
    assert_eq!(
        (&dead["error"], &dead["error_codes"][0]),
        (&"invalid_grant".into(), &50173.into())
    );
    // Another sign-in of the same user is another family.
    let other = caller.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
    assert_eq!(caller.refresh(&[("refresh_token", &other)])?.status, 200);
    Ok(())
}

#[test]
fn without_rotation_nothing_is_brought() -> Result<()> {
    let caller = Caller::new()?;
    caller.control("PATCH", "/settings", &json!({"rotation": "off"}))?;
    assert!(caller.refresh(&[])?.json().get("refresh_token").is_none());
    assert_eq!(caller.refresh(&[])?.status, 200);
    Ok(())
}

#[test]
fn an_error_has_all_that_entra_gives() -> Result<()> {
    let caller = Caller::new()?;
    assert!(caller.sandbox.kill_refresh_token(&caller.refresh_token, 700_082));
    let answer = caller.refresh(&[])?;
    assert_eq!(answer.status, 400);
    let json = answer.json();
    assert_eq!(json["error"], "invalid_grant");
    assert_eq!(json["suberror"], "token_expired");
    assert_eq!(json["error_codes"], json!([700_082]));
    let text = json["error_description"].as_str().unwrap_or_default();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("AADSTS700082: "));
    let [trace, correlation, timestamp] =
        ["trace_id", "correlation_id", "timestamp"].map(|m| json[m].as_str().unwrap_or_default());
    assert_eq!(lines[1], format!("Trace ID: {trace}"));
    assert_eq!(lines[2], format!("Correlation ID: {correlation}"));
    assert_eq!(lines[3], format!("Timestamp: {timestamp}"));
    assert!(
        json["error_uri"]
            .as_str()
            .is_some_and(|uri| uri.ends_with("/error?code=700082"))
    );
    Ok(())
}

/// Fields that are wrong, and the code and `error` that say so.
type Case<'a> = (&'a [(&'a str, &'a str)], u32, &'a str);

#[test]
fn wrong_requests_are_told_apart() -> Result<()> {
    const OTHER: &str = "0dd0dd00-1111-4222-8333-444455556666";
    let caller = Caller::new()?;
    caller.sandbox.app(AppRegistration {
        client_id: OTHER.to_owned(),
        multi_tenant: true,
        ..AppRegistration::default()
    });
    let unknown_resource = "11111111-2222-3333-4444-555555555555/.default";
    let two = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default https://management.azure.com/.default";
    let well_formed = format!("1.{}", "A".repeat(800));
    let unknown = "11111111-2222-3333-4444-555555555555";
    let cases: &[Case] = &[
        (&[("scope", unknown_resource)], 500_011, "invalid_resource"),
        (&[("scope", two)], 28000, "invalid_request"),
        (&[("scope", "nonsense")], 70011, "invalid_scope"),
        (&[("refresh_token", "not one")], 9_002_313, "invalid_grant"),
        (&[("refresh_token", &well_formed)], 70000, "invalid_grant"),
        (&[("refresh_token", "")], 900_144, "invalid_request"),
        (&[("client_id", OTHER)], 700_007, "invalid_grant"),
        (&[("client_id", OWN_APP)], 50194, "invalid_request"),
        (&[("client_id", unknown)], 700_016, "unauthorized_client"),
        (&[("client_id", "me")], 700_016, "unauthorized_client"),
        (&[("client_secret", "s3cret")], 700_025, "invalid_client"),
        (&[("grant_type", "magic")], 70003, "unsupported_grant_type"),
        (&[("claims", "{")], 9_002_313, "invalid_request"),
    ];
    for (fields, code, error) in cases {
        let answer = caller.refresh(fields)?;
        let json = answer.json();
        assert_eq!(
            (&json["error_codes"][0], &json["error"]),
            (&(*code).into(), &(*error).into()),
            "{fields:?}"
        );
        assert_eq!(answer.status, if *error == "invalid_client" { 401 } else { 400 });
    }
    Ok(())
}

#[test]
fn a_guest_keeps_her_home_account() -> Result<()> {
    let caller = Caller::new()?;
    let home = caller.refresh_at("common", &[])?.json();
    let guest = caller.refresh_at(FABRIKAM.domain, &[])?.json();
    assert_eq!(home["client_info"], guest["client_info"]);
    let [home, guest] = [home, guest].map(|json| claims(&json["access_token"]));
    assert_eq!((&home["tid"], &guest["tid"]), (&CONTOSO.id.into(), &FABRIKAM.id.into()));
    assert_ne!(home["oid"], guest["oid"]);

    let ben = caller.sandbox.mint_refresh_token(&BEN, AZURE_CLI);
    let stranger = caller.refresh_at(FABRIKAM.id, &[("refresh_token", &ben)])?.json();
    assert_eq!(stranger["error_codes"][0], 50020);
    Ok(())
}

#[test]
fn claims_leave_a_mark() -> Result<()> {
    let caller = Caller::new()?;
    let asked = r#"{"access_token": {"xms_cc": {"values": ["CP1"]}}}"#;
    let json = caller.refresh(&[("claims", asked)])?.json();
    let token = claims(&json["access_token"]);
    assert_eq!(token["xms_cc"], json!(["CP1"]));
    assert!(token["sandbox_claims"]["access_token"].is_object());
    Ok(())
}

#[test]
fn refusals_hold_for_their_resource_and_number() -> Result<()> {
    let caller = Caller::new()?;
    caller
        .sandbox
        .refuse(Refusal::consent("https://management.core.windows.net/"));
    assert_eq!(caller.refresh(&[])?.status, 200);
    for _ in 0..2 {
        let json = caller.refresh(&[("scope", ARM)])?.json();
        assert_eq!(
            (&json["error_codes"][0], &json["suberror"]),
            (&65001.into(), &"consent_required".into())
        );
    }
    let claims = r#"{"access_token":{"capolids":{"essential":true,"values":["x"]}}}"#;
    caller.control("POST", "/refusals", &json!({"code": 50076, "claims": claims}))?;
    let json = caller.refresh(&[])?.json();
    assert_eq!(
        (&json["suberror"], &json["claims"]),
        (&"basic_action".into(), &claims.into())
    );
    assert_eq!(caller.refresh(&[])?.status, 200);
    Ok(())
}

#[test]
fn revocation_ends_every_sign_in_of_a_user() -> Result<()> {
    let caller = Caller::new()?;
    let ben = caller.sandbox.mint_refresh_token(&BEN, AZURE_CLI);
    assert_eq!(
        caller.control("POST", "/revoke", &json!({"user": ANA.upn}))?,
        json!({"revoked": 1})
    );
    assert_eq!(caller.refresh(&[])?.json()["error_codes"][0], 50173);
    assert_eq!(caller.refresh(&[("refresh_token", &ben)])?.status, 200);
    Ok(())
}

#[test]
fn the_log_shows_the_request_and_no_secret() -> Result<()> {
    let caller = Caller::new()?;
    let json = caller.refresh(&[("client_secret", "hunter2"), ("unheard_of", "s3cret-value")])?;
    assert_eq!(json.status, 401);
    let json = caller.refresh(&[])?.json();
    let token = json["access_token"].as_str().unwrap_or_default();
    let me = format!(
        "{}/api/2.0/preview/scim/v2/Me?access_token={token}",
        caller.sandbox.workspace()
    );
    assert_eq!(caller.client.get(&me, Some(token))?.status, 200);

    let log = caller.control("GET", "/log", &Value::Null)?;
    let text = log.to_string();
    for secret in [&caller.refresh_token, token, "hunter2", "s3cret-value"] {
        assert!(!text.contains(secret));
    }
    assert!(text.contains("sha256:"));
    assert_eq!(log[1]["endpoint"], "token");
    assert_eq!(log[1]["status"], 200);
    assert_eq!(log[1]["form"][2], json!(["grant_type", "refresh_token"]));
    let counts = caller.sandbox.counts();
    assert_eq!((counts.requests, counts.connections), (3, 3));
    assert_eq!(counts.grants["refresh_token"], 2);
    Ok(())
}
