//! `Request`: one whole request, and the reading of it. Strict, since it has one reader and no proxy before it: what could
//! be read in two ways is refused.

use super::Limits;

/// Most headers that a request may have; browsers send about twenty.
const MOST_HEADERS: usize = 64;

/// One whole request. It may hold a code, so it is never shown.
pub struct Request<'a> {
    /// `GET`, `POST` or another word, as it was sent.
    pub method: &'a str,
    /// Begins with `/`; not decoded.
    pub path: &'a str,
    /// What stands after the first `?`; not decoded.
    pub query: Option<&'a str>,
    /// The one `Host`.
    pub host: &'a str,
    /// The body, of the length that was announced.
    pub body: &'a [u8],
    headers: Vec<(&'a str, &'a [u8])>,
}

/// What some bytes are.
pub enum Parsed<'a> {
    /// The beginning of a request: at least so many bytes are wanted in all.
    Partial(usize),
    /// A request, and where it ends.
    Whole(Request<'a>, usize),
    /// None that is answered with anything but this status.
    Refused(u16),
    /// Not HTTP, such as the beginning of TLS.
    Foreign,
}

/// Reads a request from the bytes that have come so far. Pure: the same bytes always give the same.
#[must_use]
pub fn parse<'a>(bytes: &'a [u8], limits: &Limits) -> Parsed<'a> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length <= limits.head => length,
        Ok(httparse::Status::Partial) if bytes.len() < limits.head => return Parsed::Partial(bytes.len() + 1),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Parsed::Refused(431),
        Err(_) if is_foreign(bytes) => return Parsed::Foreign,
        Err(httparse::Error::Version) => return Parsed::Refused(505),
        Err(_) => return Parsed::Refused(400),
    };
    let (Some(method), Some(target)) = (head.method, head.path) else {
        return Parsed::Refused(400);
    };
    // A proxy would be told `http://…` or `host:port`; we are none.
    if !target.starts_with('/') || !target.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
        return Parsed::Refused(400);
    }
    let headers: Vec<_> = head.headers.iter().map(|header| (header.name, header.value)).collect();
    let Ok(Some(host)) = single(&headers, "host") else {
        return Parsed::Refused(400);
    };
    let body = match body_length(method, &headers) {
        Ok(length) if length <= limits.body => length,
        Ok(_) => return Parsed::Refused(413),
        Err(status) => return Parsed::Refused(status),
    };
    let end = length + body;
    let Some(body) = bytes.get(length..end) else {
        return Parsed::Partial(end);
    };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let request = Request {
        method,
        path,
        query,
        host,
        body,
        headers,
    };
    Parsed::Whole(request, end)
}

impl Request<'_> {
    /// The only header of that name, in any case, if its value is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        single(&self.headers, name).ok().flatten()
    }

    /// Whether it is meant for that port of this machine. A page of a stranger that has had its own name resolved to
    /// 127.0.0.1 (DNS rebinding) still says that name.
    #[must_use]
    pub fn is_for(&self, port: u16) -> bool {
        let Some((name, said)) = self.host.rsplit_once(':') else {
            return false;
        };
        said == port.to_string()
            && ["localhost", "127.0.0.1", "[::1]"]
                .iter()
                .any(|local| name.eq_ignore_ascii_case(local))
    }
}

/// The value of a header that may stand there once: an error if it stands there twice or is not text.
fn single<'a>(headers: &[(&'a str, &'a [u8])], name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = headers.iter().filter(|(have, _)| have.eq_ignore_ascii_case(name));
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some((_, value)), None) => std::str::from_utf8(value).map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// How long the body is, or with which status it is refused. Chunks are not read: no browser sends a form in them.
fn body_length(method: &str, headers: &[(&str, &[u8])]) -> Result<usize, u16> {
    let chunked = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
    match single(headers, "content-length") {
        Err(()) => Err(400),
        Ok(Some(_)) if chunked => Err(400),
        Ok(None) if chunked || matches!(method, "POST" | "PUT" | "PATCH") => Err(411),
        Ok(None) => Ok(0),
        Ok(Some(digits)) if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) => Err(400),
        // Only too many digits fail here.
        Ok(Some(digits)) => digits.parse::<u32>().map(|length| length as usize).map_err(|_| 413),
    }
}

