//! The way that suits the place, if none was named.

use super::{bed, left, login, signed_in};
use entra_sandbox::ANA;

#[test]
fn the_place_chooses_the_way() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_auto_approve = None);
    let mut seat = login(&bed, &[])
        .env("SSH_CONNECTION", "203.0.113.7 1 203.0.113.8 22")
        .at_terminal();
    seat.wait_for("since `SSH_CONNECTION` is set (otherwise: `--browser` or `--device-code`)\n");
    seat.wait_for("paste the address: ").ctrl_c();
    seat.done().exits(5);

    let mut seat = login(&bed, &[])
        .env("CI", "true")
        .env("BROWSER", "/bin/true")
        .at_terminal();
    seat.wait_for("signing in with the browser, since `$BROWSER` is set")
        .wait_for("waiting for the browser")
        .ctrl_c();
    seat.done().exits(130);
}

/// A program that nobody watches may still show its code to somebody who reads its output.
#[test]
fn without_a_terminal_it_is_the_code() {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_interval = 1);
    let done = login(&bed, &[]).env("SSH_TTY", "/dev/pts/1").done();
    assert_eq!(done.exit, Some(0), "{}", done.err);
    assert!(
        done.err.starts_with(
            "signing in with a code, since `SSH_TTY` is set, and there is no terminal (otherwise: `--browser`)\n"
        ),
        "{}",
        done.err
    );
    assert!(!done.err.contains('\r'), "a line that is written over is for terminals");
    assert!(done.out.starts_with(&signed_in(&ANA)), "{}", done.out);
}

/// A build is not left waiting for somebody who never comes, unless it was told how.
#[test]
fn in_a_build_nobody_is_waited_for() {
    let bed = bed();
    let before = left(&bed);
    for name in [
        "CI",
        "GITHUB_ACTIONS",
        "TF_BUILD",
        "GITLAB_CI",
        "JENKINS_URL",
        "BUILDKITE",
    ] {
        for value in ["true", "https://ci.example/"] {
            let told = login(&bed, &[]).env(name, value).env("BROWSER", "/bin/true").fails(2);
            let why = format!("`{name}` is set, and there is no terminal: nobody can sign in here");
            assert!(told.contains(&why), "{told}");
            assert!(told.contains("--refresh-token-stdin"), "{told}");
        }
    }
    assert_eq!(bed.sandbox.counts().requests, 0);
    assert_eq!(left(&bed), before);
    bed.sandbox.change(|settings| settings.device_interval = 1);
    let done = login(&bed, &["--device-code"]).env("CI", "true").done();
    assert_eq!(done.exit, Some(0), "{}", done.err);
}

/// Ways that ask something need somebody to ask.
#[test]
fn what_needs_a_terminal_says_so() {
    let bed = bed();
    let before = left(&bed);
    let host = bed.sandbox.workspace();
    let told = login(&bed, &["--paste"]).fails(1);
    assert!(told.contains("there is no terminal to paste into"), "{told}");
    assert!(
        told.contains(&format!("run: entra-token login --host {host} --device-code")),
        "{told}"
    );
    let told = login(&bed, &["--username", ANA.upn]).fails(1);
    assert!(
        told.contains("there is no terminal to ask for the password at"),
        "{told}"
    );
    let by_file = format!(
        "run: entra-token login --host {host} --username {} --password-stdin < FILE",
        ANA.upn
    );
    assert!(told.contains(&by_file), "{told}");
    assert_eq!(bed.posts(), 0);
    assert_eq!(left(&bed), before);
}
