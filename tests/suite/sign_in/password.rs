//! User name and password.

use super::{assert_no_token, bed, left, login, signed_in};
use crate::support::Bed;
use entra_sandbox::{ANA, BEN, DAN, Demand, EVE, FAY, Flow, LOU, MIA, NOA, Policy, User};

#[test]
fn a_password_is_asked_for_without_echo() {
    let bed = bed();
    let mut seat = login(&bed, &["--username", ANA.upn]).at_terminal();
    seat.wait_for(&format!("password of {} (not shown): ", ANA.upn));
    assert!(!seat.echoes());
    // A slip, and the right one.
    seat.types("wrong\x15").type_line(ANA.password);
    seat.wait_for(&signed_in(&ANA));
    let screen = seat.done().exits(0);
    assert!(!screen.contains(ANA.password) && !screen.contains("wrong"), "{screen}");
    assert_no_token(&bed, &screen);

    let mut seat = login(&bed, &["--username", BEN.upn]).at_terminal();
    seat.wait_for("(not shown): ").type_line("planted-wrong-password");
    let screen = seat.wait_for("AADSTS50126").screen();
    assert!(!screen.contains("planted"), "{screen}");
    assert_ne!(seat.done().exit, 0);
}

#[test]
fn a_question_can_wait_in_the_background() {
    let bed = bed();
    let mut seat = login(&bed, &["--username", ANA.upn]).at_terminal();
    seat.wait_for("(not shown): ").ctrl('z').stopped();
    assert!(seat.echoes() && seat.is_restored());
    seat.resumes().wait_for("(not shown): ").type_line(ANA.password);
    seat.wait_for(&signed_in(&ANA));
    seat.done().exits(0);
}

#[test]
fn a_password_from_standard_input() {
    for at_terminal in [false, true] {
        for line in [ANA.password.to_owned(), format!("{}\r\nrest", ANA.password)] {
            let bed = Bed::new();
            let run = login(&bed, &["--username", ANA.upn, "--password-stdin"]).stdin(&line);
            let told = if at_terminal {
                run.at_terminal().done().exits(0)
            } else {
                let done = run.done();
                assert_eq!(done.exit, Some(0), "{}", done.err);
                format!("{}{}", done.err, done.out)
            };
            assert!(told.contains(&signed_in(&ANA)), "{told}");
            assert!(
                told.contains("Microsoft is retiring sign-in by password alone"),
                "{told}"
            );
            assert!(!told.contains(ANA.password), "{told}");
            assert_eq!(bed.sandbox.counts().endpoints.get("user_realm"), Some(&1));
            assert_no_token(&bed, &told);
        }
    }
}

/// Signs in with a password that may be the right one: exit status and errors.
fn fails(bed: &Bed, user: &User, password: &str, exit: i32) -> String {
    let before = left(bed);
    let told = login(bed, &["--username", user.upn, "--password-stdin"])
        .stdin(password)
        .fails(exit);
    assert_eq!(left(bed), before, "{}", user.upn);
    assert!(!told.contains(password), "{told}");
    told
}

/// Each account's trouble, told with what helps.
#[test]
fn accounts_that_a_password_does_not_open() {
    let bed = Bed::new();
    let by_browser = |user: &User| {
        format!(
            "run: entra-token login --host {} --account {}",
            bed.sandbox.workspace(),
            user.upn
        )
    };
    for (user, exit, what, remedy) in [
        (
            &MIA,
            4,
            "multi-factor authentication is needed (AADSTS50076)",
            format!(
                "a password alone is not enough, sign in with the browser; {}",
                by_browser(&MIA)
            ),
        ),
        (
            &NOA,
            4,
            "multi-factor authentication must be set up (AADSTS50079)",
            format!(
                "sign in with the browser, which offers to set it up; {}",
                by_browser(&NOA)
            ),
        ),
        (
            &FAY,
            5,
            "its password is checked by the organisation's own server `federated.example`, not by Entra ID",
            format!("sign in with the browser, {}", by_browser(&FAY)),
        ),
        (
            &DAN,
            5,
            "the account is disabled (AADSTS50057)",
            "ask the administrator".to_owned(),
        ),
        (
            &LOU,
            5,
            "the account is locked, or this address is blocked (AADSTS50053)",
            "wait, or have it unblocked".to_owned(),
        ),
        (
            &EVE,
            4,
            "the password has expired (AADSTS50055)",
            "change it in the portal first".to_owned(),
        ),
    ] {
        let told = fails(&bed, user, user.password, exit);
        assert!(told.contains(what) && told.contains(&remedy), "{}: {told}", user.upn);
    }
    // A federated account's password never leaves this machine.
    let fays = bed.sandbox.log().iter().any(|entry| {
        entry.endpoint == "token"
            && entry
                .form
                .iter()
                .any(|(name, value)| name == "username" && value == FAY.upn)
    });
    assert!(!fays);
}

#[test]
fn a_password_that_is_wrong() {
    let bed = Bed::new();
    let told = fails(&bed, &ANA, "planted-wrong-password", 4);
    assert!(
        told.contains("the user name or the password is wrong (AADSTS50126)"),
        "{told}"
    );
    let again = format!(
        "type it anew, run: entra-token login --host {} --username {}\n",
        bed.sandbox.workspace(),
        ANA.upn
    );
    assert!(told.contains(&again), "{told}");
    let unknown = User {
        upn: "nobody@contoso.example",
        ..ANA
    };
    let told = fails(&bed, &unknown, ANA.password, 4);
    assert!(
        told.contains("the user is unknown in this tenant (AADSTS50034)"),
        "{told}"
    );
    assert!(told.contains("check the user name and `--tenant`"), "{told}");
}

/// A federated account is not even asked for its password.
#[test]
fn nothing_is_asked_that_cannot_be_used() {
    let bed = Bed::new();
    let screen = login(&bed, &["--username", FAY.upn]).at_terminal().done().exits(5);
    assert!(!screen.contains("(not shown)"), "{screen}");
}

/// The refusal comes with a claims challenge; the command that is printed carries it.
#[test]
fn a_policy_that_wants_more_than_a_password() {
    let bed = Bed::new();
    bed.sandbox
        .policy(Policy::new("second factor", Demand::Mfa).flow(Flow::Password));
    let told = fails(&bed, &ANA, ANA.password, 4);
    assert!(
        told.contains("AADSTS50076") && told.contains("sign in with the browser"),
        "{told}"
    );
    assert!(told.contains(" --claims "), "{told}");
}
