//! Planted secrets are found where they belong and nowhere else: in no output, log, error or other file, in no spelling.

mod faces;
mod sign_in;

use crate::support::{Bed, Done};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use entra_sandbox::{ANA, AZURE_CLI, Fault, FaultKind, Refusal, Times};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

/// A secret in every spelling in which a careless program prints one.
fn spellings(secret: &str) -> Vec<String> {
    let percent: String = secret.bytes().map(|b| format!("%{b:02X}")).collect();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::to_string(secret).unwrap();
    vec![
        secret.to_owned(),
        STANDARD.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        percent,
        form,
        json[1..json.len() - 1].to_owned(),
        format!("{:?}", secret.as_bytes()),
    ]
}

#[track_caller]
fn absent(secret: &str, text: &str, place: &str) {
    // A part is a leak as well: the middle third of the secret.
    let third = secret.len() / 3;
    for spelling in spellings(secret).iter().chain(&spellings(&secret[third..2 * third])) {
        assert!(!text.contains(spelling.as_str()), "{place} holds a secret:\n{text}");
    }
}

struct Watch {
    secrets: Vec<String>,
}

impl Watch {
    #[track_caller]
    fn silent(&self, done: &Done, what: &str) {
        for secret in &self.secrets {
            absent(secret, &done.err, &format!("standard error of {what}"));
        }
    }

    #[track_caller]
    fn mute(&self, done: &Done, what: &str) {
        self.silent(done, what);
        for secret in &self.secrets {
            absent(secret, &done.out, &format!("standard output of {what}"));
        }
    }
}

