//! One errand for many, and what becomes of those who wait.

use super::*;
use crate::face::endpoint::{Endpoint, Question};
use crate::secret::Secret;
use crate::token::{Credential, Origin};
use crate::world::loopback::{Limits, Listener, Loopback, Machine, Waker};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Tells that it was asked, and answers as it is bidden.
struct Bidden {
    asked: Sender<Duration>,
    answers: Mutex<Receiver<Kind>>,
}

impl Tokens for Bidden {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        self.asked.send(ask.terms.timeout.unwrap()).unwrap();
        let kind = self.answers.lock().unwrap().recv().unwrap();
        Err(Error::new(kind, "as bidden"))
    }
}

fn wanted() -> Wanted {
    let (path, key) = (Secret::new("p".into()), Secret::new("k".into()));
    let read = Endpoint {
        path: &path,
        key: &key,
        host: None,
    }
    .read(&Question {
        method: "GET",
        path: "/p",
        query: None,
        header: &|name| {
            Some(if name.ends_with("Host") {
                "https://h.example"
            } else {
                "1"
            })
        },
        body: b"",
    });
    read.unwrap_or_else(|_| panic!("it is right"))
}

/// A listener all of whose requests wait for the wish that their path names, until so many have come; their answers.
fn asked(
    paths: &[&str],
    mut join: impl FnMut(&str, Taker),
    listener: &mut dyn Listener,
    waker: &Waker,
) -> Vec<TcpStream> {
    let port = listener.port();
    let mut streams = Vec::new();
    for path in paths {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").unwrap();
        streams.push(stream);
        let mut came = false;
        while !came {
            listener
                .serve(Duration::from_millis(5), &mut |request| {
                    came = true;
                    let (reply, promise) = waker.later();
                    let taker = Taker {
                        wanted: wanted(),
                        method: "GET",
                        promise,
                        held: None,
                    };
                    join(request.path, taker);
                    reply
                })
                .unwrap();
        }
    }
    streams
}

