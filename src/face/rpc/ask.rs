//! A request of the native protocol, member by member. Unknown members are ignored; unknown values of `op` and
//! `interaction` are errors. No error repeats a value: a caller may have put a token where it does not belong.

use super::VERSION;
use crate::challenge::{parameter, tenant};
use crate::clouds::authority_of_cloud;
use crate::error::{Error, Kind};
use crate::request::{Account, Ask, Authority, Claims, ClientId, Host, Scopes, Selectors, Tenant, Terms};
use crate::secret::Fingerprint;
use serde_json::{Map, Value};
use std::time::Duration;

/// A request that was understood.
pub(super) struct Request {
    /// Echoed in the answer.
    pub(super) id: Option<Value>,
    /// What is wanted.
    pub(super) op: Op,
    /// Which login, which resource, how good.
    pub(super) ask: Ask,
    /// Whether a `uri` was named, so that headers are answered.
    pub(super) headers: bool,
    /// `forget`: all that fit.
    pub(super) all: bool,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// A token.
    Get,
    /// What is held.
    Status,
    /// Sign out.
    Forget,
    /// What we speak.
    Hello,
}

impl Op {
    /// The words of the protocol.
    pub(super) const ALL: [(&'static str, Self); 4] = [
        ("get", Self::Get),
        ("status", Self::Status),
        ("forget", Self::Forget),
        ("hello", Self::Hello),
    ];
}

impl Request {
    /// Reads a request; on failure the id is told if it could be read.
    pub(super) fn parse(line: &[u8], must_have_id: bool) -> Result<Self, (Option<Value>, Error)> {
        let members = match serde_json::from_slice(line) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return Err((None, bad("the request is not a JSON object"))),
            Err(error) => {
                let place = format!(
                    "the request is not valid JSON, at line {} column {}",
                    error.line(),
                    error.column()
                );
                return Err((None, bad(place)));
            }
        };
        let id = match members.get("id") {
            None | Some(Value::Null) => None,
            Some(id) if id.is_i64() || id.is_u64() => Some(id.clone()),
            Some(Value::String(id)) if id.len() <= 256 => Some(Value::String(id.clone())),
            Some(_) => return Err((None, bad("`id` must be a string of at most 256 bytes or an integer"))),
        };
        if must_have_id && id.is_none() {
            return Err((None, bad("`id` is required with `--stream`")));
        }
        match Self::understood(&members) {
            Ok(request) => Ok(Self { id, ..request }),
            Err(error) => Err((id, error)),
        }
    }

    fn understood(members: &Map<String, Value>) -> Result<Self, Error> {
        match members.get("v") {
            Some(v) if v.as_u64() == Some(VERSION) => {}
            Some(Value::Number(_)) => {
                return Err(Error::new(
                    Kind::UnsupportedVersion,
                    "this version of the protocol is not spoken here",
                )
                .hint("send `\"v\":1`"));
            }
            _ => return Err(bad("`v` is required and must be an integer; send `\"v\":1`")),
        }
        let members = Members(members);
        let word = members.text("op")?.ok_or_else(|| bad("`op` is required"))?;
        let Some((_, op)) = Op::ALL.into_iter().find(|(name, _)| *name == word) else {
            let known: Vec<_> = Op::ALL.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(
                Error::new(Kind::UnsupportedOp, "there is no such `op`").hint(format!("one of {}", known.join(", ")))
            );
        };
        match members.text("interaction")? {
            // Version 1 never interacts; `allowed` is taken so that a caller need not know that.
            None | Some("never" | "allowed") => {}
            Some(_) => return Err(bad("`interaction` must be `never` or `allowed`")),
        }
        let mut explicit = members.selectors()?;
        let mut terms = members.terms()?;
        members.challenges(&mut explicit, &mut terms)?;
        Ok(Self {
            id: None,
            op,
            ask: Ask {
                explicit,
                door: Selectors::default(),
                terms,
            },
            headers: members.given("uri").is_some(),
            all: members.flag("all")?,
        })
    }
}

struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    fn selectors(&self) -> Result<Selectors, Error> {
        let profile = self.text("profile")?;
        if profile.is_some_and(|name| name.is_empty() || name.chars().any(char::is_control)) {
            return Err(bad("`profile`: not a profile's name"));
        }
        let targets = ["scope", "resource", "uri"]
            .into_iter()
            .filter(|name| self.given(name).is_some())
            .count();
        if targets > 1 {
            return Err(bad("name one of `scope`, `resource` and `uri`, not several"));
        }
        let host = match (self.parsed("host", Host::parse)?, self.parsed("uri", Host::parse)?) {
            (Some(_), Some(_)) => return Err(bad("name one of `host` and `uri`, not both")),
            (host, uri) => host.or(uri),
        };
        let cloud = self.parsed("cloud", |name| authority_of_cloud(name).ok_or_else(String::new))?;
        let authority = match (self.parsed("authority_host", Authority::parse)?, cloud) {
            (Some(_), Some(_)) => return Err(bad("name one of `authority_host` and `cloud`, not both")),
            (authority, cloud) => authority.or(cloud),
        };
        Ok(Selectors {
            profile: profile.map(str::to_owned),
            host,
            authority,
            tenant: self.parsed("tenant", Tenant::parse)?,
            client_id: self.parsed("client_id", ClientId::parse)?,
            account: self.parsed("account", Account::parse)?,
            scopes: self.scopes()?,
        })
    }

    fn scopes(&self) -> Result<Option<Scopes>, Error> {
        if let Some(resource) = self.parsed("resource", Scopes::of_resource)? {
            return Ok(Some(resource));
        }
        let parsed = match self.texts("scope")? {
            None => return Ok(None),
            Some(texts) => Scopes::parse(texts),
        };
        // The reason may repeat a scope.
        parsed
            .map(Some)
            .map_err(|_| bad(format!("`scope` cannot be used: {}", rule("scope"))))
    }

    fn terms(&self) -> Result<Terms, Error> {
        let claims = match self.given("claims") {
            None => None,
            Some(Value::String(text)) => Some(Claims::parse(text)),
            Some(value) => Some(Claims::from_value(value)),
        };
        Ok(Terms {
            min_ttl: self.number("min_ttl", 0, 86_400, "seconds")?,
            force: self.flag("force_refresh")?,
            renew: false,
            rejected: self.parsed("rejected", |text| Fingerprint::parse(text).map_err(str::to_owned))?,
            claims: claims
                .transpose()
                .map_err(|why| bad("`claims` cannot be used").caused_by(why))?,
            timeout: self
                .number("timeout_ms", 1, 600_000, "milliseconds")?
                .map(Duration::from_millis),
        })
    }

    /// `www_authenticate`: the claims of a challenge. Its tenant is taken only as a name, only if the call
    /// names none, and only from a known cloud's URL, which is never followed.
    fn challenges(&self, selectors: &mut Selectors, terms: &mut Terms) -> Result<(), Error> {
        for header in self.texts("www_authenticate")?.unwrap_or_default() {
            if terms.claims.is_none()
                && let Some(claims) = parameter(header, "claims")
            {
                terms.claims =
                    Some(Claims::parse(claims).map_err(|why| bad("`www_authenticate`: its claims").caused_by(why))?);
            }
            if selectors.tenant.is_none() {
                selectors.tenant = tenant(header);
            }
        }
        Ok(())
    }

    /// A member; `null` counts as absent.
    fn given(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A list of texts; a single text is taken like a list of one.
    fn texts(&self, name: &str) -> Result<Option<Vec<&'a str>>, Error> {
        let texts = match self.given(name) {
            None => return Ok(None),
            Some(Value::String(one)) => Some(vec![one.as_str()]),
            Some(Value::Array(several)) => several.iter().map(Value::as_str).collect(),
            Some(_) => None,
        };
        texts
            .map(Some)
            .ok_or_else(|| bad(format!("`{name}` must be a list of strings")))
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(bad(format!("`{name}` must be a string"))),
        }
    }

    fn parsed<T>(&self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Error> {
        // The reason may repeat the value; the member's name is enough.
        self.text(name)?
            .map(|text| parse(text).map_err(|_| bad(format!("`{name}` cannot be used: {}", rule(name)))))
            .transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.given(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(bad(format!("`{name}` must be `true` or `false`"))),
        }
    }

    fn number(&self, name: &str, least: u64, most: u64, unit: &str) -> Result<Option<u64>, Error> {
        match self.given(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
                _ => Err(bad(format!(
                    "`{name}` must be a whole number of {unit} from {least} to {most}"
                ))),
            },
        }
    }
}

