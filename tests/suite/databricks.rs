//! The Databricks CLI's commands as the SDKs run them: by a link, by their arguments, by `as`.

use crate::support::{Bed, Done, Run, Running};
use chrono::DateTime;
use entra_sandbox::{Fault, FaultKind, Lifetime};
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Longer than a token lives.
const OLD: i64 = 75 * 60;

/// As Databricks' SDKs run it: with a home, a search path, and a time zone.
fn cli<'a>(bed: &Bed, args: impl IntoIterator<Item = &'a str>) -> Run {
    let link = bed.home().join("bin/databricks");
    if !link.exists() {
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(env!("CARGO_BIN_EXE_entra-token"), &link).unwrap();
    }
    bed.run(args).by(&link).env("PATH", link.parent().unwrap())
}

/// `auth token` for the workspace, as SDKs ask.
fn ask(bed: &Bed) -> Run {
    let host = bed.sandbox.workspace();
    cli(bed, ["auth", "token", "--host", &host, "--force-refresh"])
}

fn token(out: &str) -> String {
    let answer: Value = serde_json::from_str(out).unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["access_token", "token_type", "expiry"]);
    assert_eq!(answer["token_type"], "Bearer");
    answer["access_token"].as_str().unwrap().to_owned()
}

/// A program that stands in for the real CLI, and its folder.
fn real_one(bed: &Bed) -> PathBuf {
    let folder = bed.home().join("real");
    std::fs::create_dir(&folder).unwrap();
    let program = folder.join("databricks");
    std::fs::write(&program, "#!/bin/sh\necho \"real: $*\"\nexit 7\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn path(folders: &[&Path]) -> std::ffi::OsString {
    std::env::join_paths(folders).unwrap()
}

#[test]
fn cached_then_refreshed() {
    let bed = Bed::signed_in();
    let first = token(&ask(&bed).ok());
    assert_eq!(token(&ask(&bed).ok()), first);
    assert_eq!(bed.posts(), 0, "a token that lives for twenty minutes is not refreshed");
    bed.store().age(OLD);
    assert_ne!(token(&ask(&bed).ok()), first);
    assert_eq!(bed.posts(), 1);
}

#[test]
fn by_link_by_arguments_and_by_name() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let expected = token(&ask(&bed).ok());
    // The Python SDK resolves the link before it runs it.
    assert_eq!(
        token(&bed.run(["auth", "token", "--host", &host, "--force-refresh"]).ok()),
        expected
    );
    assert_eq!(
        token(&bed.run(["as", "databricks", "auth", "token", &host]).ok()),
        expected
    );
    assert_eq!(
        cli(&bed, ["auth", "token", &host, "-o", "text"]).ok(),
        format!("{expected}\n")
    );
    for run in [
        cli(&bed, ["version"]),
        bed.run(["version"]),
        bed.run(["as", "databricks", "-v"]),
    ] {
        let version = run.ok();
        assert!(
            version.starts_with("Databricks CLI v") && version.lines().count() == 1,
            "{version}"
        );
    }
    let version: Value = serde_json::from_str(&bed.run(["version", "--output", "json"]).ok()).unwrap();
    let number = |name: &str| version[name].as_u64().unwrap();
    assert!(
        (number("Major"), number("Minor"), number("Patch")) >= (0, 298, 0),
        "{version}"
    );
    let faces = bed.run(["faces"]).ok();
    assert!(faces.contains("databricks"), "{faces}");
}

