//! How the sandbox shall behave.

use serde_json::{Value, json};

use crate::control::{parse, written};
use crate::state::State;

pub(super) fn change(state: &State, body: Value) -> Result<Value, String> {
    let mut merged = written(&state.settings())?;
    let (Some(members), Value::Object(change)) = (merged.as_object_mut(), body) else {
        return Err("an object of settings is wanted".to_owned());
    };
    members.extend(change);
    let changed = parse(merged)?;
    state.change(|settings| *settings = changed);
    written(&state.settings())
}

pub(super) fn fault(state: &State, body: Value) -> Result<Value, String> {
    state.faults.add(parse(body)?);
    written(&state.faults.list())
}

pub(super) fn clear_faults(state: &State, _: Value) -> Result<Value, String> {
    state.faults.clear();
    Ok(json!([]))
}

pub(super) fn refusal(state: &State, body: Value) -> Result<Value, String> {
    state.refusals.add(parse(body)?);
    written(&state.refusals.list())
}

pub(super) fn clear_refusals(state: &State, _: Value) -> Result<Value, String> {
    state.refusals.clear();
    Ok(json!([]))
}

pub(super) fn reset(state: &State, _: Value) -> Result<Value, String> {
    state.reset();
    Ok(json!({}))
}

pub(super) fn release(state: &State, _: Value) -> Result<Value, String> {
    state.gate.release();
    Ok(json!({}))
}
