//! Whatever connects to the port of a sign-in: bytes, the request that they are, and whether it is the answer that is
//! waited for.
#![no_main]

use entra_token::flow::redirect::{Expected, Verdict, judge};
use entra_token::secret::Secret;
use entra_token::world::loopback::{Limits, Parsed, Request, parse};
use libfuzzer_sys::fuzz_target;
use url::form_urlencoded;

/// Low, so that they are met.
const LIMITS: Limits = Limits {
    head: 1024,
    body: 512,
    ..Limits::SIGN_IN
};

const STATE: &str = "st-ate_1~2";

const PORT: u16 = 8400;

fuzz_target!(|data: &[u8]| {
    match parse(data, &LIMITS) {
        Parsed::Partial(wanted) => {
            assert!(
                wanted > data.len() && wanted <= LIMITS.head + LIMITS.body,
                "{wanted} wanted"
            );
        }
        Parsed::Refused(status) => assert!((400..600).contains(&status)),
        Parsed::Foreign => {}
        Parsed::Whole(request, end) => {
            sound(&request);
            assert!(end <= data.len() && end - request.body.len() <= LIMITS.head);
            in_pieces(data, end);
            judged(&request);
        }
    }
});

fn sound(request: &Request<'_>) {
    let graphic = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    assert!(graphic(request.method) && graphic(request.path) && request.path.starts_with('/'));
    assert!(request.query.is_none_or(|query| query.is_empty() || graphic(query)));
    assert!(!request.path.contains(['?', '#']));
    assert!(request.body.len() <= LIMITS.body);
    let ours = ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{PORT}"));
    let host = request.host.to_ascii_lowercase();
    assert_eq!(request.is_for(PORT), ours.contains(&host), "{host:?}");
}

/// The same request however it is cut: none of its beginnings is one, and nothing that follows changes it.
fn in_pieces(data: &[u8], end: usize) {
    let step = (end / 64).max(1);
    for cut in (0..end).step_by(step).chain([end - 1]) {
        assert!(
            matches!(parse(&data[..cut], &LIMITS), Parsed::Partial(wanted) if wanted <= end),
            "{cut} of {end}"
        );
    }
    let more = [&data[..end], b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"].concat();
    for bytes in [&data[..end], &more] {
        assert!(matches!(parse(bytes, &LIMITS), Parsed::Whole(_, again) if again == end));
    }
}

/// Only what carries our state, once, is an answer; an independent reader of forms says what it carries.
fn judged(request: &Request<'_>) {
    let expected = Expected {
        state: Secret::new(STATE.to_owned()),
    };
    let parameters = match request.method {
        "GET" => request.query.unwrap_or_default().as_bytes(),
        _ => request.body,
    };
    let said = |name: &str| {
        let pairs = form_urlencoded::parse(parameters).filter(|(key, _)| key == name);
        pairs.map(|(_, value)| value.into_owned()).collect::<Vec<_>>()
    };
    let ours = request.path == "/" && said("state") == [STATE];
    match judge(&expected, request) {
        Verdict::NotOurs(reply) => {
            assert!(!reply.is_last(), "a stranger ends the wait");
            let plain = |b: &u8| b.is_ascii_alphanumeric() || b"&=._~-".contains(b);
            let missed = ours && request.method == "GET" && parameters.iter().all(plain);
            assert!(!missed, "the answer is passed over");
        }
        Verdict::Code(granted, reply) => {
            assert!(ours && reply.is_last() && reply.status() == 200);
            assert_eq!(said("code"), [granted.code.expose()]);
            assert!(!granted.code.is_empty() && said("error").is_empty());
        }
        Verdict::Refused(refusal, reply) => {
            assert!(ours && reply.is_last() && reply.status() == 400);
            assert_eq!(said("error").len(), 1);
            assert!(
                !format!("{}{:?}", refusal.details.error, refusal.description)
                    .chars()
                    .any(char::is_control)
            );
        }
        Verdict::Nonsense(why, reply) => assert!(ours && reply.is_last() && !why.is_empty()),
    }
}
