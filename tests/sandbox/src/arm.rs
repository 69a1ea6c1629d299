//! Azure Resource Manager, as far as a sign-in looks at it: the tenants and subscriptions of whoever asks. It stands on
//! the ports of Entra ID, as `az cloud register` is told.

use serde_json::{Value, json};

use crate::directory::{ARM, Resource, TENANTS, Tenant, User};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::random::guid_of;
use crate::state::State;

/// `GET /tenants`: all that know the user, whatever the tenant of the token.
pub(crate) fn tenants(exchange: &Exchange<'_>, state: &State) -> Response {
    let claims = match check(exchange, state) {
        Ok(claims) => claims,
        Err(refused) => return refused,
    };
    let user = claims["upn"].as_str().and_then(User::named);
    let known = TENANTS
        .into_iter()
        .filter(|tenant| user.is_some_and(|user| user.objects.iter().any(|(of, _)| of == tenant)));
    let row = |tenant: &Tenant| {
        let home = user.is_some_and(|user| user.home == tenant);
        json!({
            "id": format!("/tenants/{}", tenant.id),
            "tenantId": tenant.id,
            "displayName": tenant.domain,
            "defaultDomain": tenant.domain,
            "domains": [tenant.domain],
            "tenantCategory": if home { "Home" } else { "ManagedBy" },
            "tenantType": "AAD",
        })
    };
    Response::json(200, &json!({"value": known.map(row).collect::<Vec<_>>()}))
}

/// `GET /subscriptions`: that of the token's tenant; there is one in each.
pub(crate) fn subscriptions(exchange: &Exchange<'_>, state: &State) -> Response {
    let claims = match check(exchange, state) {
        Ok(claims) => claims,
        Err(refused) => return refused,
    };
    let tenant = claims["tid"].as_str().unwrap_or_default();
    let id = guid_of("subscription", tenant);
    let name = Tenant::named(tenant).map_or("", |tenant| tenant.domain);
    Response::json(
        200,
        &json!({
            "value": [{
                "id": format!("/subscriptions/{id}"),
                "authorizationSource": "RoleBased",
                "managedByTenants": [],
                "subscriptionId": id,
                "tenantId": tenant,
                "displayName": format!("Subscription of {name}"),
                "state": "Enabled",
            }],
            "count": {"type": "Total", "value": 1},
        }),
    )
}

/// The claims of the request's token, or the answer that refuses it.
fn check(exchange: &Exchange<'_>, state: &State) -> Result<Value, Response> {
    let header = exchange.request.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        let why = "Authentication failed. The 'Authorization' header is missing.";
        return Err(refused(state, "AuthenticationFailed", why));
    }
    let claims = state
        .signer
        .verify(token)
        .ok_or_else(|| refused(state, "InvalidAuthenticationToken", "The access token is invalid."))?;
    let now = state.clock.now();
    if claims["exp"].as_u64().is_none_or(|exp| exp <= now) {
        let why = "The access token expiry UTC time is earlier than current UTC time.";
        return Err(refused(state, "ExpiredAuthenticationToken", why));
    }
    let audience = claims["aud"].as_str().unwrap_or_default().trim_end_matches('/');
    if Resource::named(audience) != Some(&ARM) {
        let why = "The access token has been obtained for wrong audience or resource.";
        return Err(refused(state, "InvalidAuthenticationTokenAudience", why));
    }
    Ok(claims)
}

/// An error as ARM writes it.
fn refused(state: &State, code: &str, message: &str) -> Response {
    let challenge = format!(
        "Bearer authorization_uri=\"{}\", error=\"invalid_token\"",
        state.authority
    );
    Response::json(401, &json!({"error": {"code": code, "message": message}})).header("WWW-Authenticate", challenge)
}
