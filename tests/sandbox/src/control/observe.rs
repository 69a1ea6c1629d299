//! What the sandbox has seen, and how it is set.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::{parse, written};
use crate::state::State;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(default)]
    endpoint: String,
    count: u64,
    #[serde(default = "ten_seconds")]
    timeout_ms: u64,
}

pub(super) fn wait(state: &State, body: Value) -> Result<Value, String> {
    let Wait {
        endpoint,
        count,
        timeout_ms,
    } = parse(body)?;
    let reached = state.log.wait(&endpoint, count, Duration::from_millis(timeout_ms));
    Ok(json!({"reached": reached}))
}

fn ten_seconds() -> u64 {
    10_000
}

pub(super) fn settings(state: &State, _: Value) -> Result<Value, String> {
    written(&state.settings())
}

pub(super) fn faults(state: &State, _: Value) -> Result<Value, String> {
    written(&state.faults.list())
}

pub(super) fn refusals(state: &State, _: Value) -> Result<Value, String> {
    written(&state.refusals.list())
}

pub(super) fn log(state: &State, _: Value) -> Result<Value, String> {
    written(&state.log.entries())
}

pub(super) fn clear_log(state: &State, _: Value) -> Result<Value, String> {
    state.log.clear();
    Ok(json!({}))
}

pub(super) fn counts(state: &State, _: Value) -> Result<Value, String> {
    written(&state.log.counts())
}
