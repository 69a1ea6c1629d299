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
