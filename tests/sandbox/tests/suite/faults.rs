//! Every kind of fault, as a caller sees it.

use std::time::Duration;

use entra_sandbox::{Fault, FaultKind, Result};
use serde_json::{Value, json};

use crate::caller::Caller;

#[test]
fn statuses_come_with_their_headers() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.fault(Fault::token(FaultKind::throttled(3)));
    caller
        .sandbox
        .fault(Fault::token(FaultKind::status(502, None, "<html>Bad Gateway</html>")));
    caller
        .sandbox
        .fault(Fault::token(FaultKind::redirect(307, "https://evil.example/")));
    let first = caller.refresh(&[])?;
    assert_eq!((first.status, first.header("retry-after")), (429, Some("3")));
    let second = caller.refresh(&[])?;
    assert_eq!((second.status, second.header("content-type")), (502, Some("text/html")));
    let third = caller.refresh(&[])?;
    assert_eq!(
        (third.status, third.header("location")),
        (307, Some("https://evil.example/"))
    );
    assert_eq!(caller.refresh(&[])?.status, 200);
    Ok(())
}

#[test]
fn connections_break_in_every_way() -> Result<()> {
    let caller = Caller::new()?;
    let kinds = [
        FaultKind::Reset { acted: false },
        FaultKind::Reset { acted: true },
        FaultKind::Close { acted: false },
        FaultKind::Garbage,
        FaultKind::Truncated,
    ];
    for kind in kinds {
        caller.sandbox.fault(Fault::token(kind.clone()));
        assert!(caller.refresh(&[]).is_err(), "{kind:?}");
    }
    let error = {
        caller.sandbox.fault(Fault::token(FaultKind::Reset { acted: false }));
        caller
            .refresh(&[])
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert!(error.contains("reset"), "{error}");
    assert_eq!(caller.refresh(&[])?.status, 200);
    Ok(())
}

#[test]
fn a_hanging_server_is_left_by_the_caller() -> Result<()> {
    let mut caller = Caller::new()?;
    caller.client = caller.client.timeout(Duration::from_millis(100));
    caller.sandbox.fault(Fault::token(FaultKind::Hang { acted: false }));
    assert!(caller.refresh(&[]).is_err());
    assert_eq!(caller.sandbox.log()[0].status, None);
    caller.sandbox.fault(Fault::token(FaultKind::Delay { ms: 400 }));
    assert!(caller.refresh(&[]).is_err());
    Ok(())
}

#[test]
fn answers_are_changed_and_stay_json() -> Result<()> {
    let caller = Caller::new()?;
    let order = |kind| caller.sandbox.fault(Fault::token(kind));
    order(FaultKind::set("expires_in", json!({})));
    order(FaultKind::set("access_token", json!(42)));
    order(FaultKind::NumbersAsTexts);
    assert_eq!(caller.refresh(&[])?.json()["expires_in"], json!({}));
    assert_eq!(caller.refresh(&[])?.json()["access_token"], 42);
    let texts = caller.refresh(&[])?.json();
    assert_eq!(
        (&texts["expires_in"], texts["access_token"].is_string()),
        (&"4500".into(), true)
    );
    order(FaultKind::NotJson);
    assert_eq!(caller.refresh(&[])?.json(), Value::Null);
    order(FaultKind::Empty);
    let empty = caller.refresh(&[])?;
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    Ok(())
}

#[test]
fn large_and_slow_answers_come_whole() -> Result<()> {
    let caller = Caller::new()?;
    for announced in [false, true] {
        let bytes = 5_000_000;
        caller.sandbox.fault(Fault::token(FaultKind::Huge { bytes, announced }));
        assert_eq!(caller.refresh(&[])?.body.len(), 5_000_000);
    }
    caller.sandbox.fault(Fault::token(FaultKind::Drip { ms: 0 }));
    assert!(caller.refresh(&[])?.json()["access_token"].is_string());
    caller.sandbox.fault(Fault::token(FaultKind::CloseAfter));
    assert_eq!(caller.refresh(&[])?.status, 200);
    Ok(())
}

#[test]
fn a_fault_waits_for_what_it_is_for() -> Result<()> {
    let caller = Caller::new()?;
    let faults = [
        json!({"kind": "status", "status": 500, "path": "/clusters/", "times": 2}),
        json!({"kind": "status", "status": 503, "resource": "https://management.azure.com/", "times": "always"}),
        json!({"kind": "reset", "grant": "password"}),
        json!({"kind": "huge", "path": "nowhere"}),
    ];
    for fault in &faults {
        caller.control("POST", "/faults", fault)?;
    }
    assert_eq!(caller.refresh(&[])?.status, 200);
    let arm = ("scope", "https://management.core.windows.net//.default");
    for _ in 0..3 {
        assert_eq!(caller.refresh(&[arm])?.status, 503);
    }
    let clusters = format!("{}/api/2.0/clusters/list", caller.sandbox.workspace());
    for status in [500, 500, 401] {
        assert_eq!(caller.client.get(&clusters, None)?.status, status);
    }
    let listed = caller.control("GET", "/faults", &Value::Null)?;
    assert_eq!(listed[0]["times"], "always");
    assert_eq!(caller.control("DELETE", "/faults", &Value::Null)?, json!([]));
    assert_eq!(caller.refresh(&[arm])?.status, 200);
    Ok(())
}

#[test]
fn wrong_orders_are_refused() -> Result<()> {
    let caller = Caller::new()?;
    let orders = [
        ("POST", "/faults", json!({"kind": "earthquake"}), 400),
        ("POST", "/faults", json!({"kind": "reset", "times": 0}), 400),
        ("PATCH", "/settings", json!({"latency": 3}), 400),
        ("POST", "/revoke", json!({}), 400),
        ("GET", "/nothing", Value::Null, 404),
        ("PUT", "/faults", Value::Null, 405),
    ];
    for (method, path, body, status) in &orders {
        let url = format!("{}{path}", caller.sandbox.control());
        assert_eq!(
            caller.client.json(method, &url, body)?.status,
            *status,
            "{method} {path} {body}"
        );
    }
    assert_eq!(caller.sandbox.counts().requests, 0);
    Ok(())
}

#[test]
fn reset_brings_back_the_start() -> Result<()> {
    let caller = Caller::new()?;
    let at_start = caller.sandbox.settings();
    caller.control(
        "PATCH",
        "/settings",
        &json!({"latency_ms": 5, "clock_skew": 9, "lifetime": 299}),
    )?;
    caller.sandbox.fault(Fault::any(FaultKind::Empty).always());
    assert!(caller.refresh(&[])?.body.is_empty());
    caller.control("POST", "/reset", &Value::Null)?;
    assert_eq!(caller.sandbox.settings(), at_start);
    assert_eq!(caller.refresh(&[])?.json()["expires_in"], 4500);
    assert_eq!(caller.sandbox.token_requests(), 1);
    Ok(())
}

#[test]
fn the_readme_names_every_route() -> Result<()> {
    let readme = include_str!("../../README.md");
    let routes = Caller::new()?.control("GET", "", &Value::Null)?;
    for route in routes.as_array().into_iter().flatten() {
        let [method, path] = ["method", "path"].map(|member| route[member].as_str().unwrap_or_default());
        let named = |line: &str| line.contains(&format!("`{path}`")) && line.contains(method);
        assert!(readme.lines().any(named), "{method} {path}");
    }
    Ok(())
}
