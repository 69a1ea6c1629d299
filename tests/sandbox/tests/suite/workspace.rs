//! The workspace: whom it lets in, and what it shows.

use entra_sandbox::{ANA, CONTOSO, DATABRICKS, FABRIKAM, Result, WORKSPACE_RESOURCE_ID};
use serde_json::json;

use crate::caller::Caller;

#[test]
fn only_a_good_token_for_this_workspace_is_taken() -> Result<()> {
    let caller = Caller::new()?;
    let url = format!("{}/api/2.0/preview/scim/v2/Me", caller.sandbox.workspace());
    let mint = |tenant, audience, life| caller.sandbox.mint_access_token(&ANA, tenant, audience, life);
    let good = mint(&CONTOSO, DATABRICKS.id(), 600);
    let answer = caller.client.get(&url, Some(&good))?;
    assert_eq!((answer.status, &answer.json()["userName"]), (200, &ANA.upn.into()));

    // Another first character of the signature: the last one may carry bits that do not count.
    let (signed, signature) = good.rsplit_once('.').unwrap_or_default();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let tampered = format!("{signed}.{first}{}", &signature[1..]);
    let cases = [
        (mint(&CONTOSO, "https://management.azure.com", 600), 403),
        (mint(&FABRIKAM, DATABRICKS.id(), 600), 403),
        (mint(&CONTOSO, DATABRICKS.id(), -1), 401),
        (tampered, 401),
        ("dapi0123456789".to_owned(), 401),
    ];
    for (token, status) in &cases {
        let answer = caller.client.get(&url, Some(token))?;
        assert_eq!(answer.status, *status, "{}", answer.json());
        assert!(answer.json()["message"].is_string());
    }
    assert_eq!(caller.client.get(&url, None)?.status, 401);
    Ok(())
}

#[test]
fn a_token_that_came_from_a_refresh_can_be_rejected() -> Result<()> {
    let caller = Caller::new()?;
    let url = format!("{}/api/2.0/clusters/list", caller.sandbox.workspace_http());
    let json = caller.refresh(&[])?.json();
    let token = json["access_token"].as_str();
    assert_eq!(caller.client.get(&url, token)?.status, 200);
    caller.control("POST", "/rejected-tokens", &json!({"token": token}))?;
    assert_eq!(caller.client.get(&url, token)?.status, 401);
    let next = caller.refresh(&[])?.json();
    assert_eq!(caller.client.get(&url, next["access_token"].as_str())?.status, 200);
    Ok(())
}

#[test]
fn clusters_come_in_pages() -> Result<()> {
    let caller = Caller::new()?;
    let token = caller.sandbox.mint_access_token(&ANA, &CONTOSO, DATABRICKS.id(), 600);
    let mut page = String::new();
    let mut sizes = Vec::new();
    loop {
        let url = format!("{}/api/2.0/clusters/list?page_token={page}", caller.sandbox.workspace());
        let url = if page.is_empty() {
            url.replace("?page_token=", "")
        } else {
            url
        };
        let json = caller.client.get(&url, Some(&token))?.json();
        sizes.push(json["clusters"].as_array().map_or(0, Vec::len));
        page = json["next_page_token"].as_str().unwrap_or_default().to_owned();
        if page.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [2, 2, 1]);
    Ok(())
}

#[test]
fn it_shows_its_tenant_to_anybody() -> Result<()> {
    let caller = Caller::new()?;
    let url = format!("{}/aad/auth", caller.sandbox.workspace());
    let location = || -> Result<String> {
        let answer = caller.client.get(&url, None)?;
        assert_eq!(answer.status, 302);
        Ok(answer.header("location").unwrap_or_default().to_owned())
    };
    let authority = caller.sandbox.authority();
    assert!(location()?.starts_with(&format!("{authority}/{}/oauth2/authorize?", CONTOSO.id)));
    caller
        .sandbox
        .change(|settings| settings.workspace_tenant = "fabrikam.example".to_owned());
    assert!(location()?.starts_with(&format!("{authority}/{}/", FABRIKAM.id)));
    caller.control(
        "PATCH",
        "/settings",
        &json!({"aad_auth_location": "https://evil.example/x"}),
    )?;
    assert_eq!(location()?, "https://evil.example/x");
    Ok(())
}

