//! Many processes at once, real ones: one request for all, and one fate.

use crate::support::{Bed, Done, Running};
use entra_sandbox::{ANA, AZURE_CLI, BEN, DATABRICKS, Fault, FaultKind, GRAPH, Refusal, Rotation, Times};
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
fn a_rejected_token_is_replaced_once_for_all() {
    let bed = Bed::signed_in();
    let old = bed.token();
    let hash = format!("sha256:{}", entra_token::secret::sha256_hex(old.as_bytes()));
    assert_ne!(one_token(many(&bed, &["get", "-o", "token", "--rejected", &hash])), old);
    assert_eq!(bed.posts(), 1);
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
fn two_resources_at_once_one_refused_and_one_served() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.refuse(Refusal {
        times: Times::Always,
        ..Refusal::consent(GRAPH.id())
    });
    let spawn = |resource: &str| bed.run(["get", "-o", "token", "--resource", resource]).spawn();
    let running: Vec<_> = (0..MANY / 2)
        .map(|_| (spawn(GRAPH.id()), spawn(DATABRICKS.id())))
        .collect();
    let (refused, served): (Vec<_>, Vec<_>) = running.into_iter().map(|(a, b)| (a.done(), b.done())).unzip();
    for done in refused {
        let told = done.fails(4);
        assert!(
            told.contains("adminconsent") && told.contains("entra-token login"),
            "{told}"
        );
    }
    one_token(served);
    assert_eq!(bed.posts(), 2, "one for each resource");
}

#[test]
fn many_resources_at_once_never_redeem_one_refresh_token_twice() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox
        .change(|settings| settings.rotation = Rotation::RevokeOnReuse);
    let resources: Vec<_> = entra_sandbox::RESOURCES.iter().map(|resource| resource.id()).collect();
    let running: Vec<_> = (0..MANY)
        .map(|n| bed.run(["get", "--resource", resources[n % resources.len()]]).spawn())
        .collect();
    running.into_iter().for_each(|running| drop(running.done().ok()));
    assert_eq!(bed.posts(), resources.len() as u64);
    // A refresh token that was redeemed twice would have killed the login.
    bed.store().age(LIFE);
    bed.token();
}

#[test]
fn in_the_early_window_one_tries_and_the_others_are_served_at_once() {
    let bed = Bed::signed_in();
    let held = bed.token();
    bed.store().age(LIFE - 600);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let trying = bed.run(["get", "-o", "token"]).spawn();
    wait_for_post(&bed);
    // Nobody lets the first one go before these are through, so none of them waits for it.
    assert_eq!(bed.run(["get", "-o", "token"]).ok().trim_end(), held);
    assert_eq!(
        bed.run(["rpc"])
            .stdin(r#"{"v":1,"op":"get"}"#)
            .ok()
            .matches(&held)
            .count(),
        1
    );
    assert_eq!(bed.posts(), 1);
    bed.sandbox.release();
    trying.done().ok();
}

#[test]
fn a_sign_out_during_a_refresh_stays_signed_out() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let refreshing = bed.run(["get"]).spawn();
    wait_for_post(&bed);
    bed.run(["logout"]).ok();
    bed.sandbox.release();
    let told = refreshing.done().fails(3);
    assert!(told.contains("not signed in any more"), "{told}");
    assert!(bed.store().logins().is_empty(), "nothing comes back");
}

#[test]
fn a_new_sign_in_during_a_refresh_wins() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let refreshing = bed.run(["get", "-o", "token"]).spawn();
    wait_for_post(&bed);
    bed.sign_in(&ANA).ok();
    let newer = bed.store().refresh_token();
    bed.sandbox.release();
    let token = refreshing.done().ok();
    assert_eq!(bed.store().refresh_token(), newer, "the newer refresh token stays");
    assert_eq!(bed.token(), token.trim_end(), "the access token is added");
}

#[test]
fn a_sign_out_and_a_new_sign_in_during_a_refresh() {
    let bed = Bed::signed_in();
    bed.store().age(LIFE);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let refreshing = bed.run(["get", "-o", "token"]).spawn();
    wait_for_post(&bed);
    bed.run(["logout"]).ok();
    bed.sign_in(&ANA).ok();
    let newer = bed.store().refresh_token();
    bed.sandbox.release();
    let token = refreshing.done().ok();
    assert_eq!(bed.store().refresh_token(), newer, "the newer refresh token stays");
    assert_eq!(bed.token(), token.trim_end(), "the access token is added");
}

#[test]
fn a_sign_out_during_an_early_refresh_stays_signed_out() {
    let bed = Bed::signed_in();
    let held = bed.token();
    bed.store().age(LIFE - 600);
    bed.sandbox.fault(Fault::token(FaultKind::Hold));
    let trying = bed.run(["get", "-o", "token"]).spawn();
    wait_for_post(&bed);
    bed.run(["logout"]).ok();
    bed.sandbox.release();
    assert_eq!(
        trying.done().ok().trim_end(),
        held,
        "it was asked for before the sign-out"
    );
    assert!(bed.store().logins().is_empty(), "nothing comes back");
    bed.run(["get"]).fails(3);
}

#[test]
fn sign_ins_at_once_all_survive() {
    let bed = Bed::new();
    let host = bed.sandbox.workspace();
    let running: Vec<_> = (0..20)
        .map(|n| {
            let user = if n % 2 == 0 { &ANA } else { &BEN };
            bed.run(["login", "--refresh-token-stdin", "--host", &host])
                .stdin(bed.sandbox.mint_refresh_token(user, AZURE_CLI))
                .spawn()
        })
        .collect();
    for running in running {
        let done = running.done();
        assert_eq!((done.exit, done.err.as_str()), (Some(0), ""));
    }
    assert_eq!(bed.store().logins().len(), 2);
    for user in [&ANA, &BEN] {
        let token = bed.run(["get", "-o", "token", "--account", user.upn]).ok();
        assert_eq!(entra_token::jwt::claims(token.trim_end()).unwrap()["upn"], user.upn);
        bed.run(["get", "--account", user.upn, "--resource", GRAPH.id()]).ok();
    }
    bed.token();
}

#[test]
fn sign_ins_and_sign_outs_at_once_leave_one_or_the_other() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let running: Vec<_> = (0..20)
        .map(|_| {
            let login = bed
                .run(["login", "--refresh-token-stdin", "--host", &host])
                .stdin(bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI))
                .spawn();
            (login, bed.run(["logout", "--all"]).spawn(), bed.run(["get"]).spawn())
        })
        .collect();
    for (login, logout, get) in running {
        let (login, logout, get) = (login.done(), logout.done(), get.done());
        assert_eq!((login.exit, login.err.as_str()), (Some(0), ""));
        assert!(matches!(logout.exit, Some(0 | 3)), "{logout:?}");
        assert!(matches!(get.exit, Some(0 | 3)), "{get:?}");
    }
    match bed.store().logins().len() {
        0 => drop(bed.run(["get"]).fails(3)),
        _ => drop(bed.token()),
    }
    bed.sign_in(&ANA).ok();
    bed.token();
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
