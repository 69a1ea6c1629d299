//! Whoever else knocks at `serve`.

use super::Server;
use crate::listener::attack::{ATTACKERS, Attacker, MOST_MEMORY_KIB};
use crate::listener::peer::Peer;
use crate::support::Bed;
use std::net::TcpStream;

/// Bad requests in all.
const STRIKES: usize = 10_000;

#[test]
fn strangers_get_nothing() {
    let bed = Bed::signed_in();
    let host = bed.sandbox.workspace();
    let server = Server::start(&bed, &[]);
    let (port, path) = (server.port(), server.path());
    let fine = format!("X-Databricks-Metadata-Version: 1\r\nX-Databricks-Host: {host}\r\n");
    for (request, expected) in [
        (format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fine}\r\n"), 404),
        (
            format!("GET /{path}x HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fine}\r\n"),
            404,
        ),
        (
            format!("GET /{path} HTTP/1.1\r\nHost: evil.example:{port}\r\n{fine}\r\n"),
            421,
        ),
        (format!("GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"), 400),
        (
            format!("OPTIONS /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fine}\r\n"),
            405,
        ),
        (
            format!("GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fine}{fine}\r\n"),
            400,
        ),
    ] {
        let (status, head, told) = server.send(&request);
        assert_eq!(status, expected, "{request}");
        assert!(!head.to_lowercase().contains("access-control"), "{head}");
        assert!(told.get("access_token").is_none());
    }
    // Many that say nothing hold nobody up.
    let silent: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap())
        .collect();
    assert_eq!(server.metadata(&host).0, 200);
    drop(silent);
    assert_ne!(Server::start(&bed, &[]).path(), path, "new each time");
}

/// What knows its way and is wrong all the same, with the status of its answer.
fn nearly_right(server: &Server, host: &str) -> Vec<(String, u16)> {
    let (port, path, key) = (server.port(), server.path(), &server.told["AZD_AUTH_KEY"]);
    let get = |version: &str, host: &str| {
        format!(
            "GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Databricks-Metadata-Version: {version}\r\n\
             X-Databricks-Host: {host}\r\n\r\n"
        )
    };
    let post = |body: &str| {
        let length = body.len();
        format!(
            "POST /token?api-version=2023-07-12-preview HTTP/1.1\r\nHost: localhost:{port}\r\n\
             Authorization: Bearer {key}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    vec![
        (get("1", "https://databricks.evil.example"), 403),
        (get("1", "https://adb-1.2.azuredatabricks.net.evil.example"), 403),
        (get("1", "http://adb-1.2.azuredatabricks.net"), 400),
        (get("1", "file:///etc/passwd"), 400),
        (get("1", &format!("{host}@evil.example")), 400),
        (get("1", &"x".repeat(5_000)), 403),
        (get("0", host), 400),
        (get("1, 1", host), 400),
        (get("", host), 400),
        // azd shows the message of no other status.
        (post("{"), 200),
        (post(r#"{"scopes":"all"}"#), 200),
        (post(&format!(r#"{{"scopes":{}}}"#, "[".repeat(10_000))), 200),
        (post(r#"{"scopes":["a\u0000b"]}"#), 200),
        (post(&format!(r#"{{"scopes":["{}"]}}"#, "x".repeat(20_000))), 413),
    ]
}

#[test]
fn ten_thousand_bad_requests() {
    let bed = Bed::signed_in();
    let (held, host) = (bed.token(), bed.sandbox.workspace());
    let server = Server::start(&bed, &[]);
    let peer = Peer::new("127.0.0.1", server.port());
    assert_eq!(server.metadata(&host).0, 200);
    let before = server.told_by_kernel("VmHWM");
    let silent: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(("127.0.0.1", server.port())).unwrap())
        .collect();
    std::thread::scope(|scope| {
        for number in 0..ATTACKERS {
            let (server, host, held) = (&server, &host, &held);
            scope.spawn(move || {
                let mut attacker = Attacker::new(peer, number);
                let wrong = nearly_right(server, host);
                for strike in 0..STRIKES / ATTACKERS {
                    match wrong.get(strike % 100) {
                        Some((request, expected)) => {
                            let (status, _, told) = server.send(request);
                            assert_eq!(status, *expected, "{:.100}", request.replace('\r', ""));
                            assert!(!told.to_string().contains(held.as_str()));
                        }
                        None => assert!(attacker.strike(), "nobody listens any more"),
                    }
                    if strike % 100 == 99 {
                        let (status, answer) = server.metadata(host);
                        assert_eq!((status, answer["access_token"].as_str()), (200, Some(held.as_str())));
                    }
                }
            });
        }
    });
    drop(silent);
    assert_eq!(server.metadata(&host).0, 200);
    assert_eq!(bed.posts(), 0, "nobody was asked");
    assert!(server.told_by_kernel("Threads") <= 1, "nothing had to be waited for");
    assert!(server.told_by_kernel("VmHWM") - before < MOST_MEMORY_KIB);
}
