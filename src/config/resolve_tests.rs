//! The precedence table: every field at every rank.

use super::*;
use crate::config::{Field, Said, load, native_door};
use crate::world::fake::Fake;
use std::path::Path;

const TIMEOUT: Duration = Duration::from_secs(30);

fn explicit(pairs: &[(Field, &str)]) -> Ask {
    let mut said = Said::default();
    for (field, text) in pairs {
        said.say(*field, (*text).to_owned());
    }
    let layer = said.read().unwrap();
    let mut ask = Ask {
        explicit: layer.selectors,
        ..Ask::default()
    };
    ask.terms.min_ttl = layer.min_ttl;
    ask
}

fn resolved(fake: &Fake, mut ask: Ask) -> Result<Resolved, Error> {
    let world = fake.world();
    let settings = load(&world, Path::new("/h"))?;
    ask.door = native_door(&world, &ask.explicit)?;
    resolve(&world, &settings, &ask, TIMEOUT)
}

/// A field's value and source as `why` shows them.
fn why(fake: &Fake, ask: Ask, field: &str) -> (String, String) {
    let row = resolved(fake, ask)
        .unwrap()
        .why(&fake.world())
        .into_iter()
        .find(|row| row.field == field)
        .unwrap();
    (row.value, row.source)
}

#[test]
fn every_field_at_every_rank() {
    struct Row {
        field: &'static str,
        flag: Field,
        /// Values by rank: flag, variable, profile, door, nothing.
        values: [&'static str; 5],
        door: Option<&'static str>,
    }
    let rows = [
        Row {
            field: "host",
            flag: Field::Host,
            values: [
                "adb-1.1.azuredatabricks.net",
                "adb-2.2.azuredatabricks.net",
                "adb-3.3.azuredatabricks.net",
                "adb-4.4.azuredatabricks.net",
                "",
            ],
            door: Some("DATABRICKS_HOST"),
        },
        Row {
            field: "tenant",
            flag: Field::Tenant,
            values: ["t1.example", "t2.example", "t3.example", "t4.example", ""],
            door: Some("AZURE_TENANT_ID"),
        },
        Row {
            field: "authority",
            flag: Field::AuthorityHost,
            values: [
                "https://a1.example",
                "https://a2.example",
                "https://a3.example",
                "https://a4.example",
                "",
            ],
            door: Some("AZURE_AUTHORITY_HOST"),
        },
        Row {
            field: "client_id",
            flag: Field::ClientId,
            values: ["c1", "c2", "c3", "", ""],
            door: None,
        },
        Row {
            field: "account",
            flag: Field::Account,
            values: ["a1@x.example", "a2@x.example", "a3@x.example", "", ""],
            door: None,
        },
        Row {
            field: "scope",
            flag: Field::Scope,
            values: ["s1", "s2", "s3", "", "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"],
            door: None,
        },
        Row {
            field: "min_ttl",
            flag: Field::MinTtl,
            values: ["1", "2", "3", "", "300"],
            door: None,
        },
    ];
    for row in rows {
        let [one, two, three, four, five] = row.values;
        // Every rank speaks; then the highest falls silent, one after the other.
        for silent in 0..5 {
            let mut fake = Fake::default();
            if let Some(name) = row.door.filter(|_| silent < 4) {
                fake = fake.var(name, four);
            }
            if silent < 3 {
                let quoted = if row.field == "min_ttl" {
                    three.to_owned()
                } else {
                    format!("'{three}'")
                };
                fake = fake.file(
                    "/h/config.toml",
                    &format!("default_profile = 'p'\n[profiles.p]\n{} = {quoted}", row.flag.key()),
                );
            }
            if silent < 2 {
                fake = fake.var(row.flag.variable(), two);
            }
            let ask = if silent < 1 {
                explicit(&[(row.flag, one)])
            } else {
                Ask::default()
            };
            let (value, source) = why(&fake, ask, row.field);
            let expected = match silent {
                0 => one,
                1 => two,
                2 => three,
                3 if row.door.is_some() => four,
                _ => five,
            };
            assert_eq!(value, expected, "{} rank {silent}", row.field);
            let said_by = match silent {
                0 => "flag `",
                1 => "variable `ENTRA_TOKEN_",
                2 => "profile `p` in config.toml",
                3 if row.door.is_some() => "variable `",
                _ if five.is_empty() => "not said",
                _ => "default",
            };
            assert!(source.starts_with(said_by), "{} rank {silent}: {source}", row.field);
        }
    }
}

#[test]
fn a_profile_by_flag_by_variable_by_default() {
    let text = "default_profile = 'c'\n[profiles.a]\ntenant='a'\n[profiles.b]\ntenant='b'\n[profiles.c]\ntenant='c'";
    let fake = Fake::default().file("/h/config.toml", text);
    let with_variable = fake.clone().var("ENTRA_TOKEN_PROFILE", "b");
    let flag = || explicit(&[(Field::Profile, "a")]);
    assert_eq!(why(&with_variable, flag(), "tenant").0, "a");
    assert_eq!(why(&with_variable, Ask::default(), "tenant").0, "b");
    assert_eq!(why(&fake, Ask::default(), "tenant").0, "c");
    assert_eq!(
        why(&fake, Ask::default(), "profile"),
        ("c".to_owned(), "`default_profile` in config.toml".to_owned())
    );
}

#[test]
fn a_profile_that_is_not_there() {
    let fake = Fake::default().file("/h/config.toml", "[profiles.a]\ntenant='a'");
    let error = resolved(&fake, explicit(&[(Field::Profile, "x")])).unwrap_err();
    assert_eq!(error.kind(), Kind::BadRequest);
    assert_eq!(error.message(), "profile `x` is not in `/h/config.toml`, which has `a`");
    let error = resolved(&fake.var("ENTRA_TOKEN_PROFILE", "x"), Ask::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    assert!(error.message().contains("named by `ENTRA_TOKEN_PROFILE`"));
}

#[test]
fn a_host_gives_what_nobody_at_its_rank_or_above_says() {
    let gov = "adb-1.1.databricks.azure.us";
    let of_host = resolved(&Fake::default(), explicit(&[(Field::Host, gov)])).unwrap();
    assert_eq!(of_host.request.scopes, Scopes::databricks());
    assert_eq!(of_host.request.authority.unwrap().name(), "login.microsoftonline.us");
    assert!(of_host.audience.unwrap().tells_tenant);

    // The same rank says otherwise.
    let same = resolved(
        &Fake::default(),
        explicit(&[(Field::Host, gov), (Field::Scope, "x"), (Field::Cloud, "china")]),
    )
    .unwrap();
    assert_eq!(same.request.scopes.joined(), "x");
    assert_eq!(
        same.request.authority.unwrap().name(),
        "login.partner.microsoftonline.cn"
    );

    // A lower rank does not.
    let lower = Fake::default()
        .var("ENTRA_TOKEN_SCOPE", "x")
        .var("ENTRA_TOKEN_CLOUD", "china");
    let resolved_lower = resolved(&lower, explicit(&[(Field::Host, gov)])).unwrap();
    assert_eq!(resolved_lower.request.scopes, Scopes::databricks());
    assert_eq!(
        why(&lower, explicit(&[(Field::Host, gov)]), "authority").1,
        format!("host `{gov}`")
    );

    // A higher one does.
    let higher = Fake::default().var("DATABRICKS_HOST", gov);
    assert_eq!(
        resolved(&higher, explicit(&[(Field::Scope, "x")]))
            .unwrap()
            .request
            .scopes
            .joined(),
        "x"
    );
}

#[test]
fn an_own_host_gives_its_tenant() {
    let text = "[[host]]\nname='db.example'\ntenant='own.example'\nresource='api://x'";
    let fake = Fake::default()
        .file("/h/config.toml", text)
        .var("ENTRA_TOKEN_TENANT", "low.example");
    let by_flag = resolved(&fake, explicit(&[(Field::Host, "db.example")])).unwrap();
    assert_eq!(by_flag.request.tenant.unwrap().as_str(), "own.example");
    assert_eq!(by_flag.request.scopes.joined(), "api://x/.default");
}

#[test]
fn a_host_on_no_list_is_denied_with_the_entry_to_add() {
    for (fake, ask) in [
        (Fake::default(), explicit(&[(Field::Host, "evil.example")])),
        (Fake::default().var("ENTRA_TOKEN_HOST", "evil.example"), Ask::default()),
    ] {
        let error = resolved(&fake, ask).unwrap_err();
        assert_eq!(error.kind(), Kind::TargetNotSupported);
        assert_eq!(
            error.message(),
            "`evil.example` is not a host that tokens are given for"
        );
        let remedy = error.remedy().unwrap();
        assert!(
            remedy.contains("[[host]]") && remedy.contains("/h/config.toml"),
            "{remedy}"
        );
    }
}

#[test]
fn a_host_of_another_tool_on_no_list_is_passed_over() {
    let fake = Fake::default().var("DATABRICKS_HOST", "https://dbc-1.cloud.databricks.com");
    let passed = resolved(&fake, Ask::default()).unwrap();
    assert_eq!(passed.request.host, None);
    assert_eq!(
        why(&fake, Ask::default(), "host"),
        (
            String::new(),
            "`dbc-1.cloud.databricks.com` of `DATABRICKS_HOST` is passed over: it is on no list".to_owned()
        )
    );
}

#[test]
fn terms_pass_through() {
    let mut ask = Ask::default();
    ask.terms.force = true;
    let plain = resolved(&Fake::default(), ask.clone()).unwrap().request;
    assert!(plain.force);
    assert_eq!((plain.timeout, plain.min_ttl), (TIMEOUT, DEFAULT_MIN_TTL));
    ask.terms.timeout = Some(Duration::from_secs(1));
    assert_eq!(
        resolved(&Fake::default(), ask).unwrap().request.timeout,
        Duration::from_secs(1)
    );
}
