//! `grant_type=password`, `client_credentials`, and where a user signs in.

use entra_sandbox::{
    ANA, AZURE_CLI, AppRegistration, DAN, DATABRICKS, Demand, EVE, FAY, Flow, LOU, MIA, NOA, OWN_APP, Policy, Result,
    User,
};
use serde_json::Value;

use crate::caller::{Caller, claims};

fn token(caller: &Caller, tenant: &str, changes: &[(&str, &str)]) -> Result<Value> {
    let scope = format!("{}/.default offline_access openid profile", DATABRICKS.id());
    let usual = [
        ("client_id", AZURE_CLI),
        ("grant_type", "password"),
        ("client_info", "1"),
        ("username", ANA.upn),
        ("password", ANA.password),
        ("scope", &scope),
    ];
    let mut form: Vec<_> = usual
        .into_iter()
        .filter(|(name, _)| !changes.iter().any(|(of, _)| of == name))
        .collect();
    form.extend_from_slice(changes);
    let url = format!("{}/{tenant}/oauth2/v2.0/token", caller.sandbox.authority());
    Ok(caller.client.post_form(&url, &form)?.json())
}

#[test]
fn a_right_password_brings_all_tokens() -> Result<()> {
    let caller = Caller::new()?;
    let json = token(&caller, "organizations", &[])?;
    assert_eq!(claims(&json["access_token"])["upn"], ANA.upn);
    assert!(json["refresh_token"].is_string() && json["id_token"].is_string());
    Ok(())
}

/// The tenant, what is put in place of the right fields, and the code that says so.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u32);

#[test]
fn refusals_are_told_apart() -> Result<()> {
    let caller = Caller::new()?;
    let of = |user: &'static User| [("username", user.upn), ("password", user.password)];
    let cases: &[Case] = &[
        ("organizations", &[("password", "wrong")], 50126),
        ("organizations", &[("username", "nobody@contoso.example")], 50034),
        ("organizations", &[("password", "")], 900_144),
        ("common", &[], 9_001_023),
        ("organizations", &of(&LOU), 50053),
        ("organizations", &of(&EVE), 50055),
        ("organizations", &of(&DAN), 50057),
        ("organizations", &of(&MIA), 50076),
        ("organizations", &of(&NOA), 50079),
        ("organizations", &of(&FAY), 50126),
    ];
    for (tenant, changes, code) in cases {
        let json = token(&caller, tenant, changes)?;
        assert_eq!(json["error_codes"][0], *code, "{changes:?} {json}");
    }
    for (code, error) in [(53003, "invalid_grant"), (530_035, "invalid_grant")] {
        caller
            .sandbox
            .policy(Policy::new("p", Demand::Block(code)).flow(Flow::Password));
        let json = token(&caller, "organizations", &[])?;
        assert_eq!((&json["error_codes"][0], &json["error"]), (&code.into(), &error.into()));
    }
    Ok(())
}

#[test]
fn a_policy_says_what_to_ask_for() -> Result<()> {
    let caller = Caller::new()?;
    caller
        .sandbox
        .policy(Policy::new("second factor", Demand::Mfa).resource(&DATABRICKS));
    let json = token(&caller, "organizations", &[])?;
    assert_eq!(
        (&json["error_codes"][0], &json["suberror"]),
        (&50076.into(), &"basic_action".into())
    );
    assert!(
        json["claims"]
            .as_str()
            .is_some_and(|claims| claims.contains("capolids"))
    );
    Ok(())
}

#[test]
fn public_flows_can_be_off() -> Result<()> {
    let caller = Caller::new()?;
    let own = [("client_id", OWN_APP)];
    assert!(token(&caller, "contoso.example", &own)?["access_token"].is_string());
    caller.sandbox.app(AppRegistration {
        public_client_flows: false,
        ..AppRegistration::default()
    });
    let json = token(&caller, "contoso.example", &own)?;
    assert_eq!(
        (&json["error_codes"][0], &json["error"]),
        (&7_000_218.into(), &"invalid_client".into())
    );
    Ok(())
}

#[test]
fn an_application_with_a_secret_acts_for_itself() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.app(AppRegistration {
        secret: Some("not-a-secret-of-the-app".to_owned()),
        ..AppRegistration::default()
    });
    let scope = format!("{}/.default", DATABRICKS.id());
    let ask = |tenant: &str, secret: &str| {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", caller.sandbox.authority());
        let mut form = vec![
            ("client_id", OWN_APP),
            ("grant_type", "client_credentials"),
            ("scope", &*scope),
        ];
        if !secret.is_empty() {
            form.push(("client_secret", secret));
        }
        caller.client.post_form(&url, &form).map(|answer| answer.json())
    };
    let json = ask("contoso.example", "not-a-secret-of-the-app")?;
    let token = claims(&json["access_token"]);
    assert_eq!((&token["appid"], &token["idtyp"]), (&OWN_APP.into(), &"app".into()));
    assert!(json.get("refresh_token").is_none() && token.get("upn").is_none());
    assert_eq!(ask("contoso.example", "wrong")?["error_codes"][0], 7_000_215);
    assert_eq!(ask("contoso.example", "")?["error_codes"][0], 7_000_216);
    Ok(())
}

#[test]
fn realms_are_known_by_domain() -> Result<()> {
    let caller = Caller::new()?;
    let realm = |user: &str| {
        let url = format!("{}/common/userrealm/{user}?api-version=1.0", caller.sandbox.authority());
        caller.client.get(&url, None)
    };
    let json = realm("ana%40contoso.example")?.json();
    assert_eq!(
        (&json["account_type"], &json["domain_name"]),
        (&"Managed".into(), &"contoso.example".into())
    );
    assert_eq!(realm("x@nowhere.example")?.json()["account_type"], "Unknown");
    let json = realm(FAY.upn)?.json();
    assert_eq!(
        (&json["account_type"], &json["federation_protocol"]),
        (&"Federated".into(), &"WSTrust".into())
    );
    assert!(json["federation_metadata_url"].is_string());
    caller.sandbox.change(|settings| settings.user_realm = false);
    assert_eq!(realm(ANA.upn)?.status, 404);
    Ok(())
}
