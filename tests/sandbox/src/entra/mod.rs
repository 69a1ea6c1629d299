//! Entra ID: its URL layout, and who answers which part of it.

use crate::arm;
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::registry;
use crate::state::State;

mod aadsts;
mod admission;
mod authorize;
mod credentials;
mod device_code;
mod device_login;
mod discovery;
pub(crate) mod error;
mod grant;
mod logout;
mod pages;
pub(crate) mod scope;
pub(crate) mod signin;
pub(crate) mod tenant;
mod token;
mod user_realm;

/// An endpoint below `/{tenant}`, and how it is answered; the segment in front is handed in. `*` at the end of a path
/// is one more segment.
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
    Endpoint {
        method: "GET",
        path: "/oauth2/v2.0/authorize",
        answer: authorize::answer,
    },
    Endpoint {
        method: "POST",
        path: "/oauth2/v2.0/authorize",
        answer: authorize::answer,
    },
    Endpoint {
        method: "POST",
        path: "/oauth2/v2.0/devicecode",
        answer: device_code::answer,
    },
    Endpoint {
        method: "POST",
        path: "/login",
        answer: signin::submit,
    },
    Endpoint {
        method: "GET",
        path: "/oauth2/v2.0/logout",
        answer: logout::answer,
    },
    Endpoint {
        method: "GET",
        path: "/userrealm/*",
        answer: user_realm::answer,
    },
];

/// An endpoint that belongs to no tenant.
struct Root {
    method: &'static str,
    path: &'static str,
    answer: fn(&Exchange<'_>, &State) -> Response,
}

/// As above.
const ROOTS: &[Root] = &[
    Root {
        method: "GET",
        path: "/devicelogin",
        answer: device_login::show,
    },
    Root {
        method: "POST",
        path: "/devicelogin",
        answer: device_login::submit,
    },
];

/// Answers a request to the authority.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    let request = exchange.request;
    let beside = arm::answer(exchange, state).or_else(|| registry::answer(exchange, state));
    if let Some(response) = beside {
        return response;
    }
    let at_root = ROOTS
        .iter()
        .find(|root| root.path == request.path && root.method == request.method);
    if let Some(root) = at_root {
        return (root.answer)(exchange, state);
    }
    let path = request.path.strip_prefix('/').unwrap_or_default();
    let Some(slash) = path.find('/') else {
        return Response::text(404, "text/html", "");
    };
    let (segment, rest) = path.split_at(slash);
    let mut at_path = ENDPOINTS.iter().filter(|endpoint| endpoint.is_at(rest)).peekable();
    if at_path.peek().is_none() {
        return Response::text(404, "text/html", "");
    }
    let Some(endpoint) = at_path.find(|endpoint| endpoint.method == request.method) else {
        return error::Refused::new(900_561).response(exchange, state);
    };
    let response = (endpoint.answer)(exchange, state, segment);
    let response = response.header("x-ms-request-id", crate::random::guid());
    match request.header("client-request-id") {
        Some(id) => response.header("client-request-id", id),
        None => response,
    }
}

impl Endpoint {
    fn is_at(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            None => path == self.path,
            Some(start) => path
                .strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
        }
    }
}
