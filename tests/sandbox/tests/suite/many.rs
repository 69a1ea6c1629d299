//! Many callers at once, and connections that are used again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use entra_sandbox::{Error, Fault, FaultKind, Options, Result, Sandbox};

use serde_json::{Value, json};

use crate::caller::Caller;

#[test]
fn three_hundred_callers_are_served_at_once() -> Result<()> {
    more_files();
    let caller = Caller::new()?;
    caller.sandbox.change(|settings| settings.latency_ms = 300);
    let served = thread::scope(|scope| {
        let ask = || caller.refresh(&[]).map(|answer| answer.status);
        let threads: Vec<_> = (0..300).map(|_| scope.spawn(ask)).collect();
        let statuses = threads.into_iter().map(|thread| thread.join());
        statuses.filter(|status| matches!(status, Ok(Ok(200)))).count()
    });
    assert_eq!(served, 300);
    assert_eq!(caller.sandbox.token_requests(), 300);
    Ok(())
}

#[test]
fn a_connection_carries_many_requests() -> Result<()> {
    let caller = Caller::new()?;
    let failed = |error: std::io::Error| Error::new("talking", error);
    let address = caller.sandbox.authority_http().replace("http://localhost", "127.0.0.1");
    let mut socket = TcpStream::connect(address).map_err(failed)?;
    // Two in one packet, then one byte by byte, then the last.
    let request = "GET /common/discovery/v2.0/keys HTTP/1.1\r\nHost: x\r\n\r\n";
    socket.write_all(request.repeat(2).as_bytes()).map_err(failed)?;
    for byte in request.bytes() {
        socket.write_all(&[byte]).map_err(failed)?;
    }
    let last = request.replace("Host: x", "Connection: close");
    socket.write_all(last.as_bytes()).map_err(failed)?;
    let mut answers = String::new();
    socket.read_to_string(&mut answers).map_err(failed)?;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 4);
    assert_eq!(answers.matches("Connection: close").count(), 1);
    let counts = caller.sandbox.counts();
    assert_eq!((counts.connections, counts.requests), (1, 4));
    Ok(())
}

#[test]
fn a_held_answer_comes_when_it_is_released() -> Result<()> {
    let caller = Caller::new()?;
    caller.sandbox.fault(Fault::token(FaultKind::Hold));
    thread::scope(|scope| {
        let held = scope.spawn(|| caller.refresh(&[]).map(|answer| answer.status));
        let soon = Duration::from_secs(10);
        assert!(caller.sandbox.wait_for_requests("token", 1, soon));
        assert!(!caller.sandbox.wait_for_requests("token", 2, Duration::from_millis(20)));
        // Others are not held up meanwhile.
        assert_eq!(caller.refresh(&[])?.status, 200);
        assert!(!held.is_finished());
        caller.control("POST", "/release", &Value::Null)?;
        assert!(matches!(held.join(), Ok(Ok(200))));
        let waited = caller.control("POST", "/wait", &json!({"endpoint": "token", "count": 2}))?;
        assert_eq!(waited, json!({"reached": true}));
        Ok(())
    })
}

#[test]
fn it_stops_though_callers_wait() -> Result<()> {
    let sandbox = Sandbox::start(Options::default())?;
    sandbox.fault(Fault::any(FaultKind::Hang { acted: false }));
    let client = sandbox.client()?.timeout(Duration::from_secs(60));
    let url = format!("{}/common/discovery/v2.0/keys", sandbox.authority());
    let waiting = thread::spawn(move || client.get(&url, None).is_err());
    while sandbox.counts().requests == 0 {
        thread::yield_now();
    }
    let folder = sandbox.folder().to_owned();
    drop(sandbox);
    assert!(waiting.join().unwrap_or(false));
    assert!(!folder.exists());
    Ok(())
}

/// Both ends of 300 connections are in this process; macOS gives it 256 files.
fn more_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};

        let mut limit = getrlimit(Resource::Nofile);
        limit.current = Some(limit.maximum.map_or(4096, |maximum| maximum.min(4096)));
        let _ = setrlimit(Resource::Nofile, limit);
    }
}
