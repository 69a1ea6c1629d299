//! Answers of the native protocol: one line each, with a `result` or an `error`.

use super::VERSION;
use super::ask::Op;
use crate::error::{EntraDetails, Error};
use crate::localtime::rfc3339_utc;
use crate::render::tame;
use crate::secret::json;
use crate::token::{Credential, Granted};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// An answer, ready to be written.
pub(super) struct Answer {
    /// The line with its end.
    pub(super) line: Zeroizing<Vec<u8>>,
    /// The same for a person, if it is an error.
    pub(super) told: Option<String>,
    /// The exit status of a single request.
    pub(super) exit: u8,
}

/// A result without a secret.
pub(super) fn result(id: Option<&Value>, result: &impl Serialize) -> Answer {
    secret_result(id, result, 0)
}

fn secret_result(id: Option<&Value>, result: &impl Serialize, secret: usize) -> Answer {
    line(
        &Outer {
            v: VERSION,
            id,
            result: Some(result),
            error: None,
        },
        secret,
        None,
        0,
    )
}

/// A token.
pub(super) fn token(id: Option<&Value>, granted: &Granted, headers: bool) -> Answer {
    let Granted {
        credential,
        from,
        warnings,
    } = granted;
    let Credential {
        access_token,
        token_type,
        obtained_ms: _,
        expires_on,
        refresh_on,
        scope,
        tenant,
        account,
    } = credential;
    let authorization = headers.then(|| Zeroizing::new([token_type, " ", access_token.expose()].concat()));
    // The token stands in the header once more.
    let secret = access_token.expose().len() * if headers { 2 } else { 1 };
    let told = TokenResult {
        token_type,
        access_token: access_token.expose(),
        expires_on: *expires_on,
        expires_at: rfc3339_utc(*expires_on),
        refresh_on: *refresh_on,
        scope,
        tenant,
        account: account.as_deref(),
        from: from.word(),
        headers: authorization
            .as_ref()
            .map(|value| BTreeMap::from([("Authorization", [value.as_str()])])),
        warnings: warnings
            .iter()
            .map(|warning| WarningResult {
                code: warning.code,
                message: &warning.message,
            })
            .collect(),
    };
    secret_result(id, &told, secret)
}

/// What we speak.
pub(super) fn hello(id: Option<&Value>) -> Answer {
    let hello = Hello {
        name: "entra-token",
        version: env!("CARGO_PKG_VERSION"),
        versions: [VERSION],
        ops: Op::ALL.map(|(name, _)| name),
        features: [
            "claims",
            "force_refresh",
            "rejected",
            "stream",
            "uri",
            "www_authenticate",
        ],
    };
    result(id, &hello)
}

/// An error.
pub(super) fn error(id: impl Into<Option<Value>>, error: &Error) -> Answer {
    let id = id.into();
    let kind = error.kind();
    let told = ErrorResult {
        code: kind.code(),
        message: error.message(),
        hint: error.remedy(),
        retryable: kind.retryable(),
        retry_after: error.wait(),
        supported: (kind == crate::error::Kind::UnsupportedVersion).then_some([VERSION]),
        entra: error.details(),
        caused_by: error.causes(),
    };
    let hint = error.remedy().map(|hint| format!("; {hint}")).unwrap_or_default();
    let wait = error.wait().map(|seconds| format!("; try again in {seconds} s"));
    let wait = wait.unwrap_or_default();
    let one_line = format!("entra-token rpc: {error}{hint}{wait}").replace(|c: char| c.is_control(), " ");
    let outer = Outer::<()> {
        v: VERSION,
        id: id.as_ref(),
        result: None,
        error: Some(told),
    };
    line(&outer, 0, Some(one_line + "\n"), kind.exit())
}

fn line(outer: &impl Serialize, secret: usize, told: Option<String>, exit: u8) -> Answer {
    let mut line = json(outer, secret);
    line.push(b'\n');
    Answer {
        line: tame(line),
        told,
        exit,
    }
}

#[derive(Serialize)]
struct Outer<'a, T> {
    v: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorResult<'a>>,
}

#[derive(Serialize)]
struct TokenResult<'a> {
    token_type: &'a str,
    access_token: &'a str,
    expires_on: i64,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_on: Option<i64>,
    scope: &'a [String],
    tenant: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    from: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<&'static str, [&'a str; 1]>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningResult<'a>>,
}

#[derive(Serialize)]
struct WarningResult<'a> {
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Hello {
    name: &'static str,
    version: &'static str,
    versions: [u64; 1],
    ops: [&'static str; 4],
    features: [&'static str; 6],
}

#[derive(Serialize)]
struct ErrorResult<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supported: Option<[u64; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entra: Option<&'a EntraDetails>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    caused_by: &'a [String],
}
