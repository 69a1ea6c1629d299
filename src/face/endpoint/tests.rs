//! Transcripts of requests and answers.

use super::*;
use crate::request::Ask;
use crate::token::{Credential, Granted, Origin};
use serde_json::{Value, json};
use std::sync::Mutex;

const HOST: &str = "https://adb-1.2.azuredatabricks.net";
const EXPIRES: i64 = 1_795_347_727;

#[derive(Default)]
struct Fake {
    fails: Option<Error>,
    asked: Mutex<Vec<Ask>>,
}

impl Fake {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        self.asked.lock().unwrap().push(ask.clone());
        match &self.fails {
            Some(error) => Err(error.clone()),
            None => Ok(Granted {
                credential: Credential {
                    access_token: Secret::new("planted-token".into()),
                    token_type: "Bearer".into(),
                    obtained_ms: 0,
                    expires_on: EXPIRES,
                    refresh_on: None,
                    scope: vec![],
                    tenant: String::new(),
                    account: None,
                },
                from: Origin::Cache,
                warnings: vec![],
            }),
        }
    }
}

/// The status and the document.
fn asked(
    fake: &Fake,
    served: Option<&str>,
    (method, target): (&str, &str),
    headers: &[(&str, &'static str)],
    body: &str,
) -> (u16, Value) {
    let (path, key) = (Secret::new("the-path".into()), Secret::new("the-key".into()));
    let served = served.map(|host| Host::parse(host).unwrap());
    let endpoint = Endpoint {
        path: &path,
        key: &key,
        host: served.as_ref(),
    };
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)));
    let read = endpoint.read(&Question {
        method,
        path,
        query,
        header: &|name| {
            let header = headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name));
            header.map(|(_, value)| *value)
        },
        body: body.as_bytes(),
    });
    let reply = read.map_or_else(|reply| reply, |wanted| wanted.answer(fake.token(&wanted.ask)));
    assert_eq!(reply.retry_after.is_some(), reply.status == 503);
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

type Header = (&'static str, &'static str);

const FINE: [Header; 2] = [("x-databricks-metadata-version", "1"), ("X-Databricks-Host", HOST)];

#[test]
fn a_token_for_the_host_that_is_named() {
    for (served, host) in [
        (None, HOST),
        (Some(HOST), HOST),
        (Some("https://adb-1.2.azuredatabricks.net/?o=1"), HOST),
        (Some(HOST), "https://ADB-1.2.azuredatabricks.net/"),
        (Some(HOST), "adb-1.2.azuredatabricks.net:443"),
    ] {
        let fake = Fake::default();
        let answer = asked(
            &fake,
            served,
            ("GET", "/the-path"),
            &[FINE[0], ("X-Databricks-Host", host)],
            "",
        );
        let token = json!({"access_token": "planted-token", "token_type": "Bearer", "expires_on": EXPIRES});
        assert_eq!(answer, (200, token), "{host}");
        assert_eq!(
            fake.asked.lock().unwrap()[0].explicit.host.as_ref().unwrap().url(),
            HOST
        );
    }
}

