//! Each switch of an app registration, turned wrong: the code that says so, in every way to get a token.

use entra_sandbox::{
    ANA, AZURE_CLI, AppRegistration, BEN, CONTOSO, Consent, DATABRICKS, OWN_APP, Result, TENANTS, User,
};
use serde_json::{Value, json};

use crate::authorize::{redeem_at, url};
use crate::caller::Caller;
use entra_sandbox::browser::Form;

/// A sandbox in which the own registration is `app`.
fn with(app: AppRegistration) -> Result<Caller> {
    let caller = Caller::new()?;
    caller.sandbox.app(app);
    caller.sandbox.change(|settings| settings.device_interval = 0);
    Ok(caller)
}

fn code(json: &Value) -> &Value {
    &json["error_codes"][0]
}

fn scope() -> String {
    format!("{}/.default offline_access openid", DATABRICKS.id())
}

/// What each way says to `user`: the browser without pages, a device code, a password, a refresh.
fn all_ways(caller: &Caller, user: &'static User) -> Result<[Value; 4]> {
    let scope = scope();
    let token = |fields: &[(&str, &str)]| {
        let url = format!("{}/{}/oauth2/v2.0/token", caller.sandbox.authority(), CONTOSO.id);
        let form: Vec<_> = [("client_id", OWN_APP)].iter().chain(fields).copied().collect();
        caller.client.post_form(&url, &form).map(|answer| answer.json())
    };
    caller.sandbox.auto_approve(user);
    let page = caller
        .browser()
        .get(&url(caller, CONTOSO.id, &[("client_id", OWN_APP)]))?;
    let form = Form::of(&page.text);
    let browser = match form.value("code") {
        "" => {
            let text = form.value("error_description");
            let number = text.split(['S', ':']).find_map(|part| part.parse::<u32>().ok());
            json!({"error": form.value("error"), "error_codes": [number]})
        }
        code => redeem_at(caller, CONTOSO.id, code, &[("client_id", OWN_APP)])?.1,
    };
    let begin = format!("{}/{}/oauth2/v2.0/devicecode", caller.sandbox.authority(), CONTOSO.id);
    let begun = caller
        .client
        .post_form(&begin, &[("client_id", OWN_APP), ("scope", &scope)])?
        .json();
    let device = match begun["device_code"].as_str() {
        None => begun,
        Some(code) => token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", code),
        ])?,
    };
    let password = token(&[
        ("grant_type", "password"),
        ("username", user.upn),
        ("password", user.password),
        ("scope", &scope),
    ])?;
    let refresh_token = caller.sandbox.mint_refresh_token(user, OWN_APP);
    let refresh = token(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh_token),
        ("scope", &scope),
    ])?;
    Ok([browser, device, password, refresh])
}

#[test]
fn with_all_switches_right_every_way_works() -> Result<()> {
    let caller = with(AppRegistration::default())?;
    for json in all_ways(&caller, &ANA)? {
        assert!(
            json["access_token"].is_string() && json["refresh_token"].is_string(),
            "{json}"
        );
    }
    Ok(())
}

#[test]
fn a_missing_permission_is_650057() -> Result<()> {
    let caller = with(AppRegistration {
        permissions: vec!["Microsoft Graph/User.Read".to_owned()],
        ..AppRegistration::default()
    })?;
    for json in all_ways(&caller, &ANA)? {
        assert_eq!(
            (code(&json), &json["error"]),
            (&650_057.into(), &"invalid_resource".into())
        );
    }
    Ok(())
}

#[test]
fn missing_consent_is_65001_where_nobody_can_be_asked() -> Result<()> {
    let caller = with(AppRegistration {
        consent: Consent::ByUser,
        ..AppRegistration::default()
    })?;
    // Whoever signs in on a page accepts there, which serves the other ways too.
    let caller_of_ben = all_ways(&caller, &BEN)?;
    assert!(caller_of_ben.iter().all(|json| json["access_token"].is_string()));
    let refresh_token = caller.sandbox.mint_refresh_token(&ANA, OWN_APP);
    let fields = [("client_id", OWN_APP), ("refresh_token", &*refresh_token)];
    let json = caller.refresh_at(CONTOSO.id, &fields)?.json();
    assert_eq!(
        (code(&json), &json["suberror"]),
        (&65001.into(), &"consent_required".into())
    );
    Ok(())
}

#[test]
fn consent_may_be_for_administrators_alone() -> Result<()> {
    let caller = with(AppRegistration {
        consent: Consent::AdminRequired,
        ..AppRegistration::default()
    })?;
    let [browser, device, password, refresh] = all_ways(&caller, &ANA)?;
    assert_eq!(
        (code(&browser), &browser["error"]),
        (&90094.into(), &"consent_required".into())
    );
    assert_eq!(code(&device), 90094);
    assert_eq!([code(&password), code(&refresh)], [65001, 65001]);
    // The portal's button.
    caller.control("POST", "/apps", &json!({"client_id": OWN_APP, "consent": "granted"}))?;
    assert!(
        all_ways(&caller, &ANA)?
            .iter()
            .all(|json| json["access_token"].is_string())
    );
    Ok(())
}