/// Whether not even the first letter of a method is there.
fn is_foreign(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|b| !matches!(b, b'\r' | b'\n'));
    first.is_some_and(|b| !b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        head: 200,
        body: 20,
        ..Limits::SIGN_IN
    };

    /// What some bytes are, in one word, or the request as it was understood.
    fn told(bytes: &[u8]) -> String {
        match parse(bytes, &LIMITS) {
            Parsed::Partial(wanted) => format!("{wanted} wanted"),
            Parsed::Refused(status) => status.to_string(),
            Parsed::Foreign => "foreign".to_owned(),
            Parsed::Whole(request, end) => {
                let rest = bytes.len() - end;
                let body = String::from_utf8_lossy(request.body);
                let Request {
                    method,
                    path,
                    query,
                    host,
                    ..
                } = request;
                format!("{method} {path} {query:?} {host} {body:?} {rest} left")
            }
        }
    }

    #[test]
    fn whole_requests() {
        for (text, want) in [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / None h \"\" 0 left"),
            (
                "GET /?a=b?c HTTP/1.0\r\nhost:h\r\n\r\n",
                "GET / Some(\"a=b?c\") h \"\" 0 left",
            ),
            (
                "\r\n\nGET /x? HTTP/1.1\nHOST:  h \n\n",
                "GET /x Some(\"\") h \"\" 0 left",
            ),
            (
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=bGET /",
                "POST / None h \"a=b\" 5 left",
            ),
            (
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 003\r\n\r\na=b",
                "GET / None h \"a=b\" 0 left",
            ),
            ("HEAD //%zz HTTP/1.1\r\nHost: \r\n\r\n", "HEAD //%zz None  \"\" 0 left"),
        ] {
            assert_eq!(told(text.as_bytes()), want, "{text:?}");
        }
    }

    #[test]
    fn what_is_refused() {
        let with = |line: &str| format!("POST / HTTP/1.1\r\nHost: h\r\n{line}\r\n\r\n");
        let many = "a: b\r\n".repeat(MOST_HEADERS);
        for (text, want) in [
            // Lengths that can be read in two ways, or not at all.
            (with("Content-Length: 1\r\nContent-Length: 1"), "400"),
            (with("Content-Length: 1\r\nTransfer-Encoding: chunked"), "400"),
            (with("Content-Length: 1, 1"), "400"),
            (with("Content-Length: +1"), "400"),
            (with("Content-Length: -1"), "400"),
            (with("Content-Length: 0x1"), "400"),
            (with("Content-Length: 1 1"), "400"),
            (with("Content-Length:"), "400"),
            (with("Content-Length: 21"), "413"),
            (with("Content-Length: 99999999999999999999999999"), "413"),
            (with("Transfer-Encoding: chunked"), "411"),
            (with("Transfer-Encoding: identity"), "411"),
            (with("x: y"), "411"),
            // Hosts.
            (with("Host: h\r\nContent-Length: 0"), "400"),
            (with("Content-Length: 0\r\nhost: other"), "400"),
            ("GET / HTTP/1.1\r\n\r\n".into(), "400"),
            ("GET / HTTP/1.0\r\n\r\n".into(), "400"),
            // Headers that some would read differently.
            (with("Content-Length : 0"), "400"),
            (with("x: y\r\n folded"), "400"),
            (with(" x: y"), "400"),
            (with("x: \0"), "400"),
            (with("x: y\rContent-Length: 0"), "400"),
            (with("no colon"), "400"),
            // Targets of proxies and tunnels.
            ("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n".into(), "400"),
            ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n".into(), "400"),
            ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n".into(), "400"),
            ("GET /#x HTTP/1.1\r\nHost: h\r\n\r\n".into(), "400"),
            ("GET /\u{e4} HTTP/1.1\r\nHost: h\r\n\r\n".into(), "400"),
            ("GET /\r\nHost: h\r\n\r\n".into(), "400"),
            // Other versions.
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), "505"),
            ("GET / x HTTP/1.1\r\nHost: h\r\n\r\n".into(), "505"),
            ("GET / HTTP/9.9\r\nHost: h\r\n\r\n".into(), "505"),
            ("GET / SIP/2.0\r\n\r\n".into(), "505"),
            // Too much.
            (format!("GET /{} HTTP/1.1", "x".repeat(200)), "431"),
            (with(&format!("x: {}", "y".repeat(200))), "431"),
            (format!("GET / HTTP/1.1\r\n{many}Host: h\r\n\r\n"), "431"),
            ("\r\n".repeat(100), "431"),
        ] {
            assert_eq!(told(text.as_bytes()), want, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_http() {
        assert_eq!(told(b"\x16\x03\x01\x02\x00\x01\x00"), "foreign");
        assert_eq!(told(b"\x00"), "foreign");
        assert_eq!(told(b"\r\n\xff\xfe"), "foreign");
        assert_eq!(told(b"{}"), "400");
    }

    #[test]
    fn a_request_that_comes_byte_by_byte() {
        let text = b"POST /?q HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=b";
        let head = text.len() - 3;
        for end in 0..text.len() {
            let wanted = if end < head { end + 1 } else { text.len() };
            assert_eq!(told(&text[..end]), format!("{wanted} wanted"));
        }
        assert!(told(text).ends_with("0 left"));
    }

    #[test]
    fn bytes_changed_or_left_out_never_fail_us() {
        let text = b"POST /?q HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX: y\r\n\r\na=b and more";
        for place in 0..text.len() {
            let mut bytes = text.to_vec();
            for byte in 0..=255 {
                bytes[place] = byte;
                told(&bytes);
            }
            bytes.remove(place);
            told(&bytes);
        }
    }

    #[test]
    fn only_this_port_of_this_machine() {
        let is_for = |host: &str| {
            let text = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            match parse(text.as_bytes(), &LIMITS) {
                Parsed::Whole(request, _) => request.is_for(8400),
                _ => panic!("{host}"),
            }
        };
        for host in ["localhost:8400", "LocalHost:8400", "127.0.0.1:8400", "[::1]:8400"] {
            assert!(is_for(host), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:",
            "localhost:8401",
            "localhost:08400",
            "localhost:+8400",
            "localhost:8400:8400",
            "localhost.:8400",
            "localhost.evil.example:8400",
            "evil.example:8400",
            "127.0.0.2:8400",
            "127.1:8400",
            "0.0.0.0:8400",
            "[::]:8400",
            "::1:8400",
            "user@localhost:8400",
        ] {
            assert!(!is_for(host), "{host}");
        }
    }

    #[test]
    fn headers_that_may_stand_once() {
        let text = b"GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 1\r\nb: 2\r\nC: \xff\r\n\r\n";
        let Parsed::Whole(request, _) = parse(text, &LIMITS) else {
            panic!()
        };
        assert_eq!(request.header("a"), Some("1"));
        assert_eq!(
            (request.header("b"), request.header("c"), request.header("d")),
            (None, None, None)
        );
    }
}