#[test]
fn what_is_not_a_request_of_ours_is_refused_and_nothing_is_asked() {
    let other = ("X-Databricks-Host", "https://adb-9.9.azuredatabricks.net");
    let cases: &[(&str, &str, &[Header], u16)] = &[
        ("GET", "/", &FINE, 404),
        ("GET", "/the-pat", &FINE, 404),
        ("GET", "/the-path/", &FINE, 404),
        ("GET", "//the-path", &FINE, 404),
        ("POST", "/the-path", &FINE, 405),
        ("OPTIONS", "/the-path", &FINE, 405),
        ("GET", "/the-path", &[], 400),
        ("GET", "/the-path", &FINE[..1], 400),
        ("GET", "/the-path", &FINE[1..], 400),
        (
            "GET",
            "/the-path",
            &[("X-Databricks-Metadata-Version", "2"), FINE[1]],
            400,
        ),
        (
            "GET",
            "/the-path",
            &[FINE[0], ("X-Databricks-Host", "http://x.example")],
            400,
        ),
        ("GET", "/the-path", &[FINE[0], other], 403),
        ("POST", "/token?api-version=2023-07-12-preview", &FINE, 401),
        (
            "POST",
            "/token?api-version=2023-07-12-preview",
            &[("Authorization", "Bearer the-ke")],
            401,
        ),
        (
            "POST",
            "/token?api-version=2023-07-12-preview",
            &[("Authorization", "the-key")],
            401,
        ),
        (
            "GET",
            "/token?api-version=2023-07-12-preview",
            &[("Authorization", "Bearer the-key")],
            405,
        ),
        ("POST", "/token", &[("Authorization", "Bearer the-key")], 400),
        (
            "POST",
            "/token?api-version=1",
            &[("Authorization", "Bearer the-key")],
            400,
        ),
    ];
    for (method, target, headers, status) in cases {
        let fake = Fake::default();
        let (have, told) = asked(&fake, Some(HOST), (method, target), headers, "{}");
        assert_eq!(have, *status, "{method} {target} {headers:?}");
        assert!(told["error"].is_string() && told["message"].is_string(), "{told}");
        assert!(!told.to_string().contains("the-"), "{told}");
        assert!(fake.asked.lock().unwrap().is_empty());
    }
}

#[test]
fn every_failure_has_a_status_that_sends_nobody_astray() {
    for kind in Kind::ALL {
        let fails = Some(
            Error::new(kind, "as it is")
                .hint("run: entra-token login")
                .retry_after(3),
        );
        let (status, told) = asked(
            &Fake {
                fails,
                ..Fake::default()
            },
            None,
            ("GET", "/the-path"),
            &FINE,
            "",
        );
        assert_eq!(status == 503, kind.retryable(), "{kind:?}");
        assert!((400..=503).contains(&status) && status != 404, "{kind:?}");
        let expected = json!({"error": kind.code(), "message": "as it is", "hint": "run: entra-token login"});
        assert_eq!(told, expected);
    }
}

const KEY: [(&str, &str); 1] = [("Authorization", "Bearer the-key")];
const TOKEN: (&str, &str) = ("POST", "/token?api-version=2023-07-12-preview");

#[test]
fn azd_asks_for_scopes_and_a_tenant() {
    let fake = Fake::default();
    let body = r#"{"scopes":["https://management.azure.com//.default"],"tenantId":"contoso.example"}"#;
    let answer = asked(&fake, Some(HOST), TOKEN, &KEY, body);
    let token = json!({"status": "success", "token": "planted-token", "expiresOn": "2026-11-22T11:42:07Z"});
    assert_eq!(answer, (200, token));
    let asked = fake.asked.lock().unwrap()[0].explicit.clone();
    assert_eq!(
        asked.scopes.unwrap().as_slice(),
        ["https://management.azure.com//.default"]
    );
    assert_eq!(asked.tenant.unwrap().as_str(), "contoso.example");
}

#[test]
fn azd_is_told_why_not() {
    for body in [
        "",
        "{}",
        r#"{"scopes":[]}"#,
        r#"{"scopes":["x"],"tenantId":"a b"}"#,
        "[]",
    ] {
        let (status, told) = asked(&Fake::default(), None, TOKEN, &KEY, body);
        assert_eq!(
            (status, &told["code"]),
            (200, &json!("GetTokenError")),
            "{body}: {told}"
        );
    }
    for kind in Kind::ALL {
        let fails = Some(Error::new(kind, "as it is").hint("run: entra-token login"));
        let fake = Fake {
            fails,
            ..Fake::default()
        };
        let (status, told) = asked(&fake, None, TOKEN, &KEY, r#"{"scopes":["https://x.example/.default"]}"#);
        let gone = matches!(kind, Kind::NotFound | Kind::InteractionRequired);
        let code = if gone { "NotSignedInError" } else { "GetTokenError" };
        let expected = json!({"status": "error", "code": code, "message": "as it is; run: entra-token login"});
        assert_eq!((status, told), (200, expected), "{kind:?}");
    }
}
