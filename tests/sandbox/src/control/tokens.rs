//! Tokens without a sign-in, and the end of tokens.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::parse;
use crate::directory::{ANA, AZURE_CLI, DATABRICKS, Resource, Tenant, User};
use crate::random::sha256;
use crate::state::State;
use crate::token::access::{self, Subject, Terms};
use crate::token::refresh::Which;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ForWhom {
    user: String,
    client_id: String,
    resource: String,
    tenant: Option<String>,
    expires_in: i64,
}

impl Default for ForWhom {
    fn default() -> Self {
        Self {
            user: ANA.upn.to_owned(),
            client_id: AZURE_CLI.to_owned(),
            resource: DATABRICKS.id().to_owned(),
            tenant: None,
            expires_in: 4500,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kill {
    user: Option<String>,
    refresh_token: Option<String>,
    sha256: Option<String>,
    all: Option<bool>,
    code: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reject {
    sha256: Option<String>,
    token: Option<String>,
}

pub(super) fn mint_refresh(state: &State, body: Value) -> Result<Value, String> {
    let whom: ForWhom = if body.is_null() {
        ForWhom::default()
    } else {
        parse(body)?
    };
    let token = state.refresh_tokens.mint(user(&whom.user)?, &whom.client_id, false);
    Ok(json!({"refresh_token": token}))
}

pub(super) fn mint_access(state: &State, body: Value) -> Result<Value, String> {
    let whom: ForWhom = if body.is_null() {
        ForWhom::default()
    } else {
        parse(body)?
    };
    let user = user(&whom.user)?;
    let tenant = match &whom.tenant {
        None => user.home,
        Some(name) => Tenant::named(name).ok_or("no such tenant")?,
    };
    let subject = Subject {
        user,
        tenant,
        client: &whom.client_id,
    };
    let terms = Terms {
        audience: &whom.resource,
        permission: Resource::named(&whom.resource).map_or("user_impersonation", |resource| resource.permission),
        expires_in: whom.expires_in,
        mfa: true,
        claims: None,
    };
    Ok(json!({"access_token": access::mint(state, &subject, &terms)}))
}

pub(super) fn revoke(state: &State, body: Value) -> Result<Value, String> {
    let Kill {
        user: upn,
        refresh_token,
        sha256,
        all,
        code,
    } = parse(body)?;
    let which = match (&upn, &refresh_token, &sha256, all) {
        (Some(upn), None, None, None) => Which::OfUser(user(upn)?),
        (None, Some(token), None, None) => Which::Token(token),
        (None, None, Some(hash), None) => Which::Hash(hash),
        (None, None, None, Some(true)) => Which::All,
        _ => {
            return Err("one of `user`, `refresh_token`, `sha256` and `all: true` is wanted".to_owned());
        }
    };
    Ok(json!({"revoked": state.refresh_tokens.kill(&which, code.unwrap_or(50173))}))
}

pub(super) fn reject(state: &State, body: Value) -> Result<Value, String> {
    let Reject { sha256: hash, token } = parse(body)?;
    let hash = hash
        .or_else(|| token.map(|token| sha256(&token)))
        .ok_or("`sha256` or `token` is wanted")?;
    state.reject(&hash);
    Ok(json!({"rejected": state.rejected().len()}))
}

pub(super) fn clear_rejected(state: &State, _: Value) -> Result<Value, String> {
    state.rejected().clear();
    Ok(json!({"rejected": 0}))
}

fn user(upn: &str) -> Result<&'static User, String> {
    User::named(upn).ok_or_else(|| format!("no user `{upn}`"))
}
