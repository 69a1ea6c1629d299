//! `GET /subscriptions`: those of the token's tenant.

use serde_json::{Value, json};

use crate::arm::{bearer, page};
use crate::directory::{SUBSCRIPTIONS, Subscription};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

pub(super) fn answer(exchange: &Exchange<'_>, state: &State) -> Result<Value, Response> {
    let claims = bearer::check(exchange, state)?;
    let row = |subscription: &Subscription| {
        json!({
            "id": format!("/subscriptions/{}", subscription.id),
            "subscriptionId": subscription.id,
            "displayName": subscription.name,
            "state": "Enabled",
            "tenantId": subscription.tenant.id,
            "subscriptionPolicies": {
                "locationPlacementId": "Internal_2014-09-01", "quotaId": "Internal_2014-09-01", "spendingLimit": "Off",
            },
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
        })
    };
    let of_tenant = SUBSCRIPTIONS
        .iter()
        .filter(|subscription| claims["tid"] == subscription.tenant.id);
    let rows: Vec<Value> = of_tenant.map(row).collect();
    page(exchange, state, &rows)
}
