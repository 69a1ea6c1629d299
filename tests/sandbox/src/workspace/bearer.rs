//! Whether a caller may come in: its token, its tenant, and the workspace that it names.

use serde_json::{Value, json};

use crate::directory::{DATABRICKS, Tenant, WORKSPACE_RESOURCE_ID};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::access::issuer;
use crate::token::verify::{self, Flaw};

/// The claims of the request's token, or the answer that refuses it. Which of 401 and 403 the real workspace gives
/// is not documented: here 401 says "this token is not good", 403 "this good token is not for me".
pub(crate) fn check(exchange: &Exchange<'_>, state: &State) -> Result<Value, Response> {
    let claims = verify::bearer(exchange, state).map_err(|flaw| {
        unauthenticated(match flaw {
            Flaw::Missing => "Credential was not sent or was of an unsupported type for this API.",
            Flaw::Forged => "Invalid access token.",
            Flaw::Rejected => "The access token was revoked.",
            Flaw::Expired => "ExpiredJwtException: the access token is expired.",
            Flaw::TooEarly => "The access token is not valid yet.",
        })
    })?;
    if claims["aud"].as_str() != Some(DATABRICKS.id()) {
        return Err(forbidden("Invalid access token: the audience is not this service."));
    }
    let settings = state.settings();
    let tenant = Tenant::named(&settings.workspace_tenant);
    if tenant.is_none_or(|tenant| claims["tid"] != tenant.id || claims["iss"] != issuer(state, tenant)) {
        return Err(forbidden(
            "Invalid access token: the issuer is not the tenant of this workspace.",
        ));
    }
    match exchange.request.header("x-databricks-azure-workspace-resource-id") {
        None if settings.resource_id_required => Err(forbidden(
            "This user is not in the workspace, and no X-Databricks-Azure-Workspace-Resource-Id was sent.",
        )),
        Some(id) if !id.eq_ignore_ascii_case(WORKSPACE_RESOURCE_ID) => Err(forbidden(
            "X-Databricks-Azure-Workspace-Resource-Id names another workspace.",
        )),
        Some(_) | None => Ok(claims),
    }
}

/// An error as Databricks writes it.
pub(crate) fn failure(status: u16, code: &str, message: &str) -> Response {
    Response::json(status, &json!({"error_code": code, "message": message}))
}

fn unauthenticated(message: &str) -> Response {
    failure(401, "UNAUTHENTICATED", message).header("WWW-Authenticate", "Bearer realm=\"databricks\"")
}

fn forbidden(message: &str) -> Response {
    failure(403, "PERMISSION_DENIED", message)
}
