//! `POST /{tenant}/oauth2/v2.0/token`: from a form to an answer.

use serde_json::{Value, json};

use crate::directory::User;
use crate::entra::error::{Refused, no_store};
use crate::entra::grant::{self, Call};
use crate::entra::scope::{self, Asked};
use crate::entra::tenant;
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;
use crate::token::access::{self, Subject, Terms};

/// Answers a request for tokens.
pub(crate) fn answer(exchange: &Exchange<'_>, state: &State, segment: &str) -> Response {
    match redeem(exchange, state, segment) {
        Ok(body) => no_store(Response::json(200, &body)),
        Err(refused) => refused.response(exchange, state),
    }
}

fn redeem(exchange: &Exchange<'_>, state: &State, segment: &str) -> Result<Value, Refused> {
    let request = exchange.request;
    let tenant = tenant::parse(segment)?;
    let name = required(request.field("grant_type"), "grant_type")?;
    let grant = grant::find(name).ok_or_else(|| Refused::new(70003).about(name))?;
    let client = client(exchange)?;
    let claims = claims(request.field("claims"))?;
    let call = Call {
        exchange,
        state,
        client,
        tenant,
    };
    let granted = (grant.redeem)(&call)?;
    let Asked {
        resource: _,
        audience,
        granted: scope,
        openid,
    } = &granted.asked;

    let lifetime = state.settings().lifetime;
    let subject = Subject {
        user: granted.user,
        tenant: granted.tenant,
        client,
    };
    let terms = Terms {
        audience,
        permission: granted.asked.resource.permission,
        expires_in: i64::try_from(lifetime.expires_in).unwrap_or(i64::MAX),
        claims: claims.as_ref(),
    };
    let mut body = json!({
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": lifetime.expires_in,
        "ext_expires_in": lifetime.expires_in,
        "access_token": access::mint(state, &subject, &terms),
    });
    if let Some(refresh_in) = lifetime.refresh_in {
        body["refresh_in"] = json!(refresh_in);
    }
    if let Some(refresh_token) = granted.refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    if *openid {
        body["id_token"] = json!(access::mint_id(
            state,
            &exchange.base,
            &subject,
            granted.nonce.as_deref()
        ));
    }
    if request.field("client_info") == Some("1") {
        body["client_info"] = json!(access::client_info(granted.user));
    }
    Ok(body)
}

/// What is asked for, unless a refusal was ordered for it. `user` is whom the grant has shown.
pub(crate) fn asked(call: &Call<'_>, user: &'static User) -> Result<Asked, Refused> {
    let asked = scope::parse(call.exchange.request.field("scope").unwrap_or_default())?;
    match call.state.refusals.take(asked.resource, user) {
        Some(refused) => Err(refused.about(asked.audience)),
        None => Ok(asked),
    }
}

/// A field that cannot be left out.
pub(crate) fn required<'a>(value: Option<&'a str>, name: &str) -> Result<&'a str, Refused> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| Refused::new(900_144).about(name))
}

/// Every GUID is a public client here; none has a secret.
fn client<'a>(exchange: &Exchange<'a>) -> Result<&'a str, Refused> {
    let request = exchange.request;
    let client = required(request.field("client_id"), "client_id")?;
    let digits = client.bytes().filter(u8::is_ascii_hexdigit).count();
    if client.len() != 36 || digits != 32 {
        return Err(Refused::new(700_016).about(client));
    }
    match request
        .field("client_secret")
        .or_else(|| request.field("client_assertion"))
    {
        Some(_) => Err(Refused::new(700_025)),
        None => Ok(client),
    }
}

fn claims(text: Option<&str>) -> Result<Option<Value>, Refused> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match serde_json::from_str::<Value>(text) {
        Ok(claims) if claims.is_object() => Ok(Some(claims)),
        _ => Err(Refused::new(9_002_313).error("invalid_request")),
    }
}
