//! A request as the endpoints see it, and their answer as it goes out.

use crate::cli::report;
use crate::error::Error;
use crate::face::endpoint::{self, Endpoint, Question, Wanted};
use crate::token::Granted;
use crate::world::World;
use crate::world::loopback::{Reply, Request};
use std::sync::{Mutex, PoisonError};

/// What was last told on standard error. Programs drop the body of a refusal, so whoever sits here would not learn what to do;
/// but they ask again and again, so it is told once.
#[derive(Default)]
pub(super) struct Told(Mutex<Option<String>>);

impl Told {
    /// Tells why there is no token, unless that is what was told last.
    pub(super) fn hear(&self, world: &World, granted: &Result<Granted, Error>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = granted.as_ref().err().map(ToString::to_string);
        if let Err(error) = granted
            && *last != now
        {
            report::error(world, error);
        }
        *last = now;
    }
}

/// What a request wants, or its answer if that is no token.
pub(super) fn read(endpoint: &Endpoint<'_>, request: &Request<'_>) -> Result<Wanted, endpoint::Reply> {
    endpoint.read(&Question {
        method: request.method,
        path: request.path,
        query: request.query,
        header: &|name| request.header(name),
        body: request.body,
    })
}

/// An answer as it goes out.
pub(super) fn out(world: &World, method: &'static str, answer: endpoint::Reply) -> Reply {
    // Never the path: to know it is to be allowed to ask.
    world.note(format_args!("serve: {method} answered with {}", answer.status));
    let mut reply = Reply::new(answer.status)
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff");
    if let Some(seconds) = answer.retry_after {
        reply = reply.header("Retry-After", seconds.to_string());
    }
    reply.body("application/json", answer.body)
}

/// A stranger's word, if it is one of HTTP's.
pub(super) fn word(method: &str) -> &'static str {
    let known = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"];
    known.into_iter().find(|known| *known == method).unwrap_or("a request")
}
