//! `/_sandbox/…`: the Rust API over HTTP and JSON, for shell scripts and other processes. On a port of its own, so
//! that what it is asked is neither logged nor counted nor hit by faults and latency.

use serde_json::{Value, json};

use crate::http::request::Request;
use crate::http::response::Response;
use crate::state::State;

mod observe;
mod orders;
mod people;
mod tokens;

/// What a route gets: the shared state, and the JSON of the request (`null` if there is none).
type Answer = fn(&State, Value) -> Result<Value, String>;

/// A method and path, what it does, and the words that `GET /_sandbox` and the README say about it.
struct Route {
    method: &'static str,
    path: &'static str,
    answer: Answer,
    does: &'static str,
}

const fn route(method: &'static str, path: &'static str, answer: Answer, does: &'static str) -> Route {
    Route {
        method,
        path,
        answer,
        does,
    }
}

const PREFIX: &str = "/_sandbox";

/// One more route is one more row.
const ROUTES: &[Route] = &[
    route("GET", "", list, "this table"),
    route(
        "GET",
        "/settings",
        observe::settings,
        "lifetime, rotation, latency_ms, clock_skew, auto_approve, device_auto_approve, ...",
    ),
    route(
        "PATCH",
        "/settings",
        orders::change,
        "changes the members that are given",
    ),
    route("GET", "/faults", observe::faults, "faults that wait"),
    route(
        "POST",
        "/faults",
        orders::fault,
        "orders a fault: {kind, path?, grant?, resource?, times?, ...}",
    ),
    route("DELETE", "/faults", orders::clear_faults, "clears them"),
    route("GET", "/refusals", observe::refusals, "refusals that wait"),
    route(
        "POST",
        "/refusals",
        orders::refusal,
        "refuses tokens: {code, resource?, user?, times?, error?, suberror?, claims?}",
    ),
    route("DELETE", "/refusals", orders::clear_refusals, "clears them"),
    route("GET", "/apps", people::apps, "app registrations"),
    route(
        "POST",
        "/apps",
        people::put_app,
        "changes the members that are given, or registers: {client_id, ...}",
    ),
    route(
        "DELETE",
        "/apps",
        people::remove_app,
        "deletes a registration: {client_id}",
    ),
    route("GET", "/policies", people::policies, "Conditional Access policies"),
    route(
        "POST",
        "/policies",
        people::put_policy,
        "adds or replaces: {name, demand: \"mfa\" | {block: code}, users?, resources?, clients?, flows?}",
    ),
    route("DELETE", "/policies", people::clear_policies, "deletes them"),
    route(
        "GET",
        "/sign-ins",
        people::sign_ins,
        "pages that wait for a person, and the number of the second factor",
    ),
    route("GET", "/device-codes", people::devices, "user codes that wait"),
    route(
        "POST",
        "/device-codes",
        people::answer_device,
        "approves or declines: {user_code, user?, decline?}",
    ),
    route("GET", "/log", observe::log, "requests so far, secrets as hashes"),
    route("DELETE", "/log", observe::clear_log, "forgets requests and counts"),
    route(
        "GET",
        "/counts",
        observe::counts,
        "connections, requests, endpoints, grants, statuses",
    ),
    route(
        "POST",
        "/refresh-tokens",
        tokens::mint_refresh,
        "a new refresh token: {user?, client_id?}",
    ),
    route(
        "POST",
        "/access-tokens",
        tokens::mint_access,
        "any access token: {user?, resource?, tenant?, expires_in?}",
    ),
    route(
        "POST",
        "/revoke",
        tokens::revoke,
        "kills refresh tokens: {user | refresh_token | sha256 | all: true, code?}",
    ),
    route(
        "POST",
        "/rejected-tokens",
        tokens::reject,
        "the workspace refuses a token: {sha256 | token}",
    ),
    route("DELETE", "/rejected-tokens", tokens::clear_rejected, "takes them again"),
    route(
        "POST",
        "/release",
        orders::release,
        "lets requests go on that a fault `hold` holds",
    ),
    route(
        "POST",
        "/wait",
        observe::wait,
        "waits for requests: {endpoint?, count, timeout_ms?}",
    ),
    route(
        "POST",
        "/reset",
        orders::reset,
        "all as at the start, but for the refresh tokens",
    ),
];

pub(crate) fn answer(request: &Request, state: &State) -> Response {
    let Some(path) = request.path.strip_prefix(PREFIX) else {
        return failure(404, "everything here is below `/_sandbox`");
    };
    let mut at_path = ROUTES.iter().filter(|route| route.path == path).peekable();
    if at_path.peek().is_none() {
        return failure(404, "no such route; `GET /_sandbox` lists them");
    }
    let Some(route) = at_path.find(|route| route.method == request.method) else {
        return failure(405, "not with this method; `GET /_sandbox` lists them");
    };
    let body = match request.body.as_slice() {
        [] => Ok(Value::Null),
        body => serde_json::from_slice(body).map_err(|error| error.to_string()),
    };
    match body.and_then(|body| (route.answer)(state, body)) {
        Ok(body) => Response::json(200, &body),
        Err(why) => failure(400, &why),
    }
}

fn failure(status: u16, why: &str) -> Response {
    Response::json(status, &json!({"error": why}))
}

fn list(_: &State, _: Value) -> Result<Value, String> {
    let row = |route: &Route| {
        let Route {
            method,
            path,
            answer: _,
            does,
        } = route;
        json!({"method": method, "path": format!("{PREFIX}{path}"), "does": does})
    };
    Ok(ROUTES.iter().map(row).collect())
}

/// Reads a route's argument.
fn parse<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

/// A value that always can be written.
fn written(value: &impl serde::Serialize) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|error| error.to_string())
}
