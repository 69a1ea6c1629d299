//! Azure Resource Manager, as much as a sign-in of the Azure CLI asks of it. It answers at the authority, under `/` and
//! under `/arm`.

use serde_json::{Value, json};

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

mod bearer;
mod metadata;
mod subscriptions;
mod tenants;

/// Where it is beside the place that the Azure CLI can be pointed to.
pub(crate) const PREFIX: &str = "/arm";

/// A path, and how it is answered.
struct Endpoint {
    path: &'static str,
    answer: fn(&Exchange<'_>, &State) -> Result<Value, Response>,
}

/// One more endpoint is one more file and one more row. All are read with GET.
const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/metadata/endpoints",
        answer: metadata::answer,
    },
    Endpoint {
        path: "/subscriptions",
        answer: subscriptions::answer,
    },
    Endpoint {
        path: "/tenants",
        answer: tenants::answer,
    },
];

/// Answers a request to Resource Manager; nothing if it is for somebody else.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Option<Response> {
    let path = exchange.request.path.as_str();
    let below = path.strip_prefix(PREFIX).unwrap_or(path);
    let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.path == below)?;
    if exchange.request.method != "GET" {
        return Some(failure(405, "MethodNotAllowed", "Only GET is allowed."));
    }
    if exchange.request.parameter("api-version").is_none() {
        return Some(failure(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        ));
    }
    let answer = (endpoint.answer)(exchange, state);
    Some(answer.map_or_else(|refused| refused, |body| Response::json(200, &body)))
}

/// An error as Resource Manager writes it.
fn failure(status: u16, code: &str, message: &str) -> Response {
    Response::json(status, &json!({"error": {"code": code, "message": message}}))
}

/// One page of `rows`, and `nextLink` if there are more.
fn page(exchange: &Exchange<'_>, state: &State, rows: &[Value]) -> Result<Value, Response> {
    let request = exchange.request;
    let skip = request.parameter("$skiptoken").map_or(Ok(0), str::parse::<usize>);
    let Ok(skip) = skip else {
        return Err(failure(400, "InvalidSkipToken", "The skip token is not valid."));
    };
    let size = state.settings().arm_page_size.max(1);
    let shown: Vec<&Value> = rows.iter().skip(skip).take(size).collect();
    let mut body = json!({"value": shown, "count": {"type": "Total", "value": rows.len()}});
    let next = skip.saturating_add(size);
    if next < rows.len() {
        let version = request.parameter("api-version").unwrap_or_default();
        let link = format!(
            "{}{}?api-version={version}&$skiptoken={next}",
            exchange.base, request.path
        );
        body["nextLink"] = json!(link);
    }
    Ok(body)
}
