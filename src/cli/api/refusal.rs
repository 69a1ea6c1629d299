//! What it means for the caller when the API says no: a kind by the status, the API's own words, and what helps.

use super::send::{Caller, Reply, asked_to_wait};
use crate::entra::unreachable::clean;
use crate::error::{Error, Kind};
use crate::request::Tenant;
use crate::world::http::Response;
use serde_json::Value;
use url::Url;

/// The error of an answer that is none of success (RFC 9110 §15.3).
pub(super) fn explain(reply: &Reply, caller: &Caller<'_>) -> Option<Error> {
    let Reply { response, token } = reply;
    let (status, place) = (response.status, caller.host.key());
    if (200..300).contains(&status) {
        return None;
    }
    let hide = |text: &str| clean(&text.replace(token.expose(), "…"));
    let said = Said::read(&response.body);
    let code = said.code.map(|code| format!(" `{}`", hide(&code))).unwrap_or_default();
    let text = said.text.map(|text| hide(&text)).unwrap_or_default();
    let wait = asked_to_wait(response, caller.world.clock.now());
    let mut error = match (status, wait) {
        (300..=399, _) => Error::new(Kind::BadRequest, redirected(response, &place)),
        (429, _) | (503, Some(_)) => Error::new(
            Kind::Throttled,
            format!("`{place}` asks to wait (status {status}){code}"),
        ),
        _ => Error::new(kind(status), format!("`{place}` answered with status {status}{code}")),
    };
    if !text.is_empty() {
        error = error.caused_by(&text);
    }
    if let Some(id) = response
        .header("x-request-id")
        .or_else(|| response.header("x-ms-request-id"))
    {
        error = error.caused_by(format!("request id `{}`", hide(id)));
    }
    if error.kind() == Kind::Throttled
        && let Some(seconds) = wait
    {
        error = error.retry_after(seconds);
    }
    Some(error.hint(remedy(status, &text)))
}

fn kind(status: u16) -> Kind {
    match status {
        401 | 403 => Kind::Denied,
        404 | 410 => Kind::NotFound,
        408 => Kind::Timeout,
        500.. => Kind::Network,
        _ => Kind::BadRequest,
    }
}

fn remedy(status: u16, text: &str) -> String {
    if let (401 | 403, Some(tenant)) = (status, wanted_tenant(text)) {
        return format!("add `--tenant {}`", tenant.as_str());
    }
    let text = match status {
        401 => {
            "another token was refused as well: check by `entra-token status` that account and tenant are those of this host, \
             and that the account is one of its users"
        }
        403 => "the account may not do that here: `entra-token status` shows who it is; ask the administrator",
        404 | 410 => "check the path",
        300..=399 => "check the host and the path: an API does not redirect",
        408 | 429 | 500.. => "repeat the command later; `--timeout` allows more time",
        _ => "check the path, the method and the data",
    };
    text.to_owned()
}

/// Where a redirect leads, by its origin alone: the rest is for a browser.
fn redirected(response: &Response, place: &str) -> String {
    let status = response.status;
    let to = response
        .header("location")
        .and_then(|to| Url::parse(to).ok())
        .map(|to| format!(" to `{}`", clean(&to.origin().ascii_serialization())))
        .unwrap_or_default();
    format!("`{place}` redirects{to} (status {status}), which is never followed")
}

/// The tenant that a workspace names when it gets a token of another one.
fn wanted_tenant(text: &str) -> Option<Tenant> {
    let (_, rest) = text.split_once("Expected iss claim to be: https://sts.windows.net/")?;
    let tenant = Tenant::parse(rest.split('/').next()?).ok()?;
    tenant.is_guid().then_some(tenant)
}

/// An API's own words.
#[derive(Default)]
struct Said {
    code: Option<String>,
    text: Option<String>,
}

