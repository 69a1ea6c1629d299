//! Files that are whole and of our form, with values that we would not write: never fatal, never believed.

use crate::support::{Bed, read, write};
use entra_sandbox::{ANA, BEN};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Changes one file of JSON.
fn change(path: &Path, with: impl Fn(&mut Value)) {
    let mut file = read(path);
    with(&mut file);
    write(path, file.to_string());
}

fn pointers(bed: &Bed) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(bed.folder().join("v1/pointers")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect()
}

#[test]
fn a_token_of_a_time_that_no_clock_shows_is_not_served() {
    for (field, time) in [
        ("expires_on", i64::MIN),
        ("expires_on", i64::MAX),
        ("obtained_ms", i64::MIN),
        ("obtained_ms", -1),
        ("refresh_on", i64::MAX),
    ] {
        let bed = Bed::signed_in();
        let held = bed.token();
        let path = bed.store().tokens().remove(0);
        change(&path, |file| file["token"][field] = time.into());
        bed.run(["status"]).ok();
        assert_ne!(bed.token(), held, "{field} {time}");
        assert_eq!(bed.posts(), 1, "{field} {time}");
    }
}

#[test]
fn a_refusal_of_a_time_that_no_clock_shows_stops_nobody() {
    let bed = Bed::signed_in();
    bed.store().age(75 * 60);
    let refusal = json!({"reach": "throttled", "refresh_token": format!("sha256:{}", "0".repeat(64)),
        "at_ms": i64::MIN, "until_ms": i64::MAX, "code": "throttled", "message": "wait"});
    write(
        &bed.store().login().join("refusals.json"),
        json!({"version": 1, "refusals": [refusal]}).to_string(),
    );
    bed.token();
}

#[test]
fn what_a_killed_sign_out_leaves_does_not_hide_the_other_login() {
    let bed = Bed::signed_in();
    bed.sign_in(&BEN).ok();
    let ben = bed.run(["get", "-o", "token", "--account", BEN.upn]).ok();
    bed.sign_in(&ANA).ok();
    let logins = bed.store().logins();
    let ana = logins
        .iter()
        .find(|folder| read(&folder.join("login.json"))["account"] == ANA.upn)
        .unwrap();
    // It is killed when the login is gone, before its pointers are.
    std::fs::rename(ana, ana.with_file_name(".gone-by-kill")).unwrap();
    let why = bed.run(["why"]).ok();
    assert!(why.contains(BEN.upn) && !why.contains(ANA.upn), "{why}");
    assert_eq!(bed.run(["get", "-o", "token"]).ok(), ben);
    bed.run(["logout"]).ok();
    assert!(bed.store().logins().is_empty());
    assert!(bed.run(["get"]).fails(3).contains("nobody is signed in"));
}

#[test]
fn a_tenant_that_is_none_is_not_asked_for() {
    let bed = Bed::signed_in();
    let held = bed.token();
    for path in pointers(&bed) {
        change(&path, |file| file["tenant"] = "two words".into());
    }
    assert_eq!(bed.token(), held, "a pointer that cannot be used is as good as lost");
    let login = bed.store().login().join("login.json");
    change(&login, |file| file["tenant"] = "two words".into());
    bed.store().age(75 * 60);
    assert!(bed.run(["get"]).fails(1).contains("neither a GUID nor a domain"));
    bed.sign_in(&ANA).ok();
    bed.token();
}

#[test]
fn a_refresh_token_is_not_sent_where_a_file_points() {
    let bed = Bed::signed_in();
    let login = bed.store().login().join("login.json");
    change(&login, |file| {
        assert!(file["token_endpoint"].is_string(), "the sandbox is no known cloud");
        file["token_endpoint"] = format!("{}/token", bed.sandbox.authority_http()).into();
    });
    bed.store().age(75 * 60);
    let told = bed.run(["get"]).fails(1);
    assert!(told.contains("token endpoint on another host"), "{told}");
    assert_eq!(bed.posts(), 0);
    bed.sign_in(&ANA).ok();
    bed.token();
}

#[test]
fn an_id_is_echoed_and_steers_no_terminal() {
    let bed = Bed::new();
    let id = "\u{9b}2J\u{7f}\u{85}é";
    let request = json!({"v": 1, "op": "hello", "id": id}).to_string();
    let answer = bed.run(["rpc"]).stdin(request).ok();
    assert!(
        !answer.trim_end_matches('\n').chars().any(char::is_control),
        "{answer:?}"
    );
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["id"], id);
}
