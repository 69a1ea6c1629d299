//! A code that is typed into a page on any device.

use super::{LONG, assert_no_token, bed, left, login, signed_in};
use crate::support::{Attendant, Bed, Seat};
use entra_sandbox::{ANA, BEN, Demand, Fault, FaultKind, Flow, Policy};

/// Nobody approves by itself, and a poll a second is not too often.
fn quick() -> Bed {
    let bed = Bed::new();
    bed.sandbox.change(|settings| settings.device_interval = 1);
    bed
}

/// A sign-in that waits, and the code that it shows.
fn waiting(bed: &Bed) -> (Seat, String) {
    let mut seat = login(bed, &["--device-code"]).at_terminal();
    seat.wait_for("waiting for the code to be typed, ");
    let [code] = bed.sandbox.user_codes().try_into().unwrap();
    assert!(seat.screen().contains(&format!("\n\n    {code}\n\n")));
    (seat, code)
}

#[test]
fn a_device_code_is_waited_for_in_sight() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_auto_approve = None);
    let mut seat = login(&bed, &["--device-code"]).at_terminal();
    seat.wait_for("waiting for the code to be typed, 14:").wait_for("\r");
    let [code] = bed.sandbox.user_codes().try_into().unwrap();
    assert!(seat.screen().contains(&code));
    assert!(bed.sandbox.approve_device(&code, &BEN));
    seat.wait_for(&signed_in(&BEN));
    assert_no_token(&bed, &seat.done().exits(0));
}

#[test]
fn the_code_is_typed_into_the_page() {
    let bed = quick();
    let mut seat = login(&bed, &["--device-code"]).at_terminal();
    Attendant::new(&bed, &ANA).until(&mut seat, &signed_in(&ANA));
    let screen = seat.done().exits(0);
    let warned = "type only codes that a command of your own has just shown";
    assert!(
        screen.contains(warned) && screen.contains("Azure Databricks"),
        "{screen}"
    );
    assert_no_token(&bed, &screen);
}

/// How long it waits between two questions, in milliseconds, from answer to question.
fn pauses(bed: &Bed) -> Vec<u64> {
    let log = bed.sandbox.log();
    let polls = log.iter().filter(|entry| entry.endpoint == "token");
    let times: Vec<_> = polls.map(|entry| entry.time_ms).collect();
    times.windows(2).map(|two| two[1] - two[0]).collect()
}

#[test]
fn it_is_asked_for_again_until_it_was_typed() {
    let bed = quick();
    bed.sandbox.fault(Fault::token(FaultKind::Reset { acted: false }));
    let (mut seat, code) = waiting(&bed);
    // The one that failed, and one that was too early for the person.
    assert!(bed.sandbox.wait_for_requests("token", 2, LONG));
    assert!(bed.sandbox.approve_device(&code, &ANA));
    seat.wait_for(&signed_in(&ANA));
    seat.done().exits(0);
    let pauses = pauses(&bed);
    assert!(
        pauses.len() == 2 && pauses.iter().all(|pause| *pause >= 2000),
        "less often after a failure: {pauses:?}"
    );
}

#[test]
fn it_is_asked_for_less_often_if_told_so() {
    let bed = quick();
    let slow_down = r#"{"error":"slow_down","error_codes":[70016]}"#;
    bed.sandbox.fault(Fault::token(FaultKind::status(400, None, slow_down)));
    let (mut seat, code) = waiting(&bed);
    assert!(bed.sandbox.wait_for_requests("token", 1, LONG));
    assert!(bed.sandbox.approve_device(&code, &ANA));
    seat.wait_for(&signed_in(&ANA));
    seat.done().exits(0);
    let pauses = pauses(&bed);
    assert!(pauses.len() == 1 && pauses[0] >= 6000, "five seconds more: {pauses:?}");
}

#[test]
fn a_code_that_was_declined() {
    let bed = quick();
    let before = left(&bed);
    let (seat, code) = waiting(&bed);
    assert!(bed.sandbox.decline_device(&code));
    let screen = seat.done().exits(5);
    assert!(
        screen.contains("the sign-in was declined on its page (AADSTS65004)"),
        "{screen}"
    );
    assert!(screen.contains("run: entra-token login --host"), "{screen}");
    assert_eq!(left(&bed), before);
}

#[test]
fn a_code_that_nobody_types_in_time() {
    let bed = quick();
    bed.sandbox.change(|settings| settings.device_expires_in = 2);
    let before = left(&bed);
    let (seat, _) = waiting(&bed);
    let screen = seat.done().exits(6);
    assert!(screen.contains("the code was not typed in time"), "{screen}");
    assert!(
        screen.contains(&format!(
            "run `entra-token login --host {} --device-code` again for a new one",
            bed.sandbox.workspace()
        )),
        "{screen}"
    );
    assert_eq!(left(&bed), before);
}

/// The way that many organisations block: whoever meets that is sent to the browser, where it works.
#[test]
fn a_policy_against_device_codes() {
    let bed = quick();
    bed.sandbox
        .policy(Policy::new("no device codes", Demand::Block(53003)).flow(Flow::DeviceCode));
    let before = left(&bed);
    let (seat, code) = waiting(&bed);
    let mut ana = bed.sandbox.person(&ANA).unwrap().with_code(&code);
    let page = ana.visit(&format!("{}/devicelogin", bed.sandbox.authority())).unwrap();
    assert!(page.text.contains("AADSTS53003"), "{}", page.text);
    let screen = seat.done().exits(4);
    assert!(
        screen.contains("a Conditional Access policy blocks it (AADSTS53003)"),
        "{screen}"
    );
    assert!(screen.contains("use the browser, not a device code"), "{screen}");
    assert_eq!(left(&bed), before);
}
