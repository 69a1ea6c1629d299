//! What a token endpoint answers. The first line of an input is the status and the headers, such as
//! `200 content-type: application/json|date: Fri, 15 Jan 2027 08:00:00 GMT`; the rest is the body.
#![no_main]

use entra_token::entra::{Answer, Patience};
use entra_token::error::Kind;
use entra_token::flow::refresh::refresh;
use entra_token::secret::Secret;
use entra_token::world::http::Response;
use entra_token_fuzz::home::{self, REFRESH};
use entra_token_fuzz::scene::{NOW, response};
use entra_token_fuzz::{Setting, check};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Longest text that an identity holds: two claims and a full stop.
const LONGEST_NAME: usize = 320 * 2 + 1;

/// Longest wait that is believed, in seconds.
const LONGEST_WAIT: u64 = 3600;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let redeemed = redeemed(&text);
    kept(&text, redeemed.as_ref());
});

/// What is read from the answer, if it is a token.
fn redeemed(text: &str) -> Option<Answer> {
    let scene = home::empty();
    scene.answers(Ok(answer(text)));
    let world = scene.world();
    let setting = Setting::public();
    let context = setting.context(&world, Patience::Once);
    match refresh(&world, &context, &Secret::new(REFRESH.to_owned())) {
        Ok(answer) => {
            good(&answer);
            Some(answer)
        }
        Err(error) => {
            check::error(&error);
            assert!(
                !matches!(error.kind(), Kind::Internal | Kind::BadRequest | Kind::CacheBusy),
                "{error:?}"
            );
            assert!(error.wait().is_none_or(|seconds| seconds <= LONGEST_WAIT), "{error:?}");
            assert!(error.causes().iter().all(|cause| fit(cause)), "{error:?}");
            None
        }
    }
}

fn good(answer: &Answer) {
    assert!(answer.expires_on > NOW, "{answer:?}");
    assert!(
        answer.refresh_on.is_none_or(|at| at > NOW && at < answer.expires_on),
        "{answer:?}"
    );
    let token = answer.access_token.expose();
    assert!(
        !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()),
        "{token:?}"
    );
    if let Some(token) = &answer.refresh_token {
        let token = token.expose();
        assert!(
            !token.is_empty() && token.bytes().all(|b| b == b' ' || b.is_ascii_graphic()),
            "{token:?}"
        );
    }
    assert!(
        !answer.token_type.is_empty() && answer.token_type.bytes().all(|b| b.is_ascii_graphic()),
        "{answer:?}"
    );
    let identity = &answer.identity;
    for name in [
        &identity.home_account_id,
        &identity.username,
        &identity.tenant,
        &identity.object_id,
    ] {
        assert!(
            name.as_ref().is_none_or(|name| fit(name) && name.len() <= LONGEST_NAME),
            "{identity:?}"
        );
    }
}

fn fit(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// What becomes of the login: it holds the refresh token that came, or else the one that it had.
fn kept(text: &str, redeemed: Option<&Answer>) {
    let scene = home::signed_in();
    scene.answers(Ok(answer(text)));
    let (exit, out, err) = scene.run(&["rpc"], br#"{"v":1,"op":"get","tenant":"contoso.example"}"#);
    let answer = check::answer(&out);
    assert_eq!(exit, check::exit(&answer));
    if exit != 0 {
        check::no_secret(&format!("{err}{answer}"));
    }
    if let Some(expires_on) = answer["result"]["expires_on"].as_i64() {
        assert!(expires_on > NOW, "{answer}");
    }
    let file = scene
        .get(&home::login_file("login.json"))
        .expect("a login is never deleted");
    let login: Value = serde_json::from_slice(&file).expect("a login is written whole");
    let came = redeemed.and_then(|answer| answer.refresh_token.as_ref());
    let expected = came.map_or(REFRESH, Secret::expose);
    assert_eq!(login["refresh_token"].as_str(), Some(expected), "{answer}");
    // Whoever comes next is served again, unless a failure is remembered.
    let (_, out, _) = scene.run(&["rpc"], br#"{"v":1,"op":"get"}"#);
    assert!(check::answer(&out).get("result").is_some());
}

/// The answer that an input stands for.
fn answer(text: &str) -> Response {
    let (head, body) = text.split_once('\n').unwrap_or((text, ""));
    let (status, headers) = head.split_once(' ').unwrap_or((head, ""));
    let headers: Vec<_> = headers
        .split('|')
        .filter_map(|header| header.split_once(": "))
        .collect();
    response(status.parse().unwrap_or(200), &headers, body.as_bytes())
}
