//! An Azure Container Registry with one image, `demo:latest`. It answers at the authority, which has no such paths of its own:
//! `/oauth2/exchange`, `/oauth2/token` and the registry API below `/v2/` (OCI distribution specification).

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

mod image;
mod tokens;

/// Answers a request to the registry; nothing if it is for somebody else.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Option<Response> {
    let request = exchange.request;
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/oauth2/exchange") => Some(tokens::exchange(exchange, state)),
        ("GET" | "POST", "/oauth2/token") => Some(tokens::access(exchange, state)),
        ("GET" | "HEAD", path) if path.starts_with("/v2/") => Some(match tokens::check(exchange, state) {
            Ok(()) => image::answer(path),
            Err(refused) => refused,
        }),
        _ => None,
    }
}

/// The registry's name: what tokens are for.
fn service<'a>(exchange: &'a Exchange<'_>) -> &'a str {
    exchange.base.split("://").last().unwrap_or_default()
}

/// An error as a registry writes it.
fn failure(status: u16, code: &str, message: &str) -> Response {
    let body = serde_json::json!({"errors": [{"code": code, "message": message}]});
    Response::json(status, &body)
}
