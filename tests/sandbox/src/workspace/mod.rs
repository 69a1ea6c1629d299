//! An Azure Databricks workspace, on ports of its own.

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

mod aad_auth;
mod bearer;
mod clusters;
mod echo;
mod jobs;
mod me;

/// A path, and how it is answered.
struct Endpoint {
    method: Method,
    path: &'static str,
    answer: fn(&Exchange<'_>, &State) -> Response,
}

/// How a path is asked.
#[derive(PartialEq, Eq)]
enum Method {
    Get,
    Any,
}

/// One more endpoint is one more file and one more row.
const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::Get,
        path: "/aad/auth",
        answer: aad_auth::answer,
    },
    Endpoint {
        method: Method::Get,
        path: "/api/2.0/clusters/list",
        answer: clusters::list,
    },
    Endpoint {
        method: Method::Get,
        path: "/api/2.1/clusters/list",
        answer: clusters::list,
    },
    Endpoint {
        method: Method::Get,
        path: "/api/2.0/preview/scim/v2/Me",
        answer: me::answer,
    },
    Endpoint {
        method: Method::Get,
        path: "/api/2.1/jobs/list",
        answer: jobs::list,
    },
    Endpoint {
        method: Method::Get,
        path: "/api/2.2/jobs/list",
        answer: jobs::list,
    },
    Endpoint {
        method: Method::Any,
        path: "/api/2.0/sandbox/echo",
        answer: echo::answer,
    },
];

/// Answers a request to the workspace.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    let (method, path) = (exchange.request.method.as_str(), exchange.request.path.as_str());
    match ENDPOINTS.iter().find(|endpoint| endpoint.path == path) {
        Some(endpoint) if method == "GET" || endpoint.method == Method::Any => (endpoint.answer)(exchange, state),
        Some(_) => bearer::failure(405, "METHOD_NOT_ALLOWED", "Only GET is allowed."),
        None => bearer::failure(
            404,
            "ENDPOINT_NOT_FOUND",
            &format!("No API found for '{method} {path}'"),
        ),
    }
}
