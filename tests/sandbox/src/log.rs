//! What was asked of the sandbox, without any secret.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use crate::exchange::Exchange;
use crate::http::server::Role;
use crate::locked::locked;
use crate::random::sha256;

/// Older requests are forgotten; the counts are not.
const LONGEST: usize = 20_000;

/// Fields, parameters and headers that are shown as they are. Every other value is shown as its hash, so a secret
/// that nobody thought of does not show either.
const PLAIN: &[&str] = &[
    "client_id",
    "grant_type",
    "scope",
    "client_info",
    "claims",
    "resource",
    "redirect_uri",
    "response_type",
    "response_mode",
    "prompt",
    "domain_hint",
    "code_challenge_method",
    "client_assertion_type",
    "requested_token_use",
    "username",
    "login_hint",
    "max_age",
    "code_challenge",
    "mkt",
    "$skiptoken",
    "limit",
    "api-version",
    "authorization_endpoint",
    "page_token",
    "page_size",
    "accept",
    "accept-encoding",
    "client-request-id",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "return-client-request-id",
    "transfer-encoding",
    "user-agent",
    "x-anchormailbox",
    "x-client-cpu",
    "x-client-current-telemetry",
    "x-client-last-telemetry",
    "x-client-os",
    "x-client-sku",
    "x-client-ver",
    "x-databricks-azure-workspace-resource-id",
    "x-ms-lib-capability",
];

/// One request as it came in.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Counted from 1 over all listeners; requests to the control API are not counted.
    pub number: u64,
    /// Milliseconds since the sandbox started.
    pub time_ms: u64,
    /// The connection's number.
    pub connection: u64,
    /// `authority` or `workspace`.
    pub server: &'static str,
    /// Whether it came over TLS.
    pub tls: bool,
    /// The method.
    pub method: String,
    /// The path alone.
    pub path: String,
    /// A short name for the path: `token`, `authorize`, `devicecode`, `devicelogin`, `login`, `logout`, `user_realm`,
    /// `openid_configuration`, `keys`, `instance`, `arm_metadata`, `arm_subscriptions`, `arm_tenants`, `aad_auth`,
    /// `clusters_list`, `jobs_list`, `scim_me`, `echo`, `other`.
    pub endpoint: &'static str,
    /// Query parameters in order; a value is plain or `sha256:` and its hash.
    pub query: Vec<(String, String)>,
    /// Form fields in order, likewise.
    pub form: Vec<(String, String)>,
    /// Headers in order, names in lower case, likewise.
    pub headers: Vec<(String, String)>,
    /// The status of the answer; none while it is being prepared, or when a fault left the request without one.
    pub status: Option<u16>,
}

/// How often what was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Connections accepted, on all listeners.
    pub connections: u64,
    /// Requests, without those to the control API.
    pub requests: u64,
    /// Requests by [`Entry::endpoint`].
    pub endpoints: BTreeMap<String, u64>,
    /// Requests by `grant_type`.
    pub grants: BTreeMap<String, u64>,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
}

/// The log and the counts.
#[derive(Default)]
pub(crate) struct Log {
    book: Mutex<Book>,
    grown: Condvar,
}

#[derive(Default)]
struct Book {
    entries: Vec<Entry>,
    counts: Counts,
    numbered: u64,
}

impl Log {
    pub(crate) fn connection(&self) {
        locked(&self.book).counts.connections += 1;
    }

    /// Writes a request down before it is answered; gives its number.
    pub(crate) fn request(&self, exchange: &Exchange<'_>, time_ms: u64) -> u64 {
        let request = exchange.request;
        let mut book = locked(&self.book);
        book.numbered += 1;
        book.counts.requests += 1;
        *book.counts.endpoints.entry(exchange.endpoint().to_owned()).or_default() += 1;
        if let Some(grant) = exchange.grant() {
            *book.counts.grants.entry(grant.to_owned()).or_default() += 1;
        }
        if book.entries.len() >= LONGEST {
            book.entries.remove(0);
        }
        let number = book.numbered;
        book.entries.push(Entry {
            number,
            time_ms,
            connection: exchange.connection,
            server: match exchange.role {
                Role::Authority => "authority",
                Role::Workspace => "workspace",
                Role::Control => "control",
            },
            tls: exchange.base.starts_with("https:"),
            method: request.method.clone(),
            path: request.path.clone(),
            endpoint: exchange.endpoint(),
            query: shown(&request.query),
            form: shown(&request.form),
            headers: shown(&request.headers),
            status: None,
        });
        self.grown.notify_all();
        number
    }

    /// Writes down how a request was answered; the last word counts.
    pub(crate) fn answered(&self, number: u64, status: u16) {
        let mut book = locked(&self.book);
        let entry = book.entries.iter_mut().rev().find(|entry| entry.number == number);
        let before = entry.and_then(|entry| entry.status.replace(status));
        if let Some(count) = before.and_then(|before| book.counts.statuses.get_mut(&before)) {
            *count -= 1;
        }
        *book.counts.statuses.entry(status).or_default() += 1;
    }

    /// Waits until `count` requests have come to `endpoint` (to all, if empty); false when `timeout` is over before.
    pub(crate) fn wait(&self, endpoint: &str, count: u64, timeout: Duration) -> bool {
        let seen = |book: &Book| match endpoint {
            "" => book.counts.requests,
            _ => book.counts.endpoints.get(endpoint).copied().unwrap_or_default(),
        };
        let few = |book: &mut Book| seen(book) < count;
        let waited = self.grown.wait_timeout_while(locked(&self.book), timeout, few);
        let (book, _) = waited.unwrap_or_else(PoisonError::into_inner);
        seen(&book) >= count
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        locked(&self.book).entries.clone()
    }

    pub(crate) fn counts(&self) -> Counts {
        locked(&self.book).counts.clone()
    }

    /// Forgets all; numbers go on.
    pub(crate) fn clear(&self) {
        let mut book = locked(&self.book);
        book.entries.clear();
        book.counts = Counts::default();
    }
}

fn shown(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let show = |(name, value): &(String, String)| (name.clone(), show(name, value));
    pairs.iter().map(show).collect()
}

fn show(name: &str, value: &str) -> String {
    if PLAIN.contains(&name.to_ascii_lowercase().as_str()) {
        return value.to_owned();
    }
    match value.split_once(' ') {
        // The scheme says how somebody authenticates; what follows it is hashed alone, to compare with a token's hash.
        Some((scheme, secret)) if name == "authorization" => {
            format!("{scheme} sha256:{}", sha256(secret))
        }
        _ => format!("sha256:{}", sha256(value)),
    }
}
