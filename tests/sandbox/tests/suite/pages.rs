//! The pages: filled in by a browser without script.

use entra_sandbox::{ANA, AppRegistration, BEN, Consent, DAN, DATABRICKS, Demand, Flow, MIA, OWN_APP, Policy, Result};
use serde_json::{Value, json};

use crate::authorize::{redeem, url};
use crate::caller::{Caller, claims};
use entra_sandbox::browser::{Browser, Form, Page};

/// The name and the password, page by page.
fn sign_in(browser: &mut Browser, url: &str, name: &str, password: &str) -> Result<Page> {
    let page = browser.get(url)?;
    assert!(page.text.contains("name=\"loginfmt\""), "{}", page.text);
    let page = browser.submit(&page, &[("loginfmt", name), ("action", "next")])?;
    browser.submit(&page, &[("passwd", password), ("action", "signin")])
}

fn code(page: &Page) -> String {
    let location = page.location.as_deref().unwrap_or_default();
    let code = location.split("code=").nth(1).unwrap_or_default();
    code.split('&').next().unwrap_or_default().to_owned()
}

#[test]
fn a_person_signs_in_and_is_remembered() -> Result<()> {
    let caller = Caller::new()?;
    let mut browser = caller.browser();
    let query = url(&caller, "organizations", &[("response_mode", "query")]);
    let page = sign_in(&mut browser, &query, ANA.upn, ANA.password)?;
    assert_eq!(page.status, 302);
    let (status, json) = redeem(&caller, &code(&page), &[])?;
    assert_eq!(status, 200);
    let token = claims(&json["access_token"]);
    assert_eq!((&token["upn"], &token["amr"]), (&ANA.upn.into(), &json!(["pwd"])));

    // The same browser again: at once. A new one, or prompt=login: not.
    assert_eq!(browser.get(&query)?.status, 302);
    assert_eq!(browser.get(&format!("{query}&prompt=none"))?.status, 302);
    assert!(browser.get(&format!("{query}&prompt=login"))?.text.contains("loginfmt"));
    let hinted = browser.get(&format!("{query}&login_hint={}", BEN.upn))?;
    assert!(hinted.text.contains("passwd") && hinted.text.contains(BEN.upn));
    let page = browser.get(&format!("{query}&prompt=select_account"))?;
    assert!(page.text.contains("Pick an account"));
    let page = browser.submit(&page, &[("action", "choose")])?;
    assert!(page.text.contains("passwd"));
    let logout = format!("{}/common/oauth2/v2.0/logout", caller.sandbox.authority());
    assert!(browser.get(&logout)?.text.contains("You signed out"));
    assert!(browser.get(&query)?.text.contains("loginfmt"));
    let none = caller.browser().get(&format!("{query}&prompt=none"))?;
    let location = none.location.unwrap_or_default();
    assert!(location.contains("?error=login_required&"), "{location}");
    assert!(location.contains("AADSTS50058") && location.contains("&state=st-1234"));
    Ok(())
}

#[test]
fn one_form_will_do_and_a_page_can_be_sent_again() -> Result<()> {
    let caller = Caller::new()?;
    let mut browser = caller.browser();
    let page = browser.get(&url(&caller, "common", &[]))?;
    let fields = [("loginfmt", ANA.upn), ("passwd", ANA.password)];
    for _ in 0..2 {
        let done = browser.submit(&page, &fields)?;
        assert!(!Form::of(&done.text).value("code").is_empty());
    }
    let login = format!("{}/common/login", caller.sandbox.authority());
    let lost = caller.client.post_form(&login, &[("ctx", "magic")])?;
    assert!(String::from_utf8_lossy(&lost.body).contains("AADSTS50089"));
    Ok(())
}

