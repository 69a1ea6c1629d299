//! `Identity`: whose token it is, as far as the answer says. For keys, display and the check after a sign-in.

use crate::jwt;
use crate::request::Tenant;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Whose token it is. Texts are free of control characters and at most 320 characters long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `uid.utid` of `client_info`, else `oid.tid` of the ID token, else its `sub`.
    pub home_account_id: Option<String>,
    /// The user name: `preferred_username`, `upn`, `unique_name` or `email`.
    pub username: Option<String>,
    /// The tenant whose token it is, nearly always a GUID; nothing that [`Tenant`] does not take.
    pub tenant: Option<String>,
    /// The user's object in that tenant.
    pub object_id: Option<String>,
    /// Which sign-in the ID token belongs to (OpenID Connect Core §2).
    pub nonce: Option<String>,
    /// Which application the ID token is for.
    pub client: Option<String>,
    /// Who issued the ID token.
    pub issuer: Option<String>,
    /// What the access token is for, if it can be read.
    pub audience: Option<String>,
}

impl Identity {
    /// Reads what the answer holds: the ID token first, the access token's claims (if it is readable) for display only.
    #[must_use]
    pub fn read(client_info: Option<&str>, id_token: Option<&str>, access_token: &str) -> Self {
        let id = id_token.and_then(jwt::claims).unwrap_or_default();
        let access = jwt::claims(access_token).unwrap_or_default();
        let by_client_info = client_info.and_then(object).and_then(|info| pair(&info, "uid", "utid"));
        Self {
            home_account_id: by_client_info
                .or_else(|| pair(&id, "oid", "tid"))
                .or_else(|| text(&id, "sub")),
            username: username(&id).or_else(|| username(&access)),
            tenant: tenant(&id).or_else(|| tenant(&access)),
            object_id: text(&id, "oid").or_else(|| text(&access, "oid")),
            nonce: text(&id, "nonce"),
            client: text(&id, "aud"),
            issuer: text(&id, "iss"),
            audience: text(&access, "aud"),
        }
    }
}

fn username(claims: &Map<String, Value>) -> Option<String> {
    ["preferred_username", "upn", "unique_name", "email"]
        .iter()
        .find_map(|name| text(claims, name))
}

fn tenant(claims: &Map<String, Value>) -> Option<String> {
    let told = Tenant::parse(jwt::text(claims, "tid")?).ok()?;
    Some(told.as_str().to_owned())
}

fn pair(claims: &Map<String, Value>, first: &str, second: &str) -> Option<String> {
    Some(format!("{}.{}", text(claims, first)?, text(claims, second)?))
}

fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    jwt::text(claims, name)
        .filter(|text| !text.is_empty() && text.len() <= 320 && !text.chars().any(char::is_control))
        .map(str::to_owned)
}

/// `client_info`: base64 of a JSON object, in either alphabet, padded or not.
fn object(encoded: &str) -> Option<Map<String, Value>> {
    let encoded = encoded.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn jwt(claims: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    fn home(client_info: Option<&str>, id_token: &str) -> Option<String> {
        Identity::read(client_info, Some(&jwt(id_token)), "opaque").home_account_id
    }

    #[test]
    fn home_account_by_what_there_is() {
        let info = r#"{"uid":"u>?","utid":"t"}"#;
        for encoded in [URL_SAFE_NO_PAD.encode(info), STANDARD.encode(info)] {
            assert_eq!(home(Some(&encoded), r#"{"sub":"s"}"#), Some("u>?.t".into()));
        }
        assert_eq!(home(None, r#"{"oid":"o","tid":"t","sub":"s"}"#), Some("o.t".into()));
        assert_eq!(home(Some("!"), r#"{"sub":"s"}"#), Some("s".into()));
        assert_eq!(home(Some("e30"), "{}"), None);
    }

    #[test]
    fn names_fall_back_to_the_access_token() {
        let id = jwt(r#"{"upn":"","email":"ana@contoso.example","tid":5}"#);
        let access = jwt(r#"{"upn":"other","tid":"t","oid":"o"}"#);
        let identity = Identity::read(None, Some(&id), &access);
        assert_eq!(identity.username.as_deref(), Some("ana@contoso.example"));
        assert_eq!(identity.tenant.as_deref(), Some("t"));
        assert_eq!(identity.object_id.as_deref(), Some("o"));
        assert_eq!(identity.home_account_id, None);
    }

    #[test]
    fn a_tenant_is_one_that_can_be_asked_for() {
        let told = |tid: &str| Identity::read(None, Some(&jwt(&format!(r#"{{"tid":"{tid}"}}"#))), "").tenant;
        assert_eq!(
            told("72F988BF-86F1-41AF-91AB-2D7CD011DB47").unwrap(),
            "72f988bf-86f1-41af-91ab-2d7cd011db47"
        );
        assert_eq!((told("two words"), told("../x"), told("")), (None, None, None));
    }

    #[test]
    fn terminal_bytes_are_no_name() {
        let id = jwt(r#"{"preferred_username":"\u001b[2J"}"#);
        assert_eq!(Identity::read(None, Some(&id), "").username, None);
    }
}
