//! One request, read from a connection.

use std::io::{self, Read, Write};

use crate::http::form;

/// No caller's request line and headers are longer.
const LONGEST_HEAD: usize = 64 * 1024;
/// No caller's form is longer.
const LONGEST_BODY: usize = 1024 * 1024;

/// A request, complete with its body.
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path alone, as it was sent.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The fields of a form; none if the body is something else.
    pub(crate) form: Vec<(String, String)>,
    /// Whether the connection is to be used again.
    pub(crate) keep_alive: bool,
}

impl Request {
    /// Reads the next request; `None` when the peer has closed between two of them. `rest` holds what was read
    /// beyond the last one.
    pub(crate) fn read(wire: &mut (impl Read + Write), rest: &mut Vec<u8>) -> io::Result<Option<Self>> {
        let head = loop {
            if let Some(end) = find(rest, b"\r\n\r\n") {
                break rest.drain(..end + 4).collect::<Vec<u8>>();
            }
            if rest.len() > LONGEST_HEAD {
                return Err(invalid("the head is too long"));
            }
            if !fill(wire, rest)? {
                return if rest.is_empty() {
                    Ok(None)
                } else {
                    Err(invalid("an end inside of the head"))
                };
            }
        };
        let mut request = Self::head(&head)?;
        if request
            .header("expect")
            .is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
        {
            wire.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            wire.flush()?;
        }
        request.body = request.read_body(wire, rest)?;
        if request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        {
            request.form = form::parse(&String::from_utf8_lossy(&request.body));
        }
        Ok(Some(request))
    }

    /// A header's value, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        value(&self.headers, name)
    }

    /// A form field's value.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        value(&self.form, name)
    }

    /// A query parameter's value.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    fn head(head: &[u8]) -> io::Result<Self> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Request::new(&mut headers);
        parsed.parse(head).map_err(io::Error::other)?;
        let target = parsed.path.unwrap_or("/");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers: Vec<(String, String)> = parsed
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value);
                (header.name.to_ascii_lowercase(), value.trim().to_owned())
            })
            .collect();
        let connection = value(&headers, "connection").unwrap_or_default().to_ascii_lowercase();
        Ok(Self {
            method: parsed.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: form::parse(query),
            body: Vec::new(),
            form: Vec::new(),
            keep_alive: match parsed.version {
                Some(1) => !connection.contains("close"),
                _ => connection.contains("keep-alive"),
            },
            headers,
        })
    }

    fn read_body(&self, wire: &mut impl Read, rest: &mut Vec<u8>) -> io::Result<Vec<u8>> {
        if self
            .header("transfer-encoding")
            .is_some_and(|value| value.contains("chunked"))
        {
            return read_chunks(wire, rest);
        }
        match self.header("content-length").map(str::parse::<usize>) {
            None => Ok(Vec::new()),
            Some(Ok(length)) if length <= LONGEST_BODY => take(wire, rest, length),
            Some(_) => Err(invalid("not a length that is taken")),
        }
    }
}

fn read_chunks(wire: &mut impl Read, rest: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            if let Some(end) = find(rest, b"\r\n") {
                break rest.drain(..end + 2).collect::<Vec<u8>>();
            }
            if !fill(wire, rest)? {
                return Err(invalid("an end inside of a chunk"));
            }
        };
        let line = String::from_utf8_lossy(&line);
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        if size + body.len() > LONGEST_BODY {
            return Err(invalid("the body is too long"));
        }
        let chunk = take(wire, rest, size + 2)?;
        body.extend_from_slice(&chunk[..size]);
        if size == 0 {
            return Ok(body);
        }
    }
}

fn take(wire: &mut impl Read, rest: &mut Vec<u8>, length: usize) -> io::Result<Vec<u8>> {
    while rest.len() < length {
        if !fill(wire, rest)? {
            return Err(invalid("an end inside of the body"));
        }
    }
    Ok(rest.drain(..length).collect())
}

/// Reads what is there; false at the end.
fn fill(wire: &mut impl Read, rest: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 8192];
    let count = wire.read(&mut buffer)?;
    rest.extend_from_slice(&buffer[..count]);
    Ok(count > 0)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let pair = pairs.iter().find(|(of, _)| of == name);
    pair.map(|(_, value)| value.as_str())
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
