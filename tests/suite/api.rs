//! `api`: a REST call from the command line to the workspace and back, and to whom the token never goes.

use crate::support::{Bed, Run};
use entra_sandbox::{Fault, FaultKind, WORKSPACE_RESOURCE_ID};
use entra_token::secret::Fingerprint;
use serde_json::{Value, json};
use std::time::Duration;

const LIST: &str = "/api/2.0/clusters/list";
const ECHO: &str = "/api/2.0/sandbox/echo";

#[test]
fn the_clusters_by_every_way_to_name_the_workspace() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    bed.config(&format!("{}[profiles.dev]\nhost = \"{host}\"\n", bed.hosts()));
    let whole = format!("{host}{LIST}");
    for run in [
        bed.run(["api", "GET", LIST]),
        bed.run(["api", "GET", LIST, "--host", &host]),
        bed.run(["api", LIST]).env("DATABRICKS_HOST", &host),
        bed.run(["api", "get", &LIST[1..], "--profile", "dev"]),
        bed.run(["api", &whole]),
    ] {
        let answer = json(&run.ok());
        assert_eq!(answer["clusters"][0]["cluster_name"], "etl-nightly");
        assert_eq!(answer["clusters"].as_array().unwrap().len(), 2, "a page");
    }
    assert_eq!(bed.posts(), 0, "a warm token needs no refresh");
    let names = |flags: &[&str]| {
        let args = ["api", &whole, "-o", "tsv", "--query", "clusters[].cluster_name"];
        bed.run(args.iter().chain(flags).copied()).ok()
    };
    assert_eq!(names(&[]), "etl-nightly\nad-hoc\n");
    assert_eq!(
        names(&["--paginate"]),
        "etl-nightly\nad-hoc\nml-training\ndashboards\nsandbox\n"
    );
    let jobs = format!("{host}/api/2.2/jobs/list");
    let all = json(&bed.run(["api", &jobs, "--paginate"]).ok());
    assert_eq!(all["jobs"].as_array().unwrap().len(), 45);
    assert_eq!(all.as_object().unwrap().keys().collect::<Vec<_>>(), ["jobs"]);
    bed.sandbox.clear_log();
    let limited = json(&bed.run(["api", &format!("{jobs}?limit=30"), "--paginate"]).ok());
    assert_eq!((limited, calls(&bed)), (all, 2));
}