#[test]
fn a_profile_of_the_configuration_file() {
    let bed = Bed::signed_in();
    let file = format!(
        "[DEFAULT]\nhost = {}/?o=1 # here\n\n[aws]\nhost = https://x.cloud.databricks.com\ntoken = planted\n",
        bed.sandbox.workspace()
    );
    std::fs::write(bed.home().join(".databrickscfg"), &file).unwrap();
    let expected = token(&ask(&bed).ok());
    for args in [
        &["auth", "token", "--profile", "DEFAULT"][..],
        &["auth", "token", "DEFAULT"],
        &["auth", "token"],
    ] {
        assert_eq!(token(&cli(&bed, args.iter().copied()).ok()), expected, "{args:?}");
    }
    let elsewhere = bed.home().join("cfg");
    std::fs::write(&elsewhere, file.replace("DEFAULT", "moved")).unwrap();
    let moved = || cli(&bed, ["auth", "token"]).env("DATABRICKS_CONFIG_FILE", &elsewhere);
    assert_eq!(token(&moved().env("DATABRICKS_CONFIG_PROFILE", "moved").ok()), expected);
    let told = moved().env("DATABRICKS_CONFIG_PROFILE", "DEFAULT").fails(1);
    assert!(told.contains("DEFAULT") && told.contains("cfg"), "{told}");

    let profiles: Value = serde_json::from_str(&cli(&bed, ["auth", "profiles", "-o", "json"]).ok()).unwrap();
    let valid: Vec<_> = profiles["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["valid"].as_bool())
        .collect();
    assert_eq!(valid, [Some(true), Some(false)], "{profiles:#}");
    let env: Value = serde_json::from_str(&cli(&bed, ["auth", "env", "--profile", "DEFAULT"]).ok()).unwrap();
    assert_eq!(env["env"]["DATABRICKS_HOST"], bed.sandbox.workspace());
    let told = cli(&bed, ["auth", "describe"]).ok();
    assert!(told.contains("Authenticated with: databricks-cli"), "{told}");
}

#[test]
fn every_reader_gets_the_true_time_in_every_zone() {
    let bed = Bed::signed_in();
    let truth = crate::support::read(&bed.store().tokens()[0])["token"]["expires_on"]
        .as_i64()
        .unwrap();
    for zone in ["UTC", "Asia/Tokyo", "America/New_York"] {
        let answer: Value = serde_json::from_str(&ask(&bed).env("TZ", zone).ok()).unwrap();
        let expiry = answer["expiry"].as_str().unwrap();
        assert_eq!(
            DateTime::parse_from_rfc3339(expiry).unwrap().timestamp(),
            truth,
            "{zone}: {expiry}"
        );
        // What Python's SDK does: cut at the point, read as local time.
        let wall = expiry.split_once('.').unwrap().0;
        let naive = chrono::NaiveDateTime::parse_from_str(wall, "%Y-%m-%dT%H:%M:%S").unwrap();
        let offset = expiry[expiry.len() - 6..].parse::<chrono::FixedOffset>().unwrap();
        assert_eq!(
            naive.and_utc().timestamp() - i64::from(offset.local_minus_utc()),
            truth,
            "{zone}"
        );
    }
}

#[test]
fn many_sdks_that_start_at_once_refresh_once() {
    let bed = Bed::signed_in();
    let old = token(&ask(&bed).ok());
    for left in [0, 600] {
        let before = bed.posts();
        bed.store().age(OLD - left);
        let running: Vec<Running> = (0..24).map(|_| ask(&bed).spawn()).collect();
        let all = running.into_iter().map(Running::done).map(Done::ok);
        let tokens: BTreeSet<String> = all.map(|out| token(&out)).collect();
        assert_eq!(tokens.len(), 1, "{left} s left");
        assert!(!tokens.contains(&old));
        assert_eq!(bed.posts() - before, 1, "{left} s left");
    }
}

#[test]
fn a_short_life_is_no_reason_to_refresh_for_each() {
    let bed = Bed::signed_in();
    bed.sandbox.set_lifetime(Lifetime::seconds(15 * 60));
    bed.store().age(OLD);
    for _ in 0..3 {
        ask(&bed).ok();
    }
    assert_eq!(bed.posts(), 1, "half of its life is left");
}

#[test]
fn a_refresh_that_fails_never_costs_the_held_token() {
    let bed = Bed::signed_in();
    let held = token(&ask(&bed).ok());
    bed.store().age(OLD - 600);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    assert_eq!(token(&ask(&bed).ok()), held);
    assert_eq!(token(&ask(&bed).ok()), held);
    assert_eq!(bed.posts(), 1, "the failure is remembered");
}

#[test]
fn a_person_must_sign_in_again() {
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    let told = ask(&bed).fails(1);
    assert!(told.starts_with("Error: ") && told.contains("AADSTS700082"), "{told}");
    assert!(told.contains("entra-token login --host"), "{told}");
    for word in ["not found", "databricks OAuth is not"] {
        assert!(!told.contains(word), "{told}");
    }
    let described = cli(&bed, ["auth", "describe", "--host", &bed.sandbox.workspace()]).ok();
    assert!(described.starts_with("Unable to authenticate: "), "{described}");
}

#[test]
fn refused_unreachable_and_malformed() {
    let malformed = FaultKind::NotJson;
    for (fault, word) in [
        (FaultKind::Reset { acted: false }, "Error: "),
        (malformed, "Error: "),
        (FaultKind::throttled(60), "Error: "),
    ] {
        let bed = Bed::signed_in();
        bed.store().age(OLD);
        bed.sandbox.fault(Fault::token(fault).always());
        let told = ask(&bed).fails(1);
        assert!(told.starts_with(word) && !told.contains("not found"), "{told}");
    }
}

#[test]
fn where_nobody_is_signed_in_the_next_way_is_tried() {
    let bed = Bed::new();
    let told = ask(&bed).fails(1);
    assert!(
        told.starts_with("Error: databricks OAuth is not configured for this host. "),
        "{told}"
    );
    assert!(told.contains("entra-token login --host"), "{told}");
    let foreign = cli(&bed, ["auth", "token", "--host", "https://x.cloud.databricks.com"]).fails(1);
    assert!(foreign.contains("databricks OAuth is not"), "{foreign}");
}

#[test]
fn what_we_cannot_answer_the_real_one_does() {
    let bed = Bed::signed_in();
    let real = real_one(&bed);
    let asked = |args: &[&str]| {
        let run = cli(&bed, args.iter().copied());
        let folders = path(&[&bed.home().join("bin"), &real]);
        let done = run.env("PATH", folders).done();
        (done.exit, done.out)
    };
    for args in [
        &["clusters", "list", "-o", "json"][..],
        &["auth", "login"],
        &["auth", "token", "--host", "https://x.cloud.databricks.com"],
        &["auth", "token", "--profile", "nobody"],
        &["auth", "token", "--new-flag"],
    ] {
        assert_eq!(asked(args), (Some(7), format!("real: {}\n", args.join(" "))));
    }
    let host = bed.sandbox.workspace();
    assert_eq!(asked(&["auth", "token", "--host", &host]).0, Some(0), "ours stays ours");
    let told = cli(&bed, ["clusters", "list"]).fails(3);
    assert!(told.contains("no other `databricks` is on PATH"), "{told}");
}

#[test]
fn nothing_but_a_home_is_needed() {
    let bed = Bed::signed_in();
    token(&ask(&bed).without("PATH").without("TZ").ok());
    // Nobody reads what is said to no end: a closed pipe is a silent failure.
    let done = ask(&bed).stdout_closed().done();
    assert_eq!((done.exit, done.err.as_str()), (Some(1), ""));
    let told = ask(&bed).stdout_to("/dev/full").done();
    assert_eq!((told.exit, told.err.lines().count()), (Some(1), 1), "{told:?}");
}
