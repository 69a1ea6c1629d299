//! `exec`: one command gets the token, and it stands in our place.

use crate::support::Bed;
use entra_sandbox::Lifetime;

const PRINT: &str = "printf '%s|%s|%s' \"$DATABRICKS_TOKEN\" \"$DATABRICKS_AUTH_TYPE\" \"$DATABRICKS_HOST\"";

#[test]
fn what_databricks_tools_read() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let run = |args: &[&str]| {
        let all: Vec<_> = [&["exec"], args, &["--", "/bin/sh", "-c", PRINT]].concat();
        bed.run(all).ok()
    };
    assert_eq!(run(&["--host", &host]), format!("{}|pat|{host}", bed.token()));
    assert_eq!(run(&[]), format!("{}|pat|", bed.token()));
    assert_eq!(bed.posts(), 0);
}

#[test]
fn chosen_names() {
    let bed = Bed::signed_in();
    let print = "printf '%s|%s|%s' \"$A\" \"$B\" \"${DATABRICKS_TOKEN-none}\"";
    let args = ["exec", "--env", "A", "--env", "B=header", "--", "/bin/sh", "-c", print];
    let token = bed.token();
    assert_eq!(
        bed.run(args).ok(),
        format!("{token}|Authorization: Bearer {token}|none")
    );
    let told = bed.run(["exec", "--env", "A=host", "--", "/bin/true"]).fails(2);
    assert!(told.contains("no host is known"), "{told}");
}

#[test]
fn a_token_that_lasts() {
    let bed = Bed::new();
    bed.sandbox.set_lifetime(Lifetime::seconds(15 * 60));
    bed.sign_in(&entra_sandbox::ANA).ok();
    let (held, posts) = (bed.token(), bed.posts());
    let run = |more: &[&str]| {
        let all: Vec<_> = [
            &["exec", "--env", "A"],
            more,
            &["--", "/bin/sh", "-c", "printf %s \"$A\""],
        ]
        .concat();
        bed.run(all).ok()
    };
    assert_eq!(run(&[]), held);
    assert_eq!(bed.posts(), posts);
    bed.store().age(61);
    assert_ne!(run(&["--min-ttl", "3000"]), held);
    assert_eq!(bed.posts(), posts + 1);
}

#[test]
fn streams_status_and_signals_are_the_commands_own() {
    let bed = Bed::signed_in();
    let run = |script| bed.run(["exec", "--", "/bin/sh", "-c", script]);
    assert_eq!(run("cat").stdin("what is read").ok(), "what is read");
    let done = run("echo told >&2; exit 7").done();
    assert_eq!((done.exit, done.err.as_str()), (Some(7), "told\n"));
    assert_eq!(
        run("kill -TERM $$").done().exit,
        None,
        "the signal reaches whoever called us"
    );
}

#[test]
fn without_a_token_nothing_is_run() {
    let bed = Bed::new();
    let mark = bed.home().join("ran");
    let told = bed
        .run(["exec", "--", "/usr/bin/touch", mark.to_str().unwrap()])
        .fails(3);
    assert!(told.contains("entra-token login") && !mark.exists(), "{told}");
    bed.sign_in(&entra_sandbox::ANA).ok();
    let told = bed.run(["exec", "--", "/nowhere/command"]).fails(2);
    assert!(
        told.starts_with("entra-token: `/nowhere/command` cannot be run"),
        "{told}"
    );
    bed.run(["exec"]).fails(2);
}
