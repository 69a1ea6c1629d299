//! `serve`: tokens over HTTP on this machine.

mod strangers;
mod waiting;

use crate::support::{Bed, Run};
use entra_sandbox::{ANA, Fault, FaultKind};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer than a token lives.
const OLD: i64 = 75 * 60;

/// A server, ended when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) told: HashMap<String, String>,
}

impl Server {
    pub(crate) fn start(bed: &Bed, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_entra-token"));
        command
            .arg("serve")
            .args(args)
            .env_clear()
            .env("HOME", bed.home())
            .env("SSL_CERT_FILE", bed.sandbox.ca_file())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = HashMap::new();
        for line in lines {
            let line = line.unwrap();
            let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
            told.insert(name.to_owned(), value.trim_matches('\'').to_owned());
            if name == "AZD_AUTH_KEY" {
                break;
            }
        }
        Self { child, told }
    }

    fn url(&self) -> &str {
        &self.told["DATABRICKS_METADATA_SERVICE_URL"]
    }

    /// A number that the kernel tells of the process, such as `Threads` or `VmHWM`.
    fn told_by_kernel(&self, name: &str) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .unwrap_or_default()
    }

    fn port(&self) -> u16 {
        self.told["AZD_AUTH_ENDPOINT"]
            .rsplit(':')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }

    fn path(&self) -> &str {
        let (_, path) = self.url().rsplit_once('/').unwrap();
        path
    }

    /// What comes back: the status, the headers, the document.
    fn send(&self, request: &str) -> (u16, String, Value) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), serde_json::from_str(body).unwrap_or_default())
    }

    /// As Databricks' SDKs ask.
    pub(crate) fn metadata(&self, host: &str) -> (u16, Value) {
        let (port, path) = (self.port(), self.path());
        let (status, _, answer) = self.send(&format!(
            "GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Databricks-Metadata-Version: 1\r\n\
             X-Databricks-Host: {host}\r\n\r\n"
        ));
        (status, answer)
    }

    /// As azd asks.
    pub(crate) fn azd(&self, key: &str, body: &str) -> (u16, Value) {
        let (port, length) = (self.port(), body.len());
        let (status, _, answer) = self.send(&format!(
            "POST /token?api-version=2023-07-12-preview HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Content-Type: application/json\r\nAuthorization: Bearer {key}\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        (status, answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_token_for_the_workspace_warm_and_refreshed() {
    let bed = Bed::signed_in();
    let held = bed.token();
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &["--host", &format!("{host}/")]);
    assert_eq!(server.told["DATABRICKS_HOST"], host);
    let (status, answer) = server.metadata(&host);
    assert_eq!((status, &answer["access_token"]), (200, &json!(held)));
    assert_eq!(answer["token_type"], "Bearer");
    assert!(answer["expires_on"].is_i64());
    assert_eq!(answer.as_object().unwrap().len(), 3);
    assert_eq!(server.metadata(&format!("{host}/")).0, 200);
    assert_eq!(bed.posts(), 0);
    bed.store().age(OLD);
    let (_, answer) = server.metadata(&host);
    assert_ne!(answer["access_token"], held);
    assert_eq!(bed.posts(), 1);
}

#[test]
fn only_the_host_that_is_served_and_only_known_ones() {
    let bed = Bed::signed_in();
    let (host, other) = (bed.sandbox.workspace(), bed.sandbox.workspace_http());
    let server = Server::start(&bed, &["--host", &host]);
    assert_eq!(server.metadata(&other).0, 403);
    let open = Server::start(&bed, &[]);
    assert!(!open.told.contains_key("DATABRICKS_HOST"));
    assert_eq!(open.metadata(&host).0, 200);
    let (status, told) = open.metadata("https://databricks.evil.example");
    assert_eq!((status, &told["error"]), (403, &json!("target_not_supported")));
    let told = bed.run(["serve", "--host", "https://databricks.evil.example"]).fails(3);
    assert!(told.contains("[[host]]"), "{told}");
    assert_eq!(bed.posts(), 0);
}

#[test]
fn a_login_and_a_logout_elsewhere_count_at_once() {
    let bed = Bed::new();
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &["--host", &host]);
    let (status, told) = server.metadata(&host);
    assert_eq!((status, &told["error"]), (401, &json!("not_found")));
    assert!(
        told["hint"].as_str().unwrap().contains("entra-token login --host"),
        "{told}"
    );
    bed.sign_in(&ANA).ok();
    assert_eq!(server.metadata(&host).0, 200);
    bed.run(["logout"]).done();
    assert_eq!(server.metadata(&host).0, 401);
    bed.sign_in(&ANA).ok();
    assert_eq!(server.metadata(&host).0, 200);
}

#[test]
fn what_it_remembers_is_never_older_than_the_file() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &["--host", &host]);
    let mut last = server.metadata(&host).1["access_token"].clone();
    for _ in 0..10 {
        // Another process replaces the file.
        let newer: Value = serde_json::from_str(&bed.run(["get", "--rejected", &hash(&last)]).ok()).unwrap();
        assert_ne!(newer["access_token"], last);
        last = newer["access_token"].clone();
        assert_eq!(server.metadata(&host).1["access_token"], last);
        assert_eq!(server.metadata(&host).1["access_token"], last);
    }
    let file = bed.store().tokens().remove(0);
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let posts = bed.posts();
    assert_eq!(server.metadata(&host).0, 200);
    assert_eq!(bed.posts(), posts + 1, "a file that others may read is not used");
}

