//! The refresh token grant (RFC 6749 §6), with fields and order as MSAL has them.

use super::Row;
use crate::entra::{Answer, Context, Form, redeem};
use crate::error::Error;
use crate::request::Claims;
use crate::secret::Secret;
use crate::world::World;

/// The word by which a login remembers it.
pub const NAME: &str = "refresh_token";

/// This flow.
pub const ROW: Row = Row {
    name: NAME,
    about: "a refresh token that is held already",
};

/// Redeems a refresh token for an access token of any tenant and resource that its user and client may have.
///
/// # Errors
/// As [`redeem()`].
pub fn refresh(world: &World, context: &Context<'_>, refresh_token: &Secret) -> Result<Answer, Error> {
    let form = Form::new()
        .plain("client_id", context.client_id.as_str())
        .plain("grant_type", "refresh_token")
        .plain("client_info", "1")
        .optional("claims", context.claims.map(Claims::as_str))
        .secret("refresh_token", refresh_token)
        .plain("scope", context.scopes.on_the_wire());
    redeem(world, context, &form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::Patience;
    use crate::entra::testing::{NOW, Setting, Stage};

    #[test]
    fn fields_and_headers_as_sent() {
        let stage = Stage::new().answers(200, r#"{"access_token":"a","refresh_token":"r2","expires_in":"3599"}"#);
        let setting = Setting::new();
        let claims = Claims::parse(r#"{"a":1}"#).unwrap();
        let mut context = setting.context(8, Patience::Once);
        context.claims = Some(&claims);
        let held = Secret::new("r/1".into());
        let answer = refresh(&stage.world, &context, &held).unwrap();
        assert_eq!(answer.expires_on, NOW + 3599);
        let sent = stage.sent();
        assert_eq!(
            sent[0].url,
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
        );
        assert_eq!(
            sent[0].body,
            "client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&grant_type=refresh_token&client_info=1&claims=%7B%22a%22%3A1%7D\
             &refresh_token=r%2F1&scope=2ff814a6-3304-4ab8-85cb-cd0e6f879c1d%2F.default+offline_access+openid+profile"
        );
        assert_eq!(
            sent[0].headers[..3],
            [
                ("accept", "application/json".to_owned()),
                ("content-type", "application/x-www-form-urlencoded".to_owned()),
                ("client-request-id", "00000000-0000-4000-8000-000000000000".to_owned()),
            ]
        );
        assert!(sent[0].headers.iter().all(|(_, value)| !value.contains("MSAL")));
    }

    #[test]
    fn without_a_challenge_no_claims() {
        let stage = Stage::new().answers(200, r#"{"access_token":"a"}"#);
        let setting = Setting::new();
        let context = setting.context(8, Patience::Once);
        refresh(&stage.world, &context, &Secret::new("r".into())).unwrap();
        assert!(!stage.sent()[0].body.contains("claims"));
    }
}
