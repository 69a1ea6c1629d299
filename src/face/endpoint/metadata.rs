//! The Databricks metadata service, as the SDKs for Python, Go and JavaScript ask it: `GET` of a secret path, with the
//! protocol's version and the host in headers.

use super::{Question, Reply, Told, Wanted, one_line, status_of};
use crate::error::Error;
use crate::request::{Ask, Host};
use crate::token::Granted;
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

pub(super) fn read(question: &Question<'_>, served: Option<&Host>) -> Result<Wanted, Reply> {
    if question.method != "GET" {
        return Err(Reply::refused(405, "method_not_allowed", "only GET is answered"));
    }
    if (question.header)("X-Databricks-Metadata-Version").map(str::trim) != Some(VERSION) {
        let why = "the header `X-Databricks-Metadata-Version` must be `1`";
        return Err(Reply::refused(400, "unsupported_version", why));
    }
    let Some(host) = (question.header)("X-Databricks-Host") else {
        let why = "the header `X-Databricks-Host` must name one host";
        return Err(Reply::refused(400, "bad_request", why));
    };
    // Read, so that a slash or a port that goes without saying makes no difference.
    let host = Host::parse(host).map_err(|why| Reply::refused(400, "bad_request", &why))?;
    if let Some(served) = served
        && *served != host
    {
        let why = format!("tokens are given for `{}` only, not for `{}`", served.key(), host.key());
        return Err(Reply::refused(403, "target_not_supported", &why));
    }
    let mut ask = Ask::default();
    ask.explicit.host = Some(host);
    Ok(Wanted { ask, answer })
}

fn answer(granted: Result<Granted, Error>) -> Reply {
    match granted {
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