/// What a member must be, for its error.
fn rule(name: &str) -> &'static str {
    match name {
        "tenant" => "a GUID, a domain, or `organizations`",
        "host" | "uri" => "an https URL, or http on loopback",
        "cloud" => "`public`, `usgov`, `china` or another cloud's name",
        "authority_host" => "an https URL without a path, or http on loopback",
        "client_id" => "an application id",
        "account" => "a user name such as `ana@contoso.example`",
        "scope" => "scopes of one resource as RFC 6749 has them, besides `openid`, `profile` and `offline_access`",
        "resource" => "one application id or URI",
        "rejected" => "`sha256:` and the 64 hexadecimal digits of the refused token's hash",
        _ => "see the schema",
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(Kind::BadRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> Error {
        Request::parse(line.as_bytes(), false)
            .err()
            .map(|(_, error)| error)
            .expect(line)
    }

    #[test]
    fn a_whole_request() {
        let line = r#"{"v":1,"id":"7","op":"get","scope":["b/.default"],"profile":"ci","tenant":"contoso.example",
            "account":"Ana@contoso.example","interaction":"never","min_ttl":600,"timeout_ms":8000,"unknown":{},
            "claims":{"access_token":{}},"accept":["events"]}"#;
        let request = Request::parse(line.as_bytes(), true).map_err(|(_, e)| e).unwrap();
        assert_eq!(request.op, Op::Get);
        assert_eq!(request.ask.terms.min_ttl, Some(600));
        assert_eq!(request.ask.explicit.account.unwrap().as_str(), "ana@contoso.example");
        assert_eq!(request.id, Some(Value::from("7")));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_value() {
        for (line, kind) in [
            ("[]", Kind::BadRequest),
            ("{\"v\":1", Kind::BadRequest),
            (r#"{"op":"get"}"#, Kind::BadRequest),
            (r#"{"v":2,"op":"get"}"#, Kind::UnsupportedVersion),
            (r#"{"v":1,"op":"PLANTED"}"#, Kind::UnsupportedOp),
            (r#"{"v":1,"op":"get","rejected":"PLANTED"}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","tenant":"PLANTED/x"}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","scope":["PLANTED\n"]}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","scope":"PLANTED\\"}"#, Kind::BadRequest),
            (
                r#"{"v":1,"op":"get","www_authenticate":{"PLANTED":1}}"#,
                Kind::BadRequest,
            ),
            (r#"{"v":1,"op":"get","scope":["a"],"resource":"b"}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","min_ttl":-1}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","min_ttl":1.5}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","interaction":"always"}"#, Kind::BadRequest),
            (r#"{"v":1,"op":"get","id":[]}"#, Kind::BadRequest),
        ] {
            let error = error(line);
            assert_eq!(error.kind(), kind, "{line}");
            assert!(!error.to_string().contains("PLANTED"), "{error}");
        }
        let deep = format!(
            "{{\"v\":1,\"op\":\"get\",\"x\":{}{}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(error(&deep).kind(), Kind::BadRequest);
    }

    #[test]
    fn null_counts_as_absent() {
        let line = r#"{"v":1,"op":"get","id":null,"scope":["a"],"resource":null,"uri":null,"host":null,"tenant":null,
            "interaction":null,"min_ttl":null,"force_refresh":null,"claims":null,"www_authenticate":null}"#;
        let request = Request::parse(line.as_bytes(), false).map_err(|(_, e)| e).unwrap();
        assert_eq!(request.ask.explicit.scopes.unwrap().joined(), "a");
        assert!(!request.headers);
        let request = Request::parse(br#"{"v":1,"op":"get","scope":null}"#, false);
        assert!(request.is_ok_and(|request| request.ask.explicit == Selectors::default()));
    }

    #[test]
    fn challenges_give_claims_and_a_tenant_name() {
        let header = r#"Bearer authorization_uri="https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/x", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
        let line = serde_json::json!({"v":1,"op":"get","www_authenticate":[header]}).to_string();
        let request = Request::parse(line.as_bytes(), false).map_err(|(_, e)| e).unwrap();
        assert_eq!(request.ask.terms.claims.unwrap().as_str(), r#"{"access_token":{}}"#);
        assert!(request.ask.explicit.tenant.unwrap().is_guid());
    }
}
