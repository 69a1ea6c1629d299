//! The door for listening, under attack.

use entra_token::flow::redirect::{Expected, Verdict, judge};
use entra_token::secret::Secret;
use entra_token::world::loopback::{Limits, Loopback, Machine};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn simple() {
    let mut listener = Machine.listen(0, &Limits::SIGN_IN).unwrap();
    let port = listener.port();
    let thread = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(
            stream,
            "GET /?state=s&code=c HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    });
    let expected = Expected {
        state: Secret::new("s".into()),
    };
    let mut told = None;
    let done = listener
        .serve(
            Duration::from_secs(10),
            &mut |request| match judge(&expected, request) {
                Verdict::Code(granted, reply) => {
                    told = Some(granted);
                    reply
                }
                Verdict::NotOurs(reply) | Verdict::Refused(_, reply) | Verdict::Nonsense(_, reply) => reply,
            },
        )
        .unwrap();
    assert!(done);
    assert_eq!(told.unwrap().code.expose(), "c");
    assert!(thread.join().unwrap().contains("Signed in"));
}
