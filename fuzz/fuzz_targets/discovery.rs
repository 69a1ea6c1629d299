//! What an authority that is no known cloud says of its endpoints: wherever it points, refresh tokens go. The first line
//! of an input is the status, the rest is the body.
#![no_main]

use entra_token::entra::{Endpoints, discover};
use entra_token::error::Kind;
use entra_token::request::{Authority, Tenant};
use entra_token_fuzz::scene::response;
use entra_token_fuzz::{check, home};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let (status, body) = match data.iter().position(|b| *b == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (&b"200"[..], data),
    };
    let status = std::str::from_utf8(status)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(200);
    for authority in ["https://login.contoso.example", "http://localhost:8081"] {
        let authority = Authority::parse(authority).expect("an authority");
        for tenant in [home::TENANT, "contoso.example"] {
            asked(&authority, &Tenant::parse(tenant).expect("a tenant"), status, body);
        }
    }
});

fn asked(authority: &Authority, tenant: &Tenant, status: u16, body: &[u8]) {
    let scene = home::empty();
    scene.answers(Ok(response(status, &[("content-type", "application/json")], body)));
    let world = scene.world();
    let until = world.clock.monotonic() + Duration::from_secs(8);
    match discover(&world, authority, tenant, until) {
        Ok(endpoints) => {
            let others = [endpoints.authorize_url(tenant), endpoints.device_url(tenant)];
            for text in others.into_iter().flatten().chain([endpoints.token_url(tenant)]) {
                check::destination(&text);
                let url = Url::parse(&text).expect("seen above");
                let origin = Url::parse(&authority.url()).expect("an authority").origin();
                assert_eq!(url.origin(), origin, "{text}");
                assert!(url.query().is_none(), "{text}");
                assert_eq!(url.as_str(), text, "it is written as it is sent");
            }
            let kept = Endpoints::kept(&endpoints.token, authority);
            assert_eq!(kept.expect("what was stored is used").token, endpoints.token);
        }
        Err(error) => {
            check::error(&error);
            assert!(matches!(error.kind(), Kind::Config | Kind::Network), "{error:?}");
        }
    }
    assert_eq!(scene.sent().len(), 1);
}
