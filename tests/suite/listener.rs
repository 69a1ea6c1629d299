//! Listening on loopback, as a sign-in does: what is answered, what is refused, and what an attacker cannot do.

pub(crate) mod attack;
pub(crate) mod peer;
mod victim;

use entra_token::world::loopback::{Limits, Listener, Loopback, Machine, Reply};
use peer::Peer;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::Duration;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(120);

/// Answers with the target, until that is `/last`.
fn tell(listener: &mut dyn Listener, wait: Duration) -> (bool, Vec<String>) {
    let mut told = Vec::new();
    let last = listener.serve(wait, &mut |request| {
        told.push(format!("{} {}", request.method, request.path));
        let reply = Reply::new(200).body("text/plain", request.body.to_vec().into());
        if request.path == "/last" { reply.last() } else { reply }
    });
    (last.unwrap(), told)
}

/// The addresses of a listener: `::1` only where there is one.
fn addresses() -> Vec<&'static str> {
    let six = TcpListener::bind("[::1]:0").is_ok();
    if six {
        vec!["127.0.0.1", "::1"]
    } else {
        vec!["127.0.0.1"]
    }
}

#[test]
fn both_addresses_on_one_port() {
    for address in addresses() {
        let mut listener = Machine.listen(0, &Limits::SIGN_IN).unwrap();
        let peer = Peer::new(address, listener.port());
        let asking = std::thread::spawn(move || peer.get("/last"));
        assert_eq!(tell(&mut *listener, LONG), (true, vec!["GET /last".to_owned()]));
        assert!(asking.join().unwrap().starts_with("HTTP/1.1 200 OK\r\n"));
    }
}

#[test]
fn a_port_that_is_taken() {
    let limits = Limits::SIGN_IN;
    let first = Machine.listen(0, &limits).unwrap();
    let taken = |port| Machine.listen(port, &limits).err().map(|error| error.kind());
    assert_eq!(taken(first.port()), Some(ErrorKind::AddrInUse));
    // Half of it is enough: the browser may try either.
    for address in addresses() {
        let half = TcpListener::bind((address, 0)).unwrap();
        assert_eq!(
            taken(half.local_addr().unwrap().port()),
            Some(ErrorKind::AddrInUse),
            "{address}"
        );
    }
    // And it is free again at once.
    let port = first.port();
    drop(first);
    assert_eq!(Machine.listen(port, &limits).unwrap().port(), port);
}

#[test]
fn a_wait_goes_on_where_it_was() {
    let mut listener = Machine.listen(0, &Limits::SIGN_IN).unwrap();
    let mut peer = Peer::new("127.0.0.1", listener.port()).open();
    peer.send(b"POST /last HTTP/1.1\r\nHost: localhost");
    assert_eq!(tell(&mut *listener, Duration::ZERO), (false, vec![]));
    assert_eq!(tell(&mut *listener, Duration::from_millis(1)), (false, vec![]));
    peer.send(format!(":{}\r\nContent-Length: 4\r\n\r\na=", listener.port()).as_bytes());
    assert_eq!(tell(&mut *listener, Duration::from_millis(1)), (false, vec![]));
    peer.send(b"bc");
    let asking = std::thread::spawn(move || peer.rest());
    assert_eq!(tell(&mut *listener, LONG), (true, vec!["POST /last".to_owned()]));
    assert!(asking.join().unwrap().ends_with("\r\n\r\na=bc"));
}

#[test]
fn the_silent_are_shown_out() {
    let limits = Limits {
        patience: Duration::from_millis(50),
        ..Limits::SIGN_IN
    };
    let mut listener = Machine.listen(0, &limits).unwrap();
    let peer = Peer::new("127.0.0.1", listener.port());
    let asking = std::thread::spawn(move || {
        let mut begun = peer.open();
        begun.send(b"GET /");
        let gone = (peer.open().rest(), begun.rest());
        peer.get("/last");
        gone
    });
    assert_eq!(tell(&mut *listener, LONG), (true, vec!["GET /last".to_owned()]));
    assert_eq!(asking.join().unwrap(), (String::new(), String::new()));
}

#[test]
fn the_longest_silent_makes_room() {
    let limits = Limits {
        connections: 4,
        patience: 10 * LONG,
        ..Limits::SIGN_IN
    };
    let mut listener = Machine.listen(0, &limits).unwrap();
    let peer = Peer::new("127.0.0.1", listener.port());
    let asking = std::thread::spawn(move || {
        let mut held: Vec<_> = (0..4).map(|_| peer.open()).collect();
        // One of those inside is answered while the house is full.
        assert!(held.remove(3).ask("/old").contains("200 OK"));
        for _ in 0..20 {
            held.push(peer.open());
            assert!(peer.get("/new").contains("200 OK"));
            assert_eq!(held.remove(0).rest(), "", "whoever has been silent longest is dropped");
        }
        peer.get("/last");
    });
    let (last, told) = tell(&mut *listener, LONG);
    asking.join().unwrap();
    assert!(last);
    assert_eq!(told.len(), 22);
}

#[test]
fn a_page_that_is_not_reset() {
    let mut listener = Machine.listen(0, &Limits::SIGN_IN).unwrap();
    let peer = Peer::new("127.0.0.1", listener.port());
    let asking = std::thread::spawn(move || {
        let mut open = peer.open();
        // More than was announced, which nobody reads; closing on it would reset the connection.
        let request = peer.request("GET", "/last", "Content-Length: 0", &"x".repeat(100_000));
        open.send(request.as_bytes());
        open.rest()
    });
    assert!(tell(&mut *listener, LONG).0);
    assert!(asking.join().unwrap().contains("200 OK"));
    // Nor where the request is refused before it is read.
    let mut listener = Machine.listen(0, &Limits::SIGN_IN).unwrap();
    let peer = Peer::new("127.0.0.1", listener.port());
    let asking = std::thread::spawn(move || {
        let mut open = peer.open();
        open.send(
            peer.request("POST", "/", "Content-Length: 100000", &"x".repeat(100_000))
                .as_bytes(),
        );
        let told = open.rest();
        peer.get("/last");
        told
    });
    assert!(tell(&mut *listener, LONG).0);
    assert!(asking.join().unwrap().starts_with("HTTP/1.1 413 Content Too Large\r\n"));
}

#[test]
fn only_the_head_of_what_was_asked_for_with_head() {
    let mut listener = Machine.listen(0, &Limits::SIGN_IN).unwrap();
    let peer = Peer::new("127.0.0.1", listener.port());
    let asking = std::thread::spawn(move || {
        let mut open = peer.open();
        open.send(peer.request("HEAD", "/last", "Content-Length: 3", "abc").as_bytes());
        open.rest()
    });
    assert!(tell(&mut *listener, LONG).0);
    let text = asking.join().unwrap();
    assert!(
        text.contains("\r\nContent-Length: 3\r\n") && text.ends_with("\r\n\r\n"),
        "{text}"
    );
}
