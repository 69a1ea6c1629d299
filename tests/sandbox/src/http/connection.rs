//! One connection: request after request, each with the fault that was ordered for it.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use crate::control;
use crate::date;
use crate::entra;
use crate::exchange::Exchange;
use crate::fault::play::{self, Played, Turn};
use crate::http::request::Request;
use crate::http::response::Response;
use crate::http::server::{Door, Role};
use crate::http::wire::Wire;
use crate::state::State;
use crate::workspace;

/// Serves `socket` until either side has enough. What goes wrong with a connection is the peer's to notice.
pub(crate) fn serve(door: &Door, state: &Arc<State>, socket: Arc<TcpStream>, number: u64) {
    if let Ok(wire) = Wire::new(socket, door.tls.as_ref()) {
        let _ = converse(wire, door, state, number);
    }
}

fn converse(mut wire: Wire, door: &Door, state: &Arc<State>, number: u64) -> io::Result<()> {
    let mut rest = Vec::new();
    loop {
        let request = match Request::read(&mut wire, &mut rest) {
            Ok(Some(request)) => request,
            Ok(None) => break,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                send(&mut wire, &Response::empty(400), state, false)?;
                break;
            }
            Err(error) => return Err(error),
        };
        let keep_alive = request.keep_alive && !state.gate.stopped();
        if door.role == Role::Control {
            send(&mut wire, &control::answer(&request, state), state, keep_alive)?;
        } else {
            let exchange = Exchange::new(&request, door, number);
            match answer(wire, &exchange, state, keep_alive)? {
                Played::Over => return Ok(()),
                Played::GoOn(same) => wire = same,
            }
        }
        if !keep_alive {
            break;
        }
    }
    wire.close();
    Ok(())
}

/// Answers one request of the world outside.
fn answer(wire: Wire, exchange: &Exchange<'_>, state: &Arc<State>, keep_alive: bool) -> io::Result<Played> {
    let releases = state.gate.releases();
    let entry = state.log.request(exchange, state.clock.uptime_ms());
    let latency = state.settings().latency();
    state.gate.pause(latency);
    let fault = state.faults.take(exchange);
    let handle = || {
        let response = match exchange.role {
            Role::Authority => entra::answer(exchange, state),
            Role::Workspace => workspace::answer(exchange, state),
            Role::Control => control::answer(exchange.request, state),
        };
        state.log.answered(entry, response.status);
        response
    };
    match fault {
        Some(fault) => {
            let turn = Turn {
                entry,
                keep_alive,
                releases,
            };
            play::play(wire, &fault, state, &turn, handle)
        }
        None => {
            let mut wire = wire;
            let response = handle();
            send(&mut wire, &response, state, keep_alive)?;
            Ok(Played::GoOn(wire))
        }
    }
}

/// Sends a whole answer, in one write so that it leaves in one packet where it fits.
pub(crate) fn send(wire: &mut Wire, response: &Response, state: &State, keep_alive: bool) -> io::Result<()> {
    let date = date(state);
    let mut bytes = response.head(Some(response.body.len()), date.as_deref(), keep_alive);
    bytes.extend_from_slice(&response.body);
    wire.write_all(&bytes)?;
    wire.flush()
}

/// The value of `Date`, unless it is switched off.
pub(crate) fn date(state: &State) -> Option<String> {
    let no_date = state.settings().no_date;
    (!no_date).then(|| date::http(state.clock.now()))
}
