//! A login from its first day to its last: sign in, warm, old, dead, gone.

use crate::support::{Bed, read};
use entra_sandbox::{ANA, AZURE_CLI, BEN, CONTOSO, FABRIKAM, Fault, FaultKind, Lifetime, Rotation};
use serde_json::Value;

#[test]
fn signed_in_once_served_warm_refreshed_when_old() {
    let bed = Bed::signed_in();
    let first = bed.token();
    assert_eq!(bed.token(), first);
    assert_eq!(bed.posts(), 0, "a warm call stays off the network");

    bed.store().age(75 * 60);
    let second = bed.token();
    assert_ne!(second, first);
    assert_eq!(bed.posts(), 1);
    assert_eq!(
        bed.sandbox.counts().connections,
        1,
        "one connection and one POST per refresh"
    );
    assert_eq!(bed.token(), second);
    assert_eq!(bed.posts(), 1);
}

#[test]
fn what_get_prints_is_what_the_sdks_read() {
    let bed = Bed::signed_in();
    let answer: Value = serde_json::from_str(&bed.run(["get"]).ok()).unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["access_token", "token_type", "expiry", "expires_on"]);
    assert_eq!(answer["token_type"], "Bearer");
    assert!(answer["expires_on"].is_i64());
}

#[test]
fn the_early_window_never_costs_the_held_token() {
    let bed = Bed::signed_in();
    let held = bed.token();
    bed.store().age(75 * 60 - 600);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    assert_eq!(bed.token(), held);
    assert_eq!(bed.posts(), 1);
    assert_eq!(bed.token(), held);
    assert_eq!(bed.posts(), 1, "the failure is remembered");
}

#[test]
fn a_dead_login_says_what_to_do_and_a_new_sign_in_heals_it() {
    let bed = Bed::signed_in();
    bed.store().age(75 * 60);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    let told = bed.run(["get"]).fails(4);
    assert!(
        told.contains("AADSTS700082") && told.contains("entra-token login"),
        "{told}"
    );
    bed.run(["get"]).fails(4);
    assert_eq!(bed.posts(), 1);
    bed.sign_in(&ANA).ok();
    bed.token();
}

#[test]
fn signed_out_is_signed_out() {
    let bed = Bed::signed_in();
    bed.run(["logout"]).ok();
    assert!(bed.store().logins().is_empty());
    assert!(bed.run(["get"]).fails(3).contains("entra-token login"));
    assert!(bed.run(["logout"]).fails(3).contains("nobody is signed in"));
}

/// Ben, the default, is signed out by a process that was killed; Ana's token, and what is left of Ben's login. The folder
/// is renamed first, and everything still points at it.
fn half_signed_out() -> (Bed, String, std::path::PathBuf) {
    let bed = Bed::signed_in();
    let ana = bed.token();
    bed.sign_in(&BEN).ok();
    bed.sandbox.clear_log();
    let mut logins = bed.store().logins().into_iter();
    let ben = logins
        .find(|login| read(&login.join("login.json"))["account"] == BEN.upn)
        .unwrap();
    let gone = ben.with_file_name(format!(".gone-{}-1", ben.file_name().unwrap().display()));
    std::fs::rename(&ben, &gone).unwrap();
    (bed, ana, gone)
}

#[test]
fn a_sign_out_that_was_killed_is_one() {
    let (bed, ana, gone) = half_signed_out();
    let host = bed.sandbox.workspace();
    assert_eq!(bed.token(), ana);
    assert_eq!(bed.run(["get", "-o", "token", "--host", &host]).ok().trim_end(), ana);
    bed.run(["get", "--account", BEN.upn]).fails(3);
    assert_eq!(bed.posts(), 0);
    assert!(bed.run(["status"]).ok().contains("signed out, but not deleted yet"));

    let told = bed.run(["logout", "--account", BEN.upn]).fails(3);
    assert!(told.contains("nobody is signed in as"), "{told}");
    assert!(!gone.exists());
}

#[test]
fn a_sign_out_that_was_killed_is_ended_by_the_same_command() {
    let (bed, ana, gone) = half_signed_out();
    let told = bed.run(["logout"]).ok();
    assert!(told.starts_with(&format!("signed out {}", BEN.upn)), "{told}");
    assert!(!gone.exists());
    assert_eq!(bed.token(), ana, "nobody else is signed out instead");
}

#[test]
fn two_people_and_a_choice() {
    let bed = Bed::signed_in();
    bed.sign_in(&BEN);
    let ben = bed.token();
    let ana = bed.run(["get", "-o", "token", "--account", ANA.upn]).ok();
    assert_ne!(ana.trim_end(), ben);
    bed.run(["use", ANA.upn]).ok();
    assert_eq!(bed.run(["get", "-o", "token"]).ok(), ana);
}

#[test]
fn a_refresh_token_is_kept_when_the_answer_brings_none() {
    let bed = Bed::signed_in();
    bed.sandbox.change(|settings| settings.rotation = Rotation::Off);
    let held = bed.store().refresh_token();
    bed.store().age(75 * 60);
    bed.token();
    assert_eq!(bed.store().refresh_token(), held);
}

