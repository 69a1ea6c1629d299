//! The Azure CLI's commands as their callers run them: by a link named `az`.

use crate::support::{Bed, Done, Run, Running, write};
use chrono::NaiveDateTime;
use entra_sandbox::{ANA, BEN, CONTOSO, DATABRICKS, FABRIKAM, Fault, FaultKind, Refusal};
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Longer than a token lives.
const OLD: i64 = 75 * 60;

/// With a search path on which we stand alone.
fn az<'a>(bed: &Bed, args: impl IntoIterator<Item = &'a str>) -> Run {
    let link = bed.home().join("bin/az");
    if !link.exists() {
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(env!("CARGO_BIN_EXE_entra-token"), &link).unwrap();
    }
    bed.run(args).by(&link).env("PATH", link.parent().unwrap())
}

/// As the SDKs ask for a token of Azure Databricks.
fn ask(bed: &Bed) -> Run {
    az(
        bed,
        [
            "account",
            "get-access-token",
            "--resource",
            DATABRICKS.id(),
            "--output",
            "json",
        ],
    )
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn token(out: &str) -> String {
    let answer = json(out);
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "accessToken",
            "expiresOn",
            "expires_on",
            "subscription",
            "tenant",
            "tokenType"
        ]
    );
    assert_eq!(
        (&answer["tokenType"], &answer["tenant"]),
        (&"Bearer".into(), &CONTOSO.id.into())
    );
    answer["accessToken"].as_str().unwrap().to_owned()
}

/// The configuration that tells where Azure Resource Manager of the sandbox is; Ana is signed in.
fn with_subscriptions() -> Bed {
    let bed = Bed::new();
    let authority = bed.sandbox.authority();
    bed.config(&format!(
        "{}[[host]]\nname = \"{authority}\"\nresource = \"https://management.core.windows.net/\"\nauthority = \"{authority}\"\n",
        bed.hosts()
    ));
    bed.sign_in(&ANA).ok();
    bed.sandbox.clear_log();
    bed
}

