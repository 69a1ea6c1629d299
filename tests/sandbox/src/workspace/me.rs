//! `GET /api/2.0/preview/scim/v2/Me` (SCIM, RFC 7643): who the token is for.

use serde_json::json;

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::workspace::bearer;

pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    match bearer::check(exchange, state) {
        Err(refused) => refused,
        Ok(claims) => Response::json(
            200,
            &json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "id": "5520134785121",
                "externalId": claims["oid"],
                "userName": claims["upn"],
                "displayName": claims["name"],
                "emails": [{"type": "work", "value": claims["upn"], "primary": true}],
                "active": true,
            }),
        ),
    }
}
