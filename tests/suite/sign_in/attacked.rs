//! Somebody else reaches the port at which a sign-in waits: it goes on waiting, and completes. (`listener` has the siege.)

use super::{bed, left, parameter, port, signed_in, waiting};
use entra_sandbox::browser::query;
use entra_sandbox::{ANA, BEN};
use std::io::Write;
use std::net::TcpStream;

#[test]
fn what_does_not_carry_our_state_changes_nothing() {
    let bed = bed();
    let before = left(&bed);
    let (running, address) = waiting(&bed, &[]);
    let port = port(&address);
    let here = format!("http://localhost:{port}");
    let client = bed.sandbox.client().unwrap();
    // A browser opens connections that it may not use; a scanner sends what is no request.
    let idle: Vec<_> = (0..20)
        .map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap())
        .collect();
    let mut tls = TcpStream::connect(("127.0.0.1", port)).unwrap();
    tls.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").unwrap();

    // The attacker has a true code, of a sign-in of the attacker's own.
    let (theirs, their_address) = waiting(&bed, &["--response-mode", "query", "--login-hint", BEN.upn]);
    let their_end = super::ends_at(&bed, &their_address);
    theirs.kill();
    let their_code = parameter(&their_end, "code").unwrap();
    let their_state = parameter(&their_end, "state").unwrap();
    let nonce = parameter(&address, "nonce").unwrap();
    for state in ["", "guess", &their_state, &nonce] {
        for sent in [
            query(&[("code", &their_code), ("state", state)]),
            query(&[("error", "access_denied"), ("state", state)]),
        ] {
            let answer = client.get(&format!("{here}/?{sent}"), None).unwrap();
            assert_eq!(answer.status, 400, "{sent}");
            let form = [("Content-Type", "application/x-www-form-urlencoded")];
            let answer = client.request("POST", &here, &form, &sent).unwrap();
            assert_eq!(answer.status, 400, "{sent}");
            let page = String::from_utf8(answer.body).unwrap();
            assert!(page.contains("Waiting for your sign-in"), "{page}");
        }
    }
    assert_eq!(client.get(&format!("{here}/favicon.ico"), None).unwrap().status, 404);
    assert_eq!(bed.posts(), 0, "no code was redeemed");
    assert_eq!(left(&bed), before);

    bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
    assert!(running.done().out.starts_with(&signed_in(&ANA)));
    drop(idle);
}