impl Said {
    /// Databricks: `error_code`, `message`; Azure: `error` with `code` and `message`; OAuth: `error`,
    /// `error_description`; SCIM (RFC 7644 §3.12): `detail`. Words that are not JSON are left out: they are a page for a
    /// browser.
    fn read(body: &[u8]) -> Self {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        let nested = members.get("error").and_then(Value::as_object);
        let word = |names: &[&str]| {
            let of = |object: &serde_json::Map<String, Value>| {
                let mut found = names.iter().filter_map(|name| object.get(*name));
                found.find_map(|value| value.as_str().map(str::to_owned))
            };
            nested
                .and_then(of)
                .or_else(|| of(&members))
                .filter(|word| !word.is_empty())
        };
        Self {
            code: word(&["error_code", "code", "errorCode", "typeKey", "error", "scimType"]),
            text: word(&["message", "error_description", "detail"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::api::send::tests::{Script, caller};
    use crate::entra::testing::Stage;
    use crate::world::http::Method;

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Option<Error> {
        let mut stage = Stage::new().answers_with(status, headers, body);
        if status == 401 {
            stage = stage.answers_with(status, headers, body);
        }
        let tokens = Script::default();
        let caller = caller(&stage, &tokens, Method::Get);
        explain(&caller.send(&caller.url, 10_000).unwrap(), &caller)
    }

    const HOST: &str = "`adb-1.2.azuredatabricks.net`";

    #[test]
    fn the_status_decides() {
        for (status, kind) in [
            (304, Kind::BadRequest),
            (400, Kind::BadRequest),
            (401, Kind::Denied),
            (403, Kind::Denied),
            (404, Kind::NotFound),
            (405, Kind::BadRequest),
            (408, Kind::Timeout),
            (409, Kind::BadRequest),
            (410, Kind::NotFound),
            (500, Kind::Network),
            (503, Kind::Network),
            (199, Kind::BadRequest),
        ] {
            let error = of(status, &[], "").unwrap();
            assert_eq!(error.kind(), kind, "{status}");
            assert!(
                error.message().contains(HOST) && error.message().contains(&status.to_string()),
                "{error}"
            );
            assert!(error.remedy().is_some_and(|hint| !hint.ends_with('.')), "{error:?}");
        }
        assert!(of(200, &[], "").is_none() && of(204, &[], "").is_none());
    }

    #[test]
    fn the_words_of_several_apis() {
        for (body, told) in [
            (
                r#"{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found"}"#,
                " `ENDPOINT_NOT_FOUND`: No API found",
            ),
            (
                r#"{"error":{"code":"NotFound","message":"no such group"}}"#,
                " `NotFound`: no such group",
            ),
            (
                r#"{"error":"invalid_request","error_description":"bad"}"#,
                " `invalid_request`: bad",
            ),
            (r#"{"schemas":["s"],"detail":"no user","status":"404"}"#, ": no user"),
            (r#"{"message":"m","typeKey":"T"}"#, " `T`: m"),
            (r#"{"message":7}"#, ""),
            ("<html>a page</html>", ""),
            ("[1]", ""),
        ] {
            let error = of(404, &[], body).unwrap();
            assert_eq!(
                error.to_string(),
                format!("{HOST} answered with status 404{told}"),
                "{body}"
            );
        }
    }

    #[test]
    fn neither_the_token_nor_what_steers_a_terminal_is_repeated() {
        let body = r#"{"error_code":"token-1","message":"bad token-1\u001b[2J at\nAuthorization: Bearer token-1"}"#;
        let error = of(400, &[("x-request-id", "r-token-1")], body).unwrap();
        assert_eq!(
            error.to_string(),
            format!("{HOST} answered with status 400 `…`: bad …[2J at Authorization: Bearer …: request id `r-…`")
                .replace("…[2J", "… [2J")
        );
        let long = format!(r#"{{"message":"eyJ{}"}}"#, "x".repeat(500));
        assert!(!of(400, &[], &long).unwrap().to_string().contains("eyJ"));
    }

    #[test]
    fn a_redirect_is_told_by_its_origin() {
        let error = of(302, &[("location", "https://login.example/x?code=planted")], "").unwrap();
        let told = format!("{HOST} redirects to `https://login.example` (status 302), which is never followed");
        assert_eq!(error.to_string(), told);
        assert!(
            of(307, &[("location", "/planted")], "")
                .unwrap()
                .message()
                .contains("redirects (status 307)")
        );
    }

    #[test]
    fn throttling_names_the_time() {
        let error = of(
            429,
            &[("retry-after", "61")],
            r#"{"error_code":"REQUEST_LIMIT_EXCEEDED"}"#,
        )
        .unwrap();
        assert_eq!((error.kind(), error.wait()), (Kind::Throttled, Some(61)));
        let error = of(503, &[("retry-after", "120")], "").unwrap();
        assert_eq!((error.kind(), error.wait()), (Kind::Throttled, Some(120)));
    }

    #[test]
    fn a_token_of_the_wrong_tenant() {
        let text =
            "Expected iss claim to be: https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/, but was: x";
        let error = of(403, &[], &format!(r#"{{"error_code":"403","message":"{text}"}}"#)).unwrap();
        assert_eq!(
            error.remedy(),
            Some("add `--tenant 72f988bf-86f1-41af-91ab-2d7cd011db47`")
        );
        assert!(wanted_tenant("Expected iss claim to be: https://sts.windows.net/a b/").is_none());
    }
}
