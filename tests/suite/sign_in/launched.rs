//! The browser that we open: what it is given, and what becomes of one that fails.

use super::{assert_no_token, bed, ends_at, login, shown_address, signed_in};
use crate::support::{ToldBrowser, address};
use entra_sandbox::ANA;

/// `$BROWSER` gets the address as one argument, nothing of ours, and no secret.
#[test]
fn a_browser_gets_the_address_and_nothing_else() {
    let bed = bed();
    let browser = ToldBrowser::in_folder(bed.home());
    let mut seat = login(&bed, &["--browser", "--response-mode", "query"])
        .env(
            "BROWSER",
            format!("/nowhere/browser:{} --new-window %s &", browser.command()),
        )
        .env("PATH", "/usr/bin:/bin")
        .env("DATABRICKS_TOKEN", "planted-1")
        .env("ARM_CLIENT_SECRET", "planted-2")
        .env("DISPLAY", ":7")
        .at_terminal();
    seat.wait_for("waiting for the browser");
    let address = address(&seat.screen());
    let [words, variables, streams] = browser.told();
    assert_eq!(words, format!("--new-window\n{address}\n"));
    assert!(!variables.contains("planted"), "{variables}");
    assert!(variables.lines().any(|line| line == "DISPLAY=:7"), "{variables}");
    assert_eq!(streams, "/dev/null\n/dev/null\n/dev/null\n");
    // The browser comes back.
    let client = bed.sandbox.client().unwrap();
    assert_eq!(client.get(&ends_at(&bed, &address), None).unwrap().status, 200);
    seat.wait_for(&signed_in(&ANA));
    let screen = seat.done().exits(0);
    assert!(!screen.contains("browser says"), "{screen}");
    assert_no_token(&bed, &screen);
}

/// A browser that fails is no reason to give up: the address is there.
#[test]
fn no_browser_is_told_with_the_reason() {
    let bed = bed();
    let mut seat = login(&bed, &["--browser"]).env("BROWSER", "/bin/false").at_terminal();
    let address = shown_address(&mut seat);
    seat.wait_for("no browser could be opened: `/bin/false` ended with status 1");
    seat.wait_for("waiting for the browser").ctrl_c();
    assert!(address.starts_with("https://"));
    seat.done().exits(130);
}
