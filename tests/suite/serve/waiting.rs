//! What must wait holds up nobody else, and what changes elsewhere is seen.

use super::{OLD, Server};
use crate::support::Bed;
use entra_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};
use std::time::Duration;

/// Errands at once.
const SIDE_BY_SIDE: usize = 16;

/// The loop, and the HTTP client's own two.
const OTHER_THREADS: usize = 1 + 2;

/// Waits until it is so; a test that waits in vain is ended by whoever runs it.
fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        std::thread::sleep(Duration::from_millis(2));
    }
}

const MANAGEMENT: &str = r#"{"scopes":["https://management.azure.com//.default"]}"#;

#[test]
fn an_authority_that_does_not_answer_holds_up_nobody_whose_token_is_held() {
    let bed = Bed::signed_in();
    let (held, host) = (bed.token(), bed.sandbox.workspace());
    let server = Server::start(&bed, &[]);
    assert_eq!(server.metadata(&host).0, 200);
    assert!(
        server.told_by_kernel("Threads") <= 1,
        "no thread before the network is needed"
    );
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let answer = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.azd(&server.told["AZD_AUTH_KEY"], MANAGEMENT));
        until(|| bed.posts() == 1);
        for _ in 0..100 {
            let (status, answer) = server.metadata(&host);
            assert_eq!((status, &answer["access_token"]), (200, &json!(held)));
        }
        assert!(!waiting.is_finished());
        bed.sandbox.release();
        waiting.join().unwrap()
    });
    assert_eq!(
        (answer.0, &answer.1["status"]),
        (200, &json!("success")),
        "{}",
        answer.1
    );
    assert_eq!(bed.posts(), 1);
}

#[test]
fn requests_for_one_token_share_one_refresh() {
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &[]);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..100).map(|_| scope.spawn(|| server.metadata(&host))).collect();
        until(|| bed.posts() == 1);
        assert!(server.told_by_kernel("Threads") <= 1 + OTHER_THREADS);
        bed.sandbox.release();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(
        answers
            .iter()
            .all(|(status, answer)| *status == 200 && *answer == answers[0].1)
    );
    assert_eq!(bed.posts(), 1);
}

#[test]
fn one_refusal_for_all_and_a_new_login_heals() {
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &[]);
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..50).map(|_| scope.spawn(|| server.metadata(&host))).collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let refused = answers
        .iter()
        .filter(|(status, told)| *status == 401 && told["error"] == "interaction_required");
    assert_eq!(refused.count(), answers.len());
    assert_eq!(bed.posts(), 1);
    bed.sign_in(&entra_sandbox::ANA).ok();
    assert_eq!(server.metadata(&host).0, 200);
}

#[test]
#[cfg(target_os = "linux")]
fn many_wishes_at_once_take_a_bounded_number_of_threads() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &[]);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..60)
            .map(|number| {
                let body = json!({ "scopes": [format!("https://r{number}.example/.default")] }).to_string();
                let server = &server;
                scope.spawn(move || server.azd(&server.told["AZD_AUTH_KEY"], &body))
            })
            .collect();
        until(|| server.told_by_kernel("Threads") > SIDE_BY_SIDE && bed.posts() == 1);
        for _ in 0..100 {
            assert_eq!(server.metadata(&host).0, 200);
            assert!(server.told_by_kernel("Threads") <= SIDE_BY_SIDE + OTHER_THREADS);
        }
        bed.sandbox.release();
        for one in asking {
            let (status, told) = one.join().unwrap();
            assert_eq!((status, &told["code"]), (200, &json!("GetTokenError")), "{told}");
        }
    });
    until(|| server.told_by_kernel("Threads") <= OTHER_THREADS);
    assert_eq!(server.metadata(&host).0, 200);
}

#[test]
fn a_changed_configuration_counts_at_once() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let hosts = bed.hosts();
    let server = Server::start(&bed, &[]);
    let config = bed.folder().join("config.toml");
    for _ in 0..3 {
        assert_eq!(server.metadata(&host).0, 200);
        bed.config("");
        assert_eq!(server.metadata(&host).0, 403);
        bed.config("nonsense = 1\n");
        let (status, told) = server.metadata(&host);
        assert_eq!((status, &told["error"]), (500, &json!("config")));
        assert!(told["message"].as_str().unwrap().contains("line 1"), "{told}");
        std::fs::remove_file(&config).unwrap();
        assert_eq!(server.metadata(&host).0, 403);
        // Settings may be kept elsewhere.
        let kept = bed.folder().join("kept.toml");
        std::fs::write(&kept, &hosts).unwrap();
        std::os::unix::fs::symlink(&kept, &config).unwrap();
        assert_eq!(server.metadata(&host).0, 200);
        std::fs::write(&kept, "").unwrap();
        assert_eq!(server.metadata(&host).0, 403);
        std::fs::remove_file(&config).unwrap();
        bed.config(&hosts);
    }
}
