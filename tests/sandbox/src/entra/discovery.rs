//! OpenID Connect discovery, the key set, and Entra's instance discovery.

use serde_json::json;

use crate::entra::error::Refused;
use crate::entra::tenant::{self, Named};
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`. Endpoints carry the tenant's GUID where a domain was named,
/// and `common` or `organizations` where these were; so does the real one.
pub(crate) fn configuration(exchange: &Exchange<'_>, state: &State, segment: &str) -> Response {
    let named = match tenant::parse(segment) {
        Ok(named) => named,
        Err(refused) => return refused.error("invalid_tenant").response(exchange, state),
    };
    let (tenant, issuer) = match named {
        Named::Common | Named::Organizations => (segment, "{tenantid}"),
        Named::One(tenant) => (tenant.id, tenant.id),
    };
    let base = &exchange.base;
    let oauth = format!("{base}/{tenant}/oauth2/v2.0");
    Response::json(
        200,
        &json!({
            "token_endpoint": format!("{oauth}/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": format!("{base}/{tenant}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": format!("{base}/{issuer}/v2.0"),
            "request_uri_parameter_supported": false,
            "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
            "authorization_endpoint": format!("{oauth}/authorize"),
            "device_authorization_endpoint": format!("{oauth}/devicecode"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": format!("{oauth}/logout"),
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid"],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
            "rbac_url": "https://pas.windows.net",
        }),
    )
}

/// `GET /{tenant}/discovery/v2.0/keys`.
pub(crate) fn keys(exchange: &Exchange<'_>, state: &State, segment: &str) -> Response {
    match tenant::parse(segment) {
        Ok(_) => Response::json(200, &state.signer.key_set()),
        Err(refused) => refused.response(exchange, state),
    }
}

/// `GET /common/discovery/instance?authorization_endpoint=…&api-version=1.0|1.1`: is this host an Entra ID?
pub(crate) fn instance(exchange: &Exchange<'_>, state: &State, _: &str) -> Response {
    let endpoint = exchange.request.parameter("authorization_endpoint").unwrap_or_default();
    let Some(tenant) = endpoint
        .strip_prefix(&exchange.base)
        .and_then(|path| path.strip_prefix('/')?.split('/').next())
        .filter(|tenant| !tenant.is_empty())
    else {
        return Refused::new(50049).response(exchange, state);
    };
    let base = &exchange.base;
    let host = base.split_once("://").map_or("", |(_, host)| host);
    Response::json(
        200,
        &json!({
            "tenant_discovery_endpoint": format!("{base}/{tenant}/v2.0/.well-known/openid-configuration"),
            "api-version": exchange.request.parameter("api-version").unwrap_or("1.0"),
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }),
    )
}
