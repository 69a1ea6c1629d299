//! Where a workspace redirects to from `/aad/auth`. The first line of an input is the status, the rest is the address.
#![no_main]

use entra_token::clouds::{self, CLOUDS};
use entra_token::entra::tenant_of;
use entra_token::error::Kind;
use entra_token::request::{Authority, Host, Tenant};
use entra_token_fuzz::scene::response;
use entra_token_fuzz::{check, home};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

/// Authorities that the user named, besides the clouds.
const NAMED: [&str; 3] = [
    "https://login.contoso.example",
    "https://localhost:8443",
    "http://127.0.0.1:8081",
];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (status, location) = text.split_once('\n').unwrap_or(("302", &text));
    let scene = home::empty();
    scene.answers(Ok(response(
        status.parse().unwrap_or(302),
        &[("location", location)],
        b"",
    )));
    let world = scene.world();
    let named = NAMED.map(|text| Authority::parse(text).expect("an authority"));
    let [expected, configured @ ..] = &named;
    let host = Host::parse(home::WORKSPACE).expect("a host");
    let until = world.clock.monotonic() + Duration::from_secs(8);
    match tenant_of(&world, &host, expected, configured, until) {
        Ok((authority, tenant)) => {
            check::authority(&authority);
            assert!(
                clouds::of(&authority).is_some() || named.contains(&authority),
                "{authority:?} from {location:?}"
            );
            assert_eq!(
                clouds::canonical(authority.clone()),
                authority,
                "an alias is no name of its own"
            );
            assert_eq!(Tenant::parse(tenant.as_str()).as_ref(), Ok(&tenant));
            literal(location, &authority, &tenant);
        }
        Err(error) => {
            check::error(&error);
            let known = matches!(error.kind(), Kind::Config | Kind::TargetNotSupported | Kind::Network);
            assert!(known, "{error:?} from {location:?}");
        }
    }
    let sent: Vec<_> = scene.sent().into_iter().map(|sent| sent.url).collect();
    assert_eq!(
        sent,
        [format!("https://{}/aad/auth", home::WORKSPACE)],
        "a redirect is never followed"
    );
});

/// Nothing that readers of URLs take differently: the address says the authority and the tenant in plain letters, as
/// `SCHEME://NAME[:PORT]/TENANT`.
fn literal(location: &str, authority: &Authority, tenant: &Tenant) {
    let lower = location.to_ascii_lowercase();
    let names = match clouds::of(authority) {
        Some(cloud) => cloud.aliases.iter().map(|name| format!("https://{name}")).collect(),
        None => vec![authority.url()],
    };
    assert!(CLOUDS.len() > 1);
    let said = names.iter().any(|name| {
        let Some(rest) = lower.strip_prefix(name.as_str()) else {
            return false;
        };
        let rest = rest.trim_start_matches('.');
        let rest = match rest.strip_prefix(':') {
            Some(port) => port.trim_start_matches(|c: char| c.is_ascii_digit()),
            None => rest,
        };
        let segment = rest
            .strip_prefix('/')
            .and_then(|path| path.split(['/', '?', '#']).next());
        segment == Some(tenant.as_str())
    });
    assert!(said, "{authority:?} and {tenant:?} from {location:?}");
}
