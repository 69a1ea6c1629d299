//! `GET /api/2.0/clusters/list`: five clusters, two to a page unless `page_size` says otherwise.

use serde_json::{Value, json};

use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::workspace::bearer;

const CLUSTERS: [(&str, &str, &str); 5] = [
    ("1122-081500-alder001", "etl-nightly", "RUNNING"),
    ("1122-081500-birch002", "ad-hoc", "TERMINATED"),
    ("1122-081500-cedar003", "ml-training", "RUNNING"),
    ("1122-081500-ebony004", "dashboards", "PENDING"),
    ("1122-081500-fir00005", "sandbox", "TERMINATED"),
];

pub(crate) fn list(exchange: &Exchange<'_>, state: &State) -> Response {
    let claims = match bearer::check(exchange, state) {
        Ok(claims) => claims,
        Err(refused) => return refused,
    };
    let number = |name: &str| exchange.request.parameter(name).map(str::parse::<usize>);
    let (Ok(start), Ok(size)) = (
        number("page_token").unwrap_or(Ok(0)),
        number("page_size").unwrap_or(Ok(2)),
    ) else {
        return bearer::failure(400, "INVALID_PARAMETER_VALUE", "page_token or page_size is not valid.");
    };
    let start = start.min(CLUSTERS.len());
    let end = start.saturating_add(size.max(1)).min(CLUSTERS.len());
    let clusters: Vec<Value> = CLUSTERS[start..end]
        .iter()
        .map(|(id, name, state)| {
            json!({"cluster_id": id, "cluster_name": name, "state": state, "creator_user_name": claims["upn"]})
        })
        .collect();
    let next = if end < CLUSTERS.len() {
        end.to_string()
    } else {
        String::new()
    };
    Response::json(200, &json!({"clusters": clusters, "next_page_token": next}))
}
