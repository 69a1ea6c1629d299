//! Answering requests: one, or a stream of them side by side, so that a slow authority keeps nobody else waiting.

use super::answer::{self, Answer};
use super::ask::{Op, Request};
use super::line::{self, Line};
use super::{LIMIT, too_long};
use crate::face::{Call, Services};
use std::io;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

/// Requests that are answered at the same time; more wait their turn.
const SIDE_BY_SIDE: usize = 16;

/// Answers one request.
pub(super) fn answer(request: &Request, services: &Services<'_>) -> Answer {
    let id = request.id.as_ref();
    let answered = match request.op {
        Op::Hello => Ok(answer::hello(id)),
        Op::Get => services
            .tokens
            .token(&request.ask)
            .map(|granted| answer::token(id, &granted, request.headers)),
        Op::Status => services.accounts.status(&request.ask.explicit).map(|mut status| {
            status
                .logins
                .iter_mut()
                .flat_map(|login| &mut login.tokens)
                .for_each(|token| token.claims = None);
            answer::result(id, &status)
        }),
        Op::Forget => services
            .accounts
            .forget(&request.ask.explicit, request.all)
            .map(|forgotten| answer::result(id, &serde_json::json!({ "forgotten": forgotten }))),
    };
    answered.unwrap_or_else(|error| answer::error(request.id.clone(), &error))
}

/// Answers requests until the end of input. Exits 0, or 1 if input or output broke.
pub(super) fn stream(call: &Call<'_>, services: &Services<'_>) -> u8 {
    let desk = Counter::default();
    let out = Output {
        io: call.io,
        turn: Mutex::new(()),
        broken: OnceLock::new(),
    };
    let read = std::thread::scope(|scope| {
        call.io.input(&mut |input| {
            while !out.is_broken() {
                let line = match line::line(input, LIMIT)? {
                    Line::End => break,
                    Line::TooLong => {
                        out.write(&answer::error(None, &too_long()));
                        continue;
                    }
                    Line::Text(line) => line,
                };
                let request = match Request::parse(&line, true) {
                    Ok(request) => request,
                    Err((id, error)) => {
                        out.write(&answer::error(id, &error));
                        continue;
                    }
                };
                let seat = desk.seat();
                let out = &out;
                scope.spawn(move || {
                    out.write(&answer(&request, services));
                    drop(seat);
                });
            }
            Ok(())
        })
    });
    match (out.broken.get(), read) {
        (Some(error), _) => call.unwritten(error),
        (None, Ok(())) => 0,
        (None, Err(error)) => {
            call.io
                .say(&format!("entra-token rpc: cannot read the next request: {error}"));
            1
        }
    }
}

struct Output<'a> {
    io: &'a dyn crate::face::Io,
    turn: Mutex<()>,
    broken: OnceLock<io::Error>,
}

impl Output<'_> {
    fn write(&self, answer: &Answer) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_broken()
            && let Err(error) = self.io.answer(&answer.line)
        {
            // Nobody else writes meanwhile.
            let _ = self.broken.set(error);
        }
    }

    fn is_broken(&self) -> bool {
        self.broken.get().is_some()
    }
}

#[derive(Default)]
struct Counter {
    taken: Mutex<usize>,
    freed: Condvar,
}

impl Counter {
    /// Waits for a free seat.
    fn seat(&self) -> Seat<'_> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = self
            .freed
            .wait_while(taken, |taken| *taken >= SIDE_BY_SIDE)
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Seat(self)
    }
}

struct Seat<'a>(&'a Counter);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}
