//! Who signs in to what: registrations, policies, and what waits for a person.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::AppRegistration;
use crate::control::{parse, written};
use crate::directory::{ANA, User};
use crate::entra::signin;
use crate::state::State;
use crate::token::device::Standing;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    client_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Device {
    user_code: String,
    user: Option<String>,
    #[serde(default)]
    decline: bool,
}

pub(super) fn apps(state: &State, _: Value) -> Result<Value, String> {
    written(&state.apps.list())
}

/// Changes the members that are given of the registration with this id, or of a new one.
pub(super) fn put_app(state: &State, body: Value) -> Result<Value, String> {
    let Value::Object(change) = body else {
        return Err("an object is wanted".to_owned());
    };
    let before = change
        .get("client_id")
        .and_then(Value::as_str)
        .and_then(|id| state.apps.find(id));
    let mut merged = written(&before.unwrap_or_default())?;
    if let Some(members) = merged.as_object_mut() {
        members.extend(change);
    }
    let app: AppRegistration = parse(merged)?;
    let answer = written(&app)?;
    state.apps.put(app);
    Ok(answer)
}

pub(super) fn remove_app(state: &State, body: Value) -> Result<Value, String> {
    let Client { client_id } = parse(body)?;
    Ok(json!({"removed": state.apps.remove(&client_id)}))
}

pub(super) fn policies(state: &State, _: Value) -> Result<Value, String> {
    written(&state.policies.list())
}

pub(super) fn put_policy(state: &State, body: Value) -> Result<Value, String> {
    state.policies.put(parse(body)?);
    policies(state, Value::Null)
}

pub(super) fn clear_policies(state: &State, _: Value) -> Result<Value, String> {
    state.policies.clear();
    Ok(json!([]))
}

pub(super) fn sign_ins(state: &State, _: Value) -> Result<Value, String> {
    Ok(state.signins.list(state))
}

pub(super) fn devices(state: &State, _: Value) -> Result<Value, String> {
    Ok(json!({"user_codes": state.devices.user_codes()}))
}

pub(super) fn answer_device(state: &State, body: Value) -> Result<Value, String> {
    let Device {
        user_code,
        user,
        decline,
    } = parse(body)?;
    if decline {
        return Ok(json!({"answered": state.devices.answer(&user_code, Standing::Declined)}));
    }
    let upn = user.unwrap_or_else(|| ANA.upn.to_owned());
    let user = User::named(&upn).ok_or_else(|| format!("no user `{upn}`"))?;
    let waiting = state.devices.waiting(&user_code, state.clock.now());
    let answered = waiting.map(|request| signin::stand_in(state, &user_code, &request, user));
    Ok(json!({"answered": answered.is_ok()}))
}
