//! `GET /tenants`: the tenants that know the user of the token, the home tenant first.

use serde_json::{Value, json};

use crate::arm::{bearer, page};
use crate::directory::{TENANTS, Tenant, User};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

pub(super) fn answer(exchange: &Exchange<'_>, state: &State) -> Result<Value, Response> {
    let claims = bearer::check(exchange, state)?;
    let user = claims["upn"].as_str().and_then(User::named);
    let known = |tenant: &&'static Tenant| match user {
        Some(user) => user.object_in(tenant).is_some(),
        None => claims["tid"] == tenant.id,
    };
    let row = |tenant: &Tenant| {
        let home = user.is_none_or(|user| user.home == tenant);
        json!({
            "id": format!("/tenants/{}", tenant.id),
            "tenantId": tenant.id,
            "countryCode": "PT",
            "displayName": tenant.domain.split('.').next(),
            "domains": [tenant.domain],
            "defaultDomain": tenant.domain,
            "tenantCategory": if home { "Home" } else { "ProjectedBy" },
            "tenantType": "AAD",
        })
    };
    let rows: Vec<Value> = TENANTS.into_iter().filter(known).map(row).collect();
    page(exchange, state, &rows)
}
