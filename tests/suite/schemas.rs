//! `schemas/` is the authority for what leaves or enters as JSON: every schema is sound, says what each member means, and
//! what the program really reads, prints and stores is what they say.

mod faces;
mod requests;
mod set;
mod transcripts;

use entra_token::clouds;
use entra_token::error::Kind;
use serde_json::{Map, Value, json};
use set::Set;

/// For other tests: a document is what its schema says.
#[track_caller]
pub(crate) fn assert_fits(name: &str, value: &Value) {
    assert!(Set::load().fits(name, value), "{name}: {value:#}");
}

#[test]
fn every_schema_is_sound() {
    for (name, schema) in Set::read() {
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        let id = format!("https://entra-token.example/schemas/{name}.schema.json");
        assert_eq!(schema["$id"], id, "{name}");
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        for member in ["title", "description"] {
            assert!(schema[member].is_string(), "{name}: {member}");
        }
    }
    assert!(Set::load().names().count() >= 10, "schemas are missing");
}

#[test]
fn every_member_is_described_and_nothing_else_is_written() {
    for (name, schema) in Set::read() {
        let read = name == "rpc-request";
        each_object(&schema, "", &mut |object, at| {
            let Some(Value::Object(members)) = object.get("properties") else {
                return;
            };
            // Conditions speak of members that are described elsewhere.
            if !object.contains_key("type") {
                return;
            }
            assert_eq!(
                object.get("additionalProperties"),
                Some(&Value::Bool(read)),
                "{name}{at}: additionalProperties"
            );
            for (member, rule) in members {
                let told = rule["description"].is_string() || rule["$ref"].is_string();
                let holds_described = rule["properties"].is_object() || rule["items"]["properties"].is_object();
                assert!(told || holds_described, "{name}{at}: `{member}` has no description");
            }
        });
    }
}

#[test]
fn every_example_validates() {
    let set = Set::load();
    for (name, schema) in Set::read() {
        let examples = schema["examples"]
            .as_array()
            .unwrap_or_else(|| panic!("{name}: no examples"));
        assert!(!examples.is_empty(), "{name}");
        for example in examples {
            set.check(&name, example);
            assert!(
                !example.to_string().contains("eyJ0eX"),
                "{name}: a token that may be real"
            );
        }
    }
}

#[test]
fn the_schemas_bite() {
    let set = Set::load();
    let answer = |result: Value| json!({"v": 1, "result": result});
    let error =
        |code: &str, retryable: bool| json!({"v": 1, "error": {"code": code, "message": "m", "retryable": retryable}});
    set.check("rpc-answer", &error("timeout", true));
    for (name, wrong) in [
        ("rpc-answer", json!({"v": 1})),
        (
            "rpc-answer",
            json!({"v": 2, "error": {"code": "timeout", "message": "m", "retryable": true}}),
        ),
        ("rpc-answer", json!({"v": 1, "result": {"forgotten": []}})),
        ("rpc-answer", json!({"v": 1, "result": null, "error": null})),
        ("rpc-answer", answer(json!({}))),
        ("rpc-answer", error("timeout", false)),
        ("rpc-answer", error("denied", true)),
        ("rpc-answer", error("unsupported_version", false)),
        ("rpc-answer", error("new_code", false)),
        (
            "get",
            json!({"access_token": "eyJ…", "token_type": "Bearer", "expiry": "2030-01-01T00:00:00Z", "expires_on": 1}),
        ),
        (
            "status",
            json!({"storage": {"kind": "file", "path": "/", "locks": 1, "writable": null}, "logins": [], "notes": []}),
        ),
        ("cache-pointer", json!({"version": 1})),
        ("cache-cloud", json!({"version": 1})),
        ("why", json!([{"field": "colour", "value": "", "source": "not said"}])),
        ("why", json!([{"field": "host", "value": ""}])),
        (
            "cache-refusals",
            json!({"version": 1, "refusals": [{"reach": "nothing"}]}),
        ),
    ] {
        assert!(!set.fits(name, &wrong), "{name}: {wrong}");
    }
    let mut unknown = Set::example("cache-token");
    set.check("cache-token", &unknown);
    unknown["surprise"] = json!(1);
    assert!(!set.fits("cache-token", &unknown));
}

#[test]
fn words_are_those_of_the_program() {
    let codes: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(Set::schema("rpc-answer")["$defs"]["code"]["enum"], json!(codes));
    let told = Set::schema("rpc-answer")["$defs"]["code"]["description"]
        .as_str()
        .unwrap()
        .to_owned();
    for kind in Kind::ALL {
        let (before, _) = told
            .split_once(&format!("`{}`", kind.code()))
            .unwrap_or_else(|| panic!("{}", kind.code()));
        assert!(
            before
                .rsplit("(exit ")
                .next()
                .unwrap()
                .starts_with(&kind.exit().to_string()),
            "{}",
            kind.code()
        );
    }
    let request = Set::schema("rpc-request");
    let clouds: Vec<_> = clouds::cloud_names().map(Value::from).chain([Value::Null]).collect();
    assert_eq!(request["properties"]["cloud"]["enum"], Value::from(clouds));
    assert_eq!(
        request["properties"]["min_ttl"]["default"],
        entra_token::request::DEFAULT_MIN_TTL
    );
}

/// Every object inside of a schema, with its place.
fn each_object(value: &Value, at: &str, visit: &mut impl FnMut(&Map<String, Value>, &str)) {
    match value {
        Value::Object(members) => {
            visit(members, at);
            for (name, member) in members.iter().filter(|(name, _)| *name != "examples") {
                each_object(member, &format!("{at}/{name}"), visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_object(item, at, visit)),
        _ => {}
    }
}