#[test]
fn a_refused_token_is_replaced_once() {
    let bed = Bed::signed_in();
    let url = bed.sandbox.workspace() + LIST;
    let old = bed.token();
    bed.sandbox.reject_access_token(Fingerprint::of(&old).as_str());
    bed.run(["api", &url]).ok();
    assert_eq!((calls(&bed), bed.posts()), (2, 1));
    assert_ne!(bed.token(), old);

    bed.sandbox.clear_log();
    workspace(
        &bed,
        FaultKind::status(401, None, r#"{"error_code":"UNAUTHENTICATED","message":"No."}"#),
    );
    let told = bed.run(["api", &url]).fails(5);
    assert!(
        told.contains("status 401 `UNAUTHENTICATED`: No.") && told.contains("entra-token status"),
        "{told}"
    );
    assert_eq!((calls(&bed), bed.posts()), (2, 1));
}

#[test]
fn the_claims_of_a_challenge_reach_the_authority() {
    let bed = Bed::signed_in();
    let challenge = r#"Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==""#;
    let fault = FaultKind::status(401, Some(("WWW-Authenticate", challenge)), "{}");
    bed.sandbox.fault(Fault {
        path: Some(LIST.to_owned()),
        ..Fault::any(fault)
    });
    bed.run(["api", &(bed.sandbox.workspace() + LIST)]).ok();
    let log = bed.sandbox.log();
    let refresh = log.iter().find(|entry| entry.endpoint == "token").unwrap();
    let claims = &refresh.form.iter().find(|(name, _)| name == "claims").unwrap().1;
    assert!(claims.contains(r#""nbf":{"essential":true}"#), "{claims}");
}

#[test]
fn it_waits_as_asked_or_names_the_time() {
    let bed = Bed::signed_in();
    let url = bed.sandbox.workspace() + LIST;
    let busy = |seconds: &str| {
        FaultKind::status(
            429,
            Some(("Retry-After", seconds)),
            r#"{"error_code":"REQUEST_LIMIT_EXCEEDED"}"#,
        )
    };
    bed.sandbox.fault(Fault {
        path: Some(LIST.to_owned()),
        ..Fault::any(busy("1"))
    });
    bed.run(["api", &url]).ok();
    assert_eq!(calls(&bed), 2);
    workspace(&bed, busy("61"));
    let done = bed.run(["api", &url]).done();
    assert!(done.took < Duration::from_secs(30), "{:?}", done.took);
    let told = done.fails(6);
    assert!(
        told.contains("REQUEST_LIMIT_EXCEEDED") && told.contains("try again in 61 s"),
        "{told}"
    );
    assert_eq!(calls(&bed), 3);
    bed.sandbox.clear_faults();
    workspace(&bed, FaultKind::Hang { acted: false });
    bed.run(["api", &url, "--timeout", "1"]).fails(6);
}

#[test]
fn the_token_goes_to_hosts_on_the_list_only() {
    let bed = Bed::signed_in();
    let (host, stranger) = (bed.sandbox.workspace(), bed.sandbox.authority_unknown_ca());
    let url = format!("{stranger}/x");
    for run in [
        bed.run(["api", &url]),
        bed.run(["api", "/x", "--host", &stranger]),
        bed.run(["api", "/x"]).env("DATABRICKS_HOST", &stranger),
    ] {
        let told = run.fails(3);
        assert!(told.contains("is not a host that tokens are given for"), "{told}");
    }
    let told = bed.run(["api", &url, "--host", &host]).fails(2);
    assert!(told.contains("different hosts"), "{told}");
    // Whoever chooses a login has named no host with it.
    bed.run(["use", "ana@contoso.example"]).ok();
    let told = bed.run(["api", "/x"]).fails(2);
    assert!(told.contains("DATABRICKS_HOST"), "{told}");
    assert_eq!(bed.sandbox.counts().connections, 0);

    let elsewhere = bed.sandbox.workspace_http();
    workspace(&bed, FaultKind::redirect(307, &(elsewhere.clone() + ECHO)));
    let told = bed.run(["api", "POST", ECHO, "-d", "{}", "--host", &host]).fails(2);
    let redirected = format!("redirects to `{elsewhere}` (status 307), which is never followed");
    assert!(told.contains(&redirected), "{told}");
    assert_eq!(calls(&bed), 1, "nobody went elsewhere");
}

#[test]
fn methods_headers_and_bodies_as_sent() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let call = |args: &[&str], input: &str| {
        let head = ["api", "--host", &host];
        json(&bed.run(head.iter().chain(args).copied()).stdin(input).ok())
    };

    let seen = call(&[&format!("{ECHO}?b=c d&e")], "");
    assert_eq!(seen["method"], "GET");
    assert_eq!(seen["query"], json!([["b", "c d"], ["e", ""]]));
    let hash = Fingerprint::of(&bed.token());
    assert_eq!(seen["headers"]["authorization"], format!("Bearer {}", hash.as_str()));
    assert_eq!(seen["headers"]["accept"], "application/json, */*;q=0.5");
    assert_eq!(seen["headers"].get("accept-encoding"), None);

    std::fs::write(bed.home().join("body.json"), r#"{"from": "file"}"#).unwrap();
    let file = format!("@{}", bed.home().join("body.json").display());
    for (args, input, method, body) in [
        (&[ECHO, "--data", r#"{"a": 1}"#][..], "", "POST", json!({"a": 1})),
        (&["PUT", ECHO, "-d", "-"], "[7]", "PUT", json!([7])),
        (&["patch", ECHO, "-d", &file], "", "PATCH", json!({"from": "file"})),
        (&["DELETE", ECHO], "", "DELETE", json!("")),
    ] {
        let seen = call(args, input);
        assert_eq!((&seen["method"], &seen["body"]), (&json!(method), &body));
        let kind = (body != "").then_some("application/json");
        assert_eq!(seen["headers"]["content-type"], json!(kind));
    }
    let args = [
        "PUT",
        ECHO,
        "-d",
        "-",
        "-H",
        "content-type: text/csv",
        "--header",
        "X-A: b",
        "-H",
        "Accept: */*",
    ];
    let seen = call(&args, "1,2");
    assert_eq!(
        (&seen["body"], &seen["headers"]["content-type"]),
        (&json!("1,2"), &json!("text/csv"))
    );
    assert_eq!(
        (&seen["headers"]["x-a"], &seen["headers"]["accept"]),
        (&json!("b"), &json!("*/*"))
    );

    assert_eq!(bed.run(["api", "HEAD", ECHO, "--host", &host]).ok(), "");
    let text = bed.run(["api", ECHO, "--host", &host, "--include"]).ok();
    let (head, body) = text.split_once("\n\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200\n") && head.contains("\ncontent-type: application/json"),
        "{text}"
    );
    assert!(body.starts_with("{\n  \"method\": \"GET\""), "{text}");
}

#[test]
fn a_workspace_that_does_not_know_the_caller_is_told_its_resource_id() {
    let bed = Bed::signed_in();
    let url = bed.sandbox.workspace() + LIST;
    bed.sandbox.change(|settings| settings.resource_id_required = true);
    let told = bed.run(["api", &url]).fails(5);
    assert!(told.contains("status 403 `PERMISSION_DENIED`"), "{told}");
    bed.run(["api", &url, "--workspace-resource-id", WORKSPACE_RESOURCE_ID])
        .ok();
    let parts: Vec<_> = WORKSPACE_RESOURCE_ID.split('/').collect();
    let of = |subscription| {
        [
            "api",
            &url,
            "--subscription",
            subscription,
            "--resource-group",
            parts[4],
            "--workspace",
            parts[8],
        ]
    };
    bed.run(of(parts[2])).ok();
    bed.run(of("72f988bf-86f1-41af-91ab-2d7cd011db47")).fails(5);
}

#[test]
fn calls_that_are_wrong_send_nothing() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    for args in [
        &[][..],
        &["GET"],
        &["FETCH", LIST],
        &[LIST, "-H", "Authorization: Bearer x"],
        &[LIST, "-H", "Host: evil.example"],
        &[LIST, "-H", "X: a\r\nY: b"],
        &[LIST, "-d", "not json"],
        &["GET", LIST, "-d", "{}"],
        &["POST", LIST, "-d", "@/nonexistent"],
        &[LIST, "--query", "["],
        &[LIST, "--query", "a", "-o", "raw"],
        &[LIST, "--paginate", "-o", "raw"],
        &[LIST, "--paginate", "--include"],
        &["POST", LIST, "--paginate"],
        &[LIST, "--subscription", "x"],
        &[LIST, "--workspace-resource-id", "/subscriptions/x"],
        &[LIST, "--timeout", "0"],
    ] {
        let told = bed.run(["api", "--host", &host].iter().chain(args).copied()).fails(2);
        assert!(
            told.contains("see `entra-token api --help`") || told.contains("Content-Type"),
            "{args:?}: {told}"
        );
    }
    assert_eq!(bed.sandbox.counts().requests, 0);
}

#[test]
fn what_the_api_says_when_it_says_no() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let told = bed.run(["api", "/api/2.0/nothing", "--host", &host]).fails(3);
    assert!(
        told.contains("status 404 `ENDPOINT_NOT_FOUND`: No API found for 'GET /api/2.0/nothing'"),
        "{told}"
    );
    let args = ["api", "DELETE", LIST, "--host", &host];
    assert!(bed.run(args).fails(2).contains("status 405"));
    let told = bed
        .run([
            "api",
            LIST,
            "--host",
            &host,
            "--resource",
            "https://graph.microsoft.com",
        ])
        .fails(5);
    assert!(told.contains("status 403 `PERMISSION_DENIED`"), "{told}");

    let done = bed
        .run(["api", "/api/2.0/nothing", "--host", &host, "--include"])
        .done();
    assert_eq!(done.exit, Some(3));
    assert!(
        done.out.starts_with("HTTP/1.1 404\n") && done.out.ends_with("}\n"),
        "{}",
        done.out
    );
    assert!(done.err.contains("ENDPOINT_NOT_FOUND"), "{}", done.err);

    for (fault, exit) in [
        (FaultKind::status(500, None, "<html>oops</html>"), 6),
        (FaultKind::Reset { acted: false }, 6),
        (FaultKind::Truncated, 6),
        (FaultKind::Garbage, 6),
        (
            FaultKind::Huge {
                bytes: 100 << 20,
                announced: true,
            },
            2,
        ),
        (
            FaultKind::Huge {
                bytes: 100 << 20,
                announced: false,
            },
            2,
        ),
    ] {
        workspace(&bed, fault);
        let told = bed.run(["api", LIST, "--host", &host]).fails(exit);
        assert!(
            told.starts_with("entra-token: `localhost:") && !told.contains("oops"),
            "{told}"
        );
        bed.sandbox.clear_faults();
    }
    workspace(&bed, FaultKind::NotJson);
    assert!(
        bed.run(["api", LIST, "--host", &host])
            .ok()
            .starts_with("<!DOCTYPE html>")
    );
    bed.run(["api", LIST, "--host", &host, "-o", "table"]).fails(2);
}

#[test]
fn nobody_signed_in_is_told_how_to() {
    let bed = Bed::new();
    let told = bed.run(["api", LIST, "--host", &bed.sandbox.workspace()]).fails(3);
    assert!(
        told.contains("run: entra-token login") && told.contains("--host https://localhost:"),
        "{told}"
    );
    assert!(
        Run::new(["api", "--help"])
            .ok()
            .contains("Usage: entra-token api [OPTIONS] [METHOD] PATH")
    );
}

/// Every call of the workspace's API fails like this from now on.
fn workspace(bed: &Bed, kind: FaultKind) {
    bed.sandbox.fault(
        Fault {
            path: Some("/api/".to_owned()),
            ..Fault::any(kind)
        }
        .always(),
    );
}

/// How many calls of the workspace's API came.
fn calls(bed: &Bed) -> usize {
    bed.sandbox
        .log()
        .iter()
        .filter(|entry| entry.path.starts_with("/api/"))
        .count()
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