#[test]
fn assignment_lets_only_the_assigned_in() -> Result<()> {
    let caller = with(AppRegistration {
        assignment_required: true,
        assigned: vec![BEN.upn.to_owned()],
        ..AppRegistration::default()
    })?;
    for json in all_ways(&caller, &ANA)? {
        assert_eq!(code(&json), 50105, "{json}");
    }
    assert!(
        all_ways(&caller, &BEN)?
            .iter()
            .all(|json| json["access_token"].is_string())
    );
    Ok(())
}

#[test]
fn without_public_flows_only_the_browser_works() -> Result<()> {
    let caller = with(AppRegistration {
        public_client_flows: false,
        ..AppRegistration::default()
    })?;
    let [browser, device, password, refresh] = all_ways(&caller, &ANA)?;
    assert!(browser["access_token"].is_string() && refresh["access_token"].is_string());
    assert_eq!([code(&device), code(&password)], [7_000_218, 7_000_218]);
    Ok(())
}

#[test]
fn a_redirect_uri_of_the_kind_web_wants_a_secret() -> Result<()> {
    let caller = with(AppRegistration {
        redirect_uris: Vec::new(),
        web_redirect_uris: vec!["http://localhost".to_owned()],
        secret: Some("not-a-secret-of-the-app".to_owned()),
        public_client_flows: false,
        ..AppRegistration::default()
    })?;
    let [browser, _, _, refresh] = all_ways(&caller, &ANA)?;
    assert_eq!(
        (code(&browser), &browser["error"]),
        (&7_000_218.into(), &"invalid_client".into())
    );
    assert_eq!(code(&refresh), 7_000_218);
    let page = caller
        .browser()
        .get(&url(&caller, CONTOSO.id, &[("client_id", OWN_APP)]))?;
    let secret = [("client_id", OWN_APP), ("client_secret", "not-a-secret-of-the-app")];
    let (status, _) = redeem_at(&caller, CONTOSO.id, Form::of(&page.text).value("code"), &secret)?;
    assert_eq!(status, 200);
    Ok(())
}

#[test]
fn a_redirect_uri_must_be_registered() -> Result<()> {
    let caller = with(AppRegistration {
        redirect_uris: vec!["https://login.microsoftonline.com/common/oauth2/nativeclient".to_owned()],
        ..AppRegistration::default()
    })?;
    let page = caller
        .browser()
        .get(&url(&caller, CONTOSO.id, &[("client_id", OWN_APP)]))?;
    assert!(page.text.contains("AADSTS50011: ") && page.location.is_none());
    let unregistered = AppRegistration {
        redirect_uris: Vec::new(),
        ..AppRegistration::default()
    };
    caller.sandbox.app(unregistered);
    let request = url(&caller, CONTOSO.id, &[("client_id", OWN_APP), ("redirect_uri", "")]);
    assert!(caller.browser().get(&request)?.text.contains("AADSTS500113: "));
    Ok(())
}

#[test]
fn a_registration_is_known_where_it_should_be() -> Result<()> {
    let caller = with(AppRegistration::default())?;
    let ask = |tenant: &str, client: &str| {
        let begin = format!("{}/{tenant}/oauth2/v2.0/devicecode", caller.sandbox.authority());
        let answer = caller
            .client
            .post_form(&begin, &[("client_id", client), ("scope", &scope())])?;
        Ok::<_, entra_sandbox::Error>(answer.json())
    };
    for tenant in ["common", "organizations"] {
        assert_eq!(code(&ask(tenant, OWN_APP)?), 50194);
    }
    let [home, other] = TENANTS.map(|tenant| tenant.domain);
    assert!(ask(home, OWN_APP)?["device_code"].is_string());
    assert_eq!(code(&ask(other, OWN_APP)?), 700_016);
    assert!(ask(other, AZURE_CLI)?["device_code"].is_string());

    caller.control("POST", "/apps", &json!({"client_id": OWN_APP, "multi_tenant": true}))?;
    assert!(ask("common", OWN_APP)?["device_code"].is_string());
    caller.control("POST", "/apps", &json!({"client_id": OWN_APP, "disabled": true}))?;
    assert_eq!(code(&ask(home, OWN_APP)?), 7_000_112);
    caller.control("DELETE", "/apps", &json!({"client_id": OWN_APP}))?;
    assert_eq!(code(&ask(home, OWN_APP)?), 700_016);
    caller.control("POST", "/reset", &Value::Null)?;
    assert!(ask(home, OWN_APP)?["device_code"].is_string());
    Ok(())
}
