//! Sends one request: with a token for its host, a second time if that was refused, again where the API asks to wait.

use super::MAX_BODY;
use super::headers::{Header, said};
use crate::challenge::parameter;
use crate::entra::{http_date, unreachable};
use crate::error::{Error, Kind};
use crate::request::{Ask, Authority, Claims, Host};
use crate::secret::Secret;
use crate::services::Tokens;
use crate::token::Credential;
use crate::world::World;
use crate::world::http::{Fault, Method, Request, Response};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// The shortest pause, also where `Retry-After` says less; doubled each time that the API asks to wait and says nothing.
const PAUSE: Duration = Duration::from_secs(1);

/// A call that is ready to be made.
pub(super) struct Caller<'a> {
    pub(super) world: &'a World,
    pub(super) tokens: &'a dyn Tokens,
    /// For which token.
    pub(super) ask: Ask,
    /// Whom the token may go to.
    pub(super) host: Host,
    /// On that host.
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) headers: Vec<Header>,
    pub(super) body: Zeroizing<Vec<u8>>,
    /// When all must be over, on the monotonic clock.
    pub(super) until: Duration,
}

/// An answer, and the token that it was given for.
pub(super) struct Reply {
    pub(super) response: Response,
    pub(super) token: Secret,
}

impl Caller<'_> {
    /// The answer, whatever its status, after a token that was refused has been replaced once, and after every wait that
    /// the deadline allows.
    pub(super) fn send(&self, url: &Url, max_body: usize) -> Result<Reply, Error> {
        let mut credential = self.token(None)?;
        let (mut replaced, mut pause) = (false, PAUSE);
        loop {
            let response = self.once(url, &credential, max_body)?;
            if response.status == 401 && !replaced {
                replaced = true;
                self.world
                    .note(format_args!("api: the token was refused; asking for another"));
                credential = self.token(Some((&credential, claims(&response))))?;
                continue;
            }
            let Some(wait) = self.wait(&response, &mut pause) else {
                return Ok(Reply {
                    response,
                    token: credential.access_token,
                });
            };
            self.world
                .note(format_args!("api: waiting for {} s, as asked", wait.as_secs()));
            self.world.clock.sleep(wait);
        }
    }

    /// A token; after a refusal one that is another, on the terms of the challenge.
    fn token(&self, refused: Option<(&Credential, Option<Claims>)>) -> Result<Credential, Error> {
        let mut ask = self.ask.clone();
        ask.terms.timeout = Some(self.left()?);
        if let Some((credential, claims)) = refused {
            ask.terms.rejected = Some(credential.access_token.fingerprint());
            ask.terms.claims = claims;
        }
        Ok(self.tokens.token(&ask)?.credential)
    }

    fn once(&self, url: &Url, credential: &Credential, max_body: usize) -> Result<Response, Error> {
        let mut headers: Vec<(&str, String)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        if said(&self.headers, "accept").is_none() {
            headers.push(("accept", "application/json, */*;q=0.5".to_owned()));
        }
        let (kind, token) = (&credential.token_type, credential.access_token.expose());
        headers.push(("authorization", format!("{kind} {token}")));
        let timeout = self.left()?;
        let began = self.world.clock.monotonic();
        let outcome = self.world.http.send(Request {
            method: self.method,
            url: url.as_str(),
            headers,
            body: self.body.clone(),
            timeout,
            max_body,
        });
        let took = self.world.clock.monotonic().saturating_sub(began).as_millis();
        // Without the query, which may hold what nobody should see, nor what is as long as a token.
        let path = unreachable::clean(url.path());
        let place = format_args!("{} {}{path}", self.method.word(), self.host.key());
        match &outcome {
            Ok(response) => self
                .world
                .note(format_args!("{place}: status {} in {took} ms", response.status)),
            Err(fault) => self.world.note(format_args!("{place}: {fault} after {took} ms")),
        }
        outcome.map_err(|fault| self.no_answer(&fault))
    }

    /// How long to wait before the same request may be answered; none if it was answered, or there is no time for it.
    fn wait(&self, response: &Response, pause: &mut Duration) -> Option<Duration> {
        let asked = asked_to_wait(response, self.world.clock.now()).map(Duration::from_secs);
        let wait = match (response.status, asked) {
            (429 | 503, Some(asked)) => asked.max(PAUSE),
            (429, None) => {
                *pause *= 2;
                *pause / 2
            }
            _ => return None,
        };
        let fits = self.world.clock.monotonic() + wait < self.until;
        fits.then_some(wait)
    }

    fn left(&self) -> Result<Duration, Error> {
        let left = self.until.saturating_sub(self.world.clock.monotonic());
        if left.is_zero() {
            return Err(self.too_late());
        }
        Ok(left)
    }

    fn too_late(&self) -> Error {
        Error::new(Kind::Timeout, format!("no answer of `{}` in time", self.host.key()))
            .hint("repeat the command; `--timeout` allows more time")
    }

    fn no_answer(&self, fault: &Fault) -> Error {
        let error = match fault {
            Fault::Timeout => self.too_late(),
            Fault::TooLarge => Error::new(
                Kind::BadRequest,
                format!("`{}` answered more than {} MiB", self.host.key(), MAX_BODY >> 20),
            )
            .hint("ask for less at once, such as by `page_size` or `limit` in the path"),
            // A host that tokens are given for is https, or loopback: what an authority must be.
            other => match Authority::parse(&self.host.url()) {
                Ok(host) => unreachable::explain(other, &host),
                Err(why) => Error::new(Kind::Internal, why),
            },
        };
        let harmless = fault.nothing_sent() || matches!(self.method, Method::Get | Method::Head);
        if harmless {
            return error;
        }
        let hint = error.remedy().unwrap_or_default().to_owned();
        error.hint(format!(
            "it may have been carried out all the same, so look first; {hint}"
        ))
    }
}

