//! What cannot be done to a sign-in that waits.

use super::addresses;
use super::peer::{Open, Peer};
use super::victim::{STATE, Victim, listen_if_told};
use entra_token::secret::Fingerprint;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

/// Attackers at once.
pub(crate) const ATTACKERS: usize = 4;

/// What an attacker sends, to be looked for in what it is told.
const PLANTED: &str = "planted";

/// Memory for all that strangers may make us hold: 256 connections of at most 96 KiB, and room to grow them.
pub(crate) const MOST_MEMORY_KIB: usize = 64 * 1024;

#[test]
fn the_form_gets_through() {
    if listen_if_told() {
        return;
    }
    let address = addresses()[0];
    let strays = under_attack("attack::the_form_gets_through", address, 500, 10_000, |peer, code| {
        peer.form(&format!("code={code}&client_info=eyJ&state={STATE}&session_state=s"))
    });
    assert!(strays > 3_000, "only {strays} were read");
}

#[test]
fn the_query_gets_through() {
    if listen_if_told() {
        return;
    }
    let address = addresses().pop().unwrap();
    under_attack("attack::the_query_gets_through", address, 50, 2_000, |peer, code| {
        peer.request("GET", &format!("/?code={code}&state={STATE}"), "Accept: */*", "")
    });
}

#[test]
fn without_descriptors_too() {
    if listen_if_told() {
        return;
    }
    let victim = Victim::start("attack::without_descriptors_too", 40);
    let peer = Peer::new("127.0.0.1", victim.port);
    let idle: Vec<_> = (0..60).map(|_| peer.open()).collect();
    let mut open = peer.open();
    open.send(peer.form(&format!("code=c&state={STATE}")).as_bytes());
    assert!(open.rest().contains("You are signed in"));
    assert_eq!(victim.outcome().code, Fingerprint::of("c").as_str());
    drop(idle);
}

/// Attacks a sign-in with so many idle connections and at least so many requests, and on and on while the true redirect is sent. Returns how many whole
/// requests were read before it.
fn under_attack(
    test: &str,
    address: &'static str,
    idle: usize,
    requests: usize,
    redirect: fn(Peer, &str) -> String,
) -> usize {
    let victim = Victim::start(test, 1024);
    let peer = Peer::new(address, victim.port);
    let idle: Vec<_> = (0..idle).map(|_| peer.open()).collect();
    let over = AtomicBool::new(false);
    let (done, all_done) = mpsc::channel();
    let code = "c0-De_.~".repeat(750);
    let page = std::thread::scope(|scope| {
        for number in 0..ATTACKERS {
            let (done, over) = (done.clone(), &over);
            scope.spawn(move || {
                let mut attacker = Attacker::new(peer, number);
                (0..requests / ATTACKERS).for_each(|_| assert!(attacker.strike(), "nobody listens any more"));
                done.send(()).unwrap();
                while !over.load(Ordering::SeqCst) && attacker.strike() {}
            });
        }
        drop(done);
        let over_at_end = OverAtEnd(&over);
        for _ in 0..ATTACKERS {
            all_done.recv().unwrap();
        }
        let mut open = peer.open();
        open.send(redirect(peer, &code).as_bytes());
        let page = open.rest();
        drop(over_at_end);
        page
    });
    assert!(
        page.contains("You are signed in") && page.ends_with("</html>\n"),
        "{page}"
    );
    drop(idle);
    let outcome = victim.outcome();
    assert_eq!(outcome.code, Fingerprint::of(&code).as_str());
    assert!(outcome.growth_kib < MOST_MEMORY_KIB, "{outcome:?}");
    outcome.strays
}

/// Lets the attackers go, however the test ends.
struct OverAtEnd<'a>(&'a AtomicBool);

impl Drop for OverAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Sends one bad request after the other, and holds on to those that are never answered.
pub(crate) struct Attacker {
    peer: Peer,
    number: usize,
    held: VecDeque<Open>,
}

impl Attacker {
    pub(crate) fn new(peer: Peer, number: usize) -> Self {
        Self {
            peer,
            number,
            held: VecDeque::new(),
        }
    }

