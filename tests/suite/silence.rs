//! What the program leaves alone: standard input that no protocol sends, an output that is closed or full, folders of
//! other formats, and its caller's patience.

use crate::support::world::{Authority, Plan, call};
use crate::support::{Bed, Done, Running, Store};
use std::sync::Arc;

/// Calls that succeed when somebody is signed in.
const CALLS: [&[&str]; 10] = [
    &["get"],
    &["get", "-o", "token"],
    &["status"],
    &["status", "--json"],
    &["why"],
    &["faces"],
    &["use", "ana@contoso.example"],
    &["--help"],
    &["--version"],
    &["rpc", "--help"],
];

const HELLO: &str = r#"{"v":1,"id":1,"op":"hello"}"#;

#[test]
fn standard_input_is_read_by_nobody_to_whom_nothing_is_sent() {
    let bed = Bed::signed_in();
    let wrong = [&["login"][..], &["frobnicate"], &["get", "--tenant", "a b"]];
    for args in CALLS.into_iter().chain(wrong).chain([&["logout"][..]]) {
        // The other end stays open and silent: whoever reads it hangs.
        let (reader, silent) = std::io::pipe().unwrap();
        // In a build, where `login` has nobody to ask.
        let run = bed.run(args.iter().copied()).env("CI", "true");
        let done = run.stdin_from(reader).spawn().done();
        assert!(matches!(done.exit, Some(0 | 2)), "{done:?}");
        drop(silent);
    }
}

#[test]
fn one_request_is_answered_before_the_end_of_input() {
    use std::io::Write;
    let bed = Bed::signed_in();
    let (reader, mut open) = std::io::pipe().unwrap();
    let running: Running = bed.run(["rpc"]).stdin_from(reader).spawn();
    writeln!(open, "{HELLO}").unwrap();
    assert!(running.done().ok().contains("\"result\""));
}

#[test]
fn a_closed_output_is_silent_and_a_full_one_is_told_in_a_line() {
    let bed = Bed::signed_in();
    let calls = CALLS.into_iter().map(|args| (args, ""));
    let stream = format!("{HELLO}\n{HELLO}\n{HELLO}\n");
    for (args, input) in calls.chain([
        (&["rpc"][..], HELLO),
        (&["rpc"], "nonsense"),
        (&["rpc", "--stream"], &stream),
    ]) {
        let run = || bed.run(args.iter().copied()).stdin(input);
        let done = run().stdout_closed().done();
        assert_eq!((done.exit, done.err.as_str()), (Some(1), ""), "{args:?}");
        let done: Done = run().stdout_to("/dev/full").done();
        assert_eq!(done.exit, Some(1), "{args:?}");
        assert!(
            done.err.lines().count() == 1 && done.err.contains("cannot write the answer"),
            "{args:?}: {}",
            done.err
        );
    }
}

#[test]
fn a_call_waits_as_long_as_its_caller_does() {
    const TENANT: &str = "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3";
    let authority = Arc::new(Authority::default());
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(home.path().to_owned());
    let patience = |args: &[&str], input: &str| {
        let (exit, _, err) = call(home.path(), &Plan::none(), &authority, args, input);
        assert_eq!((exit, err.as_str()), (0, ""), "{args:?}");
        let waited = authority.waited.lock().unwrap().pop().unwrap();
        waited.as_secs_f64()
    };
    // A busy machine spends a second before the request, but not two.
    let about = |seconds: f64, limit: f64| (limit - 2.0..=limit).contains(&seconds);
    let login = ["login", "--refresh-token-stdin", "--tenant", TENANT];
    assert!(about(patience(&login, "rt-first\n"), 30.0));
    for (args, input, seconds) in [
        (&["get"][..], "", 30.0),
        (&["get", "--timeout", "7"], "", 7.0),
        (&["rpc"], r#"{"v":1,"op":"get"}"#, 8.0),
        (&["rpc"], r#"{"v":1,"op":"get","timeout_ms":3000}"#, 3.0),
    ] {
        store.age(4500);
        let waited = patience(args, input);
        assert!(about(waited, seconds), "{args:?} {input}: {waited}");
    }
    store.age(4500 - 600);
    assert!(about(patience(&["get"], ""), 2.0), "in the early window");
}

#[test]
fn what_another_version_keeps_beside_ours_is_left_alone() {
    let bed = Bed::signed_in();
    let theirs = bed.folder().join("v2/logins/0123456789abcdef0123456789abcdef");
    std::fs::create_dir_all(&theirs).unwrap();
    std::fs::write(theirs.join("login.json"), r#"{"version":2}"#).unwrap();
    bed.token();
    let status = bed.run(["status"]).ok();
    assert!(!status.contains("v2"), "{status}");
    bed.store().age(75 * 60);
    bed.token();
    bed.run(["logout", "--all"]).ok();
    assert_eq!(
        std::fs::read_to_string(theirs.join("login.json")).unwrap(),
        r#"{"version":2}"#
    );
}
