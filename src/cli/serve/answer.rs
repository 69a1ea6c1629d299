//! A request as the endpoints see it, and their answer as it goes out.

use crate::cli::report;
use crate::error::Error;
use crate::face::endpoint::{self, Endpoint, Question, Wanted};
use crate::token::Granted;
use crate::world::World;
use crate::world::loopback::{Reply, Request};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long what was told is not told again.
const QUIET: Duration = Duration::from_secs(600);

/// What is told in that time at most.
const MOST_TOLD: usize = 16;

/// What was told on standard error, and when. Programs drop the body of a refusal, so whoever sits here would not learn what to
/// do; but they ask again and again, and several at once, so each is told once in a while.
#[derive(Default)]
pub(super) struct Told(Mutex<Vec<(String, Duration)>>);

impl Told {
    /// Tells why there is no token, unless that was told lately.
    pub(super) fn hear(&self, world: &World, granted: &Result<Granted, Error>) {
        if let Err(error) = granted
            && self.is_news(error.to_string(), world.clock.monotonic())
        {
            report::error(world, error);
        }
    }

    fn is_news(&self, text: String, now: Duration) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|(_, at)| now.saturating_sub(*at) < QUIET);
        let is_news = told.len() < MOST_TOLD && told.iter().all(|(have, _)| *have != text);
        if is_news {
            told.push((text, now));
        }
        is_news
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_told_again_after_a_while_only() {
        let told = Told::default();
        let at = |seconds| Duration::from_secs(seconds);
        for text in ["a", "b"] {
            assert!(told.is_news(text.to_owned(), at(0)));
        }
        for text in ["a", "b", "a"] {
            assert!(!told.is_news(text.to_owned(), at(599)));
        }
        assert!(told.is_news("a".to_owned(), at(600)));
        let more = (0..2 * MOST_TOLD).filter(|number| told.is_news(number.to_string(), at(600)));
        assert_eq!(more.count(), MOST_TOLD - 1);
    }
}
