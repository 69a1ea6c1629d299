//! The authorization code flow: the request's checks, the answer's shape, the code's rules.

use entra_sandbox::{ANA, AZURE_CLI, BEN, DATABRICKS, OWN_APP, Result};
use serde_json::Value;

use crate::caller::{Caller, claims};
use entra_sandbox::browser::{Form, query};

pub(crate) const REDIRECT: &str = "http://localhost:43210";
/// The verifier and the challenge of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request in order, with these parameters added or put in place.
pub(crate) fn url(caller: &Caller, tenant: &str, changes: &[(&str, &str)]) -> String {
    let scope = format!("{}/.default offline_access openid profile", DATABRICKS.id());
    let usual = [
        ("client_id", AZURE_CLI),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", &scope),
        ("state", "st-1234"),
        ("response_mode", "form_post"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("nonce", "n-5678"),
        ("client_info", "1"),
    ];
    let mut parameters: Vec<_> = usual
        .into_iter()
        .filter(|(name, _)| !changes.iter().any(|(of, _)| of == name))
        .collect();
    parameters.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    format!(
        "{}/{tenant}/oauth2/v2.0/authorize?{}",
        caller.sandbox.authority(),
        query(&parameters)
    )
}

/// Redeems `code`, with these fields added or put in place.
pub(crate) fn redeem(caller: &Caller, code: &str, changes: &[(&str, &str)]) -> Result<(u16, Value)> {
    redeem_at(caller, "organizations", code, changes)
}

pub(crate) fn redeem_at(caller: &Caller, tenant: &str, code: &str, changes: &[(&str, &str)]) -> Result<(u16, Value)> {
    let usual = [
        ("client_id", AZURE_CLI),
        ("grant_type", "authorization_code"),
        ("client_info", "1"),
        ("code_verifier", VERIFIER),
        ("code", code),
        ("redirect_uri", REDIRECT),
    ];
    let mut form: Vec<_> = usual
        .into_iter()
        .filter(|(name, _)| !changes.iter().any(|(of, _)| of == name))
        .collect();
    form.extend_from_slice(changes);
    let url = format!("{}/{tenant}/oauth2/v2.0/token", caller.sandbox.authority());
    let answer = caller.client.post_form(&url, &form)?;
    Ok((answer.status, answer.json()))
}

#[test]
fn form_post_carries_a_code_that_is_good_once() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    let mut browser = caller.browser();
    let page = browser.get(&url(&caller, "organizations", &[]))?;
    let form = Form::of(&page.text);
    assert_eq!(form.action, REDIRECT);
    let names: Vec<&str> = form.hidden.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code", "client_info", "state", "session_state"]);
    assert_eq!(form.value("state"), "st-1234");
    assert!(page.text.contains("<noscript>"));

    let code = form.value("code");
    let (status, json) = redeem(&caller, code, &[])?;
    assert_eq!(status, 200, "{json}");
    assert_eq!(claims(&json["id_token"])["nonce"], "n-5678");
    assert_eq!(json["client_info"], form.value("client_info"));
    assert!(json["refresh_token"].is_string());
    let token = claims(&json["access_token"]);
    assert_eq!(
        (&token["upn"], &token["aud"]),
        (&ANA.upn.into(), &DATABRICKS.id().into())
    );
    let refresh_token = json["refresh_token"].as_str().unwrap_or_default();
    assert_eq!(caller.refresh(&[("refresh_token", refresh_token)])?.status, 200);

    let (status, json) = redeem(&caller, code, &[])?;
    assert_eq!((status, &json["error_codes"][0]), (400, &54005.into()));
    Ok(())
}

#[test]
fn query_gets_a_slash_and_fragment_a_hash() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    let mut browser = caller.browser();
    for (mode, start) in [
        ("query", "http://localhost:43210/?code="),
        ("", "http://localhost:43210/?code="),
        ("fragment", "http://localhost:43210/#code="),
    ] {
        let page = browser.get(&url(&caller, "common", &[("response_mode", mode)]))?;
        assert_eq!(page.status, 302);
        let location = page.location.unwrap_or_default();
        assert!(location.starts_with(start), "{location}");
        assert!(location.contains("&state=st-1234&"));
    }
    Ok(())
}

