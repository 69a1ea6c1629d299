//! Signing in with the real program, at a terminal or without one: each way, what goes wrong on it, what is left behind.

mod at_once;
mod attacked;
mod browser;
mod claims;
mod compared;
mod device_code;
mod giving_up;
mod launched;
mod page;
mod password;
mod paste;
mod place;
mod refused;
mod registration;

use crate::support::{Bed, Run, Running, Seat, address};
use entra_sandbox::{ANA, User};
use std::path::PathBuf;
use std::time::Duration;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// A browser that is opened by hand.
const BY_HAND: [&str; 2] = ["--browser", "--no-browser"];

/// A bed whose sign-in page lets Ana in without a question, or whomever the hint names.
fn bed() -> Bed {
    let bed = Bed::new();
    bed.sandbox.auto_approve(&ANA);
    bed
}

/// A sign-in to the workspace.
fn login(bed: &Bed, way: &[&str]) -> Run {
    let workspace = bed.sandbox.workspace();
    bed.run(
        ["login", "--host", workspace.as_str()]
            .into_iter()
            .chain(way.iter().copied()),
    )
}

/// A sign-in by a browser that is opened by hand, without a terminal, once it waits; and the address.
fn waiting(bed: &Bed, flags: &[&str]) -> (Running, String) {
    let mut running = login(bed, &[&BY_HAND, flags].concat()).spawn();
    let address = address(running.hears("waiting for the browser"));
    (running, address)
}

/// What is told once a user is signed in.
fn signed_in(user: &User) -> String {
    format!("signed in as {}\n", user.upn)
}

/// The address that is shown on a line of its own.
fn shown_address(seat: &mut Seat) -> String {
    seat.wait_for("\n\nhttps://").wait_for("\n");
    address(&seat.seen())
}

/// Where the browser ends that opens this address, if nobody is asked on the page.
fn ends_at(bed: &Bed, address: &str) -> String {
    let answer = bed.sandbox.client().unwrap().get(address, None).unwrap();
    assert_eq!(answer.status, 302, "{}", String::from_utf8_lossy(&answer.body));
    answer.header("location").unwrap().to_owned()
}

/// A parameter of an address.
fn parameter(address: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(address).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// The port that the browser comes back to.
fn port(address: &str) -> u16 {
    let back = parameter(address, "redirect_uri").unwrap();
    back.strip_prefix("http://localhost:").unwrap().parse().unwrap()
}

/// Nobody listens on a port any more.
#[track_caller]
fn assert_free(port: u16) {
    for address in ["127.0.0.1", "::1"] {
        if let Err(why) = std::net::TcpListener::bind((address, port)) {
            assert_eq!(
                why.kind(),
                std::io::ErrorKind::AddrNotAvailable,
                "{address}:{port}: {why}"
            );
        }
    }
}

/// The files of the home folder, with their bytes.
fn left(bed: &Bed) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = bed.store().files();
    files.sort();
    files
}

/// No token is on a screen.
#[track_caller]
fn assert_no_token(bed: &Bed, screen: &str) {
    for token in [bed.store().refresh_token(), bed.token()] {
        assert!(!screen.contains(&token), "{screen}");
    }
}
