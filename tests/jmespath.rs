//! `--query` against the official JMESPath cases (<https://github.com/jmespath/jmespath.test>), as the package of the
//! crate that does the work ships them. They go through our own `Query`, which changes how expressions are read and
//! some functions.

#![expect(
    clippy::disallowed_methods,
    reason = "asks cargo where the sources of a dependency are"
)]
#![expect(clippy::print_stdout, reason = "tells how many cases ran")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use entra_token::render::Query;
use serde_json::Value;

/// Cases with a result or an error; those that only measure time have neither, and are only parsed.
const CASES: usize = 861;
const BENCHES: usize = 14;

/// Benchmarks that do not parse: the copy in the package has lost its two `?`.
const DAMAGED: [&str; 1] = ["foo[bar > baz][qux > baz]"];

/// Expressions that we answer otherwise, with the reason. None.
const DEVIATIONS: [(&str, &str); 0] = [];

#[test]
fn official_cases() {
    let mut ran = 0;
    let mut benches = 0;
    let mut deviations = Vec::new();
    for file in case_files() {
        let text = fs::read_to_string(&file).expect("a file of cases is readable");
        let groups: Vec<Value> = serde_json::from_str(&text).expect("a file of cases is JSON");
        for group in &groups {
            let cases = group["cases"].as_array().expect("a group has cases");
            for case in cases {
                let expression = case["expression"].as_str().expect("a case has an expression");
                let query = Query::parse(expression);
                if case.get("bench").is_some() {
                    benches += 1;
                    assert_eq!(query.is_err(), DAMAGED.contains(&expression), "{expression}");
                    continue;
                }
                let found = query.and_then(|query| query.apply(&group["given"]));
                ran += 1;
                let right = match (&found, case.get("result")) {
                    (Ok(found), Some(result)) => same(found, result),
                    (Err(_), None) => case.get("error").is_some(),
                    _ => false,
                };
                if !right {
                    println!("{expression}: {found:?}, expected {case}");
                    deviations.push(expression.to_owned());
                }
            }
        }
    }
    println!(
        "{ran} official JMESPath cases, {benches} benchmarks, {} deviations",
        deviations.len()
    );
    let expected: Vec<&str> = DEVIATIONS.iter().map(|(expression, _)| *expression).collect();
    assert_eq!(deviations, expected);
    assert!(ran >= CASES, "only {ran} cases were found");
    assert!(benches >= BENCHES, "only {benches} benchmarks were found");
}

/// JSON has one kind of number: 6 and 6.0 are the same result.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

fn case_files() -> Vec<PathBuf> {
    let folder = crate_folder("jpx-core").join("tests/compliance");
    let entries = fs::read_dir(&folder).expect("the package ships the official cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("is readable").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

/// Where cargo keeps the sources of a dependency.
fn crate_folder(name: &str) -> PathBuf {
    let version = cargo(&["-vV"]);
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("cargo says which host it is for");
    let platform = format!("--filter-platform={host}");
    let text = cargo(&["metadata", "--offline", "--locked", "--format-version=1", &platform]);
    let metadata: Value = serde_json::from_str(&text).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("metadata lists packages");
    let package = packages.iter().find(|package| package["name"] == name);
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let mut folder = PathBuf::from(manifest.expect("the crate is a dependency"));
    folder.pop();
    folder
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}
