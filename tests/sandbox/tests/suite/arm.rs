//! Azure Resource Manager, as far as the Azure CLI asks.

use entra_sandbox::{ANA, ARM, BEN, CONTOSO, DATABRICKS, FABRIKAM, Result, SUBSCRIPTIONS};
use serde_json::{Value, json};

use crate::caller::Caller;

const VERSION: &str = "api-version=2022-12-01";

/// All rows, page by page, and how many pages there were.
fn all(caller: &Caller, url: &str, token: &str) -> Result<(Vec<Value>, usize)> {
    let mut next = Some(url.to_owned());
    let (mut rows, mut pages) = (Vec::new(), 0);
    while let Some(url) = next {
        let answer = caller.client.get(&url, Some(token))?;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let json = answer.json();
        rows.extend(json["value"].as_array().cloned().unwrap_or_default());
        next = json["nextLink"].as_str().map(str::to_owned);
        pages += 1;
    }
    Ok((rows, pages))
}

#[test]
fn tenants_are_those_of_the_user_and_subscriptions_those_of_the_tenant() -> Result<()> {
    let caller = Caller::new()?;
    let mint = |user, tenant| {
        caller
            .sandbox
            .mint_access_token(user, tenant, "https://localhost/", 600)
    };
    for base in [caller.sandbox.authority(), caller.sandbox.resource_manager()] {
        let tenants = |user| {
            let url = format!("{base}/tenants?{VERSION}");
            let (rows, _) = all(&caller, &url, &mint(user, &CONTOSO))?;
            Ok::<_, entra_sandbox::Error>(rows.iter().map(|row| row["tenantId"].clone()).collect::<Vec<_>>())
        };
        assert_eq!(tenants(&ANA)?, [CONTOSO.id, FABRIKAM.id]);
        assert_eq!(tenants(&BEN)?, [CONTOSO.id]);

        let url = format!("{base}/subscriptions?{VERSION}");
        let (rows, pages) = all(&caller, &url, &mint(&ANA, &CONTOSO))?;
        assert_eq!((rows.len(), pages), (3, 2));
        assert_eq!(rows[0]["subscriptionId"], SUBSCRIPTIONS[0].id);
        assert_eq!(
            (&rows[2]["state"], &rows[2]["tenantId"]),
            (&"Enabled".into(), &CONTOSO.id.into())
        );
        let (rows, _) = all(&caller, &url, &mint(&ANA, &FABRIKAM))?;
        assert_eq!(rows.len(), 1);
    }
    assert_eq!(caller.sandbox.counts().endpoints["arm_subscriptions"], 6);
    Ok(())
}

#[test]
fn only_tokens_for_resource_manager_are_taken() -> Result<()> {
    let caller = Caller::new()?;
    let base = caller.sandbox.resource_manager();
    let ask = |token: Option<&str>| caller.client.get(&format!("{base}/tenants?{VERSION}"), token);
    let mint = |audience, life| caller.sandbox.mint_access_token(&ANA, &CONTOSO, audience, life);
    for (token, code) in [
        (None, "AuthenticationFailed"),
        (Some(mint(DATABRICKS.id(), 600)), "InvalidAuthenticationTokenAudience"),
        (Some(mint(ARM.id(), -1)), "ExpiredAuthenticationToken"),
        (Some("magic".to_owned()), "InvalidAuthenticationToken"),
    ] {
        let answer = ask(token.as_deref())?;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (401, &code.into()));
        assert!(
            answer
                .header("www-authenticate")
                .is_some_and(|value| value.starts_with("Bearer "))
        );
    }
    let unversioned = caller.client.get(&format!("{base}/tenants"), None)?;
    assert_eq!(unversioned.json()["error"]["code"], "MissingApiVersionParameter");
    Ok(())
}

#[test]
fn the_cloud_describes_itself() -> Result<()> {
    let caller = Caller::new()?;
    let base = caller.sandbox.authority();
    let cloud = caller
        .client
        .get(&format!("{base}/metadata/endpoints?api-version=2022-09-01"), None)?
        .json();
    assert_eq!(cloud["authentication"]["loginEndpoint"], base);
    assert_eq!(cloud["resourceManager"], base);
    let older = format!("{base}/arm/metadata/endpoints?api-version=2019-05-01");
    let clouds = caller.client.get(&older, None)?.json();
    assert_eq!(clouds[0]["resourceManager"], caller.sandbox.resource_manager());
    assert_ne!(clouds, json!([]));
    Ok(())
}
