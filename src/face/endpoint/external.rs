//! External authentication of azd (`AZD_AUTH_ENDPOINT`, `AZD_AUTH_KEY`): `POST /token` with the key, scopes and a tenant. A
//! failure goes out with status 200 too, since azd shows the message of no other.

use super::{Question, Reply, Wanted, one_line, same};
use crate::error::{Error, Kind};
use crate::localtime::rfc3339_utc;
use crate::request::{Ask, Scopes, Tenant};
use crate::secret::Secret;
use crate::token::Granted;
use serde::{Deserialize, Serialize};

const VERSION: &str = "api-version=2023-07-12-preview";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    scopes: Vec<String>,
    tenant_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", tag = "status")]
enum Answer<'a> {
    #[serde(rename_all = "camelCase")]
    Success {
        token: &'a str,
        expires_on: String,
    },
    Error {
        code: &'static str,
        message: &'a str,
    },
}

pub(super) fn read(question: &Question<'_>, key: &Secret) -> Result<Wanted, Reply> {
    let sent = (question.header)("Authorization").and_then(|value| value.strip_prefix("Bearer "));
    if !sent.is_some_and(|sent| same(sent, key)) {
        let why = "the key is not ours: use the value of `AZD_AUTH_KEY`";
        return Err(Reply::refused(401, "unauthorized", why));
    }
    if question.method != "POST" {
        return Err(Reply::refused(405, "method_not_allowed", "only POST is answered"));
    }
    if !question
        .query
        .is_some_and(|query| query.split('&').any(|one| one == VERSION))
    {
        let why = "the query must say `api-version=2023-07-12-preview`";
        return Err(Reply::refused(400, "unsupported_version", why));
    }
    let ask = ask(question.body).map_err(|error| failed(&error))?;
    Ok(Wanted { ask, answer })
}

fn answer(granted: Result<Granted, Error>) -> Reply {
    match granted {
        Ok(granted) => {
            let token = granted.credential.access_token.expose();
            let answer = Answer::Success {
                token,
                expires_on: rfc3339_utc(granted.credential.expires_on),
            };
            Reply::of(200, &answer, token.len())
        }
        Err(error) => failed(&error),
    }
}

fn ask(body: &[u8]) -> Result<Ask, Error> {
    let bad = |why: String| Error::new(Kind::BadRequest, why);
    let sent: Sent = serde_json::from_slice(body)
        .map_err(|_| bad("the body must be JSON with `scopes` and, if need be, `tenantId`".to_owned()))?;
    let mut ask = Ask::default();
    ask.explicit.scopes = Some(Scopes::parse(sent.scopes.iter().map(String::as_str)).map_err(bad)?);
    if let Some(tenant) = sent.tenant_id.filter(|tenant| !tenant.is_empty()) {
        ask.explicit.tenant = Some(Tenant::parse(&tenant).map_err(bad)?);
    }
    Ok(ask)
}

fn failed(error: &Error) -> Reply {
    let code = match error.kind() {
        Kind::NotFound | Kind::InteractionRequired => "NotSignedInError",
        _ => "GetTokenError",
    };
    let remedy = error.remedy().map(|remedy| format!("; {remedy}"));
    let message = one_line(error) + &remedy.unwrap_or_default();
    Reply::of(
        200,
        &Answer::Error {
            code,
            message: &message,
        },
        0,
    )
}
