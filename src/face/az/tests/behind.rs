//! Before the real az: what is its to answer, what it does too, and what it does not.

use super::script::Script;
use crate::error::Kind;
use crate::face::Outcome;
use crate::face::az::FACE;
use crate::face::testing::Caller;

#[test]
fn what_the_real_one_answers() {
    let real = || Script {
        az_behind: true,
        ..Script::default()
    };
    for line in [
        "",
        "vm list",
        "account",
        "account lock list",
        "account get-access-token",
        "account get-access-token --newer-option x",
        "account get-access-token --help",
        "account show",
        "account list",
        "account set -s x",
        "account clear",
        "logout",
        "login --service-principal -u a -p b --tenant c",
        "login --identity",
        "login --skip-subscription-discovery",
        "cloud show",
        "cloud list",
        "cloud set -n Lab",
        "cloud register -n Lab",
        "rest --method get",
    ] {
        let script = real();
        assert!(
            matches!(
                script.call(line),
                Outcome::Forward("az") | Outcome::ForwardElse("az", ..)
            ),
            "{line}"
        );
        assert!(script.out.lock().unwrap().is_empty() && script.err.lock().unwrap().is_empty());
    }
    // A mistake that is plain is answered at once, and what we hold is ours to answer.
    assert_eq!(real().fails("account get-access-token --query").0, 2);
    assert_eq!(real().fails("account get-access-token -o bad").0, 2);
    assert_eq!(real().fails("login --tenant").0, 2);
    let held = Script {
        az_behind: true,
        ..Script::rich()
    };
    assert_eq!(held.json("account show")["id"], "s-1");
    // What is chosen there alone is not chosen here, and that is told.
    for line in ["account set -s x", "login --identity", "cloud set -n Lab"] {
        assert!(
            matches!(held.call(line), Outcome::Forward("az") | Outcome::ForwardElse("az", ..)),
            "{line}"
        );
        let told = std::mem::take(&mut *held.err.lock().unwrap());
        assert!(
            told.contains("as ana@contoso.example") && told.contains("entra-token logout --all"),
            "{line}: {told}"
        );
    }
    assert_eq!(held.json("version")["azure-cli"], "2.91.0");
}

/// A link never makes a call fail that works without it: what is not known here may be known there. But what Entra ID says of
/// a login that is held is the answer, and nobody else's token.
#[test]
fn a_failure_is_for_the_real_one_unless_it_is_about_a_login() {
    let is_final = |kind| {
        use Kind::{CacheBusy, Cancelled, ConsentRequired, Denied, InteractionRequired};
        use Kind::{Network, StoreUnavailable, Throttled, Timeout};
        [
            InteractionRequired,
            ConsentRequired,
            Denied,
            Cancelled,
            Timeout,
            Network,
            Throttled,
            CacheBusy,
            StoreUnavailable,
        ]
        .contains(&kind)
    };
    for kind in Kind::ALL {
        for line in [
            "account get-access-token",
            "account get-access-token -s x -o tsv",
            "account get-access-token -t contoso.example --scope a/b",
            "account show",
            "account show -s x",
            "account list --refresh",
            "account set -s x",
            "account clear",
            "cloud show",
            "cloud list",
            "cloud set -n AzureUSGovernment",
            "logout",
            "logout --username x",
        ] {
            let args: Vec<_> = line.split(' ').collect();
            let seen = Caller::of(&FACE).args(&args).failing(kind).before_the_real_one().call();
            if is_final(kind) {
                assert_eq!(
                    (&seen.outcome, seen.out.as_str()),
                    (&Outcome::Done(1), ""),
                    "{line} {kind:?}"
                );
                assert!(seen.err.starts_with("ERROR: "), "{line} {kind:?}: {}", seen.err);
                continue;
            }
            assert!(
                matches!(&seen.outcome, Outcome::Forward("az") | Outcome::ForwardElse("az", ..)),
                "{line} {kind:?}: {seen:?}"
            );
            assert_eq!((seen.out.as_str(), seen.err.as_str()), ("", ""), "{line} {kind:?}");
        }
        // A person is told why this half failed.
        let seen = Caller::of(&FACE)
            .args(&["login", "--use-device-code"])
            .failing(kind)
            .before_the_real_one()
            .call();
        let is_silent = kind == Kind::NotFound;
        assert!(
            matches!(&seen.outcome, Outcome::Then("az", 1) | Outcome::ForwardElse("az", ..)),
            "{kind:?}: {seen:?}"
        );
        assert_eq!((seen.out.as_str(), seen.err.is_empty()), ("", is_silent), "{kind:?}");
    }
}

/// What changes here changes there.
#[test]
fn what_the_real_one_does_too() {
    let before = || Script {
        az_behind: true,
        ..Script::rich()
    };
    for (line, excused, must_succeed) in [
        ("account set -s Two", &[][..], false),
        ("account clear", &[], true),
        ("cloud set -n AzureChinaCloud --only-show-errors", &[], true),
        ("logout", &["There are no active accounts."], true),
    ] {
        let script = before();
        let Outcome::Also(also) = script.call(line) else {
            panic!("{line}");
        };
        assert_eq!((also.tool, also.exit), ("az", 0), "{line}");
        assert_eq!((also.excused, also.must_succeed), (excused, must_succeed), "{line}");
        assert!(script.out.lock().unwrap().is_empty() && script.err.lock().unwrap().is_empty());
    }
    let script = before();
    assert_eq!(script.call("login --use-device-code"), Outcome::Then("az", 0));
    assert!(script.out.lock().unwrap().is_empty(), "one of both answers");
    let told = script.err.lock().unwrap().clone();
    assert!(told.starts_with("WARNING: Signed in to entra-token as "), "{told}");
}