/// What comes back to each, while requests are waited for.
fn told(streams: Vec<TcpStream>, listener: &mut dyn Listener) -> Vec<String> {
    let reading = std::thread::spawn(move || {
        let read = |mut stream: TcpStream| {
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        streams.into_iter().map(read).collect()
    });
    while !reading.is_finished() {
        listener
            .serve(Duration::from_millis(5), &mut |_| unreachable!())
            .unwrap();
    }
    reading.join().unwrap()
}

struct Stage {
    world: World,
    listener: Box<dyn Listener>,
    waker: Waker,
    source: Source<'static>,
    asked: Receiver<Duration>,
    bid: Sender<Kind>,
}

fn stage() -> Stage {
    let mut listener = Machine.listen(0, &Limits::SERVE).unwrap();
    let waker = listener.waker().unwrap();
    let ((asked_tx, asked), (bid, answers)) = (channel(), channel());
    let source = Arc::new(Bidden {
        asked: asked_tx,
        answers: Mutex::new(answers),
    });
    Stage {
        world: World::real(),
        listener,
        waker,
        source,
        asked,
        bid,
    }
}

#[test]
fn one_errand_for_all_who_wish_the_same() {
    let mut stage = stage();
    let errands = Errands::new(&stage.world);
    std::thread::scope(|scope| {
        let join = |path: &str, taker| errands.join(scope, &stage.source, Wish(path.to_owned()), taker);
        let streams = asked(&["a", "a", "b", "a"], join, &mut *stage.listener, &stage.waker);
        assert!(!errands.may_begin(&stage.source, &Wish("/a".into())));
        assert!(errands.may_begin(&stage.source, &Wish("/c".into())));
        // One for each wish, with the time that a call has.
        for _ in 0..2 {
            let timeout = stage.asked.recv().unwrap();
            assert!(timeout <= DEADLINE && timeout > Duration::ZERO);
            stage.bid.send(Kind::Network).unwrap();
        }
        let told = told(streams, &mut *stage.listener);
        assert!(told.iter().all(|text| text.starts_with("HTTP/1.1 503 ")), "{told:?}");
    });
    assert!(stage.asked.try_recv().is_err());
    assert_eq!(errands.state().threads, 0);
}

#[test]
fn who_came_after_a_refusal_was_asked_for_may_have_signed_in_meanwhile() {
    let mut stage = stage();
    let errands = Errands::new(&stage.world);
    std::thread::scope(|scope| {
        let join = |path: &str, taker| errands.join(scope, &stage.source, Wish(path.to_owned()), taker);
        let first = asked(&["a"], join, &mut *stage.listener, &stage.waker);
        stage.asked.recv().unwrap();
        let late = asked(&["a", "a"], join, &mut *stage.listener, &stage.waker);
        stage.bid.send(Kind::InteractionRequired).unwrap();
        assert!(told(first, &mut *stage.listener)[0].starts_with("HTTP/1.1 401 "));
        stage.asked.recv().unwrap();
        stage.bid.send(Kind::Denied).unwrap();
        let told = told(late, &mut *stage.listener);
        assert!(told.iter().all(|text| text.starts_with("HTTP/1.1 403 ")), "{told:?}");
    });
    assert!(stage.asked.try_recv().is_err());
}

#[test]
fn a_token_that_is_good_enough_stands_in_no_line_and_outlives_a_failure() {
    let mut stage = stage();
    let errands = Errands::new(&stage.world);
    let held = Granted {
        credential: Credential {
            access_token: Secret::new("held".into()),
            token_type: "Bearer".into(),
            expires_on: 4_000_000_000,
            refresh_on: None,
            obtained_ms: 0,
            scope: Vec::new(),
            tenant: String::new(),
            account: None,
        },
        from: Origin::Cache,
        warnings: Vec::new(),
    };
    std::thread::scope(|scope| {
        let join = |path: &str, taker| {
            let held = (path == "/0").then(|| held.clone());
            errands.join(scope, &stage.source, Wish(path.to_owned()), Taker { held, ..taker });
        };
        let names: Vec<_> = (0..SIDE_BY_SIDE).map(|number| number.to_string()).collect();
        let paths: Vec<_> = names.iter().map(String::as_str).collect();
        let streams = asked(&paths, join, &mut *stage.listener, &stage.waker);
        assert!(!errands.may_begin(&stage.source, &Wish("/new".into())));
        for _ in 0..SIDE_BY_SIDE {
            stage.bid.send(Kind::Network).unwrap();
        }
        let told = told(streams, &mut *stage.listener);
        assert!(
            told[0].starts_with("HTTP/1.1 200 ") && told[0].contains("held"),
            "{told:?}"
        );
        assert!(
            told[1..].iter().all(|text| text.starts_with("HTTP/1.1 503 ")),
            "{told:?}"
        );
    });
}

#[test]
fn no_more_wait_than_there_is_room_for() {
    let mut stage = stage();
    let errands = Errands::new(&stage.world);
    std::thread::scope(|scope| {
        let join = |path: &str, taker| errands.join(scope, &stage.source, Wish(path.to_owned()), taker);
        let waiting = asked(&["a"; MOST_WAITING], join, &mut *stage.listener, &stage.waker);
        let one_more = asked(&["b"], join, &mut *stage.listener, &stage.waker);
        let turned_away = told(one_more, &mut *stage.listener).remove(0);
        assert!(turned_away.starts_with("HTTP/1.1 503 ") && turned_away.contains("Retry-After: 1"));
        stage.bid.send(Kind::Network).unwrap();
        assert_eq!(told(waiting, &mut *stage.listener).len(), MOST_WAITING);
    });
}

#[test]
fn a_promise_that_is_broken_keeps_nobody_waiting() {
    let mut stage = stage();
    let broken = asked(&["a"], |_, taker| drop(taker), &mut *stage.listener, &stage.waker);
    assert!(told(broken, &mut *stage.listener)[0].starts_with("HTTP/1.1 500 "));
}
