//! The real `az` behind our link: whoever uses it loses nothing, and what is changed by the link is changed in both.

use crate::support::{Bed, Run};
use entra_sandbox::{ANA, DATABRICKS, Fault, FaultKind, Refusal, Times};
use serde_json::Value;
use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt, symlink};

/// Stands for the real one: tells what it got, and does what a variable says.
const REAL: &str = r#"#!/bin/sh
echo "$*" >>"$HOME/real.log"
case $MODE in
    tell)
        for word in "$@"; do printf '[%s]' "$word"; done
        printf '\n%s\n%s\n%s\n' "$$" "$PWD" "$MARK"
        cat
        echo told >&2
        exit 7;;
    fail) echo "ERROR: $SAYS" >&2; exit 3;;
    end) kill -TERM $$; sleep 60;;
    wait)
        trap 'echo; echo interrupted; exit 130' INT
        if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then echo 'at a terminal'; fi
        stty size
        while :; do sleep 0.05; done;;
    *) echo '"of the real one"';;
esac
"#;

/// With the link first on `PATH`, and the real one after it.
fn az<'a>(bed: &Bed, args: impl IntoIterator<Item = &'a str>) -> Run {
    let (link, real) = (bed.home().join("bin/az"), bed.home().join("real/az"));
    if !link.exists() {
        for path in [&link, &real] {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_entra-token"), &link).unwrap();
        std::fs::write(&real, REAL).unwrap();
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let folders = [
        link.parent().unwrap(),
        real.parent().unwrap(),
        "/usr/bin".as_ref(),
        "/bin".as_ref(),
    ];
    bed.run(args)
        .by(&link)
        .env("PATH", std::env::join_paths(folders).unwrap())
}

/// What the real one was called with since.
fn heard(bed: &Bed) -> Vec<String> {
    let log = bed.home().join("real.log");
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    let _ = std::fs::remove_file(log);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn everything_reaches_it_as_it_is() {
    let bed = Bed::signed_in();
    let words = [
        "vm", "create", "--name", "a b", "", "x\ny", "$HOME", "*", "--", "-o", "\u{fc}",
    ];
    let running = az(&bed, words)
        .env("MODE", "tell")
        .env("MARK", "as it was")
        .stdin("what is read")
        .spawn();
    let pid = running.pid();
    let done = running.done();
    let told: String = words.iter().map(|word| format!("[{word}]")).collect();
    let folder = std::env::current_dir().unwrap();
    let expected = format!("{told}\n{pid}\n{}\nas it was\nwhat is read", folder.display());
    assert_eq!((done.exit, done.out, done.err.as_str()), (Some(7), expected, "told\n"));
    assert_eq!(az(&bed, ["vm", "list"]).env("MODE", "end").done().exit, None);
}

#[test]
fn it_is_at_the_terminal_and_ctrl_c_is_for_it() {
    let bed = Bed::signed_in();
    let mut seat = az(&bed, ["interactive"]).env("MODE", "wait").at_terminal();
    seat.wait_for("at a terminal").wait_for("24 80");
    seat.ctrl_c().wait_for("interrupted");
    assert_eq!(seat.done().exit, 130);
}

/// What Entra ID says of the login that is held is the answer: the real one may be signed in as somebody else.
#[test]
fn what_is_said_of_our_login_is_the_answer() {
    let bed = Bed::signed_in();
    let told = |why: &str| {
        for line in [
            "account get-access-token",
            "account get-access-token --scope x/.default -o tsv",
        ] {
            let done = az(&bed, line.split(' ')).done();
            assert_eq!((done.exit, done.out.as_str()), (Some(1), ""), "{why}: {line}");
            assert!(done.err.starts_with("ERROR: "), "{why}: {line}: {}", done.err);
            assert!(heard(&bed).is_empty(), "{why}: {line}");
        }
    };
    for code in [50_076, 65_001, 53_003, 500_011] {
        bed.store().age(75 * 60);
        bed.store().forgive();
        bed.sandbox.refuse(always(code));
        told(&format!("AADSTS{code}"));
        bed.sandbox.clear_refusals();
    }
    for fault in [
        FaultKind::Close { acted: false },
        FaultKind::NotJson,
        FaultKind::status(503, None, ""),
    ] {
        bed.store().forgive();
        bed.sandbox.fault(Fault::token(fault).always());
        told("a fault");
        bed.sandbox.clear_faults();
    }
    bed.store().forgive();
    bed.sandbox.kill_all_refresh_tokens(700_082);
    told("a dead login");
}

#[test]
fn what_we_cannot_answer_it_does() {
    let bed = Bed::signed_in();
    let calls = [
        "account get-access-token",
        "account get-access-token --scope x/.default -o tsv",
        "account get-access-token --tenant nowhere.example",
        "account get-access-token --subscription nope --query accessToken",
    ];
    let answered = |why: &str| {
        for line in calls {
            let done = az(&bed, line.split(' ')).done();
            assert_eq!(
                (done.exit, done.out.as_str(), done.err.as_str()),
                (Some(0), "\"of the real one\"\n", ""),
                "{why}: {line}"
            );
            assert_eq!(heard(&bed), [line], "{why}");
        }
    };
    // A tenant that Entra ID does not know here: it may be of the real one's cloud.
    bed.store().age(75 * 60);
    bed.sandbox.refuse(always(90_002));
    assert_eq!(az(&bed, ["account", "get-access-token"]).ok(), "\"of the real one\"\n");
    bed.sandbox.clear_refusals();
    heard(&bed);
    bed.run(["logout", "--all"]).ok();
    answered("nobody");
    for line in [
        "account show",
        "account list",
        "account list --all",
        "cloud show",
        "cloud list",
        "account clear",
        "logout",
    ] {
        assert_eq!(az(&bed, line.split(' ')).ok(), "\"of the real one\"\n", "{line}");
        assert_eq!(heard(&bed), [line]);
    }
    // What cannot be right anywhere is not handed on.
    az(&bed, ["account", "get-access-token", "-o", "bad"]).fails(2);
    assert!(heard(&bed).is_empty());
}

#[test]
fn while_we_can_answer_it_is_not_run() {
    let bed = Bed::signed_in();
    for line in ["account show", "account list", "version", "--version"] {
        az(&bed, line.split(' ')).ok();
    }
    let ask = [
        "account",
        "get-access-token",
        "--resource",
        DATABRICKS.id(),
        "-o",
        "tsv",
        "--query",
        "accessToken",
    ];
    assert_eq!(az(&bed, ask).ok().trim_end(), bed.token());
    assert!(heard(&bed).is_empty());
}

#[test]
fn signing_in_and_out_of_both() {
    let bed = Bed::new();
    bed.sandbox.auto_approve(&ANA);
    bed.sandbox.change(|settings| {
        settings.device_auto_approve = Some(1);
        settings.device_interval = 0;
    });
    let login = || {
        let run = az(&bed, ["login", "--use-device-code"]);
        run.env("ENTRA_TOKEN_AUTHORITY_HOST", bed.sandbox.authority())
    };
    let done = login().done();
    // It answers, since it comes last; what we say is said before.
    assert_eq!(
        (done.exit, done.out.as_str()),
        (Some(0), "\"of the real one\"\n"),
        "{}",
        done.err
    );
    assert!(
        done.err.contains("Signed in to entra-token as ana@contoso.example."),
        "{}",
        done.err
    );
    assert_eq!(
        (heard(&bed), bed.store().logins().len()),
        (vec!["login --use-device-code".to_owned()], 1)
    );

    let quiet = |args: &[&str], mode: &str, says: &str| {
        let run = az(&bed, args.iter().copied()).env("MODE", mode).env("SAYS", says);
        let done = run.done();
        assert_eq!(done.out, "", "{args:?}");
        assert_eq!(heard(&bed), [args.join(" ")]);
        (done.exit, done.err)
    };
    let fine = (Some(0), String::new());
    assert_eq!(quiet(&["logout"], "", ""), fine);
    assert!(bed.store().logins().is_empty());
    assert_eq!(login().done().exit, Some(0));
    heard(&bed);
    assert_eq!(
        quiet(
            &["logout", "--username", ANA.upn],
            "fail",
            "There are no active accounts."
        ),
        fine
    );
    assert!(bed.store().logins().is_empty());
    assert_eq!(login().done().exit, Some(0));
    heard(&bed);
    // Somebody may be signed in there still.
    let told = (Some(3), "ERROR: the disk is full\n".to_owned());
    assert_eq!(quiet(&["account", "clear"], "fail", "the disk is full"), told);
    assert!(bed.store().logins().is_empty());

    // A sign-in that fails here is told, and made there.
    bed.sandbox.refuse(always(53_003));
    let done = login().done();
    assert_eq!(
        (done.exit, done.out.as_str()),
        (Some(0), "\"of the real one\"\n"),
        "{}",
        done.err
    );
    assert!(done.err.contains("AADSTS53003"), "{}", done.err);
    // A call that is wrong is told once.
    heard(&bed);
    assert!(az(&bed, ["login", "--tenant"]).fails(2).contains("--tenant"));
    assert!(heard(&bed).is_empty());
    // Identities that we do not know are its own.
    for line in [
        "login --service-principal -u a -p b -t c",
        "login --identity",
        "login -i",
    ] {
        heard(&bed);
        assert_eq!(az(&bed, line.split(' ')).ok(), "\"of the real one\"\n");
        assert_eq!(heard(&bed), [line]);
    }
}

#[test]
fn subscriptions_and_clouds_of_both() {
    let bed = Bed::new();
    let authority = bed.sandbox.authority();
    bed.config(&format!(
        "{}[[host]]\nname = \"{authority}\"\nresource = \"https://management.core.windows.net/\"\nauthority = \"{authority}\"\n",
        bed.hosts()
    ));
    bed.sign_in(&ANA).ok();
    let set = ["account", "set", "-s", "Fabrikam"];
    assert_eq!(az(&bed, set).ok(), "");
    assert_eq!(heard(&bed), ["account set -s Fabrikam"]);
    let shown: Value = serde_json::from_str(&az(&bed, ["account", "show"]).ok()).unwrap();
    assert_eq!(shown["name"], "Fabrikam");
    // Its own commands go on with another one, which is told.
    let unknown = az(&bed, set)
        .env("MODE", "fail")
        .env("SAYS", "no such subscription")
        .done();
    assert_eq!(
        (unknown.exit, unknown.err.as_str()),
        (Some(0), "ERROR: no such subscription\n")
    );
    heard(&bed);

    let done = az(&bed, ["cloud", "set", "-n", "AzureUSGovernment"]).done();
    assert!(
        done.err
            .starts_with("WARNING: Switched active cloud to 'AzureUSGovernment'."),
        "{}",
        done.err
    );
    assert_eq!(
        (done.exit, heard(&bed)),
        (Some(0), vec!["cloud set -n AzureUSGovernment".to_owned()])
    );
    // Nobody is signed in there: Ana is not taken for somebody who is.
    let alone = |line: &str| az(&bed, line.split(' ')).env("PATH", bed.home().join("bin"));
    assert_eq!(alone("cloud show --query name -o tsv").ok(), "AzureUSGovernment\n");
    for line in ["account get-access-token", "account show"] {
        assert_eq!(alone(line).fails(1), "ERROR: Please run 'az login' to setup account.\n");
    }
    assert_eq!(
        bed.run(["get", "-o", "token"]).ok().trim_end(),
        bed.token(),
        "that is az's business alone"
    );
    // A pointer that is lost and rebuilt is nobody's choice.
    std::fs::remove_file(bed.folder().join("v1/pointers/default.json")).unwrap();
    assert_eq!(bed.run(["get", "-o", "token"]).ok().trim_end(), bed.token());
    assert_eq!(alone("cloud show --query name -o tsv").ok(), "AzureUSGovernment\n");
    // Whoever chooses a login chooses its cloud.
    bed.run(["use", ANA.upn]).ok();
    assert_eq!(json_name(&alone("account show").ok()), "Fabrikam");
}

fn always(code: u32) -> Refusal {
    Refusal {
        times: Times::Always,
        ..Refusal::new(code)
    }
}

fn json_name(text: &str) -> String {
    let shown: Value = serde_json::from_str(text).unwrap();
    shown["name"].as_str().unwrap().to_owned()
}

/// A link to ourselves further on, by whatever name, is not the real one.
#[test]
fn it_is_never_ourselves() {
    let bed = Bed::new();
    let again = bed.home().join("again");
    std::fs::create_dir(&again).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_entra-token"), again.join("az")).unwrap();
    let paths: Vec<OsString> = vec![bed.home().join("bin").into(), again.clone().into(), again.into()];
    let told = az(&bed, ["vm", "list"])
        .env("PATH", std::env::join_paths(paths).unwrap())
        .fails(3);
    assert!(told.contains("no other `az` is on PATH"), "{told}");
}
