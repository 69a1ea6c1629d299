//! An Azure Databricks workspace, on ports of its own.

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

mod aad_auth;
mod bearer;
mod clusters;
mod me;

/// A path, and how it is answered.
struct Endpoint {
    path: &'static str,
    answer: fn(&Exchange<'_>, &State) -> Response,
}

/// One more endpoint is one more file and one more row. All are read with GET.
const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/aad/auth",
        answer: aad_auth::answer,
    },
    Endpoint {
        path: "/api/2.0/clusters/list",
        answer: clusters::list,
    },
    Endpoint {
        path: "/api/2.1/clusters/list",
        answer: clusters::list,
    },
    Endpoint {
        path: "/api/2.0/preview/scim/v2/Me",
        answer: me::answer,
    },
];

/// Answers a request to the workspace.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    let path = exchange.request.path.as_str();
    match ENDPOINTS.iter().find(|endpoint| endpoint.path == path) {
        Some(endpoint) if exchange.request.method == "GET" => (endpoint.answer)(exchange, state),
        Some(_) => bearer::failure(405, "METHOD_NOT_ALLOWED", "Only GET is allowed."),
        None => bearer::failure(404, "ENDPOINT_NOT_FOUND", &format!("No API found for 'GET {path}'")),
    }
}
