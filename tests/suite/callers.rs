//! Each protocol through the life of a login: cached, refreshed, refused, network down, malformed, nobody signed in.

mod life;

use crate::support::{Bed, Done};
use entra_sandbox::{CONTAINER_REGISTRY, DATABRICKS, Fault, FaultKind};
use entra_token::error::Kind;
use life::{Case, told};
use serde_json::Value;

/// The host of the workspace with its port, as git and others name it.
fn host(bed: &Bed) -> String {
    bed.sandbox.workspace().replace("https://", "")
}

/// The value of a line `key=value`.
fn line(text: &str, key: &str) -> String {
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    value.unwrap_or_else(|| panic!("no `{key}` in {text}")).to_owned()
}

/// A member of a JSON text, by its pointer.
fn member(text: &str, pointer: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|why| panic!("{why}: {text}"));
    let member = value.pointer(pointer).and_then(Value::as_str);
    member.unwrap_or_else(|| panic!("no `{pointer}` in {text}")).to_owned()
}

#[test]
fn git() {
    let bed = Bed::signed_in();
    let input = format!("protocol=https\nhost={}\n\n", host(&bed));
    Case {
        args: &["as", "git", "get"],
        input: &input,
        token: |out| line(out, "password"),
        malformed: (&["as", "git", "get"], "protocol=https\r\n\r\n"),
        failed: told,
    }
    .through(&bed);
}

#[test]
fn git_says_that_a_token_was_refused() {
    let bed = Bed::signed_in();
    let host = host(&bed);
    let git = |operation, more: &str| {
        let input = format!("capability[]=authtype\nprotocol=https\nhost={host}\n{more}\n");
        bed.run(["as", "git", operation]).stdin(input).ok()
    };
    let first = line(&git("get", ""), "credential");
    assert_eq!(git("erase", "authtype=Bearer\ncredential=another\n"), "");
    assert_eq!((line(&git("get", ""), "credential"), bed.posts()), (first.clone(), 0));
    assert_eq!(git("erase", &format!("authtype=Bearer\ncredential={first}\n")), "");
    assert_ne!(line(&git("get", ""), "credential"), first);
    assert_eq!(bed.posts(), 1);
    // A host that is on no list.
    let input = "protocol=https\nhost=github.com\n\n";
    assert_eq!(bed.run(["as", "git", "get"]).stdin(input).ok(), "");
}

#[test]
fn kubectl() {
    let bed = Bed::signed_in();
    let args = ["as", "kubectl", "--server-id", DATABRICKS.id()];
    Case {
        args: &args,
        input: "",
        token: |out| member(out, "/status/token"),
        malformed: (&["as", "kubectl", "--server-id"], ""),
        failed: told,
    }
    .through(&bed);
}

#[test]
fn azd() {
    let bed = Bed::signed_in();
    let scope = format!("{}/.default", DATABRICKS.id());
    let args = [
        "as",
        "azd",
        "auth",
        "token",
        "--output",
        "json",
        "--no-prompt",
        "--scope",
        &scope,
    ];
    Case {
        args: &args,
        input: "",
        token: |out| member(out, "/token"),
        malformed: (&["as", "azd", "auth", "token", "-o", "json", "--claims", "?"], ""),
        failed: |done: &Done, kind| {
            assert_eq!((done.exit, done.out.as_str()), (Some(1), ""), "{done:?}");
            // A line that cannot be read says no form either.
            if kind != Kind::BadRequest {
                let logged_out = member(&done.err, "/error").contains("not logged in");
                assert_eq!(logged_out, kind == Kind::NotFound, "{done:?}");
            }
        },
    }
    .through(&bed);
}

