//! Tenants and subscriptions of whoever signs in.

use crate::caller::Caller;
use entra_sandbox::{ANA, BEN, CONTOSO, DATABRICKS, FABRIKAM, Result};
use serde_json::Value;

/// As az names it where the sandbox is its cloud.
const AUDIENCE: &str = "https://localhost/";

#[test]
fn a_user_sees_tenants_and_subscriptions() -> Result<()> {
    let caller = Caller::new()?;
    let get = |path: &str, token: &str| -> Result<Value> {
        let url = format!("{}{path}?api-version=2022-12-01", caller.sandbox.authority());
        let answer = caller.client.get(&url, Some(token))?;
        assert_eq!(answer.status, 200, "{}", answer.json());
        Ok(answer.json())
    };
    let token = caller.sandbox.mint_access_token(&ANA, &FABRIKAM, AUDIENCE, 600);
    let all = get("/tenants", &token)?;
    assert_eq!(all["value"][0]["tenantId"], CONTOSO.id);
    assert_eq!(all["value"][1]["tenantId"], FABRIKAM.id);
    assert_eq!(get("/subscriptions", &token)?["value"][0]["tenantId"], FABRIKAM.id);

    let token = caller.sandbox.mint_access_token(&BEN, &CONTOSO, AUDIENCE, 600);
    assert_eq!(get("/tenants", &token)?["value"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn tokens_for_others_are_refused() -> Result<()> {
    let caller = Caller::new()?;
    let url = format!("{}/subscriptions?api-version=2022-12-01", caller.sandbox.authority());
    let refused = |token: Option<&str>, code: &str| -> Result<()> {
        let answer = caller.client.get(&url, token)?;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (401, Some(code))
        );
        Ok(())
    };
    refused(None, "AuthenticationFailed")?;
    refused(Some("x.y.z"), "InvalidAuthenticationToken")?;
    let mint = |audience, life| caller.sandbox.mint_access_token(&ANA, &CONTOSO, audience, life);
    refused(Some(&mint(AUDIENCE, -1)), "ExpiredAuthenticationToken")?;
    refused(Some(&mint(DATABRICKS.id(), 600)), "InvalidAuthenticationTokenAudience")
}
