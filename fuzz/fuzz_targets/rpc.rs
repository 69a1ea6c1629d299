//! The lines that a caller of `entra-token rpc` writes: one request, or a stream of them.
#![no_main]

use entra_token_fuzz::scene::NOW;
use entra_token_fuzz::{check, home};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Longest `id` that is echoed, in bytes.
const LONGEST_ID: usize = 256;

fuzz_target!(|data: &[u8]| {
    if home::SECRETS
        .iter()
        .any(|secret| data.windows(secret.len()).any(|part| part == secret.as_bytes()))
    {
        return; // the caller gives our secrets away, not we
    }
    one(data);
    if data.contains(&b'\n') {
        stream(data);
    }
});

/// One request, one answer; the exit status repeats it.
fn one(data: &[u8]) {
    let (exit, out, err) = home::signed_in().run(&["rpc"], data);
    let answer = check::answer(&out);
    assert_eq!(exit, check::exit(&answer), "{answer}");
    assert_eq!(exit == 0, err.is_empty(), "{answer} and {err:?}");
    check::no_secret(&err);
    if exit != 0 {
        check::no_secret(&answer.to_string());
    }
    if let Ok(request) = serde_json::from_slice(data) {
        echoed(&request, &answer);
    }
    life(&answer);
}

/// As many answers as there are lines that hold something.
fn stream(data: &[u8]) {
    let (exit, out, err) = home::signed_in().run(&["rpc", "--stream"], data);
    assert_eq!((exit, err.as_str()), (0, ""));
    let lines = data
        .split(|b| *b == b'\n')
        .filter(|line| !line.iter().all(u8::is_ascii_whitespace));
    let answers = out.split_inclusive(|b| *b == b'\n').map(check::answer);
    assert_eq!(answers.inspect(life).count(), lines.count());
}

fn echoed(request: &Value, answer: &Value) {
    let id = &request["id"];
    let fine = match id {
        Value::String(text) => text.len() <= LONGEST_ID,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        _ => false,
    };
    assert_eq!(answer.get("id"), fine.then_some(id), "{answer}");
}

/// A token that is handed out lives.
fn life(answer: &Value) {
    let result = &answer["result"];
    if result["access_token"].is_string() {
        let expires_on = result["expires_on"].as_i64().expect("when it expires");
        assert!(expires_on > NOW, "{answer}");
    }
}