fn hash(token: &Value) -> String {
    format!(
        "sha256:{}",
        entra_token::secret::sha256_hex(token.as_str().unwrap().as_bytes())
    )
}

#[test]
fn what_goes_wrong_is_told_in_json() {
    for (fault, expected) in [
        (FaultKind::Reset { acted: false }, 503),
        (FaultKind::throttled(60), 503),
        (FaultKind::NotJson, 503),
    ] {
        let bed = Bed::signed_in();
        bed.store().age(OLD);
        bed.sandbox.fault(Fault::token(fault).always());
        let host = bed.sandbox.workspace();
        let (status, told) = Server::start(&bed, &[]).metadata(&host);
        assert_eq!(status, expected, "{told}");
        assert!(told["error"].is_string() && told["message"].is_string(), "{told}");
    }
    let bed = Bed::signed_in();
    bed.store().age(OLD);
    bed.sandbox.kill_all_refresh_tokens(700_082);
    let host = bed.sandbox.workspace();
    let (status, told) = Server::start(&bed, &[]).metadata(&host);
    assert_eq!((status, &told["error"]), (401, &json!("interaction_required")));
    assert!(told["message"].as_str().unwrap().contains("AADSTS700082"), "{told}");
}

#[test]
fn azd_gets_a_token_for_any_scope_with_the_key_alone() {
    let bed = Bed::signed_in();
    let server = Server::start(&bed, &[]);
    let key = &server.told["AZD_AUTH_KEY"];
    let body = r#"{"scopes":["https://management.azure.com//.default"]}"#;
    let (status, answer) = server.azd(key, body);
    assert_eq!((status, &answer["status"]), (200, &json!("success")), "{answer}");
    let expires = chrono::DateTime::parse_from_rfc3339(answer["expiresOn"].as_str().unwrap());
    assert!(expires.is_ok() && !answer["token"].as_str().unwrap().is_empty());
    assert_eq!(server.azd(&format!("{key}x"), body).0, 401);
    assert_eq!(server.azd("", body).0, 401);
    bed.run(["logout", "--all"]).done();
    let (status, answer) = server.azd(key, body);
    assert_eq!((status, &answer["code"]), (200, &json!("NotSignedInError")));
}

#[test]
fn a_port_of_choice() {
    let bed = Bed::signed_in();
    let server = Server::start(&bed, &[]);
    let port = server.port().to_string();
    let told = bed.run(["serve", "--port", &port]).fails(1);
    assert!(told.contains(&port) && told.contains("--port"), "{told}");
    drop(server);
    let again = Server::start(&bed, &["--port", &port]);
    assert_eq!(again.port().to_string(), port);
    for wrong in ["0", "65536", "x"] {
        bed.run(["serve", "--port", wrong]).fails(2);
    }
}

/// A script that asks once, by what `serve` tells it.
const ASKS: &str = r#"exec curl -sf "$DATABRICKS_METADATA_SERVICE_URL" -H 'X-Databricks-Metadata-Version: 1' -H "X-Databricks-Host: $DATABRICKS_HOST""#;

fn beside(bed: &Bed, script: &str) -> Run {
    let host = bed.sandbox.workspace();
    bed.run(["serve", "--host", &host, "--", "/bin/sh", "-c", script])
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
}

#[test]
fn one_command_is_served_and_its_end_is_ours() {
    let bed = Bed::signed_in();
    let held = bed.token();
    let out = beside(&bed, ASKS).ok();
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["access_token"], held);
    let done = beside(&bed, "echo out; echo err >&2; exit 7").done();
    assert_eq!(
        (done.exit, done.out.as_str(), done.err.as_str()),
        (Some(7), "out\n", "err\n")
    );
    let done = beside(&bed, "kill -TERM $$").done();
    assert_eq!(done.exit, Some(128 + 15));
    let echoed = beside(&bed, "cat").stdin("given").ok();
    assert_eq!(echoed, "given");
    let told = bed.run(["serve", "--", "/no/such/program"]).fails(2);
    assert!(told.contains("/no/such/program"), "{told}");
}

/// The SDKs drop what a refusal says.
#[test]
fn why_there_is_no_token_is_told_once() {
    let bed = Bed::new();
    bed.config(&bed.hosts());
    let asks = format!("{}; {}; true", ASKS.replace("exec ", ""), ASKS.replace("exec ", ""));
    let done = beside(&bed, &asks).done();
    assert_eq!((done.exit, done.out.as_str()), (Some(0), ""));
    assert_eq!(done.err.matches("entra-token: ").count(), 1, "{}", done.err);
    assert!(done.err.contains("  run: entra-token login "), "{}", done.err);
}

#[test]
fn a_signal_goes_on_to_the_command() {
    let bed = Bed::signed_in();
    for signal in ["TERM", "INT", "HUP"] {
        let ready = bed.home().join(format!("ready-{signal}"));
        let script = format!(
            "trap 'echo got; exit 9' {signal}; : > '{}'; while :; do sleep 0.05; done",
            ready.display()
        );
        let running = beside(&bed, &script).spawn();
        while !ready.exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let sent = Command::new("/bin/kill")
            .arg(format!("-{signal}"))
            .arg(running.pid().to_string())
            .status();
        assert!(sent.unwrap().success());
        let done = running.done();
        assert_eq!((done.exit, done.out.as_str()), (Some(9), "got\n"), "{signal}");
    }
}
