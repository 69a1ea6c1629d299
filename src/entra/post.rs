//! Posts a form, again if that may help and the deadline allows.

use super::correlation;
use super::form::Form;
use super::redeem::{Context, Patience};
use super::unreachable;
use crate::error::Error;
use crate::world::World;
use crate::world::http::{Fault, Method, Request, Response};
use std::time::Duration;

/// Longest answer that is read, in bytes: tokens with many groups are some 20 KiB.
pub(super) const MAX_BODY: usize = 1024 * 1024;

/// Waits before the second, third and fourth attempt, in milliseconds, before jitter (entra.md §6.3).
const PAUSES: [u64; 3] = [1000, 2000, 4000];

/// What must be left of the deadline for an attempt that follows a pause.
const WORTH_TRYING: Duration = Duration::from_secs(1);

/// An answer, with when and under which id it came.
pub(super) struct Reply {
    /// The answer.
    pub(super) response: Response,
    /// The id that was sent with the request.
    pub(super) correlation: String,
    /// When it came, epoch milliseconds.
    pub(super) at_ms: i64,
}

/// Posts a form.
pub(super) fn send(world: &World, context: &Context<'_>, url: &str, form: &Form) -> Result<Reply, Error> {
    let mut pauses = match context.patience {
        Patience::Once => [].iter(),
        Patience::Retry => PAUSES.iter(),
    };
    loop {
        let outcome = attempt(world, context, url, form);
        if may_pass(&outcome)
            && let Some(pause) = pauses.next()
        {
            let pause = jittered(world, *pause);
            if world.clock.monotonic() + pause + WORTH_TRYING <= context.until {
                world.note(format_args!("trying again in {} ms", pause.as_millis()));
                world.clock.sleep(pause);
                continue;
            }
        }
        return outcome.map_err(|fault| unreachable::explain(&fault, context.authority));
    }
}

fn attempt(world: &World, context: &Context<'_>, url: &str, form: &Form) -> Result<Reply, Fault> {
    let correlation = correlation::id(world);
    let request = Request {
        method: Method::Post,
        url,
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("client-request-id", correlation.clone()),
            // Who asks, in the sign-in logs. Not MSAL's name: we are not MSAL.
            ("x-client-sku", "entra-token".to_owned()),
            ("x-client-ver", env!("CARGO_PKG_VERSION").to_owned()),
        ],
        body: form.encode(),
        timeout: Duration::ZERO,
        max_body: MAX_BODY,
    };
    let response = timed(world, context.until, request, &correlation)?;
    Ok(Reply {
        response,
        correlation,
        at_ms: world.clock.now_ms(),
    })
}

/// Sends a request within the deadline and notes how it went: host, path, status, time, id; nothing that was sent.
pub(super) fn timed(
    world: &World,
    until: Duration,
    mut request: Request<'_>,
    correlation: &str,
) -> Result<Response, Fault> {
    let began = world.clock.monotonic();
    request.timeout = until.saturating_sub(began);
    if request.timeout.is_zero() {
        return Err(Fault::Timeout);
    }
    let (method, place) = (request.method, place(request.url).to_owned());
    let outcome = world.http.send(request);
    let took = world.clock.monotonic().saturating_sub(began).as_millis();
    match &outcome {
        Ok(response) => world.note(format_args!(
            "{method:?} {place}: status {} in {took} ms, correlation id {correlation}",
            response.status
        )),
        Err(fault) => world.note(format_args!(
            "{method:?} {place}: {fault} after {took} ms, correlation id {correlation}"
        )),
    }
    outcome
}

/// Host and path of a URL.
fn place(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or_default()
}

/// Whether the same request may succeed in a moment. An answer that names its own time is not asked before.
fn may_pass(outcome: &Result<Reply, Fault>) -> bool {
    match outcome {
        Ok(reply) => reply.response.status >= 500 && reply.response.header("retry-after").is_none(),
        Err(fault) => matches!(fault, Fault::Connect(_) | Fault::Broken(_)),
    }
}

/// Between three quarters and five quarters, so that many processes do not come back together.
fn jittered(world: &World, milliseconds: u64) -> Duration {
    let mut bytes = [128];
    let _ = world.random.fill(&mut bytes);
    let share = 192 + u64::from(bytes[0]) / 2;
    Duration::from_millis(milliseconds * share / 256)
}