#[test]
fn a_skewed_clock_shows_everywhere() -> Result<()> {
    let caller = Caller::new()?;
    let url = format!("{}/api/2.0/clusters/list", caller.sandbox.workspace());
    let token = caller.sandbox.mint_access_token(&ANA, &CONTOSO, DATABRICKS.id(), 600);
    caller.sandbox.change(|settings| settings.clock_skew = 601);
    assert_eq!(caller.client.get(&url, Some(&token))?.status, 401);
    caller.sandbox.change(|settings| settings.clock_skew = -60);
    assert_eq!(caller.client.get(&url, Some(&token))?.status, 401);
    caller.sandbox.change(|settings| settings.no_date = true);
    assert!(caller.client.get(&url, None)?.header("date").is_none());
    Ok(())
}

#[test]
fn jobs_come_in_pages_until_there_is_no_token() -> Result<()> {
    let caller = Caller::new()?;
    let token = caller.sandbox.mint_access_token(&ANA, &CONTOSO, DATABRICKS.id(), 600);
    let base = format!("{}/api/2.1/jobs/list?limit=20", caller.sandbox.workspace());
    let mut sizes = Vec::new();
    let mut url = base.clone();
    loop {
        let json = caller.client.get(&url, Some(&token))?.json();
        sizes.push(json["jobs"].as_array().map_or(0, Vec::len));
        match json["next_page_token"].as_str() {
            Some(next) => url = format!("{base}&page_token={next}"),
            None => break,
        }
    }
    assert_eq!(sizes, [20, 20, 5]);
    let wrong = caller.client.get(&base.replace("limit=20", "limit=0"), Some(&token))?;
    assert_eq!(wrong.json()["error_code"], "INVALID_PARAMETER_VALUE");
    Ok(())
}

#[test]
fn what_was_sent_comes_back_without_the_token() -> Result<()> {
    let caller = Caller::new()?;
    let token = caller.sandbox.mint_access_token(&ANA, &CONTOSO, DATABRICKS.id(), 600);
    let url = format!("{}/api/2.0/sandbox/echo?a=1", caller.sandbox.workspace());
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Authorization", &*bearer),
        ("Content-Type", "application/json"),
        ("X-Own", "yes"),
    ];
    let answer = caller.client.request("POST", &url, &headers, r#"{"x": [1, 2]}"#)?;
    let json = answer.json();
    assert_eq!(
        (&json["method"], &json["body"]),
        (&"POST".into(), &json!({"x": [1, 2]}))
    );
    assert_eq!(
        (&json["query"], &json["headers"]["x-own"]),
        (&json!([["a", "1"]]), &"yes".into())
    );
    assert!(!json.to_string().contains(&token));
    let plain = caller.client.request("PATCH", &url, &headers[..1], "words")?;
    assert_eq!(plain.json()["body"], "words");
    assert_eq!(caller.client.request("POST", &url, &[], "")?.status, 401);
    let get_only = format!("{}/api/2.0/clusters/list", caller.sandbox.workspace());
    assert_eq!(caller.client.request("POST", &get_only, &headers, "{}")?.status, 405);
    Ok(())
}

#[test]
fn the_resource_id_of_the_workspace_is_compared() -> Result<()> {
    let caller = Caller::new()?;
    let token = caller.sandbox.mint_access_token(&ANA, &CONTOSO, DATABRICKS.id(), 600);
    let bearer = format!("Bearer {token}");
    let url = format!("{}/api/2.0/clusters/list", caller.sandbox.workspace());
    let ask = |id: Option<&str>| {
        let id = id.map(|id| ("X-Databricks-Azure-Workspace-Resource-Id", id));
        let headers: Vec<_> = [("Authorization", &*bearer)].into_iter().chain(id).collect();
        caller
            .client
            .request("GET", &url, &headers, "")
            .map(|answer| answer.status)
    };
    assert_eq!(ask(None)?, 200);
    assert_eq!(ask(Some(WORKSPACE_RESOURCE_ID))?, 200);
    assert_eq!(ask(Some(&WORKSPACE_RESOURCE_ID.replace("lab", "other")))?, 403);
    caller.control("PATCH", "/settings", &json!({"resource_id_required": true}))?;
    assert_eq!((ask(None)?, ask(Some(WORKSPACE_RESOURCE_ID))?), (403, 200));
    let log = caller.sandbox.log();
    let sent = (
        "x-databricks-azure-workspace-resource-id".to_owned(),
        WORKSPACE_RESOURCE_ID.to_owned(),
    );
    assert!(log.last().is_some_and(|entry| entry.headers.contains(&sent)));
    Ok(())
}