#[test]
fn terraform() {
    let bed = Bed::signed_in();
    Case {
        args: &["as", "terraform"],
        input: r#"{"access_token_in_state":"true"}"#,
        token: |out| member(out, "/access_token"),
        malformed: (&["as", "terraform"], r#"{"tenant":7}"#),
        failed: told,
    }
    .through(&bed);
    bed.sign_in(&entra_sandbox::ANA).ok();
    let told = bed.run(["as", "terraform"]).stdin("{}").ok();
    assert!(!told.contains("token\"") && !told.contains(&bed.token()), "{told}");
}

#[test]
fn bazel() {
    let bed = Bed::signed_in();
    let input = format!(r#"{{"uri":"{}/cas/ab12"}}"#, bed.sandbox.workspace());
    Case {
        args: &["as", "bazel", "get"],
        input: &input,
        token: |out| member(out, "/headers/Authorization/0").replace("Bearer ", ""),
        malformed: (&["as", "bazel", "get"], "{}"),
        failed: told,
    }
    .through(&bed);
    // Our own verb is another one.
    let told = bed.run(["get"]).stdin(&input).fails(3);
    assert!(told.contains("entra-token login"), "{told}");
}

#[test]
fn cargo() {
    let bed = Bed::signed_in();
    let input = format!(
        "{{\"v\":1,\"kind\":\"get\",\"operation\":\"read\",\"registry\":{{\"index-url\":\"sparse+{}/index/\"}}}}\n",
        bed.sandbox.workspace()
    );
    Case {
        args: &["--cargo-plugin"],
        input: &input,
        token: |out| member(out.lines().last().unwrap(), "/Ok/token").replace("Bearer ", ""),
        malformed: (&["--cargo-plugin"], "{}"),
        failed: |done, kind| {
            assert_eq!(done.exit, Some(0), "{done:?}");
            let word = if kind == Kind::NotFound { "not-found" } else { "other" };
            assert_eq!(member(done.out.lines().last().unwrap(), "/Err/kind"), word, "{done:?}");
        },
    }
    .through(&bed);
}

#[test]
fn docker() {
    // The registry stands where the authority does.
    let bed = Bed::signed_in();
    let registry = bed.sandbox.authority();
    bed.config(&format!(
        "{}[[host]]\nname = \"{registry}\"\nresource = \"{}\"\nauthority = \"{registry}\"\n",
        bed.hosts(),
        CONTAINER_REGISTRY.id()
    ));
    let server = registry.replace("https://", "");
    let get = || bed.run(["as", "docker", "get"]).stdin(&server).done();
    let secret = |done: &Done| {
        assert_eq!((done.exit, done.err.as_str()), (Some(0), ""), "{done:?}");
        assert_eq!(member(&done.out, "/ServerURL"), server);
        assert_eq!(member(&done.out, "/Username"), "00000000-0000-0000-0000-000000000000");
        member(&done.out, "/Secret")
    };
    let failed = |done: &Done, told: &str| {
        assert_eq!((done.exit, done.err.as_str()), (Some(1), ""), "{done:?}");
        assert!(done.out.contains(told) && done.out.lines().count() == 1, "{done:?}");
    };
    let first = secret(&get());
    assert_ne!(secret(&get()), first, "nothing is kept");
    assert_eq!(bed.posts(), 1, "but the token that is exchanged");
    assert_eq!(bed.sandbox.counts().endpoints.get("registry_exchange"), Some(&2));

    let exchange = |kind| Fault {
        path: Some("/oauth2/exchange".to_owned()),
        ..Fault::any(kind)
    };
    let status = |status, body: &str| FaultKind::Status {
        status,
        headers: [("Location".to_owned(), "https://evil.example/".to_owned())].into(),
        body: body.to_owned(),
    };
    for (kind, told) in [
        (status(401, "{}"), "refuses this account"),
        (status(307, ""), "status 307"),
        (status(200, r#"{"refresh_token":"a b"}"#), "no token of a registry"),
        (status(200, "{}"), "no token of a registry"),
        (FaultKind::throttled(7), "try again in 7 s"),
        (FaultKind::Close { acted: false }, "broke off"),
    ] {
        bed.sandbox.fault(exchange(kind));
        failed(&get(), told);
    }
    failed(
        &bed.run(["as", "docker", "get"]).stdin("docker.io").done(),
        "credentials not found in native keychain",
    );
    failed(
        &bed.run(["as", "docker", "store"]).stdin("{}").done(),
        "nothing was saved",
    );
    bed.run(["logout", "--all"]).ok();
    failed(&get(), "entra-token login");
}

#[test]
fn keyring() {
    let bed = Bed::signed_in();
    let feed = format!("{}/simple/", bed.sandbox.workspace());
    Case {
        args: &["as", "keyring", "get", &feed, "VssSessionToken"],
        input: "",
        token: |out| out.trim_end().to_owned(),
        // What is not understood is the real one's, and none is here.
        malformed: (&["as", "keyring", "get", &feed, "--frobnicate"], ""),
        failed: |done, kind| {
            let exit = if kind == Kind::BadRequest { 3 } else { 1 };
            assert_eq!((done.exit, done.out.as_str()), (Some(exit), ""), "{done:?}");
        },
    }
    .through(&bed);
    let done = bed.run(["as", "keyring", "get", "https://pypi.example/", "ana"]).done();
    assert_eq!((done.exit, done.err.as_str()), (Some(1), ""), "none is silent");
}

#[test]
fn credprovider() {
    let bed = Bed::signed_in();
    let feed = format!("{}/simple/", bed.sandbox.workspace());
    Case {
        args: &["-Uri", &feed, "-IsRetry", "False", "-OutputFormat", "Json"],
        input: "",
        token: |out| member(out, "/Password"),
        malformed: (&["-Uri"], ""),
        failed: |done, _| assert_eq!((done.exit, done.out.as_str()), (Some(2), ""), "{done:?}"),
    }
    .through(&bed);
}

#[test]
fn goauth() {
    let bed = Bed::signed_in();
    let url = format!("{}/web/_git/api.git?go-get=1", bed.sandbox.workspace());
    Case {
        args: &["as", "goauth", &url],
        input: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        token: |out| out.trim_end().rsplit(' ').next().unwrap().to_owned(),
        malformed: (&["as", "goauth", "--frobnicate"], ""),
        failed: told,
    }
    .through(&bed);
}

#[test]
fn npm() {
    // Its tokens are for Azure DevOps.
    let bed = Bed::signed_in();
    let line = bed.run(["as", "npm"]).ok();
    assert!(line.starts_with("Bearer ") && line.lines().count() == 1, "{line}");
    assert_eq!(bed.run(["as", "npm"]).ok(), line);
    assert_eq!(bed.posts(), 1, "the second one was held");
    bed.run(["logout"]).ok();
    told(&bed.run(["as", "npm"]).done(), Kind::NotFound);
}

#[test]
fn google() {
    let bed = Bed::signed_in();
    let args = ["as", "google", "--resource", DATABRICKS.id()];
    Case {
        args: &args,
        input: "",
        token: |out| member(out, "/id_token"),
        malformed: (&["as", "google"], ""),
        failed: |done, _| {
            assert_eq!((done.exit, done.err.as_str()), (Some(0), ""), "{done:?}");
            assert!(done.out.starts_with("{\"version\":1,\"success\":false,"), "{done:?}");
        },
    }
    .through(&bed);
}

#[test]
fn dotnet() {
    let bed = Bed::signed_in();
    let args = ["as", "dotnet", "--resource", DATABRICKS.id()];
    Case {
        args: &args,
        input: "",
        token: |out| member(out, "/access_token"),
        malformed: (&["as", "dotnet"], ""),
        failed: told,
    }
    .through(&bed);
}
