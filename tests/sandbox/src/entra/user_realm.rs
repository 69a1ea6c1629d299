//! `GET /common/userrealm/{user}?api-version=1.0`: where the user signs in.

use serde_json::json;

use crate::directory::{FEDERATED_DOMAIN, TENANTS};
use crate::exchange::Exchange;
use crate::http::form;
use crate::http::response::Response;
use crate::state::State;

pub(crate) fn answer(exchange: &Exchange<'_>, state: &State, _: &str) -> Response {
    if !state.settings().user_realm {
        return Response::text(404, "text/html", "");
    }
    let user = exchange.request.path.rsplit('/').next().unwrap_or_default();
    let user = form::decode_path(user);
    let domain = user
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain)
        .to_ascii_lowercase();
    let mut body = json!({
        "ver": "1.0",
        "account_type": "Unknown",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    });
    if domain == FEDERATED_DOMAIN {
        let base = &exchange.base;
        body["account_type"] = json!("Federated");
        body["domain_name"] = json!(domain);
        body["federation_protocol"] = json!("WSTrust");
        body["federation_metadata_url"] = json!(format!("{base}/adfs/services/trust/mex"));
        body["federation_active_auth_url"] = json!(format!("{base}/adfs/services/trust/2005/usernamemixed"));
    } else if TENANTS.iter().any(|tenant| tenant.domain == domain) {
        body["account_type"] = json!("Managed");
        body["domain_name"] = json!(domain);
    }
    Response::json(200, &body)
}
