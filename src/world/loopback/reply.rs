//! `Reply`: what is answered, and how it goes out.

use super::later::Place;
use std::borrow::Cow;
use zeroize::Zeroizing;

/// What is answered. `Content-Length` and `Connection: close` are added on the way out.
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Zeroizing<Vec<u8>>,
    last: bool,
    later: Option<Place>,
}

impl Reply {
    /// A status and nothing else.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Zeroizing::default(),
            last: false,
            later: None,
        }
    }

    /// One that will lie there.
    pub(super) fn later(place: Place) -> Self {
        Self {
            later: Some(place),
            ..Self::new(202)
        }
    }

    /// Where it will lie, if it is not here yet.
    pub(super) fn place(&self) -> Option<&Place> {
        self.later.as_ref()
    }

    /// Adds a header. Its value must be one line.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds the body; wiped when it has been sent.
    #[must_use]
    pub fn body(mut self, content_type: &'static str, body: Zeroizing<Vec<u8>>) -> Self {
        self.body = body;
        self.header("Content-Type", content_type)
    }

    /// Ends the wait.
    #[must_use]
    pub fn last(mut self) -> Self {
        self.last = true;
        self
    }

    /// Whether it ends the wait.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.last
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The status in words.
    pub(super) fn reason(&self) -> &'static str {
        reason(self.status)
    }

    /// As it goes out; without the body if only the head was asked for (RFC 9110 §9.3.2).
    pub(super) fn encode(&self, head_only: bool) -> Zeroizing<Vec<u8>> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason());
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 && self.status != 304 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("Connection: close\r\n\r\n");
        let body = if head_only { &[][..] } else { &self.body };
        let mut bytes = Zeroizing::new(Vec::with_capacity(head.len() + body.len()));
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(body);
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        // The phrase may be empty (RFC 9112 §4).
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: &Reply, head_only: bool) -> String {
        String::from_utf8(reply.encode(head_only).to_vec()).unwrap()
    }

    #[test]
    fn as_it_goes_out() {
        let reply = Reply::new(200)
            .header("Cache-Control", "no-store")
            .body("text/plain", b"hi".to_vec().into());
        let head = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\
                    Connection: close\r\n\r\n";
        assert_eq!(text(&reply, false), format!("{head}hi"));
        assert_eq!(text(&reply, true), head);
    }

    #[test]
    fn nothing_has_no_length() {
        assert_eq!(
            text(&Reply::new(204), false),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        );
    }
}
