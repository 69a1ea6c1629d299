//! The Databricks metadata service, as the SDKs for Python, Go and JavaScript ask it: `GET` of a secret path, with the
//! protocol's version and the host in headers.

use super::{Question, Reply, Told, one_line, status_of};
use crate::request::{Ask, Host};
use crate::services::Tokens;
use serde::Serialize;

/// The protocol's version.
const VERSION: &str = "1";

/// The members that the SDKs read. `expires_on` is a whole number of epoch seconds: Go reads no other.
#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_on: i64,
}

pub(super) fn answer(question: &Question<'_>, served: Option<&Host>, tokens: &dyn Tokens) -> Reply {
    if question.method != "GET" {
        return Reply::refused(405, "method_not_allowed", "only GET is answered");
    }
    if (question.header)("X-Databricks-Metadata-Version").map(str::trim) != Some(VERSION) {
        let why = "the header `X-Databricks-Metadata-Version` must be `1`";
        return Reply::refused(400, "unsupported_version", why);
    }
    let Some(host) = (question.header)("X-Databricks-Host") else {
        return Reply::refused(400, "bad_request", "the header `X-Databricks-Host` must name one host");
    };
    // Read, so that a slash or a port that goes without saying makes no difference.
    let host = match Host::parse(host) {
        Ok(host) => host,
        Err(why) => return Reply::refused(400, "bad_request", &why),
    };
    if let Some(served) = served
        && *served != host
    {
        let why = format!("tokens are given for `{}` only, not for `{}`", served.key(), host.key());
        return Reply::refused(403, "target_not_supported", &why);
    }
    let mut ask = Ask::default();
    ask.explicit.host = Some(host);
    match tokens.token(&ask) {
        Ok(granted) => {
            let credential = granted.credential;
            let token = Token {
                access_token: credential.access_token.expose(),
                token_type: &credential.token_type,
                expires_on: credential.expires_on,
            };
            Reply::of(200, &token, token.access_token.len())
        }
        Err(error) => {
            let (message, status) = (one_line(&error), status_of(error.kind()));
            let told = Told {
                error: error.kind().code(),
                message: &message,
                hint: error.remedy(),
            };
            Reply {
                retry_after: error.wait().filter(|_| status == 503),
                ..Reply::of(status, &told, 0)
            }
        }
    }
}
