//! `explain`: what a refusal's number means, from the command line and from the message that a refused call printed.

use crate::support::{Bed, Run};
use entra_sandbox::Refusal;

#[test]
fn the_message_of_a_refused_call_is_explained() {
    let bed = Bed::signed_in();
    bed.store().age(75 * 60);
    bed.sandbox.refuse(Refusal::new(50_105));
    let told = bed.run(["get"]).fails(5);
    let step = "Enterprise applications > `04b07795-8ddb-461a-bbee-02f9e1bf7b46` > Users and groups";
    assert!(told.contains(step), "{told}");
    let explained = Run::new(["explain", "-"]).stdin(told).ok();
    assert!(explained.starts_with("AADSTS50105: the user is not assigned to the application\n"));
    assert!(explained.contains("exit status 5, `denied`"), "{explained}");
    assert!(
        explained.contains("Enterprise applications > your app > Users and groups"),
        "{explained}"
    );
}

#[test]
fn a_challenge_with_the_refusal_goes_into_the_command() {
    let bed = Bed::signed_in();
    bed.store().age(75 * 60);
    bed.sandbox.refuse(Refusal {
        claims: Some(r#"{"access_token":{"acrs":{"value":"c1"}}}"#.to_owned()),
        ..Refusal::new(50_076)
    });
    let told = bed.run(["get"]).fails(4);
    let word = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJ2YWx1ZSI6ImMxIn19fQ";
    assert!(told.contains(&format!(" --claims {word}\n")), "{told}");
}

#[test]
fn it_needs_no_home_and_says_honestly_what_it_does_not_know() {
    Run::new(["explain", "AADSTS65001"]).ok();
    let told = Run::new(["explain", "AADSTS1"]).fails(3);
    assert!(told.contains("does not know `AADSTS1`"), "{told}");
    assert!(
        told.contains("https://login.microsoftonline.com/error?code=1\n"),
        "{told}"
    );
    Run::new(["explain", "nothing of the kind"]).fails(2);
}
