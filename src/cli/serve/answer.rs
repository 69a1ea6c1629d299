//! A request as the endpoints see it, and their answer as it goes out.

use crate::face::endpoint::{Endpoint, Question};
use crate::world::World;
use crate::world::loopback::{Reply, Request};

pub(super) fn to(world: &World, endpoint: &Endpoint<'_>, request: &Request<'_>) -> Reply {
    let answer = endpoint.answer(&Question {
        method: request.method,
        path: request.path,
        query: request.query,
        header: &|name| request.header(name),
        body: request.body,
    });
    // Never the path: to know it is to be allowed to ask.
    world.note(format_args!(
        "serve: {} answered with {}",
        word(request.method),
        answer.status
    ));
    let mut reply = Reply::new(answer.status)
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff");
    if let Some(seconds) = answer.retry_after {
        reply = reply.header("Retry-After", seconds.to_string());
    }
    reply.body("application/json", answer.body)
}

/// A stranger's word, if it is one of HTTP's.
fn word(method: &str) -> &str {
    let known = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"];
    known.into_iter().find(|known| *known == method).unwrap_or("a request")
}
