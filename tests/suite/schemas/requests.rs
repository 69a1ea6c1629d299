//! The schema of a request and the program agree on which requests are right.

use super::set::Set;
use crate::support::Bed;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Members, each good by itself beside `v`, `id` and `op`.
fn good() -> Vec<Value> {
    let hash = format!("sha256:{}", "0aF".repeat(21) + "0");
    vec![
        json!({}),
        json!({"unknown": {"deep": [1]}, "jsonrpc": "2.0"}),
        json!({"scope": "a/.default"}),
        json!({"scope": "b a openid"}),
        json!({"scope": ["a", "", "openid", "b c"]}),
        json!({"scope": ["openid x"]}),
        json!({"scope": ["openidx"], "resource": null, "uri": null, "host": "x.example"}),
        json!({"resource": "https://management.azure.com/"}),
        json!({"resource": "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"}),
        json!({"uri": "https://adb-1.2.azuredatabricks.net/api/2.0/x?y=z#w"}),
        json!({"uri": "http://127.0.0.1:8080/x", "host": null}),
        json!({"host": "adb-1.2.azuredatabricks.net"}),
        json!({"host": "https://localhost:8443/"}),
        json!({"host": "https://[::1]:8443"}),
        json!({"host": "http://[::1]:8080/x"}),
        json!({"profile": "ci / été"}),
        json!({"tenant": "72F988BF-86f1-41af-91ab-2d7cd011db47"}),
        json!({"tenant": "contoso.example"}),
        json!({"tenant": "organizations"}),
        json!({"account": "Ana@contoso.example"}),
        json!({"account": "uid.utid"}),
        json!({"client_id": "04b07795-8ddb-461a-bbee-02f9e1bf7b46"}),
        json!({"authority_host": "https://login.microsoftonline.us"}),
        json!({"authority_host": "login.microsoftonline.us/"}),
        json!({"authority_host": "http://localhost:8080", "cloud": null}),
        json!({"cloud": "usgov"}),
        json!({"interaction": "never"}),
        json!({"interaction": "allowed"}),
        json!({"min_ttl": 0}),
        json!({"min_ttl": 86_400}),
        json!({"timeout_ms": 1}),
        json!({"timeout_ms": 600_000}),
        json!({"force_refresh": true, "all": false}),
        json!({"rejected": hash}),
        json!({"claims": {"access_token": {"nbf": {"essential": true, "value": "1"}}}}),
        json!({"claims": "{\"access_token\":{}}"}),
        json!({"claims": "eyJhY2Nlc3NfdG9rZW4iOnt9fQ"}),
        json!({"www_authenticate": ["Bearer error=\"invalid_token\"", "Basic realm=x"]}),
        json!({"www_authenticate": "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""}),
        json!({"accept": ["events"]}),
        json!({
            "scope": null, "resource": null, "uri": null, "host": null, "profile": null, "tenant": null, "account": null,
            "client_id": null, "authority_host": null, "cloud": null, "interaction": null, "min_ttl": null,
            "timeout_ms": null, "force_refresh": null, "rejected": null, "claims": null, "www_authenticate": null,
            "all": null, "accept": null,
        }),
    ]
}

/// Members that spoil a request, and the error's code.
fn bad() -> Vec<(Value, &'static str)> {
    let request = "bad_request";
    let long = "x".repeat(321);
    vec![
        (json!({"v": 2}), "unsupported_version"),
        (json!({"v": 0}), "unsupported_version"),
        (json!({"v": "1"}), request),
        (json!({"v": null}), request),
        (json!({"op": "token"}), "unsupported_op"),
        (json!({"op": "GET"}), "unsupported_op"),
        (json!({"op": null}), request),
        (json!({"op": ["get"]}), request),
        (json!({"scope": []}), request),
        (json!({"scope": ""}), request),
        (json!({"scope": " "}), request),
        (json!({"scope": "openid profile"}), request),
        (json!({"scope": ["openid", "offline_access "]}), request),
        (json!({"scope": ["a", 1]}), request),
        (json!({"scope": ["a\n"]}), request),
        (json!({"scope": ["a\"b"]}), request),
        (json!({"scope": ["a\\b"]}), request),
        (json!({"scope": {"a": 1}}), request),
        (json!({"scope": ["a"], "resource": "b"}), request),
        (json!({"scope": ["a"], "uri": "https://x.example"}), request),
        (json!({"resource": "b", "uri": "https://x.example"}), request),
        (json!({"host": "x.example", "uri": "https://x.example"}), request),
        (json!({"resource": ""}), request),
        (json!({"resource": "a b"}), request),
        (json!({"resource": ["a"]}), request),
        (json!({"uri": "http://adb-1.2.azuredatabricks.net"}), request),
        (json!({"uri": "ftp://x.example"}), request),
        (json!({"uri": "https://ana:secret@x.example/"}), request),
        (json!({"uri": "https://"}), request),
        (json!({"uri": ""}), request),
        (json!({"uri": 7}), request),
        (json!({"host": "http://127.0.0.1.evil.example"}), request),
        (json!({"host": "a b"}), request),
        (json!({"profile": ""}), request),
        (json!({"profile": "a\nb"}), request),
        (json!({"tenant": "a/b"}), request),
        (json!({"tenant": ".."}), request),
        (json!({"tenant": ""}), request),
        (json!({"tenant": "a\n"}), request),
        (json!({"account": ""}), request),
        (json!({"account": " "}), request),
        (json!({"account": long}), request),
        (json!({"account": "ana\u{85}"}), request),
        (json!({"client_id": "a/b"}), request),
        (json!({"client_id": true}), request),
        (
            json!({"authority_host": "https://login.microsoftonline.com/common"}),
            request,
        ),
        (json!({"authority_host": "http://login.microsoftonline.com"}), request),
        (
            json!({"authority_host": "https://localhost:1", "cloud": "public"}),
            request,
        ),
        (json!({"cloud": "moon"}), request),
        (json!({"interaction": "always"}), request),
        (json!({"interaction": true}), request),
        (json!({"min_ttl": -1}), request),
        (json!({"min_ttl": 86_401}), request),
        (json!({"min_ttl": 1.5}), request),
        (json!({"min_ttl": "600"}), request),
        (json!({"timeout_ms": 0}), request),
        (json!({"timeout_ms": 600_001}), request),
        (json!({"force_refresh": "yes"}), request),
        (json!({"all": 1}), request),
        (json!({"rejected": "eyJ"}), request),
        (json!({"rejected": "sha256:00"}), request),
        (json!({"claims": [1]}), request),
        (json!({"claims": 1}), request),
        (json!({"claims": ""}), request),
        (json!({"www_authenticate": {"a": 1}}), request),
        (json!({"www_authenticate": [1]}), request),
    ]
}

#[test]
fn the_schema_and_the_program_agree() {
    let (set, bed) = (Set::load(), Bed::new());
    let cases = good().into_iter().map(|members| (members, None));
    let cases = cases.chain(bad().into_iter().map(|(members, code)| (members, Some(code))));
    let cases: Vec<(Value, Option<&str>)> = cases
        .enumerate()
        .map(|(id, (members, code))| (request(id, &members), code))
        .collect();

    let lines: String = cases.iter().map(|(request, _)| format!("{request}\n")).collect();
    let out = bed.run(["rpc", "--stream"]).stdin(&lines).ok();
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answers: BTreeMap<_, _> = answers
        .iter()
        .map(|answer| (answer["id"].as_u64().unwrap(), answer))
        .collect();
    assert_eq!(answers.len(), cases.len());

    for (request, code) in &cases {
        let answer = answers[&request["id"].as_u64().unwrap()];
        set.check("rpc-answer", answer);
        assert_eq!(answer["error"]["code"].as_str(), *code, "{request}: {answer}");
        assert_eq!(
            set.fits("rpc-request", request),
            code.is_none(),
            "the schema: {request}"
        );
    }
}

#[test]
fn an_id_is_a_text_or_a_whole_number() {
    let (set, bed) = (Set::load(), Bed::new());
    for (id, fits) in [
        (json!("7"), true),
        (json!(""), true),
        (json!("é".repeat(128)), true),
        (json!(-7), true),
        (json!(u64::MAX), true),
        (json!(i64::MIN), true),
        (json!(null), true),
        (json!("x".repeat(257)), false),
        (json!(1.5), false),
        (json!(true), false),
        (json!([]), false),
        (json!({}), false),
    ] {
        let request = json!({"v": 1, "op": "hello", "id": id});
        assert_eq!(set.fits("rpc-request", &request), fits, "{request}");
        let done = bed.run(["rpc"]).stdin(request.to_string()).done();
        let answer: Value = serde_json::from_str(&done.out).unwrap();
        set.check("rpc-answer", &answer);
        assert_eq!(done.exit, Some(if fits { 0 } else { 2 }), "{request}: {answer}");
        let echoed = if fits && !id.is_null() { Some(&id) } else { None };
        assert_eq!(answer.get("id"), echoed, "{request}: {answer}");
    }
}

#[test]
fn what_is_no_request_is_refused_by_both() {
    let (set, bed) = (Set::load(), Bed::new());
    for text in [
        "[]",
        "7",
        "null",
        "\"get\"",
        "{}",
        "{\"v\":1}",
        "{\"op\":\"get\"}",
        "[{\"v\":1,\"op\":\"hello\"}]",
    ] {
        assert!(!set.fits("rpc-request", &serde_json::from_str(text).unwrap()), "{text}");
        refused(&set, &bed, text);
    }
    for text in [
        "",
        "\n",
        "{",
        "{\"v\":1,\"op\":\"hello\"",
        "token",
        "{\"v\":1,\"op\":\"hello\"} trailing",
        "\u{feff}x",
    ] {
        refused(&set, &bed, text);
    }
    refused(
        &set,
        &bed,
        &format!("{{\"v\":1,\"op\":\"hello\",\"x\":\"{}\"}}", "x".repeat(1 << 20)),
    );
    refused(
        &set,
        &bed,
        &format!("{{\"v\":1,\"op\":\"hello\",\"x\":{}", "[".repeat(100_000)),
    );
}

#[test]
fn a_stream_answers_what_it_cannot_read_and_goes_on() {
    let (set, bed) = (Set::load(), Bed::new());
    let lines = "{\"v\":1,\"op\":\"hello\"}\n\nnonsense\n{\"v\":1,\"op\":\"hello\",\"id\":\"last\"}";
    let out = bed.run(["rpc", "--stream"]).stdin(lines).ok();
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    answers.iter().for_each(|answer| set.check("rpc-answer", answer));
    let codes: Vec<_> = answers.iter().map(|answer| answer["error"]["code"].as_str()).collect();
    assert_eq!(codes, [Some("bad_request"), Some("bad_request"), None]);
    assert_eq!(answers[2]["id"], "last");
}

#[test]
fn a_request_may_stand_on_several_lines() {
    let bed = Bed::new();
    let request = json!({"v": 1, "claims": {"access_token": {"nbf": {}}}, "op": "hello"});
    let out = bed
        .run(["rpc"])
        .stdin(serde_json::to_string_pretty(&request).unwrap())
        .ok();
    assert!(out.contains("\"result\""), "{out}");
}

fn request(id: usize, members: &Value) -> Value {
    let mut request = json!({"v": 1, "id": id, "op": "hello"});
    for (name, value) in members.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

#[track_caller]
fn refused(set: &Set, bed: &Bed, text: &str) {
    let done = bed.run(["rpc"]).stdin(text).done();
    let shown: String = text.chars().take(60).collect();
    assert_eq!(done.exit, Some(2), "{shown}: {}", done.out);
    let answer: Value = serde_json::from_str(&done.out).unwrap();
    set.check("rpc-answer", &answer);
    assert_eq!(
        (answer["error"]["code"].as_str(), answer.get("id")),
        (Some("bad_request"), None),
        "{shown}"
    );
}