/// Seconds that the API asks to wait.
pub(super) fn asked_to_wait(response: &Response, now: i64) -> Option<u64> {
    response.header("retry-after").map(|text| http_date::wait(text, now))
}

/// The claims of a challenge, if there is one that can be read.
fn claims(response: &Response) -> Option<Claims> {
    response
        .headers
        .iter()
        .filter(|(name, _)| name == "www-authenticate")
        .find_map(|(_, value)| Claims::parse(parameter(value, "claims")?).ok())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::entra::testing::{BEGAN, NOW, Sent, Stage};
    use crate::token::{Granted, Origin};
    use std::sync::Mutex;

    /// Hands out `token-1`, `token-2`, … and keeps what was asked.
    #[derive(Default)]
    pub(in crate::cli::api) struct Script {
        pub(in crate::cli::api) asked: Mutex<Vec<Ask>>,
        /// From this one on there is none.
        pub(in crate::cli::api) ends: Option<usize>,
    }

    impl Tokens for Script {
        fn token(&self, ask: &Ask) -> Result<Granted, Error> {
            let mut asked = self.asked.lock().unwrap();
            asked.push(ask.clone());
            if self.ends.is_some_and(|end| asked.len() >= end) {
                return Err(Error::new(Kind::InteractionRequired, "no more"));
            }
            Ok(Granted {
                credential: Credential {
                    access_token: Secret::new(format!("token-{}", asked.len())),
                    token_type: "Bearer".into(),
                    obtained_ms: 0,
                    expires_on: NOW + 3600,
                    refresh_on: None,
                    scope: vec![],
                    tenant: String::new(),
                    account: None,
                },
                from: Origin::Cache,
                warnings: vec![],
            })
        }
    }

    /// A call of `/x` that ends 60 s from the beginning.
    pub(in crate::cli::api) fn caller<'a>(stage: &'a Stage, tokens: &'a Script, method: Method) -> Caller<'a> {
        let host = Host::parse("adb-1.2.azuredatabricks.net").unwrap();
        Caller {
            world: &stage.world,
            tokens,
            ask: Ask::default(),
            url: Url::parse("https://adb-1.2.azuredatabricks.net/x?secret=planted").unwrap(),
            host,
            method,
            headers: vec![("X-A".to_owned(), "b".to_owned())],
            body: Zeroizing::new(b"{}".to_vec()),
            until: BEGAN + Duration::from_secs(60),
        }
    }

    fn get(stage: &Stage, tokens: &Script) -> Result<u16, Error> {
        let caller = caller(stage, tokens, Method::Get);
        let reply = caller.send(&caller.url, 100);
        if let Err(error) = &reply {
            assert!(!format!("{error:?}").contains("planted") && !format!("{error:?}").contains("token-"));
        }
        reply.map(|reply| reply.response.status)
    }

    fn header<'s>(sent: &'s Sent, name: &str) -> Option<&'s str> {
        let found = sent.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn seconds(stage: &Stage) -> Vec<u64> {
        stage.sent().iter().map(|sent| sent.at.as_secs()).collect()
    }

    #[test]
    fn what_is_sent() {
        let (stage, tokens) = (Stage::new().answers(204, ""), Script::default());
        let caller = caller(&stage, &tokens, Method::Patch);
        caller.send(&caller.url, 100).unwrap();
        let sent = &stage.sent()[0];
        assert_eq!((sent.method, sent.body.as_str()), (Method::Patch, "{}"));
        assert_eq!(sent.timeout, Duration::from_secs(60));
        assert_eq!(header(sent, "authorization"), Some("Bearer token-1"));
        assert_eq!(
            (header(sent, "x-a"), header(sent, "accept")),
            (Some("b"), Some("application/json, */*;q=0.5"))
        );
        let terms = &tokens.asked.lock().unwrap()[0].terms;
        assert_eq!((terms.timeout, &terms.rejected), (Some(Duration::from_secs(60)), &None));
    }

    #[test]
    fn a_refused_token_is_replaced_exactly_once() {
        let tokens = Script::default();
        assert_eq!(
            get(&Stage::new().answers(401, "").answers(200, ""), &tokens).unwrap(),
            200
        );
        let asked = tokens.asked.lock().unwrap();
        assert_eq!(asked.len(), 2);
        assert_eq!(
            asked[1].terms.rejected,
            Some(Secret::new("token-1".into()).fingerprint())
        );
        assert_eq!(asked[1].terms.claims, None);

        let stage = Stage::new().answers(401, "").answers(401, "");
        assert_eq!(get(&stage, &Script::default()).unwrap(), 401);
        let bearers: Vec<_> = stage
            .sent()
            .iter()
            .map(|sent| header(sent, "authorization").unwrap().to_owned())
            .collect();
        assert_eq!(bearers, ["Bearer token-1", "Bearer token-2"]);

        let none = Script {
            ends: Some(2),
            ..Script::default()
        };
        let error = get(&Stage::new().answers(401, ""), &none).unwrap_err();
        assert_eq!(error.kind(), Kind::InteractionRequired, "why there is no other");
    }

    #[test]
    fn the_claims_of_a_challenge_are_honoured() {
        let challenge = r#"Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ==""#;
        let headers = [
            ("www-authenticate", "Bearer realm=\"databricks\""),
            ("www-authenticate", challenge),
        ];
        let tokens = Script::default();
        get(&Stage::new().answers_with(401, &headers, "").answers(200, ""), &tokens).unwrap();
        let claims = tokens.asked.lock().unwrap()[1].terms.claims.clone().unwrap();
        assert_eq!(claims.as_str(), r#"{"a":1}"#);

        let tokens = Script::default();
        let nonsense = [("www-authenticate", r#"Bearer claims="%%""#)];
        get(&Stage::new().answers_with(401, &nonsense, "").answers(200, ""), &tokens).unwrap();
        assert_eq!(tokens.asked.lock().unwrap()[1].terms.claims, None);
    }

    #[test]
    fn it_waits_as_asked_while_there_is_time() {
        let stage = Stage::new()
            .answers_with(429, &[("retry-after", "7")], "")
            .answers_with(503, &[("retry-after", "Fri, 15 Jan 2027 08:00:20 GMT")], "")
            .answers_with(429, &[("retry-after", "0")], "")
            .answers(429, "")
            .answers(429, "")
            .answers(200, "");
        assert_eq!(get(&stage, &Script::default()).unwrap(), 200);
        assert_eq!(seconds(&stage), [0, 7, 20, 21, 22, 24]);

        let stage = Stage::new()
            .answers_with(429, &[("retry-after", "59")], "")
            .answers_with(429, &[("retry-after", "1")], "");
        assert_eq!(get(&stage, &Script::default()).unwrap(), 429);
        assert_eq!(seconds(&stage), [0, 59]);
    }

    #[test]
    fn what_is_not_asked_again() {
        for status in [200, 302, 400, 403, 404, 500, 502, 503] {
            assert_eq!(
                get(&Stage::new().answers(status, ""), &Script::default()).unwrap(),
                status
            );
        }
        let stage = Stage::new().answers_with(500, &[("retry-after", "1")], "");
        assert_eq!(get(&stage, &Script::default()).unwrap(), 500);
    }

    #[test]
    fn no_answer() {
        for (fault, kind) in [
            (Fault::Timeout, Kind::Timeout),
            (Fault::TooLarge, Kind::BadRequest),
            (Fault::Connect("refused".into()), Kind::Network),
            (Fault::Broken("eof".into()), Kind::Network),
        ] {
            let error = get(&Stage::new().fails(Duration::ZERO, fault.clone()), &Script::default()).unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.message().contains("`adb-1.2.azuredatabricks.net`"), "{error}");
            let (stage, tokens) = (Stage::new().fails(Duration::ZERO, fault.clone()), Script::default());
            let caller = caller(&stage, &tokens, Method::Post);
            let error = caller.send(&caller.url, 100).err().unwrap();
            let told = error.remedy().unwrap().starts_with("it may have been carried out");
            assert_eq!(told, !fault.nothing_sent(), "{error:?}");
        }
        let stage = Stage::new();
        stage.world.clock.sleep(Duration::from_secs(60));
        assert_eq!(get(&stage, &Script::default()).unwrap_err().kind(), Kind::Timeout);
        assert!(stage.sent().is_empty());
    }
}
