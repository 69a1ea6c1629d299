//! `config.toml`, and what a call means by it.
#![no_main]

use entra_token::audience::{self, Audience};
use entra_token::config::{self, Field, Layer, Said, Settings};
use entra_token::error::{Error, Kind};
use entra_token::request::{Ask, Host, Selectors};
use entra_token_fuzz::{check, home};
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::time::Duration;
use toml::{Table, Value};

fuzz_target!(|data: &[u8]| {
    let scene = home::empty();
    scene.put(&home::path("config.toml"), data);
    let world = scene.world();
    let settings = match config::load(&world, Path::new(home::HOME)) {
        Ok(settings) => settings,
        Err(error) => return refused(&error, data),
    };
    for (host, audience) in &settings.hosts {
        named(host, audience, &settings);
    }
    let text = std::str::from_utf8(data).expect("what is no text is refused");
    second_opinion(text, &settings);

    let mut asks = vec![Selectors::default()];
    asks.extend(settings.profile_names().map(|name| Selectors {
        profile: Some(name.to_owned()),
        ..Selectors::default()
    }));
    let hosts = settings
        .hosts
        .iter()
        .map(|(host, _)| host.clone())
        .chain(Host::parse(home::WORKSPACE));
    asks.extend(hosts.map(|host| Selectors {
        host: Some(host),
        ..Selectors::default()
    }));
    for explicit in asks {
        let ask = Ask {
            explicit,
            ..Ask::default()
        };
        match config::resolve(&world, &settings, &ask, Duration::from_secs(8)) {
            Ok(resolved) => {
                resolved.request.authority.iter().for_each(check::authority);
                let of_host = resolved.audience.iter().map(|audience| &audience.authority);
                of_host.for_each(check::authority);
                assert_eq!(
                    resolved.request.host.is_some(),
                    resolved.audience.is_some(),
                    "{resolved:?}"
                );
                assert!(!resolved.request.scopes.as_slice().is_empty());
                assert!(resolved.request.min_ttl <= 86_400);
                assert!(resolved.why(&world).iter().all(|reason| !reason.source.is_empty()));
            }
            Err(error) => refused(&error, data),
        }
    }
    let (_, out, _) = scene.run(&["why"], b"");
    check::shown(std::str::from_utf8(&out).expect("text"));
});

/// A mistake names its line, if it is a line's.
fn refused(error: &Error, data: &[u8]) {
    check::error(error);
    let known = matches!(error.kind(), Kind::Config | Kind::BadRequest | Kind::TargetNotSupported);
    assert!(known && error.remedy().is_some(), "{error:?}");
    let line = error
        .message()
        .split(", line ")
        .nth(1)
        .and_then(|rest| rest.split(':').next()?.parse().ok());
    if let Some(line) = line {
        assert!((1..=data.split(|b| *b == b'\n').count()).contains(&line), "{error:?}");
    }
}

/// A host that is named gets what its entry says, over https unless it is loopback.
fn named(host: &Host, audience: &Audience, settings: &Settings) {
    assert!(host.is_https() || host.is_loopback(), "{host:?}");
    assert_eq!(Host::parse(&host.url()).as_ref(), Ok(host));
    check::authority(&audience.authority);
    assert!(!audience.tells_tenant || audience.tenant.is_none());
    assert!(audience::of_host(host, &settings.hosts).is_some());
}

/// What an independent reader makes of the same text.
fn second_opinion(text: &str, settings: &Settings) {
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            // A table that is opened again says more, and nothing twice. A profile's values are not looked at before it
            // is used.
            let opened_again = ["duplicate key", "cannot extend"]
                .iter()
                .any(|why| error.message().contains(why));
            let mut layers = settings.profile_names().map(|name| settings.profile(name));
            assert!(
                opened_again || layers.any(|layer| layer.is_err()),
                "it is read although it is no TOML: {error}"
            );
            return;
        }
    };
    assert_eq!(
        table.get("default_profile").and_then(Value::as_str),
        settings.default_profile.as_deref()
    );
    let none = Table::new();
    let profiles = table.get("profiles").and_then(Value::as_table).unwrap_or(&none);
    let mut names: Vec<_> = settings.profile_names().collect();
    names.sort_unstable();
    let mut expected: Vec<_> = profiles.keys().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    for (name, profile) in profiles {
        let expected = said(profile.as_table().expect("a table"));
        match (settings.profile(name), expected) {
            (Ok(Some(layer)), Ok(expected)) => assert_eq!(layer, expected),
            (Err(error), Err(())) => refused(&error, text.as_bytes()),
            // Seconds are written in decimal digits here.
            (Err(error), Ok(layer)) if layer.min_ttl.is_some() && error.message().contains("`min_ttl` must be") => {
                refused(&error, text.as_bytes());
            }
            (ours, expected) => panic!("{name:?} is read as {ours:?}, not as {expected:?}"),
        }
    }
    let hosts = table
        .get("host")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    assert_eq!(hosts.len(), settings.hosts.len());
    for (host, (name, audience)) in hosts.iter().zip(&settings.hosts) {
        let host = host.as_table().expect("a table");
        let text = host.get("name").and_then(Value::as_str).expect("a name");
        assert_eq!(Host::parse(text).as_ref(), Ok(name));
        let resource = host.get("resource").and_then(Value::as_str);
        assert!(
            resource.is_none_or(|text| audience.scopes.joined().starts_with(text.trim())),
            "{audience:?}"
        );
        let tenant = host.get("tenant").and_then(Value::as_str);
        let told = audience.tenant.as_ref().map(|tenant| tenant.as_str());
        assert_eq!(tenant.map(|text| text.trim().to_ascii_lowercase()).as_deref(), told);
    }
}

fn said(profile: &Table) -> Result<Layer, ()> {
    let mut said = Said::default();
    for (key, value) in profile {
        let field = Field::ALL
            .into_iter()
            .find(|field| field.key() == key)
            .expect("unknown keys are refused");
        match value {
            Value::Array(several) => {
                let texts = several.iter().map(|text| text.as_str().expect("a list of texts"));
                texts.for_each(|text| said.say(field, text.to_owned()));
            }
            Value::String(text) => said.say(field, text.clone()),
            other => said.say(field, other.to_string()),
        }
    }
    said.read().map_err(drop)
}