#[test]
fn a_rejected_token_is_replaced_once() {
    let bed = Bed::signed_in();
    let first = bed.token();
    let hash = format!("sha256:{}", sha256(&first));
    let second = bed.run(["get", "-o", "token", "--rejected", &hash]).ok();
    assert_ne!(second.trim_end(), first);
    assert_eq!(
        bed.run(["get", "-o", "token", "--rejected", &hash]).ok(),
        second,
        "it is not held any more"
    );
    assert_eq!(bed.posts(), 1);
}

#[test]
fn a_token_that_is_issued_again_after_it_was_refused_is_not_handed_out() {
    let bed = Bed::signed_in();
    let refused = bed.token();
    let hash = format!("sha256:{}", sha256(&refused));
    bed.sandbox
        .fault(Fault::token(FaultKind::set("access_token", refused.clone().into())).always());
    for args in [&["get", "--rejected", &hash][..], &["get"]] {
        let told = bed.run(args.iter().copied()).fails(5);
        assert!(
            told.contains("same token again") && told.contains("signing in again will not help"),
            "{told}"
        );
    }
    assert_eq!(bed.posts(), 1, "the failure is remembered");
    bed.sandbox.clear_faults();
    bed.store().forgive();
    assert_ne!(bed.token(), refused);
}

#[test]
fn claims_bypass_the_held_token_and_replace_it() {
    let bed = Bed::signed_in();
    let held = bed.token();
    let claims = r#"{"access_token":{"nbf":{"essential":true}}}"#;
    let challenged = bed.run(["get", "-o", "token", "--claims", claims]).ok();
    assert_ne!(challenged.trim_end(), held);
    let sent = bed.sandbox.log().pop().unwrap();
    assert!(
        sent.form
            .iter()
            .any(|(name, value)| name == "claims" && value == claims),
        "{sent:?}"
    );
    assert_eq!(bed.token(), challenged.trim_end(), "it is what is held now");
    assert_eq!(bed.posts(), 1);
    // A challenge is about the token that the caller holds: what was minted for an earlier one does not answer it.
    bed.run(["get", "--claims", claims]).ok();
    assert_eq!(bed.posts(), 2);
}

#[test]
fn an_authority_that_is_no_cloud_is_asked_for_its_endpoints_once() {
    let bed = Bed::new();
    let asked = || bed.sandbox.counts().endpoints.get("openid_configuration").copied();
    bed.sign_in(&ANA).ok();
    assert_eq!(asked(), Some(1));
    for _ in 0..3 {
        bed.store().age(75 * 60);
        bed.token();
    }
    assert_eq!((asked(), bed.posts()), (Some(1), 4));
}

#[test]
fn short_lives_are_handed_out_when_nothing_better_is_to_be_had() {
    let bed = Bed::signed_in();
    bed.sandbox.set_lifetime(Lifetime::seconds(120));
    bed.store().age(75 * 60);
    let first = bed.token();
    assert_eq!(bed.token(), first, "what was just minted is as good as a newer one");
    bed.store().age(61);
    assert_ne!(bed.token(), first, "below the demanded life it is minted anew");
}

#[test]
fn a_host_tells_its_tenant_once() {
    let bed = Bed::new();
    let (host, authority) = (bed.sandbox.workspace(), bed.sandbox.authority());
    let token = bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
    bed.run(["login", "--refresh-token-stdin", "--authority-host", &authority])
        .stdin(token)
        .ok();
    bed.sandbox.clear_log();
    let asked = || {
        bed.sandbox
            .log()
            .iter()
            .filter(|entry| entry.path.starts_with("/aad/auth"))
            .count()
    };
    let first = bed.run(["get", "--host", &host]).ok();
    assert_eq!((asked(), bed.posts()), (1, 0), "the held token of that tenant serves");
    assert_eq!(bed.run(["get", "--host", &host]).ok(), first);
    assert_eq!(asked(), 1);
}

#[test]
fn a_named_host_is_not_overruled_by_a_profile_for_another() {
    let bed = Bed::signed_in();
    bed.config(&format!(
        "default_profile = \"other\"\n[profiles.other]\ntenant = \"{}\"\n\n{}",
        FABRIKAM.id,
        bed.hosts()
    ));
    let tenant_of = |args: &[&str]| {
        let token = bed.run(args.iter().copied()).ok();
        entra_token::jwt::claims(token.trim_end()).unwrap()["tid"].clone()
    };
    assert_eq!(tenant_of(&["get", "-o", "token"]), FABRIKAM.id);
    assert_eq!(
        tenant_of(&["get", "-o", "token", "--host", &bed.sandbox.workspace()]),
        CONTOSO.id
    );
}

#[test]
fn a_domain_is_learnt_to_be_a_tenant() {
    let bed = Bed::signed_in();
    let first = bed.run(["get", "-o", "token", "--tenant", FABRIKAM.domain]).ok();
    assert_eq!(bed.run(["get", "-o", "token", "--tenant", FABRIKAM.domain]).ok(), first);
    assert_eq!(bed.run(["get", "-o", "token", "--tenant", FABRIKAM.id]).ok(), first);
    assert_eq!(bed.posts(), 1);
}

fn sha256(text: &str) -> String {
    entra_token::secret::sha256_hex(text.as_bytes())
}
