//! Every fault of the authority: the right code, the held token served while it lives, no panic, inside the deadline.

use crate::support::Bed;
use entra_sandbox::{ANA, AZURE_CLI, CONTOSO, Fault, FaultKind, Refusal, Times};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

const LIFE: i64 = 75 * 60;

fn status(status: u16, content_type: &str, body: &str) -> FaultKind {
    let headers = BTreeMap::from([("Content-Type".to_owned(), content_type.to_owned())]);
    FaultKind::Status {
        status,
        headers,
        body: body.to_owned(),
    }
}

fn rewrite(member: &str, value: serde_json::Value) -> FaultKind {
    FaultKind::Rewrite {
        set: json!({ member: value }).as_object().unwrap().clone(),
        remove: Vec::new(),
    }
}

/// Faults after which no token is to be had, each with the exit status.
fn fatal() -> Vec<(&'static str, FaultKind, i32)> {
    let redirect = BTreeMap::from([("Location".to_owned(), "https://localhost:1/elsewhere".to_owned())]);
    vec![
        ("429", FaultKind::throttled(3600), 6),
        ("500", status(500, "text/plain", "oops"), 6),
        (
            "502 with HTML",
            status(502, "text/html", "<html><body>Bad Gateway</body></html>"),
            6,
        ),
        (
            "503 as JSON",
            status(503, "application/json", r#"{"error":"temporarily_unavailable"}"#),
            6,
        ),
        ("reset", FaultKind::Reset { acted: false }, 6),
        ("close", FaultKind::Close { acted: false }, 6),
        ("hang", FaultKind::Hang { acted: false }, 6),
        ("truncated", FaultKind::Truncated, 6),
        (
            "huge",
            FaultKind::Huge {
                bytes: 100 << 20,
                announced: true,
            },
            6,
        ),
        (
            "huge and unannounced",
            FaultKind::Huge {
                bytes: 100 << 20,
                announced: false,
            },
            6,
        ),
        ("not JSON", FaultKind::NotJson, 6),
        ("empty", FaultKind::Empty, 6),
        ("garbage", FaultKind::Garbage, 6),
        (
            "redirect",
            FaultKind::Status {
                status: 307,
                headers: redirect,
                body: String::new(),
            },
            6,
        ),
        ("token is a number", rewrite("access_token", json!(7)), 6),
        ("token is empty", rewrite("access_token", json!("")), 6),
        ("token with a line end", rewrite("access_token", json!("a\nb")), 6),
        ("token type is a number", rewrite("token_type", json!(7)), 6),
        ("refresh token is a list", rewrite("refresh_token", json!(["a"])), 6),
        ("life is over already", rewrite("expires_in", json!(-1)), 6),
        ("drip", FaultKind::Drip { ms: 400 }, 6),
    ]
}

#[test]
fn without_a_token_each_fault_has_its_code_inside_the_deadline() {
    for (name, kind, exit) in fatal() {
        let bed = Bed::signed_in();
        bed.store().age(LIFE);
        bed.sandbox.fault(Fault {
            times: Times::Always,
            ..Fault::token(kind)
        });
        let done = bed.run(["get", "--timeout", "3"]).done();
        assert!(done.took < Duration::from_secs(6), "{name}: {:?}", done.took);
        let told = done.fails(exit);
        assert!(
            told.starts_with("entra-token: ") && !told.contains("panicked"),
            "{name}: {told}"
        );
        bed.sandbox.clear_faults();
        bed.store().forgive();
        bed.token();
    }
}

#[test]
fn a_held_token_is_served_through_every_fault() {
    for (name, kind, _) in fatal() {
        let bed = Bed::signed_in();
        let held = bed.token();
        bed.store().age(LIFE - 600);
        bed.sandbox.fault(Fault {
            times: Times::Always,
            ..Fault::token(kind)
        });
        let done = bed.run(["get", "-o", "token"]).done();
        assert!(done.took < Duration::from_millis(4000), "{name}: {:?}", done.took);
        assert_eq!(done.ok().trim_end(), held, "{name}");
        let posts = bed.posts();
        let again = bed.run(["get", "-o", "token"]).done();
        assert_eq!(again.ok().trim_end(), held, "{name}");
        assert_eq!(bed.posts(), posts, "{name}: the failure is remembered");
    }
}

#[test]
fn a_held_token_is_served_through_every_refusal() {
    for (code, ..) in REFUSALS {
        let bed = Bed::signed_in();
        let held = bed.token();
        bed.store().age(LIFE - 600);
        bed.sandbox.refuse(Refusal {
            times: Times::Always,
            ..Refusal::new(code)
        });
        for _ in 0..3 {
            assert_eq!(bed.token(), held, "{code}");
        }
        assert_eq!(bed.posts(), 1, "{code}: the refusal is remembered");
    }
}

#[test]
fn a_held_token_is_served_when_nobody_can_be_trusted() {
    let bed = Bed::signed_in();
    let held = bed.token();
    bed.store().age(LIFE - 600);
    assert_eq!(
        bed.run(["get", "-o", "token"]).without("SSL_CERT_FILE").ok().trim_end(),
        held
    );
}

/// A machine that is busy with something else has three tries to be as fast.
#[test]
fn a_hanging_authority_delays_the_early_window_by_two_seconds_and_a_half_at_most() {
    let limit = Duration::from_millis(2500);
    let quick = (0..3).any(|_| {
        let bed = Bed::signed_in();
        bed.store().age(LIFE - 600);
        bed.sandbox
            .fault(Fault::token(FaultKind::Hang { acted: false }).always());
        let done = bed.run(["get"]).done();
        let took = done.took;
        done.ok();
        took <= limit
    });
    assert!(quick, "longer than {limit:?} three times");
}

#[test]
fn a_sign_in_meets_every_fault_and_what_was_held_stays() {
    let bed = Bed::signed_in();
    let before = bed.store().files();
    let host = bed.sandbox.workspace();
    let sign_in = || {
        bed.run(["login", "--refresh-token-stdin", "--host", &host, "--timeout", "2"])
            .stdin(bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI))
    };
    for (name, kind, exit) in fatal() {
        bed.sandbox.fault(Fault::token(kind).always());
        let done = sign_in().done();
        assert!(done.took < Duration::from_secs(6), "{name}: {:?}", done.took);
        let told = done.fails(exit);
        assert!(
            told.starts_with("entra-token: ") && !told.contains("panicked"),
            "{name}: {told}"
        );
        bed.sandbox.clear_faults();
        assert!(bed.store().files() == before, "{name}: the store has changed");
    }
    for (code, exit, word) in REFUSALS {
        bed.sandbox.refuse(Refusal::new(code));
        let told = sign_in().fails(exit);
        assert!(told.contains(word), "{code}: {told}");
        assert!(bed.store().files() == before, "{code}: the store has changed");
    }
    sign_in().ok();
}