#[test]
fn wrong_entries_are_told_on_the_page() -> Result<()> {
    let caller = Caller::new()?;
    let mut browser = caller.browser();
    let url = url(&caller, "common", &[]);
    let page = browser.get(&url)?;
    let page = browser.submit(&page, &[("loginfmt", "nobody@contoso.example")])?;
    assert!(page.text.contains("AADSTS50034"));
    let page = browser.submit(&page, &[("loginfmt", ANA.upn)])?;
    let page = browser.submit(&page, &[("passwd", "wrong")])?;
    assert!(page.text.contains("AADSTS50126") && page.text.contains(ANA.upn));
    let page = browser.submit(&page, &[("passwd", ANA.password)])?;
    assert!(!Form::of(&page.text).value("code").is_empty());
    let page = sign_in(&mut caller.browser(), &url, DAN.upn, DAN.password)?;
    assert!(page.text.contains("AADSTS50057"));
    Ok(())
}

#[test]
fn cancel_is_told_to_the_application() -> Result<()> {
    let caller = Caller::new()?;
    let mut browser = caller.browser();
    let page = browser.get(&url(&caller, "common", &[]))?;
    let page = browser.submit(&page, &[("action", "cancel")])?;
    let form = Form::of(&page.text);
    assert_eq!(form.value("error"), "access_denied");
    assert_eq!(form.value("state"), "st-1234");
    assert!(form.value("error_description").starts_with("AADSTS65004"));
    Ok(())
}

#[test]
fn a_second_factor_is_asked_for() -> Result<()> {
    let caller = Caller::new()?;
    let mut browser = caller.browser();
    let url = url(&caller, "common", &[("response_mode", "query")]);
    let page = sign_in(&mut browser, &url, MIA.upn, MIA.password)?;
    assert!(page.text.contains("Enter code"));
    let number = caller.sandbox.second_factor(&MIA).unwrap_or_default();
    let waiting = caller.control("GET", "/sign-ins", &Value::Null)?;
    assert_eq!(
        (&waiting[0]["user"], &waiting[0]["step"], &waiting[0]["number"]),
        (&MIA.upn.into(), &"second_factor".into(), &number.as_str().into())
    );
    let page = browser.submit(&page, &[("otc", "not it")])?;
    assert!(page.text.contains("role=\"alert\""));
    let page = browser.submit(&page, &[("otc", &number)])?;
    let (_, json) = redeem(&caller, &code(&page), &[])?;
    assert_eq!(claims(&json["access_token"])["amr"], json!(["pwd", "mfa"]));
    assert_eq!(caller.sandbox.second_factor(&MIA), None);
    Ok(())
}

#[test]
fn consent_is_asked_for_once() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.app(AppRegistration {
        consent: Consent::ByUser,
        ..AppRegistration::default()
    });
    let mut browser = caller.browser();
    let url = url(&caller, "contoso.example", &[("client_id", OWN_APP)]);
    let page = sign_in(&mut browser, &url, ANA.upn, ANA.password)?;
    assert!(page.text.contains("Permissions requested") && page.text.contains("AzureDatabricks"));
    let page = browser.submit(&page, &[("action", "accept")])?;
    assert!(!Form::of(&page.text).value("code").is_empty());
    let page = browser.get(&url)?;
    assert!(!Form::of(&page.text).value("code").is_empty());
    let page = browser.get(&format!("{url}&prompt=consent"))?;
    assert!(page.text.contains("Permissions requested"));
    Ok(())
}

#[test]
fn a_blocked_person_reads_why_and_can_go_back() -> Result<()> {
    let caller = Caller::new()?;
    caller
        .sandbox
        .policy(Policy::new("no browsers", Demand::Block(53003)).flow(Flow::Browser));
    let mut browser = caller.browser();
    let page = sign_in(&mut browser, &url(&caller, "common", &[]), ANA.upn, ANA.password)?;
    assert!(page.text.contains("AADSTS53003") && page.location.is_none());
    let page = browser.submit(&page, &[("action", "return")])?;
    let form = Form::of(&page.text);
    assert_eq!(
        (form.value("error"), form.value("state")),
        ("interaction_required", "st-1234")
    );
    assert!(form.value("claims").contains("capolids"));
    Ok(())
}

