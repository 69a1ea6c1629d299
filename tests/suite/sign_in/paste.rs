//! A browser anywhere: the address at which it ends is pasted, whole or in part, or comes by itself.

use super::{assert_free, assert_no_token, bed, ends_at, left, login, parameter, port, shown_address, signed_in};
use crate::support::Bed;
use entra_sandbox::{ANA, BEN};

const QUESTION: &str = "paste the address: ";

#[test]
fn a_long_address_is_pasted() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.code_length = 6000);
    for wrapped in [false, true] {
        let mut seat = login(&bed, &["--paste"]).at_terminal();
        let address = shown_address(&mut seat);
        seat.wait_for(QUESTION);
        assert!(!seat.echoes());
        let mut end = ends_at(&bed, &address);
        assert!(end.len() > 6000);
        if wrapped {
            for at in [4096, 200, 80] {
                end.insert(at, '\n');
            }
        }
        seat.paste(&format!("{end}\n"));
        seat.type_line("").wait_for(&signed_in(&ANA));
        let screen = seat.done().exits(0);
        assert_no_token(&bed, &screen);
    }
}

/// As it stands in the address bar, as a person copies a part of it, and the code alone.
#[test]
fn whatever_holds_the_code() {
    let bed = bed();
    let parts: [fn(&str) -> String; 5] = [
        str::to_owned,
        |end| end.trim_start_matches("http://").to_owned(),
        |end| end.split_once('?').unwrap().1.to_owned(),
        |end| format!("  '{end}#'  "),
        |end| parameter(end, "code").unwrap(),
    ];
    for part in parts {
        let mut seat = login(&bed, &["--paste"]).at_terminal();
        let address = shown_address(&mut seat);
        assert_eq!(parameter(&address, "response_mode").as_deref(), Some("query"));
        let pasted = part(&ends_at(&bed, &address));
        seat.wait_for(QUESTION).type_line(&pasted).wait_for(&signed_in(&ANA));
        let screen = seat.done().exits(0);
        assert!(screen.contains("  way          paste\n"), "{screen}");
        assert_free(port(&address));
    }
}

#[test]
fn what_is_no_address_is_told_and_asked_again() {
    let bed = bed();
    let mut other = login(&bed, &["--paste"]).at_terminal();
    let end_of_another = ends_at(&bed, &shown_address(&mut other));
    let mut seat = login(&bed, &["--paste"]).at_terminal();
    let address = shown_address(&mut seat);
    let without_answer = format!("http://localhost:{}/", port(&address));
    for (line, told) in [
        ("", "nothing was pasted; copy the whole address"),
        ("hello", "neither an address nor a code"),
        ("entra-token get -o token", "neither an address nor a code"),
        (address.as_str(), "this is the address to sign in at"),
        (end_of_another.as_str(), "this address belongs to another sign-in"),
        (without_answer.as_str(), "this address holds no code"),
        ("https://portal.azure.com/", "this address holds no code"),
        (
            "http://localhost/?error=access_denied",
            "this address belongs to another sign-in",
        ),
    ] {
        seat.wait_for(QUESTION).type_line(line).wait_for(told);
    }
    assert_eq!(bed.posts(), 0, "nothing of it was sent");
    seat.wait_for(QUESTION);
    seat.type_line(&ends_at(&bed, &address)).wait_for(&signed_in(&ANA));
    seat.done().exits(0);
    // The other one still waits for its own.
    other.wait_for(QUESTION).type_line(&end_of_another);
    other.wait_for(&signed_in(&ANA));
    other.done().exits(0);
}

/// A code is bound to the sign-in that asked for it, also where nothing else tells so.
#[test]
fn a_code_of_another_sign_in_is_good_for_nothing() {
    let bed = bed();
    let before = left(&bed);
    let mut other = login(&bed, &["--paste"]).at_terminal();
    let code = parameter(&ends_at(&bed, &shown_address(&mut other)), "code").unwrap();
    let mut seat = login(&bed, &["--paste"]).at_terminal();
    seat.wait_for(QUESTION).type_line(&code);
    let screen = seat.done().exits(4);
    assert!(
        screen.contains("AADSTS500112") || screen.contains("AADSTS501481"),
        "{screen}"
    );
    other.wait_for(QUESTION).ctrl_c();
    other.done().exits(5);
    assert_eq!(left(&bed), before);
}

/// Where the port is forwarded, or the browser is on this machine after all.
#[test]
fn the_browser_may_come_by_itself() {
    let bed = Bed::new();
    let mut seat = login(&bed, &["--paste"]).at_terminal();
    let address = shown_address(&mut seat);
    seat.wait_for(QUESTION).types("http://local");
    let page = bed.sandbox.person(&BEN).unwrap().visit(&address).unwrap();
    assert!(page.text.contains("You are signed in"), "{}", page.text);
    seat.wait_for(&signed_in(&BEN));
    seat.done().exits(0);
    assert_free(port(&address));
}

#[test]
fn a_refusal_can_be_pasted_too() {
    let bed = Bed::new();
    let before = left(&bed);
    let mut seat = login(&bed, &["--paste"]).at_terminal();
    let address = shown_address(&mut seat);
    let state = parameter(&address, "state").unwrap();
    let end = format!(
        "http://localhost:{}/?error=access_denied&error_subcode=cancel&state={state}&error_description=AADSTS65004%3a+User+declined+to+consent+to+access+the+app.%0d%0aTrace+ID%3a+11111111-2222-4333-8444-555555555555",
        port(&address)
    );
    seat.wait_for(QUESTION).type_line(&end);
    let screen = seat.done().exits(5);
    assert!(screen.contains("(AADSTS65004)"), "{screen}");
    assert!(
        screen.contains("trace id 11111111-2222-4333-8444-555555555555"),
        "{screen}"
    );
    assert_eq!(left(&bed), before);
    assert_eq!(bed.posts(), 0);
}
