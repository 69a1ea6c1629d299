//! What other programs get as JSON in their own protocols.

use super::set::Set;
use crate::serve::Server;
use crate::support::{Bed, Done};
use entra_sandbox::{CONTAINER_REGISTRY, DATABRICKS};
use serde_json::Value;

#[test]
fn answers() {
    let bed = Bed::signed_in();
    let resource = DATABRICKS.id();
    let scope = format!("{resource}/.default");
    let check = check();
    let (uri, index) = (
        format!("{}/x", bed.sandbox.workspace()),
        format!("sparse+{}/", bed.sandbox.workspace()),
    );
    let bazel = format!(r#"{{"uri":"{uri}"}}"#);
    let cargo = format!(r#"{{"v":1,"kind":"get","registry":{{"index-url":"{index}"}}}}"#);
    for (name, args, input) in [
        ("face-kubectl", &["as", "kubectl", "--server-id", resource][..], ""),
        (
            "face-azd",
            &["as", "azd", "auth", "token", "-o", "json", "--scope", &scope],
            "",
        ),
        ("face-terraform", &["as", "terraform"], "{}"),
        (
            "face-terraform",
            &["as", "terraform"],
            r#"{"access_token_in_state":"true"}"#,
        ),
        ("face-bazel", &["as", "bazel", "get"], &bazel),
        (
            "face-keyring",
            &["as", "keyring", "--mode=creds", "--output=json", "get", &uri],
            "",
        ),
        ("face-credprovider", &["-Uri", &uri, "-IsRetry", "False"], ""),
        ("face-google", &["as", "google", "--resource", resource], ""),
        ("face-google", &["as", "google"], ""),
        ("face-dotnet", &["as", "dotnet", "--resource", resource], ""),
    ] {
        check(name, &bed.run(args.iter().copied()).stdin(input).ok());
    }
    // The registry stands where the authority does.
    let registry = bed.sandbox.authority();
    bed.config(&format!(
        "{}[[host]]\nname = \"{registry}\"\nresource = \"{}\"\nauthority = \"{registry}\"\n",
        bed.hosts(),
        CONTAINER_REGISTRY.id()
    ));
    check("face-docker", &bed.run(["as", "docker", "get"]).stdin(&registry).ok());
    let lines = bed.run(["--cargo-plugin"]).stdin(&cargo).ok();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    lines.lines().for_each(|line| check("face-cargo", line));
    let host = bed.sandbox.workspace();
    for zone in ["UTC", "America/St_Johns"] {
        let run = bed.run(["as", "databricks", "auth", "token", "--host", &host]);
        check("face-databricks", &run.env("TZ", zone).ok());
    }
}

#[test]
fn answers_over_http() {
    let bed = Bed::signed_in();
    let check = check();
    let server = Server::start(&bed, &[]);
    let (_, good) = server.metadata(&bed.sandbox.workspace());
    let (_, bad) = server.metadata("https://databricks.evil.example");
    assert!(good["access_token"].is_string() && bad["error"].is_string());
    check("endpoint-databricks", &good.to_string());
    check("endpoint-databricks", &bad.to_string());
    let key = server.told["AZD_AUTH_KEY"].clone();
    for (scope, status) in [("https://management.azure.com/.default", "success"), ("a b", "error")] {
        let (_, answer) = server.azd(&key, &serde_json::json!({ "scopes": [scope] }).to_string());
        assert_eq!(answer["status"], status, "{answer}");
        check("endpoint-azd", &answer.to_string());
    }
}

#[test]
fn failures() {
    let bed = Bed::new();
    let check = check();
    let Done { err, .. } = bed.run(["as", "azd", "auth", "token", "-o", "json"]).done();
    check("face-azd-error", &err);
    let out = bed.run(["--cargo-plugin"]).stdin("nonsense").ok();
    check("face-cargo", out.lines().last().unwrap());
}

/// Checks a text against a schema.
fn check() -> impl Fn(&str, &str) {
    let set = Set::load();
    move |name, text| {
        let value: Value = serde_json::from_str(text).unwrap_or_else(|why| panic!("{name}: {why}: {text}"));
        set.check(name, &value);
    }
}