#[test]
fn the_life_of_a_login_shows_no_secret() {
    let bed = Bed::new();
    let adopted = bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
    let log = bed.home().join("log");
    let host = bed.sandbox.workspace();
    let run = |args: &[&str]| bed.run(args.iter().copied()).env("ENTRA_TOKEN_LOG", &log);
    let mut watch = Watch {
        secrets: vec![adopted.clone()],
    };

    let done = run(&["login", "--refresh-token-stdin", "--host", &host])
        .stdin(&adopted)
        .done();
    watch.mute(&done, "login");
    done.ok();
    watch.secrets.push(bed.store().refresh_token());
    watch.secrets.push(bed.token());
    for args in [
        &["status"][..],
        &["status", "--json"],
        &["status", "--claims"],
        &["why"],
        &["why", "-o", "json"],
        &["use", ANA.upn],
        &["faces"],
        &["get", "--query", "expires_on"],
        &["get", "--query", "["],
        &["get", "--rejected", &bed.token()],
        &["get", "--claims", &bed.token()],
        &["get", "--tenant", &bed.token()],
        &["get", "--scope", &format!("x\n{}", bed.token())],
        &["frobnicate"],
        &["explain", &bed.token()],
        &["api", &format!("{host}/api/2.0/clusters/list")],
        &["api", &format!("{host}/api/{}?token={0}", bed.token())],
        &["api", "-d", &bed.token(), "/api", "--host", &host],
        &[
            "api",
            "-H",
            &format!("Authorization: Bearer {}", bed.token()),
            "/api",
            "--host",
            &host,
        ],
        &["api", &bed.token(), "/api", "--host", &host],
        &["api", "--workspace-resource-id", &bed.token(), "/api", "--host", &host],
    ] {
        let done = run(args).done();
        if done.exit == Some(2) {
            // A person who puts a token where it does not belong has put it into argv already; we at least do not repeat it.
            watch.mute(&done, &args[..args.len().min(2)].join(" "));
        } else {
            watch.mute(&done, &args.join(" "));
        }
    }
    for request in [
        json!({"v":1,"op":"status"}),
        json!({"v":1,"op":"get","rejected":bed.token()}),
        json!({"v":1,"op":"get","tenant":bed.token()}),
        json!({"v":1,"op":bed.token()}),
        json!({"v":1,"op":"get","claims":bed.token()}),
        json!([bed.token()]),
    ] {
        watch.mute(&run(&["rpc"]).stdin(request.to_string()).done(), "rpc");
    }

    for fault in [
        FaultKind::NotJson,
        FaultKind::Truncated,
        FaultKind::Reset { acted: true },
        FaultKind::Rewrite {
            set: json!({"expires_in": {}}).as_object().unwrap().clone(),
            remove: vec![],
        },
        FaultKind::Rewrite {
            set: json!({"token_type": 7}).as_object().unwrap().clone(),
            remove: vec![],
        },
    ] {
        bed.store().age(75 * 60);
        bed.store().forgive();
        bed.sandbox.fault(Fault {
            times: Times::Always,
            ..Fault::token(fault)
        });
        watch.silent(&run(&["get", "--timeout", "2"]).done(), "a refresh that fails");
        bed.sandbox.clear_faults();
        bed.store().forgive();
        run(&["get"]).done().ok();
        watch.secrets.push(bed.store().refresh_token());
        watch.secrets.push(bed.token());
    }
    bed.store().age(75 * 60);
    bed.sandbox.refuse(Refusal::new(50_076));
    watch.mute(&run(&["get"]).done(), "a refused refresh");

    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.lines().count() > 5, "the log tells what happened: {text}");
    for secret in &watch.secrets {
        absent(secret, &text, "the log");
    }
    for (path, bytes) in bed.store().files() {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "login.json" || name.starts_with("token-") {
            continue;
        }
        for secret in &watch.secrets {
            absent(secret, &String::from_utf8_lossy(&bytes), name);
        }
    }
    let done = run(&["logout"]).done();
    watch.mute(&done, "logout");
    done.ok();
    for (path, bytes) in bed.store().files() {
        for secret in &watch.secrets {
            absent(secret, &String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}

#[test]
fn a_proxy_is_used_and_its_password_not_told() {
    let bed = Bed::signed_in();
    let secret = "planted-proxy-password";
    let log = bed.home().join("log");
    // Only what goes outside takes a proxy; this one says no, so nothing leaves the machine.
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://ana:{secret}@{}", listener.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let (mut caller, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&caller).read_line(&mut line).unwrap();
            let _ = caller.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            line
        });
        let done = bed
            .run([
                "login",
                "--refresh-token-stdin",
                "--tenant",
                "contoso.example",
                "--timeout",
                "2",
            ])
            .env(variable, &proxy)
            .env("ENTRA_TOKEN_LOG", &log)
            .stdin(bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI))
            .done();
        assert_eq!(
            asked.join().unwrap(),
            "CONNECT login.microsoftonline.com:443 HTTP/1.1\r\n"
        );
        Watch {
            secrets: vec![secret.to_owned(), format!("ana:{secret}")],
        }
        .mute(&done, variable);
        assert!(done.fails(6).contains("cannot be reached"), "{variable}");
        bed.store().age(75 * 60);
        bed.run(["get"]).env(variable, &proxy).ok();
    }
    absent(secret, &std::fs::read_to_string(log).unwrap(), "the log");
}

#[test]
fn a_token_file_holds_no_refresh_token_and_a_login_no_access_token() {
    let bed = Bed::signed_in();
    let (access, refresh) = (bed.token(), bed.store().refresh_token());
    for path in bed.store().tokens() {
        absent(&refresh, &std::fs::read_to_string(path).unwrap(), "a token file");
    }
    absent(
        &access,
        &std::fs::read_to_string(bed.store().login().join("login.json")).unwrap(),
        "login.json",
    );
}

#[test]
fn files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let bed = Bed::signed_in();
    let log = bed.home().join("log");
    bed.run(["get", "--force-refresh"]).env("ENTRA_TOKEN_LOG", &log).ok();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&log), 0o600);
    for (path, _) in bed.store().files() {
        if path.file_name().unwrap() != "config.toml" {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
        }
    }
}