#[test]
fn a_device_is_let_in_by_a_person() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.change(|settings| settings.device_interval = 0);
    let base = caller.sandbox.authority();
    let scope = format!("{}/.default openid", DATABRICKS.id());
    let begin = || {
        let url = format!("{base}/organizations/oauth2/v2.0/devicecode");
        caller
            .client
            .post_form(&url, &[("client_id", entra_sandbox::AZURE_CLI), ("scope", &scope)])
            .map(|answer| answer.json())
    };
    let poll = |begun: &Value| {
        let url = format!("{base}/organizations/oauth2/v2.0/token");
        let fields = [
            ("client_id", entra_sandbox::AZURE_CLI),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", begun["device_code"].as_str().unwrap_or_default()),
        ];
        caller.client.post_form(&url, &fields).map(|answer| answer.json())
    };
    for (last, expected) in [("continue", Value::Null), ("cancel", "authorization_declined".into())] {
        let begun = begin()?;
        let mut browser = caller.browser();
        let page = browser.get(begun["verification_uri"].as_str().unwrap_or_default())?;
        let page = browser.submit(&page, &[("otc", "WRONG")])?;
        assert!(page.text.contains("role=\"alert\""));
        let user_code = begun["user_code"].as_str().unwrap_or_default().to_ascii_lowercase();
        let page = browser.submit(&page, &[("otc", &user_code)])?;
        let page = browser.submit(&page, &[("loginfmt", ANA.upn)])?;
        let page = browser.submit(&page, &[("passwd", ANA.password)])?;
        assert!(page.text.contains("Microsoft Azure CLI") && page.text.contains("on another device"));
        assert_eq!(poll(&begun)?["error"], "authorization_pending");
        let page = browser.submit(&page, &[("action", last)])?;
        assert!(page.text.contains("id=\"done\""));
        assert_eq!(poll(&begun)?["error"], expected);
    }
    Ok(())
}

#[test]
fn the_log_has_every_page_and_no_secret() -> Result<()> {
    let caller = Caller::new()?;
    let mut browser = caller.browser();
    let query = url(
        &caller,
        "common",
        &[("response_mode", "query"), ("login_hint", MIA.upn)],
    );
    let page = browser.get(&query)?;
    let page = browser.submit(&page, &[("passwd", MIA.password)])?;
    let number = caller.sandbox.second_factor(&MIA).unwrap_or_default();
    let page = browser.submit(&page, &[("otc", &number)])?;
    let code = code(&page);
    let (_, json) = redeem(&caller, &code, &[])?;
    browser.get(&query)?;
    let password = [
        ("client_id", entra_sandbox::AZURE_CLI),
        ("grant_type", "password"),
        ("username", ANA.upn),
        ("password", ANA.password),
    ];
    let token = format!("{}/organizations/oauth2/v2.0/token", caller.sandbox.authority());
    caller.client.post_form(&token, &password)?;

    let log = caller.control("GET", "/log", &Value::Null)?.to_string();
    let refresh_token = json["refresh_token"].as_str().unwrap_or_default();
    for secret in [
        &*code,
        MIA.password,
        &number,
        ANA.password,
        crate::authorize::VERIFIER,
        refresh_token,
        "ESTSAUTH",
    ] {
        assert!(!secret.is_empty() && !log.contains(secret), "{secret}");
    }
    for shown in [MIA.upn, ANA.upn, crate::authorize::REDIRECT, "S256"] {
        assert!(log.contains(shown), "{shown}");
    }
    let endpoints = caller.sandbox.counts().endpoints;
    assert_eq!(
        (endpoints["authorize"], endpoints["login"], endpoints["token"]),
        (2, 2, 2)
    );
    Ok(())
}
