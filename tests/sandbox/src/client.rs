//! A small HTTP client that trusts one sandbox: for tests of the sandbox itself, and for the demonstration.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

use crate::error::{Doing as _, Error, Result};
use crate::http::form;

/// Sends requests, a connection for each.
#[derive(Clone)]
pub struct Client {
    tls: Arc<ClientConfig>,
    timeout: Duration,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, chunks put together.
    pub body: Vec<u8>,
}

impl Client {
    /// Trusts servers of the certificate authority in this PEM file only.
    pub fn trusting_file(path: &Path) -> Result<Self> {
        let doing = format!("reading `{}`", path.display());
        let pem = std::fs::read(path).doing(&doing)?;
        Self::trusting(&CertificateDer::from_pem_slice(&pem).doing(&doing)?)
    }

    /// Trusts servers of this certificate authority only.
    pub(crate) fn trusting(authority: &CertificateDer<'static>) -> Result<Self> {
        let what = "setting up a client";
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone()).doing(what)?;
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .doing(what)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: Arc::new(tls),
            timeout: Duration::from_secs(30),
        })
    }

    /// Gives up when nothing comes for this long; 30 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// GET, with a bearer token if there is one. Redirects are not followed.
    pub fn get(&self, url: &str, token: Option<&str>) -> Result<Answer> {
        let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        self.send("GET", url, &authorization.unwrap_or_default(), "")
    }

    /// POST of a form.
    pub fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        self.send("POST", url, kind, &form::write(fields.iter().copied()))
    }

    /// Any method, with JSON: for the control API.
    pub fn json(&self, method: &str, url: &str, body: &Value) -> Result<Answer> {
        self.send(method, url, "Content-Type: application/json\r\n", &body.to_string())
    }

    /// Any method, with these headers and this body.
    pub fn request(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        self.send(method, url, &headers, body)
    }

    fn send(&self, method: &str, url: &str, headers: &str, body: &str) -> Result<Answer> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = if path.is_empty() { "/" } else { path };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: entra-sandbox\r\nAccept: application/json\r\n\
             Connection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let doing = format!("{method} {url}");
        // The sandbox listens on IPv4 alone.
        let mut address = host.replace("localhost", "127.0.0.1");
        if !address.contains(':') {
            address.push_str(if scheme == "https" { ":443" } else { ":80" });
        }
        let mut socket = TcpStream::connect(address).doing(&doing)?;
        socket.set_read_timeout(Some(self.timeout)).doing(&doing)?;
        let mut answer = Vec::new();
        if scheme == "https" {
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned();
            let name = ServerName::try_from(name).doing(&doing)?;
            let session = ClientConnection::new(Arc::clone(&self.tls), name).doing(&doing)?;
            let mut stream = StreamOwned::new(session, socket);
            stream.write_all(request.as_bytes()).doing(&doing)?;
            stream.read_to_end(&mut answer).doing(&doing)?;
        } else {
            socket.write_all(request.as_bytes()).doing(&doing)?;
            socket.read_to_end(&mut answer).doing(&doing)?;
        }
        Answer::parse(&answer).map_err(|why| Error::new(doing, why))
    }
}

impl Answer {
    /// The body as JSON; null if it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(of, _)| of == name);
        header.map(|(_, value)| value.as_str())
    }

    fn parse(bytes: &[u8]) -> std::result::Result<Self, &'static str> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(start)) = parsed.parse(bytes) else {
            return Err("no answer in HTTP");
        };
        let mut answer = Self {
            status: parsed.code.unwrap_or_default(),
            headers: parsed
                .headers
                .iter()
                .map(|header| {
                    let value = String::from_utf8_lossy(header.value).into_owned();
                    (header.name.to_ascii_lowercase(), value)
                })
                .collect(),
            body: bytes[start..].to_vec(),
        };
        if answer.header("transfer-encoding") == Some("chunked") {
            answer.body = unchunk(&answer.body).ok_or("the chunks have no end")?;
        } else if let Some(length) = answer.header("content-length")
            && length != answer.body.len().to_string()
        {
            return Err("the body is shorter or longer than announced");
        }
        Ok(answer)
    }
}

fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).ok()?, 16).ok()?;
        let chunk = bytes.get(end + 2..end + 2 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        bytes = bytes.get(end + 4 + size..)?;
    }
}
