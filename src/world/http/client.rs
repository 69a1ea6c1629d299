//! The real network, by reqwest: HTTP/1.1, one connection for each request, nothing followed, kept or unpacked.

use super::{Fault, Http, Method, Request, Response, roots};
use rustls::CertificateError;
use std::error::Error as _;
use std::io::Read as _;
use std::mem::ManuallyDrop;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::{Host, Url};
use zeroize::Zeroizing;

/// Limit for name resolution, TCP and TLS together; a shorter total limit goes first.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// What is read at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// The real network. Nothing of it (thread, certificates, sockets) exists before the first request.
#[derive(Default)]
pub struct Client {
    /// To the outside, through the proxy of `HTTPS_PROXY` and `NO_PROXY` or of the system.
    outside: Lazy,
    /// To this machine, where a proxy would be somebody else's.
    loopback: Lazy,
}

/// Never dropped: dropping waits for name resolution, which may outlast every deadline of ours.
type Lazy = OnceLock<Result<ManuallyDrop<reqwest::blocking::Client>, Fault>>;

impl Http for Client {
    fn send(&self, request: Request<'_>) -> Result<Response, Fault> {
        let url = Url::parse(request.url).map_err(|error| Fault::Connect(format!("not a URL: {error}")))?;
        let client = if is_loopback(&url) {
            self.loopback.get_or_init(|| build(false))
        } else {
            self.outside.get_or_init(|| build(true))
        };
        let client = client.as_ref().map_err(Clone::clone)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
            Method::Head => reqwest::Method::HEAD,
        };
        let mut builder = client.request(method, url).timeout(request.timeout);
        for (name, value) in request.headers {
            builder = builder.header(name, wiped(value)?);
        }
        if !request.body.is_empty() {
            builder = builder.body(bytes::Bytes::from_owner(Wiped(request.body)));
        }
        let response = builder.send().map_err(fault)?;
        receive(response, request.max_body)
    }
}

/// A body that reqwest can hold and that is wiped when it lets go.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A header's value that is wiped when reqwest lets go, and that no log of reqwest shows: it may be a token.
fn wiped(value: String) -> Result<reqwest::header::HeaderValue, Fault> {
    let bytes = bytes::Bytes::from_owner(Wiped(Zeroizing::new(value.into_bytes())));
    let mut value = reqwest::header::HeaderValue::from_maybe_shared(bytes)
        .map_err(|_| Fault::Connect("a header holds a control character".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn build(proxied: bool) -> Result<ManuallyDrop<reqwest::blocking::Client>, Fault> {
    let tls = tls()?;
    let mut builder = reqwest::blocking::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("entra-token/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .pool_max_idle_per_host(0);
    if !proxied {
        builder = builder.no_proxy();
    }
    match builder.build() {
        Ok(client) => Ok(ManuallyDrop::new(client)),
        Err(error) => Err(Fault::Connect(causes(&error))),
    }
}

/// The provider is handed over, not installed for the process: installing can fail, and what is missing panics.
fn tls() -> Result<rustls::ClientConfig, Fault> {
    let roots = roots::trusted().map_err(Fault::Untrusted)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

fn receive(mut response: reqwest::blocking::Response, max_body: usize) -> Result<Response, Fault> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > max_body) {
        return Err(Fault::TooLarge);
    }
    // Room for all of it at once: a vector that grows leaves copies behind that nobody wipes.
    let mut body = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(4 * CHUNK).min(max_body)));
    let mut chunk = Zeroizing::new(vec![0; CHUNK]);
    loop {
        let read = response.read(&mut chunk).map_err(read_fault)?;
        if read == 0 {
            return Ok(Response { status, headers, body });
        }
        if body.len() + read > max_body {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
}

fn read_fault(error: std::io::Error) -> Fault {
    let kind = error.kind();
    match error.into_inner().map(|inner| inner.downcast::<reqwest::Error>()) {
        Some(Ok(error)) => fault(*error),
        Some(Err(other)) => Fault::Broken(other.to_string()),
        None => Fault::Broken(kind.to_string()),
    }
}

fn fault(error: reqwest::Error) -> Fault {
    // The URL's query may hold what nobody should see.
    let error = error.without_url();
    let why = causes(&error);
    match (error.is_connect(), error.is_timeout(), tls_cause(&error)) {
        (true, _, Some(cause)) => tls_fault(cause),
        (true, true, None) => Fault::Connect(format!("no connection within {} s", CONNECT_LIMIT.as_secs())),
        (true, false, None) => Fault::Connect(why),
        (false, true, _) => Fault::Timeout,
        (false, false, _) => Fault::Broken(why),
    }
}

fn tls_fault(error: &rustls::Error) -> Fault {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            Fault::Untrusted("its issuer is unknown to this machine".to_owned())
        }
        rustls::Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Fault::Tls("the certificate has expired, or the clock of this machine is wrong".to_owned())
        }
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => Fault::Tls("the certificate is not valid yet, or the clock of this machine is wrong".to_owned()),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Fault::Tls("the certificate is for another host".to_owned()),
        other => Fault::Tls(other.to_string()),
    }
}

/// The TLS error among the causes. `io::Error` hides what it wraps from `source`, so it is opened.
fn tls_cause(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        next = match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}

/// The causes in one line, without the outer layers, which say only that a request failed.
fn causes(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // Some layers repeat the text of what they wrap.
        if texts.last().is_none_or(|last| !last.contains(&text)) {
            texts.push(text);
        }
        next = cause.source();
    }
    if texts.len() > 1 {
        texts.remove(0);
    }
    if texts.is_empty() {
        return error.to_string();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests;
