//! `POST /{tenant}/oauth2/v2.0/token`: from a form to an answer.

use serde_json::{Value, json};

use crate::app::AppRegistration;
use crate::directory::User;
use crate::entra::admission;
use crate::entra::error::{Refused, no_store};
use crate::entra::grant::{self, Call, Granted, Holder};
use crate::entra::scope::Asked;
use crate::entra::tenant::{self, Named};
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
    let call = Call {
        exchange,
        state,
        app: client(exchange, state, tenant)?,
        tenant,
        claims: claims(request.field("claims"))?,
    };
    let granted = (grant.redeem)(&call)?;
    Ok(write(&call, granted))
}

/// The members of the answer.
fn write(call: &Call<'_>, granted: Granted) -> Value {
    let Call {
        exchange, state, app, ..
    } = call;
    let Granted {
        holder,
        tenant,
        asked,
        refresh_token,
        nonce,
        mfa,
        claims: of_sign_in,
    } = granted;
    let claims = call.claims.clone().or(of_sign_in);
    let lifetime = state.settings().lifetime;
    let terms = Terms {
        audience: &asked.audience,
        permission: asked.resource.permission,
        expires_in: i64::try_from(lifetime.expires_in).unwrap_or(i64::MAX),
        mfa,
        claims: claims.as_ref(),
    };
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": lifetime.expires_in,
        "ext_expires_in": lifetime.expires_in,
    });
    if let Some(refresh_in) = lifetime.refresh_in {
        body["refresh_in"] = json!(refresh_in);
    }
    let Holder::User(user) = holder else {
        body["access_token"] = json!(access::mint_app(state, &app.client_id, tenant, &terms));
        return body;
    };
    let subject = Subject {
        user,
        tenant,
        client: &app.client_id,
    };
    body["scope"] = json!(asked.granted);
    body["access_token"] = json!(access::mint(state, &subject, &terms));
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    if asked.openid {
        body["id_token"] = json!(access::mint_id(state, &exchange.base, &subject, nonce.as_deref()));
    }
    if exchange.request.field("client_info") == Some("1") {
        body["client_info"] = json!(access::client_info(user));
    }
    body
}

/// Refuses what was ordered to be refused. `user` is whom the grant has shown.
pub(crate) fn obey_orders(call: &Call<'_>, user: &'static User, asked: &Asked) -> Result<(), Refused> {
    match call.state.refusals.take(asked.resource, user) {
        Some(refused) => Err(refused.about(&asked.audience)),
        None => Ok(()),
    }
}

/// A field that cannot be left out.
pub(crate) fn required<'a>(value: Option<&'a str>, name: &str) -> Result<&'a str, Refused> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| Refused::new(900_144).about(name))
}

/// The client, and whether what it shows of itself is right.
fn client(exchange: &Exchange<'_>, state: &State, tenant: Named) -> Result<AppRegistration, Refused> {
    let request = exchange.request;
    let client = required(request.field("client_id"), "client_id")?;
    let app = admission::client(state, tenant, client)?;
    let shown = request
        .field("client_secret")
        .or_else(|| request.field("client_assertion"));
    match (shown, &app.secret) {
        (None, _) => Ok(app),
        (Some(_), None) => Err(Refused::new(700_025)),
        (Some(shown), Some(secret)) if shown != secret => Err(Refused::new(7_000_215).about(client)),
        (Some(_), Some(_)) if app.secret_expired => Err(Refused::new(7_000_222).about(client)),
        (Some(_), Some(_)) => Ok(app),
    }
}

/// The parameter `claims`: JSON in a text.
pub(crate) fn claims(text: Option<&str>) -> Result<Option<Value>, Refused> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match serde_json::from_str::<Value>(text) {
        Ok(claims) if claims.is_object() => Ok(Some(claims)),
        _ => Err(Refused::new(9_002_313).error("invalid_request")),
    }
}