    /// Whether there was anybody to strike.
    pub(crate) fn strike(&mut self) -> bool {
        self.number += 1;
        let Some(mut open) = self.peer.try_open() else {
            return false;
        };
        let (bytes, is_whole) = bad_request(self.peer, self.number);
        open.send(&bytes);
        // A byte more for one that is slow.
        if let Some(slow) = self.held.front_mut() {
            slow.send(b"x");
        }
        match self.number % 3 {
            // Gone without a look at the answer.
            0 => drop(open),
            1 if is_whole => {
                let told = open.rest_or_reset().unwrap_or_default();
                assert!(told.is_empty() || told.starts_with("HTTP/1.1 "), "{told}");
                assert!(!told.contains(PLANTED) && !told.contains("You are signed in"), "{told}");
            }
            _ => self.held.push_back(open),
        }
        if self.held.len() > 20 {
            self.held.pop_front();
        }
        true
    }
}

/// A bad request, and whether it is one that is answered or dropped at once.
fn bad_request(peer: Peer, number: usize) -> (Vec<u8>, bool) {
    let get = |target: &str| peer.request("GET", target, "Accept: */*", "").into_bytes();
    let with = |header: &str, body: &str| peer.request("POST", "/", header, body).into_bytes();
    let code = format!("code={PLANTED}-{number}");
    let form = "Content-Type: application/x-www-form-urlencoded";
    let bytes = match number % 31 {
        // Strays.
        0 => get("/"),
        1 => get("/favicon.ico"),
        2 => get(&format!("/{PLANTED}?{code}&state={STATE}")),
        3 => peer
            .request("OPTIONS", "/", "Origin: https://evil.example", "")
            .into_bytes(),
        4 => peer
            .request("HEAD", &format!("/?{code}&state={STATE}"), "A: b", "")
            .into_bytes(),
        // Forged.
        5 => get(&format!("/?error=access_denied&error_description={PLANTED}")),
        6 => get(&format!("/?error=access_denied&state={PLANTED}")),
        7 => get(&format!("/?{code}&state={}", &STATE[1..])),
        8 => get(&format!("/?{code}&state={STATE}&state={STATE}")),
        9 => peer.form(&format!("{code}&state={PLANTED}")).into_bytes(),
        10 => peer.form(&format!("error=access_denied&state={STATE}x")).into_bytes(),
        11 => peer
            .form(&format!("error=access_denied&error_description={PLANTED}"))
            .into_bytes(),
        12 => with("Content-Type: application/json\r\nContent-Length: 2", "{}"),
        // From a page whose name was made to mean this machine.
        13 => format!("GET /?{code}&state={STATE} HTTP/1.1\r\nHost: evil.example\r\n\r\n").into_bytes(),
        14 => {
            format!("GET http://evil.example/?{code}&state={STATE} HTTP/1.1\r\nHost: evil.example\r\n\r\n").into_bytes()
        }
        // Binary.
        15 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(40),
        16 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04".to_vec(),
        17 => (0..5_000)
            .map(|place| ((place * 7 + number) * 31 % 251) as u8)
            .collect(),
        18 => vec![0; 70_000],
        // Smuggled.
        19 => with(&format!("{form}\r\nContent-Length: 3\r\nContent-Length: 60"), "a=b"),
        20 => with(
            &format!("{form}\r\nTransfer-Encoding: chunked\r\nContent-Length: 3"),
            "0\r\n\r\n",
        ),
        21 => with(
            &format!("{form}\r\nTransfer-Encoding: chunked"),
            "3\r\na=b\r\n0\r\n\r\n",
        ),
        22 => with(
            &format!("{form}\r\nContent-Length: 0"),
            &format!("GET /?{code}&state={STATE} HTTP/1.1\r\n\r\n"),
        ),
        // Huge.
        23 => get(&format!("/?{code}{}", "x".repeat(100_000))),
        24 => with(&format!("{form}\r\nContent-Length: 1000000"), &"x".repeat(200_000)),
        25 => with(&"A: b\r\n".repeat(2_000), ""),
        26 => "\r\n".repeat(50_000).into_bytes(),
        // Slow: never whole.
        27 => return (Vec::new(), false),
        28 => return (b"GET /?code=".to_vec(), false),
        29 => {
            return (
                with(&format!("{form}\r\nContent-Length: 65000"), &"x".repeat(64_000)),
                false,
            );
        }
        _ => {
            return (
                format!("GET /?code={} HTTP/1.1\r\nHost: ", "x".repeat(30_000)).into_bytes(),
                false,
            );
        }
    };
    (bytes, true)
}
