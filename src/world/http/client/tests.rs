//! The real client against a server of a few lines on loopback.
#![expect(clippy::disallowed_methods, reason = "real sockets need real time")]

use super::*;
use std::io::Write as _;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{sleep, spawn};
use std::time::Instant;

/// A server that treats every connection by `play`, after it has read a request, and hands over what it read.
fn server(play: impl Fn(&mut TcpStream) + Send + 'static) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/t?secret=planted", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 4096];
            let mut request = String::new();
            while !request.contains("\r\n\r\n") || (request.starts_with("POST") && !request.ends_with("body")) {
                let read = std::io::Read::read(&mut stream, &mut bytes).unwrap_or(0);
                if read == 0 {
                    break;
                }
                request.push_str(&String::from_utf8_lossy(&bytes[..read]));
                if request.starts_with('\u{16}') {
                    break; // the greeting of TLS
                }
            }
            let _ = sender.send(request);
            play(&mut stream);
        }
    });
    (url, requests)
}

fn says(text: &'static str) -> (String, Receiver<String>) {
    server(move |stream| {
        let _ = stream.write_all(text.as_bytes());
        let _ = stream.shutdown(Shutdown::Write);
    })
}

fn get(client: &Client, url: &str, milliseconds: u64) -> Result<Response, Fault> {
    client.send(Request {
        method: Method::Get,
        url,
        headers: vec![],
        body: Zeroizing::default(),
        timeout: Duration::from_millis(milliseconds),
        max_body: 100_000,
    })
}

fn fault_of(url: &str, milliseconds: u64) -> Fault {
    let fault = get(&Client::default(), url, milliseconds).err().unwrap();
    assert!(!fault.to_string().contains("planted"), "{fault}");
    fault
}

#[test]
fn each_request_is_one_connection_of_its_own() {
    let (url, requests) = says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Test: Yes\r\n\r\nok");
    let client = Client::default();
    for _ in 0..2 {
        let response = client
            .send(Request {
                method: Method::Post,
                url: &url,
                headers: vec![("accept", "application/json".to_owned())],
                body: Zeroizing::new(b"the body".to_vec()),
                timeout: Duration::from_secs(2),
                max_body: 2,
            })
            .unwrap();
        assert_eq!((response.status, &**response.body), (200, &b"ok"[..]));
        assert_eq!(response.header("x-test"), Some("Yes"));
    }
    let seen: Vec<String> = requests.try_iter().collect();
    assert_eq!(seen.len(), 2);
    let request = seen[0].to_lowercase();
    assert!(request.starts_with("post /t?secret=planted http/1.1\r\n"), "{request}");
    assert!(
        request.ends_with("\r\n\r\nthe body") && request.contains("content-length: 8"),
        "{request}"
    );
    assert!(
        request.contains(concat!("user-agent: entra-token/", env!("CARGO_PKG_VERSION"))),
        "{request}"
    );
    for header in ["accept-encoding", "cookie", "referer", "accept: */*", "upgrade"] {
        assert!(!request.contains(header), "{request}");
    }
}

#[test]
fn every_method_is_sent_as_named() {
    let (url, requests) = says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let client = Client::default();
    for method in Method::ALL {
        let name = "x-name".to_owned();
        let request = Request {
            method,
            url: &url,
            headers: vec![(&name, "v".to_owned())],
            // What the server waits for.
            body: Zeroizing::new(if method == Method::Post {
                b"body".to_vec()
            } else {
                vec![]
            }),
            timeout: Duration::from_secs(2),
            max_body: 0,
        };
        assert_eq!(client.send(request).unwrap().status, 200);
        let seen = requests.recv().unwrap();
        assert!(seen.starts_with(&format!("{} /t?", method.word())), "{seen}");
        assert!(seen.contains("\r\nx-name: v\r\n"), "{seen}");
    }
}

#[test]
fn what_head_announces_is_not_read() {
    let (url, _requests) = says("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
    let request = |value: &str| Request {
        method: Method::Head,
        url: &url,
        headers: vec![("accept", value.to_owned())],
        body: Zeroizing::default(),
        timeout: Duration::from_secs(2),
        max_body: 10,
    };
    let response = Client::default().send(request("*/*")).unwrap();
    assert_eq!((response.status, response.body.len()), (200, 0));
    assert_eq!(response.header("content-length"), Some("100000000"));
    let fault = Client::default().send(request("planted\nx: y")).err().unwrap();
    assert!(
        fault.nothing_sent() && !fault.to_string().contains("planted"),
        "{fault}"
    );
}

#[test]
fn a_redirect_is_an_answer() {
    let (url, requests) = says("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n");
    let response = get(&Client::default(), &url, 2000).unwrap();
    assert_eq!((response.status, response.header("location")), (302, Some("/next")));
    assert_eq!(requests.try_iter().count(), 1);
}

#[test]
fn broken_answers() {
    for text in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nplanted",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nplanted\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "planted planted\r\n\r\n",
    ] {
        let (url, requests) = says(text);
        let fault = fault_of(&url, 2000);
        assert!(
            matches!(fault, Fault::Broken(_)) && !fault.nothing_sent(),
            "{text:?}: {fault}"
        );
        assert_eq!(requests.try_iter().count(), 1, "{text:?} was asked for again");
    }
}

#[test]
fn a_huge_answer_is_not_read() {
    let (url, _requests) = says("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n");
    assert_eq!(fault_of(&url, 2000), Fault::TooLarge);
    let (url, _requests) = server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert_eq!(fault_of(&url, 2000), Fault::TooLarge);
}

#[test]
fn the_limit_is_for_all_of_it() {
    let (silent, _requests) = server(|_| sleep(Duration::from_secs(2)));
    let (dripping, _others) = server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            sleep(Duration::from_millis(50));
        }
    });
    for url in [silent, dripping] {
        let began = Instant::now();
        assert_eq!(fault_of(&url, 250), Fault::Timeout);
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
}

#[test]
fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/?secret=planted", listener.local_addr().unwrap());
    drop(listener);
    let fault = fault_of(&url, 2000);
    assert!(
        matches!(&fault, Fault::Connect(why) if why.contains("refused")),
        "{fault}"
    );
    assert!(matches!(fault_of("planted", 2000), Fault::Connect(_)));
}

#[test]
fn no_tls_there() {
    let (url, _requests) = says("HTTP/1.1 400 Bad Request\r\n\r\nplanted\r\n\r\n");
    let fault = fault_of(&url.replace("http:", "https:"), 2000);
    assert!(matches!(fault, Fault::Tls(_)) && fault.nothing_sent(), "{fault}");
}
