//! A world for tests: a network that plays a script, a clock that stands still until somebody waits, zeros for
//! randomness.

use super::endpoints::Endpoints;
use super::redeem::{Context, Patience};
use crate::request::{Authority, ClientId, Scopes, Tenant};
use crate::world::fake::Fake;
use crate::world::http::{Fault, Http, Method, Request, Response};
use crate::world::{Clock, Log, Random, World};
use crate::world::{environment, files, loopback, platform, zone};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use zeroize::Zeroizing;

/// When every test begins, epoch seconds: Fri, 15 Jan 2027 08:00:00 GMT.
pub(crate) const NOW: i64 = 1_800_000_000;

/// What the monotonic clock shows then.
pub(crate) const BEGAN: Duration = Duration::from_secs(100);

/// A world with a script. Dropped with a part of the script unplayed, it fails the test.
pub(crate) struct Stage {
    pub(crate) world: World,
    network: Arc<Network>,
    person: Fake,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let time = Arc::new(Time::default());
        let network = Arc::new(Network {
            time: time.clone(),
            script: Mutex::default(),
            sent: Mutex::default(),
        });
        let person = Fake::default();
        let world = World {
            clock: Box::new(time),
            zone: Box::new(zone::System),
            environment: Box::new(environment::Process),
            platform: Box::new(platform::System),
            random: Box::new(Zeros),
            files: Box::new(files::Disk),
            http: Box::new(network.clone()),
            loopback: Box::new(loopback::Machine),
            streams: Box::new(person.clone()),
            terminal: Box::new(person.clone()),
            browser: Box::new(person.clone()),
            processes: Box::new(person.clone()),
            links: Box::new(crate::world::links::System),
            log: Log::new(None, 1),
        };
        Self { world, network, person }
    }

    /// The next request is answered like this.
    pub(crate) fn answers(self, status: u16, body: &str) -> Self {
        self.answers_with(status, &[("content-type", "application/json")], body)
    }

    /// The next request is answered like this.
    pub(crate) fn answers_with(self, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.plays(
            Duration::ZERO,
            Ok(Response {
                status,
                headers: headers.collect(),
                body: Zeroizing::new(body.as_bytes().to_vec()),
            }),
        )
    }

    /// The next request fails like this after some time.
    pub(crate) fn fails(self, after: Duration, fault: Fault) -> Self {
        self.plays(after, Err(fault))
    }

    fn plays(self, after: Duration, outcome: Result<Response, Fault>) -> Self {
        self.network.script.lock().unwrap().push_back((after, outcome));
        self
    }

    /// What was told to the person.
    pub(crate) fn told(&self) -> String {
        self.person.err()
    }

    /// What was sent, in order.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.network.sent.lock().unwrap().clone()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = self.network.script.lock().unwrap().len();
            assert_eq!(left, 0, "the script has {left} answers that nobody asked for");
        }
    }
}

/// A request that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) timeout: Duration,
    /// Since the test began.
    pub(crate) at: Duration,
}

struct Network {
    time: Arc<Time>,
    script: Mutex<VecDeque<(Duration, Result<Response, Fault>)>>,
    sent: Mutex<Vec<Sent>>,
}

impl Http for Arc<Network> {
    fn send(&self, request: Request<'_>) -> Result<Response, Fault> {
        self.sent.lock().unwrap().push(Sent {
            method: request.method,
            url: request.url.to_owned(),
            headers: request
                .headers
                .into_iter()
                .map(|(name, value)| (kept(name), value))
                .collect(),
            body: String::from_utf8(request.body.to_vec()).unwrap(),
            timeout: request.timeout,
            at: self.time.monotonic() - BEGAN,
        });
        let next = self.script.lock().unwrap().pop_front();
        let (after, outcome) = next.unwrap_or_else(|| panic!("nobody scripted a request to {}", request.url));
        self.time.sleep(after);
        outcome
    }
}

/// A name for as long as the test runs.
fn kept(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}

#[derive(Default)]
struct Time(Mutex<Duration>);

impl Clock for Arc<Time> {
    fn now_ms(&self) -> i64 {
        NOW * 1000 + i64::try_from(self.0.lock().unwrap().as_millis()).unwrap()
    }

    fn monotonic(&self) -> Duration {
        BEGAN + *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

struct Zeros;

impl Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        bytes.fill(0);
        Ok(())
    }
}

/// What a context borrows.
pub(crate) struct Setting {
    pub(crate) authority: Authority,
    pub(crate) endpoints: Endpoints,
    pub(crate) tenant: Tenant,
    pub(crate) client_id: ClientId,
    pub(crate) scopes: Scopes,
}

impl Setting {
    pub(crate) fn new() -> Self {
        let authority = Authority::parse("login.microsoftonline.com").unwrap();
        Self {
            endpoints: Endpoints::of_cloud(&authority),
            authority,
            tenant: Tenant::parse("contoso.example").unwrap(),
            client_id: ClientId::default(),
            scopes: Scopes::databricks(),
        }
    }

    /// A context that ends `seconds` from the beginning.
    pub(crate) fn context(&self, seconds: u64, patience: Patience) -> Context<'_> {
        Context {
            authority: &self.authority,
            endpoints: &self.endpoints,
            tenant: &self.tenant,
            client_id: &self.client_id,
            scopes: &self.scopes,
            claims: None,
            sign_in: "entra-token login --tenant contoso.example".to_owned(),
            until: BEGAN + Duration::from_secs(seconds),
            patience,
        }
    }
}
