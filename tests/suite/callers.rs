//! Each protocol through the life of a login: cached, refreshed, refused, network down, malformed, nobody signed in.

mod life;

use crate::support::Bed;
use life::{Case, told};

/// The host of the workspace with its port, as git and others name it.
fn host(bed: &Bed) -> String {
    bed.sandbox.workspace().replace("https://", "")
}

/// The value of a line `key=value`.
fn line(text: &str, key: &str) -> String {
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    value.unwrap_or_else(|| panic!("no `{key}` in {text}")).to_owned()
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
