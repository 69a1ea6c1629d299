//! How each fault looks on the wire.

use std::io::{self, Write as _};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::fault::FaultKind;
use crate::http::connection::{date, send};
use crate::http::response::Response;
use crate::http::wire::Wire;
use crate::state::State;

/// What is left of the connection.
pub(crate) enum Played {
    /// It can carry the next request.
    GoOn(Wire),
    /// It is gone.
    Over,
}

/// The request whose turn it is.
pub(crate) struct Turn {
    /// Its number in the log.
    pub(crate) entry: u64,
    /// Whether the connection is to be used again.
    pub(crate) keep_alive: bool,
    /// The releases before it was logged: one that comes after somebody saw it in the log is meant for it.
    pub(crate) releases: u64,
}

/// Plays `kind` on `wire`; `handle` acts on the request and makes the true answer.
pub(crate) fn play(
    mut wire: Wire,
    kind: &FaultKind,
    state: &State,
    turn: &Turn,
    handle: impl Fn() -> Response,
) -> io::Result<Played> {
    let act = |acted: bool| acted.then(&handle);
    let response = match kind {
        FaultKind::Reset { acted } => {
            let _ = act(*acted);
            wire.reset();
            return Ok(Played::Over);
        }
        FaultKind::Close { acted } => {
            let _ = act(*acted);
            wire.close();
            return Ok(Played::Over);
        }
        FaultKind::Hang { acted } => {
            let _ = act(*acted);
            wire.hang();
            return Ok(Played::Over);
        }
        FaultKind::Garbage => {
            wire.write_all(b"\x15\x03\x01 this is no HTTP\r\n\r\n")?;
            wire.close();
            return Ok(Played::Over);
        }
        FaultKind::Huge { bytes, announced } => {
            state.log.answered(turn.entry, 200);
            huge(&mut wire, *bytes, *announced, state)?;
            wire.close();
            return Ok(Played::Over);
        }
        FaultKind::Status { status, headers, body } => {
            let mut response = Response::empty(*status);
            let typed = headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
            if !typed && !body.is_empty() {
                let kind = if body.starts_with('{') {
                    "application/json; charset=utf-8"
                } else {
                    "text/html"
                };
                response = response.header("Content-Type", kind);
            }
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body = body.clone().into_bytes();
            response
        }
        FaultKind::NotJson => Response::text(
            200,
            "text/html; charset=utf-8",
            "<!DOCTYPE html><html><title>Sign in to the network</title></html>",
        ),
        FaultKind::Empty => Response::empty(200),
        FaultKind::Hold => {
            state.gate.hold(turn.releases);
            handle()
        }
        FaultKind::Delay { ms } => {
            state.gate.pause(Duration::from_millis(*ms));
            handle()
        }
        FaultKind::Rewrite { set, remove } => edit(handle(), |members| {
            members.retain(|name, _| !remove.contains(name));
            members.extend(set.clone());
        }),
        FaultKind::NumbersAsTexts => edit(handle(), |members| {
            for value in members.values_mut().filter(|value| value.is_number()) {
                *value = Value::String(value.to_string());
            }
        }),
        FaultKind::Truncated => {
            let response = handle();
            let mut bytes = response.head(Some(response.body.len()), date(state).as_deref(), turn.keep_alive);
            bytes.extend_from_slice(&response.body[..response.body.len() / 2]);
            wire.write_all(&bytes)?;
            wire.close();
            return Ok(Played::Over);
        }
        FaultKind::Drip { ms } => {
            let response = handle();
            let mut bytes = response.head(Some(response.body.len()), date(state).as_deref(), turn.keep_alive);
            bytes.extend_from_slice(&response.body);
            for byte in bytes {
                if state.gate.stopped() {
                    return Ok(Played::Over);
                }
                wire.write_all(&[byte])?;
                wire.flush()?;
                state.gate.pause(Duration::from_millis(*ms));
            }
            return Ok(Played::GoOn(wire));
        }
        FaultKind::CloseAfter => {
            send(&mut wire, &handle(), state, true)?;
            wire.close();
            return Ok(Played::Over);
        }
    };
    state.log.answered(turn.entry, response.status);
    send(&mut wire, &response, state, turn.keep_alive)?;
    Ok(Played::GoOn(wire))
}

/// The answer with its JSON members edited; an answer of another kind stays as it is.
fn edit(mut response: Response, change: impl FnOnce(&mut Map<String, Value>)) -> Response {
    if let Ok(Value::Object(mut members)) = serde_json::from_slice(&response.body) {
        change(&mut members);
        response.body = Value::Object(members).to_string().into_bytes();
    }
    response
}

fn huge(wire: &mut Wire, bytes: u64, announced: bool, state: &State) -> io::Result<()> {
    let response = Response::empty(200).header("Content-Type", "application/json; charset=utf-8");
    let length = announced.then(|| usize::try_from(bytes).unwrap_or(usize::MAX));
    wire.write_all(&response.head(length, date(state).as_deref(), false))?;
    let mut block = vec![b'A'; 64 * 1024];
    let opening = br#"{"token_type":"Bearer","expires_in":4500,"access_token":""#;
    block[..opening.len()].copy_from_slice(opening);
    let mut left = bytes;
    while left > 0 && !state.gate.stopped() {
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        if !announced {
            write!(wire, "{size:x}\r\n")?;
        }
        wire.write_all(&block[..size])?;
        if !announced {
            wire.write_all(b"\r\n")?;
        }
        block.fill(b'A');
        left -= size as u64;
    }
    if !announced {
        wire.write_all(b"0\r\n\r\n")?;
    }
    wire.flush()
}
