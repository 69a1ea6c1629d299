//! What the sandbox has seen, and how it is set.

use serde_json::{Value, json};

use crate::control::written;
use crate::state::State;

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
