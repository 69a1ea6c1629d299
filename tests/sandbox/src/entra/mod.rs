//! Entra ID: its URL layout, and who answers which part of it.

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

mod aadsts;
mod discovery;
pub(crate) mod error;
mod grant;
pub(crate) mod scope;
pub(crate) mod tenant;
mod token;

/// An endpoint below `/{tenant}`, and how it is answered; the segment in front is handed in.
struct Endpoint {
    method: &'static str,
    path: &'static str,
    answer: fn(&Exchange<'_>, &State, &str) -> Response,
}

/// One more endpoint is one more file and one more row.
const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: "GET",
        path: "/v2.0/.well-known/openid-configuration",
        answer: discovery::configuration,
    },
    Endpoint {
        method: "GET",
        path: "/discovery/v2.0/keys",
        answer: discovery::keys,
    },
    Endpoint {
        method: "GET",
        path: "/discovery/instance",
        answer: discovery::instance,
    },
    Endpoint {
        method: "POST",
        path: "/oauth2/v2.0/token",
        answer: token::answer,
    },
];

/// Answers a request to the authority.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    let request = exchange.request;
    let path = request.path.strip_prefix('/').unwrap_or_default();
    let Some(slash) = path.find('/') else {
        return Response::text(404, "text/html", "");
    };
    let (segment, rest) = path.split_at(slash);
    match ENDPOINTS.iter().find(|endpoint| endpoint.path == rest) {
        None => Response::text(404, "text/html", ""),
        Some(endpoint) if endpoint.method == request.method => {
            let response = (endpoint.answer)(exchange, state, segment);
            let response = response.header("x-ms-request-id", crate::random::guid());
            match request.header("client-request-id") {
                Some(id) => response.header("client-request-id", id),
                None => response,
            }
        }
        Some(_) => error::Refused::new(900_561).response(exchange, state),
    }
}