/// A program that stands in for the real one, and its folder.
fn real_one(bed: &Bed) -> PathBuf {
    let folder = bed.home().join("real");
    std::fs::create_dir(&folder).unwrap();
    let program = folder.join("az");
    std::fs::write(&program, "#!/bin/sh\necho \"real: $*\"\nexit 7\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn both(bed: &Bed, real: &Path) -> std::ffi::OsString {
    std::env::join_paths([&bed.home().join("bin"), real]).unwrap()
}

#[test]
fn cached_then_refreshed() {
    let bed = Bed::signed_in();
    let first = token(&ask(&bed).ok());
    assert_eq!(token(&ask(&bed).ok()), first);
    assert_eq!(bed.posts(), 0);
    bed.store().age(OLD);
    assert_ne!(token(&ask(&bed).ok()), first);
    assert_eq!(bed.sandbox.counts().requests, 1, "nothing but the token is asked for");
    let bare = az(
        &bed,
        [
            "account",
            "get-access-token",
            "--scope",
            &format!("{}/.default", DATABRICKS.id()),
        ],
    );
    assert_eq!(bare.ok(), ask(&bed).ok());
}

#[test]
fn every_zone_reads_the_true_expiry() {
    let bed = Bed::signed_in();
    for (zone, offset) in [
        ("UTC", 0),
        ("Asia/Tokyo", 9),
        ("America/New_York", -5),
        ("<+0545>-5:45", 5),
    ] {
        let answer = json(&ask(&bed).env("TZ", zone).ok());
        let text = answer["expiresOn"].as_str().unwrap();
        let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.6f").unwrap();
        assert_eq!(text.len(), "2026-11-22 10:00:00.000000".len());
        let east = (wall.and_utc().timestamp() - answer["expires_on"].as_i64().unwrap()) / 900;
        let quarters = match zone {
            "<+0545>-5:45" => vec![23],
            // Summer and winter.
            "America/New_York" => vec![-20, -16],
            _ => vec![offset * 4],
        };
        assert!(quarters.contains(&east), "{zone}: {text}");
    }
}

#[test]
fn a_new_sign_in_is_needed() {
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    for _ in 0..2 {
        let told = ask(&bed).fails(1);
        let begins = format!(
            "ERROR: Please run 'az login' to setup account.\nInteractive authentication is needed. Please run:\naz login \
             --scope {}/.default\n",
            DATABRICKS.id()
        );
        assert!(told.starts_with(&begins), "{told}");
        for word in [
            "AADSTS700082",
            "Correlation ID: ",
            "Timestamp: ",
            "entra-token login",
            CONTOSO.id,
        ] {
            assert!(told.contains(word), "{word}: {told}");
        }
    }
    assert_eq!(bed.posts(), 1, "a failure is shared");
    let shown = json(&az(&bed, ["account", "show", "-o", "json"]).ok());
    assert_eq!(shown["user"]["name"], ANA.upn);
}

#[test]
fn refused_and_unreachable() {
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    bed.sandbox.refuse(Refusal::new(53_003));
    let told = ask(&bed).fails(1);
    assert!(told.starts_with("ERROR: ") && told.contains("AADSTS53003"), "{told}");
    bed.store().forgive();
    // The authority's own words are those for which the Databricks SDK for Java looks.
    bed.sandbox.refuse(Refusal::new(500_011));
    let told = ask(&bed).fails(1);
    assert!(told.contains("AADSTS500011") && !told.contains("not found"), "{told}");
    assert!(!told.contains("az login"), "{told}");
    bed.store().forgive();
    bed.sandbox
        .fault(Fault::token(FaultKind::Reset { acted: false }).always());
    let told = ask(&bed).fails(1);
    assert!(told.starts_with("ERROR: ") && !told.contains("az login"), "{told}");
}

#[test]
fn malformed_calls() {
    let bed = Bed::signed_in();
    for (args, says) in [
        (
            &["account", "get-access-token", "--bogus"][..],
            "ERROR: unrecognized arguments: --bogus\n",
        ),
        (
            &["account", "get-access-token", "-o", "xml"],
            "ERROR: az account get-access-token: 'xml' is not a valid value",
        ),
        (
            &["account", "set"],
            "ERROR: the following arguments are required: --subscription/-s/--name/-n\n",
        ),
    ] {
        let told = az(&bed, args.iter().copied()).fails(2);
        assert!(told.starts_with(says), "{told}");
    }
    assert_eq!(bed.sandbox.counts().requests, 0);
}

#[test]
fn nobody_is_signed_in_and_who_answers_then() {
    let bed = Bed::new();
    assert_eq!(ask(&bed).fails(1), "ERROR: Please run 'az login' to setup account.\n");
    let list = az(&bed, ["account", "list"]).done();
    assert_eq!((list.exit, list.out.as_str()), (Some(0), "[]\n"));
    assert_eq!(list.err, "WARNING: Please run \"az login\" to access your accounts.\n");
    assert!(az(&bed, ["vm", "list"]).fails(3).contains("no other `az` is on PATH"));

    let real = real_one(&bed);
    for args in [
        "account get-access-token --resource x",
        "account show",
        "account list",
        "vm list -o table",
        "logout",
    ] {
        let done = az(&bed, args.split(' ')).env("PATH", both(&bed, &real)).done();
        assert_eq!(
            (done.exit, done.out, done.err),
            (Some(7), format!("real: {args}\n"), String::new())
        );
    }
    // What we hold is answered here.
    bed.sign_in(&ANA).ok();
    token(&ask(&bed).env("PATH", both(&bed, &real)).ok());
    let version = az(&bed, ["version", "-o=json"]).env("PATH", both(&bed, &real)).ok();
    assert_eq!(json(&version)["azure-cli"], "2.91.0");
}

#[test]
fn many_at_once_ask_once() {
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    let running: Vec<Running> = (0..24).map(|_| ask(&bed).spawn()).collect();
    let tokens: BTreeSet<_> = running
        .into_iter()
        .map(Running::done)
        .map(Done::ok)
        .map(|out| token(&out))
        .collect();
    assert_eq!((tokens.len(), bed.posts()), (1, 1));
}

#[test]
fn other_ways_to_call_it() {
    let bed = Bed::signed_in();
    let args = ["account", "get-access-token", "--resource", DATABRICKS.id()];
    let answer = ask(&bed).ok();
    assert_eq!(
        bed.run(args).ok(),
        answer,
        "by its arguments: some callers resolve a link"
    );
    assert_eq!(bed.run(["as", "az"].into_iter().chain(args)).ok(), answer);
    let token = az(&bed, args.into_iter().chain(["--query", "accessToken", "-o", "tsv"])).ok();
    assert_eq!(token.trim_end(), json(&answer)["accessToken"]);
    let quiet = az(&bed, args).env("AZURE_CORE_OUTPUT", "none").ok();
    assert_eq!(quiet, "");
    let gone = az(&bed, args).stdout_closed().done();
    assert_eq!((gone.exit, gone.err.as_str()), (Some(1), ""));
}

#[test]
fn subscriptions_are_asked_for_once_a_day() {
    let bed = with_subscriptions();
    let list = json(&az(&bed, ["account", "list"]).ok());
    let names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Contoso analytics",
            "Contoso development",
            "Contoso production",
            "Fabrikam"
        ],
        "page after page, of every tenant that knows the user"
    );
    assert_eq!(list[0]["isDefault"], true);
    let asked = bed.sandbox.counts().requests;
    assert_eq!(json(&az(&bed, ["account", "list"]).ok()), list);
    let shown = json(&az(&bed, ["account", "show"]).ok());
    assert_eq!(
        (&shown["id"], &shown["tenantDefaultDomain"]),
        (&list[0]["id"], &"contoso.example".into())
    );
    assert_eq!(json(&ask(&bed).ok())["subscription"], list[0]["id"]);
    assert_eq!(bed.sandbox.counts().requests, asked, "what is held is not asked for");

    // Another one, of another tenant.
    let id = list[3]["id"].as_str().unwrap();
    let named = json(&ask_for(&bed, &id.to_uppercase()).ok());
    assert_eq!(
        (&named["subscription"], &named["tenant"]),
        (&list[3]["id"], &FABRIKAM.id.into())
    );
    assert_eq!(az(&bed, ["account", "set", "--subscription", "fabrikam"]).ok(), "");
    let now = json(&ask(&bed).ok());
    assert_eq!(
        (&now["subscription"], &now["tenant"]),
        (&list[3]["id"], &FABRIKAM.id.into())
    );
    assert_eq!(json(&az(&bed, ["account", "show"]).ok())["name"], "Fabrikam");
    assert!(
        ask_for(&bed, "nope")
            .fails(1)
            .starts_with("ERROR: Subscription 'nope' is not known.")
    );

    // A day later they are asked for again, and what was chosen stays chosen.
    let path = bed.store().login().join("subscriptions.json");
    let mut held = crate::support::read(&path);
    held["ask_again_on"] = 1.into();
    write(&path, held.to_string());
    bed.sandbox.clear_log();
    let again = json(&az(&bed, ["account", "list"]).ok());
    assert_eq!(
        (&again[3]["isDefault"], &again[0]["isDefault"]),
        (&true.into(), &false.into())
    );
    assert!(bed.sandbox.counts().requests > 0);
}