#[test]
fn the_hinted_user_signs_in() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    let page = caller
        .browser()
        .get(&url(&caller, "common", &[("login_hint", BEN.upn)]))?;
    let (_, json) = redeem(&caller, Form::of(&page.text).value("code"), &[])?;
    assert_eq!(claims(&json["access_token"])["upn"], BEN.upn);
    Ok(())
}

#[test]
fn what_is_wrong_with_the_client_is_told_on_a_page() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    let unknown = "11111111-2222-3333-4444-555555555555";
    let cases = [
        ("nobody.example", ("state", "x"), 90002),
        ("organizations", ("client_id", unknown), 700_016),
        ("organizations", ("client_id", ""), 900_144),
        ("organizations", ("client_id", OWN_APP), 50194),
        ("fabrikam.example", ("client_id", OWN_APP), 700_016),
        ("organizations", ("redirect_uri", "https://localhost:43210"), 50011),
        ("organizations", ("redirect_uri", "http://127.0.0.1:43210"), 50011),
        ("organizations", ("redirect_uri", "http://localhost:43210/Done"), 50011),
    ];
    for (tenant, change, code) in cases {
        let page = caller.browser().get(&url(&caller, tenant, &[change]))?;
        assert_eq!((page.status, page.location), (400, None));
        assert!(
            page.text.contains(&format!("AADSTS{code}: ")),
            "{change:?} {}",
            page.text
        );
    }
    Ok(())
}

#[test]
fn what_is_wrong_with_the_request_is_told_to_the_application() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    let cases = [
        (("response_type", "token"), "unsupported_response_type", 700_054),
        (("response_type", "magic"), "unsupported_response_type", 70005),
        (("response_type", ""), "invalid_request", 900_144),
        (("scope", "nonsense"), "invalid_scope", 70011),
        (("scope", ""), "invalid_request", 900_144),
        (
            ("scope", "11111111-2222-3333-4444-555555555555/.default"),
            "invalid_resource",
            500_011,
        ),
        (("code_challenge", ""), "invalid_request", 9_002_325),
        (("code_challenge_method", "plain"), "invalid_request", 90023),
        (("prompt", "magic"), "invalid_request", 90023),
        (("claims", "{"), "invalid_request", 9_002_313),
    ];
    for (change, error, code) in cases {
        let page = caller.browser().get(&url(&caller, "organizations", &[change]))?;
        let form = Form::of(&page.text);
        assert_eq!(form.action, REDIRECT);
        assert_eq!(
            (form.value("error"), form.value("state")),
            (error, "st-1234"),
            "{change:?}"
        );
        assert!(form.value("error_description").starts_with(&format!("AADSTS{code}: ")));
        assert_eq!(form.value("code"), "");
    }
    Ok(())
}

#[test]
fn a_code_is_bound_to_all_that_it_was_asked_with() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    let page = caller.browser().get(&url(&caller, "organizations", &[]))?;
    let form = Form::of(&page.text);
    let code = form.value("code");
    let cases = [
        (
            ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"),
            501_481,
        ),
        (("code_verifier", "short"), 501_481),
        (("code_verifier", ""), 900_144),
        (("redirect_uri", "http://localhost:43211"), 500_112),
        (("redirect_uri", "http://localhost:43210/"), 500_112),
        (("code", "1.AAAA"), 70000),
        (("code", "magic"), 9_002_313),
        (("scope", "https://management.azure.com/.default"), 70000),
    ];
    for (change, expected) in cases {
        let (status, json) = redeem(&caller, code, &[change])?;
        assert_eq!((status, &json["error_codes"][0]), (400, &expected.into()), "{change:?}");
    }
    // None of that has cost the code; time does.
    caller.sandbox.change(|settings| settings.clock_skew = 601);
    assert_eq!(redeem(&caller, code, &[])?.1["error_codes"][0], 70008);
    caller.sandbox.change(|settings| settings.clock_skew = 0);
    assert_eq!(redeem(&caller, code, &[])?.0, 200);
    Ok(())
}

#[test]
fn codes_may_be_long() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.auto_approve(&ANA);
    caller.sandbox.change(|settings| settings.code_length = 6000);
    let page = caller
        .browser()
        .get(&url(&caller, "organizations", &[("response_mode", "query")]))?;
    assert!(page.location.is_some_and(|location| location.len() > 6000));
    Ok(())
}
