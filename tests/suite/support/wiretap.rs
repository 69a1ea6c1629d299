//! Somebody who listens between the program and an authority over plain http, and so learns every secret that was sent.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// An authority that everything goes through to another one.
pub(crate) struct Wiretap {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Wiretap {
    /// In front of an authority such as `http://localhost:41234`.
    pub(crate) fn of(authority: &str) -> Self {
        let theirs: u16 = authority.rsplit_once(':').unwrap().1.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        // Texts are changed in place, and must stay as long as they are.
        assert_eq!(port.to_string().len(), theirs.to_string().len());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let tap = Self {
            port,
            heard: Arc::clone(&heard),
        };
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(("127.0.0.1", theirs)).unwrap();
                let [to, fro] = [(port, theirs), (theirs, port)].map(|(from, to)| {
                    let name = |port: u16| format!("localhost:{port}");
                    (name(from), name(to))
                });
                let pairs = [
                    (caller.try_clone().unwrap(), server.try_clone().unwrap(), to),
                    (server, caller, fro),
                ];
                for (from, to, names) in pairs {
                    let heard = Arc::clone(&heard);
                    std::thread::spawn(move || relay(from, to, &names, &heard));
                }
            }
        });
        tap
    }

    /// Its address.
    pub(crate) fn authority(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The values that were sent under a name in a form or in JSON, either way, decoded.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let heard = String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned();
        let (member, field) = (format!("\"{name}\":\""), format!("{name}="));
        let in_json = heard.split(&member).skip(1);
        let in_json = in_json.map(|rest| rest.split('"').next().unwrap().to_owned());
        let is_end = |c: char| matches!(c, '&' | '#' | '"' | ' ' | '<') || c.is_control();
        let in_forms = heard.match_indices(&field).filter_map(|(at, _)| {
            let starts = heard[..at].ends_with(['&', '?', '\n']);
            let value = heard[at + field.len()..].split(is_end).next()?;
            let value = format!("v={value}");
            let (_, value) = url::form_urlencoded::parse(value.as_bytes()).next()?;
            starts.then(|| value.into_owned())
        });
        let mut values: Vec<_> = in_json.chain(in_forms).collect();
        // A refusal's number is a `code` too.
        values.retain(|value| value.len() >= 16);
        values.sort();
        values.dedup();
        values
    }
}

/// Carries what comes, under the other one's name.
fn relay(mut from: TcpStream, mut to: TcpStream, names: &(String, String), heard: &Mutex<Vec<u8>>) {
    let mut bytes = vec![0; 256 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let text = String::from_utf8_lossy(&bytes[..count]);
        heard.lock().unwrap().extend_from_slice(&bytes[..count]);
        let issuer = |name: &str| format!("\"issuer\":\"http://{name}");
        // Tokens are not changed, so that their issuer stays who it is.
        let text = text
            .replace(&names.0, &names.1)
            .replace(&issuer(&names.1), &issuer(&names.0));
        if to.write_all(text.as_bytes()).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
