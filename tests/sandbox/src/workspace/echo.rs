//! `/api/2.0/sandbox/echo`, with any method: what the caller sent, in the answer. No real workspace has it.

use serde_json::{Map, Value, json};

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::random::sha256;
use crate::state::State;
use crate::workspace::bearer;

pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    if let Err(refused) = bearer::check(exchange, state) {
        return refused;
    }
    let request = exchange.request;
    let header = |(name, value): &(String, String)| {
        // Who prints the answer shall not print the token.
        let shown = match value.split_once(' ') {
            Some((scheme, token)) if name == "authorization" => format!("{scheme} sha256:{}", sha256(token)),
            _ => value.clone(),
        };
        (name.clone(), Value::from(shown))
    };
    let body: Value = serde_json::from_slice(&request.body)
        .unwrap_or_else(|_| String::from_utf8_lossy(&request.body).into_owned().into());
    let pair = |(name, value): &(String, String)| json!([name, value]);
    Response::json(
        200,
        &json!({
            "method": request.method,
            "path": request.path,
            "query": request.query.iter().map(pair).collect::<Value>(),
            "headers": request.headers.iter().map(header).collect::<Map<_, _>>(),
            "body": body,
        }),
    )
}
