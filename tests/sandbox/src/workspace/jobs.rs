//! `GET /api/2.1/jobs/list`: forty-five jobs, twenty to a page unless `limit` says otherwise. Unlike clusters, the last
//! page has no `next_page_token` at all.

use serde_json::{Value, json};

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::workspace::bearer;

const JOBS: usize = 45;
/// The most that one page holds.
const MOST: usize = 100;

pub(crate) fn list(exchange: &Exchange<'_>, state: &State) -> Response {
    let claims = match bearer::check(exchange, state) {
        Ok(claims) => claims,
        Err(refused) => return refused,
    };
    let number = |name: &str, default: usize| {
        let parameter = exchange.request.parameter(name);
        parameter.map_or(Ok(default), str::parse::<usize>)
    };
    let (Ok(start), Ok(limit @ 1..=MOST)) = (number("page_token", 0), number("limit", 20)) else {
        return bearer::failure(400, "INVALID_PARAMETER_VALUE", "page_token or limit is not valid.");
    };
    let end = start.saturating_add(limit).min(JOBS);
    let job = |n: usize| {
        json!({
            "job_id": 1001 + n,
            "creator_user_name": claims["upn"],
            "settings": {"name": format!("job {:02}", n + 1), "max_concurrent_runs": 1, "format": "MULTI_TASK"},
        })
    };
    let jobs: Vec<Value> = (start..end).map(job).collect();
    let more = end < JOBS;
    let mut body = json!({"jobs": jobs, "has_more": more});
    if more {
        body["next_page_token"] = json!(end.to_string());
    }
    if jobs.is_empty() {
        body = json!({"has_more": false});
    }
    Response::json(200, &body)
}
