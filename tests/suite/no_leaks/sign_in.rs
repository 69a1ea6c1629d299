//! Signing in shows no secret, whichever way and however it ends: not on the screen, not in the log, not to the browser that is
//! started, and in no file where it does not belong.

use super::absent;
use crate::support::{Attendant, Bed, Left, Run, ToldBrowser, Wiretap};
use entra_sandbox::{ANA, AZURE_CLI, Fault, FaultKind};
use serde_json::json;

/// What is sent in secret, by the names of the protocols.
const SECRETS: [&str; 7] = [
    "code",
    "code_verifier",
    "device_code",
    "password",
    "refresh_token",
    "access_token",
    "id_token",
];

/// The ways, and which secrets they send.
const WAYS: [(&[&str], &[&str]); 7] = [
    (&["--browser"], &["code", "code_verifier"]),
    (&["--browser", "--response-mode", "query"], &["code", "code_verifier"]),
    (&["--paste"], &["code", "code_verifier"]),
    (&["--device-code"], &["device_code"]),
    (&["--username", ANA.upn], &["password"]),
    (&["--username", ANA.upn, "--password-stdin"], &["password"]),
    (&["--refresh-token-stdin"], &["refresh_token"]),
];

/// A bed, somebody between it and its authority, and all places where a secret may not be.
struct Scene {
    bed: Bed,
    tap: Wiretap,
    browser: ToldBrowser,
}

impl Scene {
    fn new() -> Self {
        let bed = Bed::new();
        bed.sandbox.auto_approve(&ANA);
        bed.sandbox.change(|settings| {
            settings.device_interval = 1;
            settings.device_auto_approve = None;
        });
        let tap = Wiretap::of(&bed.sandbox.authority_http());
        let browser = ToldBrowser::in_folder(bed.home());
        Self { bed, tap, browser }
    }

    fn login(&self, way: &[&str]) -> Run {
        let authority = self.tap.authority();
        let place = ["login", "--authority-host", &authority, "--tenant", "contoso.example"];
        let run = self
            .bed
            .run(place.into_iter().chain(way.iter().copied()))
            .env("ENTRA_TOKEN_LOG", self.bed.home().join("log"))
            .env("PATH", "/usr/bin:/bin")
            .env("BROWSER", self.browser.command());
        match way.last() {
            Some(&"--password-stdin") => run.stdin(ANA.password),
            Some(&"--refresh-token-stdin") => run.stdin(self.bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI)),
            _ => run,
        }
    }

    /// With a person who does all that is asked, until this is told.
    fn attended(&self, way: &[&str], end: &str) -> Left {
        let mut seat = self.login(way).at_terminal();
        Attendant::new(&self.bed, &ANA).until(&mut seat, end);
        seat.done()
    }

    #[track_caller]
    fn assert_silent(&self, way: &[&str], screen: &str) {
        // What a person pastes is seen by that person; nobody shows it again.
        let mut shown = screen.to_owned();
        if let Some((before, rest)) = screen.split_once("paste the address: ") {
            shown = format!("{before}{}", rest.split_once('\n').unwrap().1);
        }
        let log = std::fs::read_to_string(self.bed.home().join("log")).unwrap_or_default();
        let mut places = vec![("the screen".to_owned(), shown), ("the log".to_owned(), log)];
        if way.contains(&"--browser") {
            let [words, variables, _] = self.browser.told();
            places.push(("the browser's arguments".to_owned(), words));
            places.push(("the browser's environment".to_owned(), variables));
        }
        for (path, bytes) in self.bed.store().files() {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            places.push((path.display().to_string(), text));
        }
        for name in SECRETS {
            for secret in self.tap.values(name) {
                for (place, text) in &places {
                    let belongs = match name {
                        "refresh_token" => place.ends_with("/login.json"),
                        "access_token" => place.contains("/token-"),
                        _ => false,
                    };
                    if !belongs {
                        absent(&secret, text, &format!("{name}, {way:?}: {place}"));
                    }
                }
            }
        }
    }
}

#[test]
fn a_sign_in_that_succeeds() {
    let scene = Scene::new();
    for (way, sent) in WAYS {
        let screen = scene.attended(way, "signed in as ana@contoso.example\n").exits(0);
        for name in sent.iter().chain(&["refresh_token", "access_token", "id_token"]) {
            assert!(!scene.tap.values(name).is_empty(), "{way:?}: `{name}` was not seen");
        }
        scene.assert_silent(way, &screen);
    }
    // Each way's own, and never twice the same.
    assert!(scene.tap.values("code").len() >= 3 && scene.tap.values("code_verifier").len() == 3);
    assert!(scene.tap.values("password").contains(&ANA.password.to_owned()));
    assert_eq!(scene.tap.values("access_token").len(), WAYS.len());
}

#[test]
fn a_sign_in_that_fails() {
    std::thread::scope(|scope| {
        for (way, sent) in WAYS {
            scope.spawn(move || fails(way, sent));
        }
    });
}

fn fails(way: &[&str], sent: &[&str]) {
    let scene = Scene::new();
    for fault in [
        FaultKind::NotJson,
        FaultKind::set("expires_in", json!(0)),
        FaultKind::set("id_token", json!("e30.eyJhdWQiOiJ4In0.c2ln")),
        FaultKind::status(400, None, r#"{"error":"invalid_grant","error_codes":[50076]}"#),
    ] {
        scene.bed.sandbox.fault(Fault::token(fault).always());
        // A device code is asked about to the end.
        let left = scene.attended(&[&["--timeout", "2"], way].concat(), "entra-token: ");
        scene.bed.sandbox.clear_faults();
        assert_ne!(left.exit, 0, "{}", left.screen);
        scene.assert_silent(way, &left.screen);
        assert!(scene.bed.store().logins().is_empty());
    }
    for name in sent {
        assert!(!scene.tap.values(name).is_empty(), "{way:?}: `{name}` was not seen");
    }
}

/// An authority that repeats in its refusal what it was sent.
#[test]
fn a_refusal_that_quotes() {
    let scene = Scene::new();
    let way: &[&str] = &["--username", ANA.upn];
    let quoted = json!({
        "error": format!("invalid_grant {}", ANA.password),
        "error_description": format!("AADSTS50126: `{}` is wrong.\r\nTrace ID: {0}", ANA.password),
        "suberror": ANA.password,
        "correlation_id": ANA.password,
        "claims": json!({"x": ANA.password}).to_string(),
    });
    let fault = FaultKind::status(400, None, &quoted.to_string());
    scene.bed.sandbox.fault(Fault::token(fault));
    let left = scene.attended(way, "entra-token: ");
    assert!(left.screen.contains("AADSTS50126"), "{}", left.screen);
    absent(ANA.password, &left.screen, "the screen");
    scene.assert_silent(way, &left.screen);
}
