//! A browser on this machine, which comes back to a port of ours.

use super::{BY_HAND, assert_free, bed, left, login, parameter, port, signed_in, waiting};
use crate::support::Bed;
use entra_sandbox::{ANA, MIA};
use std::net::TcpListener;

#[test]
fn the_code_comes_back_in_a_form_or_in_the_address() {
    for (flags, mode) in [
        (&[][..], "form_post"),
        (&["--response-mode", "form_post"], "form_post"),
        (&["--response-mode", "query"], "query"),
    ] {
        let bed = Bed::new();
        let (running, address) = waiting(&bed, flags);
        assert_eq!(parameter(&address, "response_mode").as_deref(), Some(mode));
        let page = bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
        assert!(
            page.status == 200 && page.text.contains("You are signed in"),
            "{}",
            page.text
        );
        let done = running.done();
        assert_eq!(done.exit, Some(0), "{}", done.err);
        assert!(done.out.starts_with(&signed_in(&ANA)), "{}", done.out);
        assert!(done.out.contains("  way          browser\n"), "{}", done.out);
        assert_free(port(&address));
        assert_eq!(bed.posts(), 1);
        bed.token();
        assert_eq!(bed.posts(), 1, "the token that came along is kept");
    }
}

/// Passwords, second factors and consent are the page's business.
#[test]
fn the_page_may_ask_for_more() {
    let bed = Bed::new();
    let (running, address) = waiting(&bed, &[]);
    bed.sandbox.person(&MIA).unwrap().visit(&address).unwrap();
    assert!(running.done().out.starts_with(&signed_in(&MIA)));
}

#[test]
fn a_port_that_was_asked_for() {
    let bed = Bed::new();
    let wanted = free_port();
    let (running, address) = waiting(&bed, &["--redirect-port", &wanted.to_string()]);
    assert_eq!(port(&address), wanted);
    bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
    assert_eq!(running.done().exit, Some(0));
    assert_free(wanted);
}

#[test]
fn a_port_that_is_taken_or_is_none() {
    let bed = bed();
    let before = left(&bed);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let number = taken.local_addr().unwrap().port().to_string();
    let told = login(&bed, &[&BY_HAND[..], &["--redirect-port", &number]].concat()).fails(1);
    assert!(
        told.contains(&format!(
            "port {number} of this machine cannot be listened on: Address already in use"
        )),
        "{told}"
    );
    assert!(
        told.contains("leave `--redirect-port` out, or name a free one"),
        "{told}"
    );
    for none in ["0", "65536", "-1", "http", ""] {
        let told = login(&bed, &["--browser", &format!("--redirect-port={none}")]).fails(2);
        assert!(told.contains("expected a number from 1 to 65535"), "{none}: {told}");
    }
    assert_eq!(left(&bed), before);
    assert_eq!(bed.sandbox.counts().endpoints.get("authorize"), None);
}

/// A port that nobody listens on, and that the system gives to nobody by itself.
fn free_port() -> u16 {
    let first = 10_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let free =
        |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok() && TcpListener::bind(("::1", *port)).is_ok();
    let is_without_six = TcpListener::bind("[::1]:0").is_err();
    let found = (first..32_000).find(|port| match is_without_six {
        true => TcpListener::bind(("127.0.0.1", *port)).is_ok(),
        false => free(port),
    });
    found.unwrap()
}
