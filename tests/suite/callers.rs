//! Each protocol through the life of a login: cached, refreshed, refused, network down, malformed, nobody signed in.

mod life;

use crate::support::{Bed, Done};
use entra_sandbox::DATABRICKS;
use entra_token::error::Kind;
use life::{Case, told};
use serde_json::Value;

/// The host of the workspace with its port, as git and others name it.
fn host(bed: &Bed) -> String {
    bed.sandbox.workspace().replace("https://", "")
}

/// The value of a line `key=value`.
fn line(text: &str, key: &str) -> String {
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    value.unwrap_or_else(|| panic!("no `{key}` in {text}")).to_owned()
}

/// A member of a JSON text, by its pointer.
fn member(text: &str, pointer: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"));
    let member = value.pointer(pointer).and_then(Value::as_str);
    member.unwrap_or_else(|| panic!("no `{pointer}` in {text}")).to_owned()
}

#[test]
fn git() {
    let bed = Bed::signed_in();
    let input = format!("protocol=https\nhost={}\n\n", host(&bed));
    Case {
        args: &["as", "git", "get"],
        input: &input,
        token: |out| line(out, "password"),
        malformed: (&["as", "git", "get"], "protocol=https\r\n\r\n"),
        failed: told,
    }
    .through(&bed);
}

#[test]
fn git_says_that_a_token_was_refused() {
    let bed = Bed::signed_in();
    let host = host(&bed);
    let git = |operation, more: &str| {
        let input = format!("capability[]=authtype\nprotocol=https\nhost={host}\n{more}\n");
        bed.run(["as", "git", operation]).stdin(input).ok()
    };
    let first = line(&git("get", ""), "credential");
    assert_eq!(git("erase", "authtype=Bearer\ncredential=another\n"), "");
    assert_eq!((line(&git("get", ""), "credential"), bed.posts()), (first.clone(), 0));
    assert_eq!(git("erase", &format!("authtype=Bearer\ncredential={first}\n")), "");
    assert_ne!(line(&git("get", ""), "credential"), first);
    assert_eq!(bed.posts(), 1);
    // A host that is on no list.
    let input = "protocol=https\nhost=github.com\n\n";
    assert_eq!(bed.run(["as", "git", "get"]).stdin(input).ok(), "");
}

#[test]
fn kubectl() {
    let bed = Bed::signed_in();
    let args = ["as", "kubectl", "--server-id", DATABRICKS.id()];
    Case {
        args: &args,
        input: "",
        token: |out| member(out, "/status/token"),
        malformed: (&["as", "kubectl", "--server-id"], ""),
        failed: told,
    }
    .through(&bed);
}

#[test]
fn azd() {
    let bed = Bed::signed_in();
    let scope = format!("{}/.default", DATABRICKS.id());
    let args = [
        "as",
        "azd",
        "auth",
        "token",
        "--output",
        "json",
        "--no-prompt",
        "--scope",
        &scope,
    ];
    Case {
        args: &args,
        input: "",
        token: |out| member(out, "/token"),
        malformed: (&["as", "azd", "auth", "token", "-o", "json", "--claims", "?"], ""),
        failed: |done: &Done, kind| {
            assert_eq!((done.exit, done.out.as_str()), (Some(1), ""), "{done:?}");
            // A line that cannot be read says no form either.
            if kind != Kind::BadRequest {
                let logged_out = member(&done.err, "/error").contains("not logged in");
                assert_eq!(logged_out, kind == Kind::NotFound, "{done:?}");
            }
        },
    }
    .through(&bed);
}

#[test]
fn terraform() {
    let bed = Bed::signed_in();
    Case {
        args: &["as", "terraform"],
        input: r#"{"access_token_in_state":"true"}"#,
        token: |out| member(out, "/access_token"),
        malformed: (&["as", "terraform"], r#"{"tenant":7}"#),
        failed: told,
    }
    .through(&bed);
    bed.sign_in(&entra_sandbox::ANA).ok();
    let told = bed.run(["as", "terraform"]).stdin("{}").ok();
    assert!(!told.contains("token\"") && !told.contains(&bed.token()), "{told}");
}
