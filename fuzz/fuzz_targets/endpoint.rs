//! What programs of this machine ask `entra-token serve`: a whole request, as it comes from the port.
#![no_main]

use entra_token::desk::Desk;
use entra_token::face::endpoint::{Endpoint, Question};
use entra_token::request::Host;
use entra_token::secret::Secret;
use entra_token::services::Tokens;
use entra_token::world::loopback::{Limits, Parsed, Request, parse};
use entra_token_fuzz::home::{self, ACCESS};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// To know it is to be allowed to ask.
const PATH: &str = "secret-path_1~2";

/// The same for azd.
const KEY: &str = "secret-key_1~2";

fuzz_target!(|data: &[u8]| {
    if let Parsed::Whole(request, _) = parse(data, &Limits::SIGN_IN) {
        asked(&request, None);
        asked(&request, Host::parse(home::WORKSPACE).ok().as_ref());
    }
});

fn asked(request: &Request<'_>, only: Option<&Host>) {
    let scene = home::signed_in();
    let world = scene.world();
    let desk = Desk::open(&world).expect("our own home");
    let endpoint = Endpoint {
        path: &Secret::new(PATH.to_owned()),
        key: &Secret::new(KEY.to_owned()),
        host: only,
    };
    let read = endpoint.read(&Question {
        method: request.method,
        path: request.path,
        query: request.query,
        header: &|name| request.header(name),
        body: request.body,
    });
    let reply = read.map_or_else(|reply| reply, |wanted| wanted.answer(desk.token(&wanted.ask)));
    assert!((200..600).contains(&reply.status) && (reply.retry_after.is_none() || reply.status == 503));
    let text = std::str::from_utf8(&reply.body).expect("an answer is text");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    let answer: Value = serde_json::from_str(text).expect("an answer is JSON");
    let allowed = if request.path == format!("/{PATH}") {
        request.method == "GET" && request.header("x-databricks-metadata-version").is_some()
    } else {
        let key = format!("Bearer {KEY}");
        request.path == "/token" && request.method == "POST" && request.header("authorization") == Some(&key)
    };
    let given = text.contains(ACCESS);
    assert!(!given || (allowed && reply.status == 200), "{answer}");
    if given && only.is_some() && request.method == "GET" {
        let host = request.header("x-databricks-host").map(Host::parse);
        assert_eq!(host.and_then(Result::ok).as_ref(), only, "a token for another host");
    }
    // A caller that may ask knows it; one that may not is not told.
    let knows = request.path.contains(PATH) || request.header("authorization").is_some_and(|text| text.contains(KEY));
    assert!(
        knows || !(text.contains(PATH) || text.contains(KEY)),
        "what opens the door is told: {text}"
    );
}