fn ask_for(bed: &Bed, subscription: &str) -> Run {
    az(
        bed,
        [
            "account",
            "get-access-token",
            "--resource",
            DATABRICKS.id(),
            "--subscription",
            subscription,
            "-o",
            "json",
        ],
    )
}

#[test]
fn without_a_resource_manager_there_is_a_tenant_level_account() {
    let bed = Bed::signed_in();
    let list = json(&az(&bed, ["account", "list"]).ok());
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(
        (&list[0]["name"], &list[0]["id"]),
        (&"N/A(tenant level account)".into(), &CONTOSO.id.into())
    );
    // Callers hand the id on.
    for subscription in [CONTOSO.id, "rg"] {
        assert_eq!(json(&ask_for(&bed, subscription).ok())["tenant"], CONTOSO.id);
    }
    assert_eq!(bed.sandbox.counts().requests, 0);

    // One that does not answer is asked again after a while, not at every call.
    let bed = with_subscriptions();
    bed.sandbox
        .fault(Fault::token(FaultKind::Reset { acted: false }).always());
    for _ in 0..2 {
        let shown = json(&az(&bed, ["account", "show"]).ok());
        assert_eq!(shown["name"], "N/A(tenant level account)");
    }
    bed.sandbox.clear_log();
    az(&bed, ["account", "show"]).ok();
    az(&bed, ["account", "list"]).ok();
    assert_eq!(bed.sandbox.counts().requests, 0);
}

#[test]
fn a_tenant_and_a_subscription_together() {
    let bed = with_subscriptions();
    let both = |tenant: &str| {
        let run = ask_for(&bed, "rg");
        json(&run.and(["--tenant", tenant]).ok())
    };
    for tenant in [
        "common",
        "organizations",
        "contoso.example",
        CONTOSO.id,
        "fabrikam.example",
    ] {
        let answer = both(tenant);
        assert_eq!(answer["tenant"], tenant);
        assert!(answer.get("subscription").is_none());
        let whose = match tenant {
            "fabrikam.example" => FABRIKAM.id,
            _ => CONTOSO.id,
        };
        assert_eq!(claim(&answer, "tid"), whose, "{tenant}");
    }
}

fn claim(answer: &Value, name: &str) -> String {
    let claims = entra_token::jwt::claims(answer["accessToken"].as_str().unwrap()).unwrap();
    claims[name].as_str().unwrap().to_owned()
}

#[test]
fn signing_in_and_out() {
    let bed = Bed::new();
    let authority = bed.sandbox.authority();
    bed.config(&format!(
        "[[host]]\nname = \"{authority}\"\nresource = \"https://management.core.windows.net/\"\nauthority = \"{authority}\"\n"
    ));
    bed.sandbox.auto_approve(&BEN);
    bed.sandbox.change(|settings| {
        settings.device_auto_approve = Some(1);
        settings.device_interval = 0;
    });
    let done = az(&bed, ["login", "--use-device-code"])
        .env("ENTRA_TOKEN_AUTHORITY_HOST", &authority)
        .done();
    assert_eq!(done.exit, Some(0), "{}", done.err);
    assert!(done.err.contains("/devicelogin"), "{}", done.err);
    assert_eq!(json(&done.out)[0]["user"]["name"], BEN.upn);
    assert_eq!(claim(&json(&ask(&bed).ok()), "upn"), BEN.upn);
    assert_eq!(az(&bed, ["logout"]).ok(), "");
    assert_eq!(az(&bed, ["logout"]).fails(1), "ERROR: There are no active accounts.\n");
    assert!(bed.store().logins().is_empty());
}
