//! Many processes at once, real ones: one request for all, and one fate.

use crate::support::{Bed, Done, Running};
use entra_sandbox::{ANA, DATABRICKS, Fault, FaultKind, Refusal, Rotation, Times};
use std::collections::BTreeSet;
use std::time::Duration;

/// As many processes as a large build starts.
const MANY: usize = 200;

/// An hour and a quarter: the life of a token.
const LIFE: i64 = 75 * 60;

fn many(bed: &Bed, args: &[&str]) -> Vec<Done> {
    let running: Vec<Running> = (0..MANY).map(|_| bed.run(args.iter().copied()).spawn()).collect();
    running.into_iter().map(Running::done).collect()
}

#[track_caller]
fn one_token(all: Vec<Done>) -> String {
    let tokens: BTreeSet<String> = all.into_iter().map(Done::ok).collect();
    assert_eq!(tokens.len(), 1, "different tokens");
    tokens.into_iter().next().unwrap().trim_end().to_owned()
}

#[test]
fn an_expired_token_is_refreshed_once_for_all() {
    let bed = Bed::signed_in();
    let old = bed.token();
    bed.store().age(LIFE);
    bed.sandbox
        .change(|settings| settings.rotation = Rotation::RevokeOnReuse);
    assert_ne!(one_token(many(&bed, &["get", "-o", "token"])), old);
    assert_eq!((bed.posts(), bed.sandbox.counts().connections), (1, 1));
}

#[test]
fn a_forced_refresh_is_one_for_all() {
    let bed = Bed::signed_in();
    let old = bed.token();
    bed.store().age(600);
    assert_ne!(one_token(many(&bed, &["get", "-o", "token", "--force-refresh"])), old);
    assert_eq!(bed.posts(), 1);
}

#[test]
fn a_dead_login_is_asked_once_for_all_and_healed_at_once() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    for done in many(&bed, &["get"]) {
        let told = done.fails(4);
        assert!(told.contains("entra-token login"), "{told}");
    }
    assert_eq!(bed.posts(), 1);
    bed.sign_in(&ANA).ok();
    bed.token();
}

#[test]
fn throttling_is_obeyed_by_all() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault {
        times: Times::Count(3),
        ..Fault::token(FaultKind::throttled(3))
    });
    let all = many(&bed, &["get", "-o", "token", "--timeout", "7"]);
    for done in &all {
        assert!(matches!(done.exit, Some(0 | 6)), "{done:?}");
        // The deadline is the program's; starting 200 processes on a busy machine takes its own time.
        assert!(done.took < Duration::from_secs(7 + 8), "{:?}", done.took);
    }
    let mut times: Vec<u64> = bed
        .sandbox
        .log()
        .iter()
        .filter(|e| e.method == "POST")
        .map(|e| e.time_ms)
        .collect();
    times.sort_unstable();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 2_900), "{times:?}");
    assert!(bed.posts() <= 4, "{}", bed.posts());
}

#[test]
fn consent_refused_for_one_resource_stops_no_other() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    let refused = "https://management.azure.com/";
    bed.sandbox.refuse(Refusal::consent(refused));
    let told = bed.run(["get", "--resource", refused]).fails(4);
    assert!(told.contains("AADSTS65001") && told.contains("--resource"), "{told}");
    bed.run(["get", "--resource", refused]).fails(4);
    assert_eq!(bed.posts(), 1, "the refusal is remembered");
    bed.run(["get", "--resource", DATABRICKS.id()]).ok();
    assert_eq!(bed.posts(), 2);
}

#[test]
fn a_sign_out_during_a_refresh_stays_signed_out() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Delay { ms: 1500 }));
    let refreshing = bed.run(["get"]).spawn();
    wait_for_post(&bed);
    bed.run(["logout"]).ok();
    let told = refreshing.done().fails(3);
    assert!(told.contains("not signed in any more"), "{told}");
    assert!(bed.store().logins().is_empty(), "nothing comes back");
}

#[test]
fn a_new_sign_in_during_a_refresh_wins() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Delay { ms: 1500 }));
    let refreshing = bed.run(["get", "-o", "token"]).spawn();
    wait_for_post(&bed);
    bed.sign_in(&ANA).ok();
    let newer = bed.store().refresh_token();
    let token = refreshing.done().ok();
    assert_eq!(bed.store().refresh_token(), newer, "the newer refresh token stays");
    assert_eq!(bed.token(), token.trim_end(), "the access token is added");
}

#[test]
fn a_second_refresh_during_a_refresh_waits_and_shares() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Delay { ms: 1000 }));
    let first = bed.run(["get", "-o", "token"]).spawn();
    wait_for_post(&bed);
    let second = bed.run(["get", "-o", "token", "--force-refresh"]).spawn();
    assert_eq!(first.done().ok(), second.done().ok());
    assert_eq!(bed.posts(), 1);
}

#[test]
fn a_killed_holder_blocks_nobody() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Hang { acted: false }));
    let holder = bed.run(["get"]).spawn();
    wait_for_post(&bed);
    let waiting = bed.run(["get", "-o", "token"]).spawn();
    holder.kill();
    waiting.done().ok();
    assert_eq!(bed.posts(), 2);
}

#[test]
fn who_waits_in_vain_is_told_for_whom() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Hang { acted: false }));
    let holder = bed.run(["get"]).spawn();
    wait_for_post(&bed);
    let told = bed.run(["get", "--timeout", "1"]).fails(6);
    assert!(told.contains(&format!("process {}", holder.pid())), "{told}");
    holder.kill();
}

fn wait_for_post(bed: &Bed) {
    for _ in 0..500 {
        if bed.sandbox.log().iter().any(|entry| entry.method == "POST") {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no request came");
}
