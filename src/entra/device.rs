//! A device code: asked for, before anybody types it (RFC 8628 §3.1 and §3.2).

use super::faults;
use super::form::Form;
use super::post;
use super::redeem::Context;
use super::unreachable::nonsense;
use crate::error::Error;
use crate::request::{Authority, Claims};
use crate::secret::Secret;
use crate::world::World;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Seconds between two questions if the answer does not say (RFC 8628 §3.2).
const DEFAULT_INTERVAL: u64 = 5;

/// Seconds of life if the answer does not say: Entra's.
const DEFAULT_LIFE: u64 = 900;

/// A code that waits for a person.
#[derive(Debug)]
pub struct DeviceCode {
    /// What we ask with; a secret.
    pub device_code: Secret,
    /// What the person types: letters, digits and hyphens.
    pub user_code: String,
    /// Where: https, or loopback.
    pub verification_uri: String,
    /// How long the code is good.
    pub life: Duration,
    /// How long to wait between two questions.
    pub interval: Duration,
}

/// As it stands in JSON. Numbers may be texts.
#[derive(Deserialize)]
struct Wire {
    device_code: Secret,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    interval: Value,
}

/// Asks for a code.
///
/// # Errors
/// `config` if the authority gives none, else as [`super::redeem()`].
pub fn device_code(world: &World, context: &Context<'_>) -> Result<DeviceCode, Error> {
    let url = context.endpoints.device_url(context.tenant)?;
    let form = Form::new()
        .plain("client_id", context.client_id.as_str())
        .plain("scope", context.scopes.on_the_wire())
        .optional("claims", context.claims.map(Claims::as_str));
    let reply = post::send(world, context, &url, &form)?;
    if reply.response.status != 200 {
        return Err(faults::of_reply(&reply, context, &form));
    }
    let bad = |what: &str| nonsense(&reply.response, context.authority, what);
    // What serde says of a mistake quotes the value, which may be the code.
    let wire: Wire =
        serde_json::from_slice(&reply.response.body).map_err(|_| bad("something that is no device code"))?;
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b' ';
    if wire.user_code.is_empty() || wire.user_code.len() > 64 || !wire.user_code.bytes().all(fine) {
        return Err(bad("a code that nobody can type"));
    }
    if wire.device_code.is_empty() {
        return Err(bad("without a device code"));
    }
    // What is shown must not tell the secret, whoever put it there.
    let told = |text: &str| text.contains(wire.device_code.expose());
    if told(&wire.verification_uri) || told(&wire.user_code) {
        return Err(bad("with the device code where a person would see it"));
    }
    // A person is sent there: only where a person may be sent.
    if !is_page(&wire.verification_uri) {
        return Err(bad("with an address that is no page"));
    }
    let seconds = |value: &Value, default: u64| {
        super::answer::integer(value)
            .and_then(|n| u64::try_from(n).ok())
            .filter(|n| *n > 0)
            .unwrap_or(default)
    };
    Ok(DeviceCode {
        device_code: wire.device_code,
        user_code: wire.user_code,
        verification_uri: wire.verification_uri,
        life: Duration::from_secs(seconds(&wire.expires_in, DEFAULT_LIFE).min(3600)),
        interval: Duration::from_secs(seconds(&wire.interval, DEFAULT_INTERVAL).min(60)),
    })
}

/// An address by https, or on loopback, that can be printed.
fn is_page(url: &str) -> bool {
    let printable = url.len() <= 1024 && url.bytes().all(|b| b.is_ascii_graphic());
    let Ok(parsed) = Url::parse(url) else {
        return false;
    };
    // An authority is https, or http on loopback; so is its page.
    let sound =
        matches!(parsed.scheme(), "https" | "http") && Authority::parse(&parsed.origin().ascii_serialization()).is_ok();
    printable && sound && parsed.username().is_empty() && parsed.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::Patience;
    use crate::entra::testing::{Setting, Stage};
    use crate::error::Kind;

    fn ask(status: u16, body: &str) -> Result<DeviceCode, Error> {
        let stage = Stage::new().answers(status, body);
        let setting = Setting::new();
        let code = device_code(&stage.world, &setting.context(8, Patience::Once));
        let sent = stage.sent();
        assert_eq!(
            sent[0].url,
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/devicecode"
        );
        assert_eq!(
            sent[0].body,
            "client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46\
             &scope=2ff814a6-3304-4ab8-85cb-cd0e6f879c1d%2F.default+offline_access+openid+profile"
        );
        code
    }

    fn answer(uri: &str, user_code: &str) -> String {
        format!(
            r#"{{"device_code":"planted","user_code":"{user_code}","verification_uri":"{uri}","expires_in":"900","interval":5}}"#
        )
    }

    #[test]
    fn a_code() {
        let code = ask(200, &answer("https://microsoft.com/devicelogin", "ABCD-1234")).unwrap();
        assert_eq!(
            (code.user_code.as_str(), code.verification_uri.as_str()),
            ("ABCD-1234", "https://microsoft.com/devicelogin")
        );
        assert_eq!((code.life.as_secs(), code.interval.as_secs()), (900, 5));
        assert!(!format!("{code:?}").contains("planted"));
        let bare = r#"{"device_code":"d","user_code":"A","verification_url":"https://h/x"}"#;
        let bare = ask(200, bare).unwrap();
        assert_eq!((bare.life.as_secs(), bare.interval.as_secs()), (900, 5));
    }

    #[test]
    fn answers_that_no_person_should_see() {
        for body in [
            "{}",
            &answer("http://evil.example/devicelogin", "A"),
            &answer("javascript:alert(1)", "A"),
            &answer("https://h/\\u001b[2J", "A"),
            &answer("https://h/x", "\\u001b[2J"),
            &answer("https://h/x", ""),
            &answer("https://h/planted", "A"),
            &answer("https://h/x", "X-planted"),
        ] {
            let error = ask(200, body).unwrap_err();
            assert_eq!(error.kind(), Kind::Network, "{body}");
            assert!(!error.to_string().contains("planted"));
        }
    }

    #[test]
    fn refusals_are_explained() {
        let error = ask(400, r#"{"error":"unauthorized_client","error_codes":[700016]}"#).unwrap_err();
        assert_eq!(error.kind(), Kind::Config);
        assert_eq!(error.details().unwrap().codes, [700_016]);
    }
}