#[test]
fn a_workspace_that_points_elsewhere_is_not_followed() {
    let bed = Bed::new();
    let host = bed.sandbox.workspace();
    let elsewhere = bed.sandbox.authority_unknown_ca();
    for (location, exit, word) in [
        (
            "https://evil.example/common/oauth2/authorize".to_owned(),
            3,
            "no cloud of Microsoft",
        ),
        (format!("{elsewhere}/{}/oauth2", CONTOSO.id), 3, "no cloud of Microsoft"),
        ("http://login.microsoftonline.com/common".to_owned(), 1, "not https"),
        ("https://login.microsoftonline.com/../common".to_owned(), 1, "malformed"),
        ("/login.html".to_owned(), 1, "not absolute"),
    ] {
        bed.sandbox
            .change(|settings| settings.aad_auth_location = Some(location.clone()));
        bed.sandbox.clear_log();
        let told = bed
            .run(["login", "--refresh-token-stdin", "--host", &host])
            .stdin(bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI))
            .fails(exit);
        assert!(told.contains(word), "{location}: {told}");
        assert_eq!(
            bed.sandbox.counts().requests,
            1,
            "{location}: only the workspace was asked"
        );
        assert!(bed.store().logins().is_empty());
    }
}

#[test]
fn odd_but_valid_answers_are_understood() {
    for (name, kind) in [
        ("numbers as texts", FaultKind::NumbersAsTexts),
        (
            "no expires_in",
            FaultKind::Rewrite {
                set: serde_json::Map::new(),
                remove: vec!["expires_in".to_owned()],
            },
        ),
        ("unknown members", rewrite("novelty", json!({ "a": [1] }))),
        ("a slow answer", FaultKind::Delay { ms: 700 }),
        ("a close afterwards", FaultKind::CloseAfter),
    ] {
        let bed = Bed::signed_in();
        let old = bed.token();
        bed.store().age(LIFE);
        bed.sandbox.fault(Fault::token(kind));
        assert_ne!(bed.token(), old, "{name}");
        assert_eq!(bed.posts(), 1, "{name}");
    }
}

#[test]
fn a_transient_fault_is_retried_within_the_deadline() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(status(503, "text/plain", "")));
    bed.token();
    assert_eq!(bed.posts(), 2);
}

/// One refusal of each class, the exit status and a word of what is told.
const REFUSALS: [(u32, i32, &str); 9] = [
    (50_076, 4, "entra-token login"),
    (65_001, 4, "adminconsent"),
    (50_173, 4, "entra-token login"),
    (700_082, 4, "entra-token login"),
    (53_003, 4, "entra-token login"),
    (530_003, 4, "managed"),
    (530_084, 5, "signing in again will not help"),
    (50_057, 5, "signing in again will not help"),
    (700_016, 1, "--client-id"),
];

#[test]
fn refusals_have_their_exit_and_keep_what_support_asks_for() {
    for (code, exit, word) in REFUSALS {
        let bed = Bed::signed_in();
        bed.store().age(LIFE);
        bed.sandbox.refuse(Refusal {
            times: Times::Always,
            ..Refusal::new(code)
        });
        let told = bed.run(["get"]).fails(exit);
        for word in [&format!("AADSTS{code}"), word, "correlation id", "timestamp"] {
            assert!(told.contains(word), "{code}: {told}");
        }
    }
}

#[test]
fn a_certificate_that_nobody_knows_is_told_as_such() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    let told = bed.run(["get", "--timeout", "3"]).without("SSL_CERT_FILE").fails(6);
    assert!(told.contains("certificate") && told.contains("SSL_CERT_FILE"), "{told}");
}

#[test]
fn a_certificate_of_another_or_of_nobody_stops_a_sign_in() {
    let bed = Bed::new();
    for (authority, word) in [
        (bed.sandbox.authority_unknown_ca(), "not trusted"),
        (bed.sandbox.authority_wrong_name(), "another host"),
    ] {
        let told = bed
            .run(["login", "--refresh-token-stdin", "--authority-host", &authority])
            .stdin(bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI))
            .fails(6);
        assert!(told.contains("certificate") && told.contains(word), "{told}");
    }
    assert_eq!(bed.posts(), 0);
    assert!(bed.store().logins().is_empty());
}

#[test]
fn a_clock_an_hour_off_changes_nothing_but_is_told() {
    for skew in [3600, -3600] {
        let bed = Bed::signed_in();
        bed.store().age(LIFE);
        bed.sandbox.change(|settings| settings.clock_skew = skew);
        let log = bed.home().join("log");
        bed.run(["get"]).env("ENTRA_TOKEN_LOG", &log).ok();
        bed.run(["get"]).ok();
        assert_eq!(bed.posts(), 1, "life is counted from receipt");
        let log = std::fs::read_to_string(log).unwrap();
        assert!(log.contains("clock"), "{log}");
    }
}
