//! What is printed, in the form that was asked for.

use super::fault::{self, Fault};
use super::options::Options;
use crate::face::Call;
use crate::render::{Format, Query, az, tame};
use crate::secret::{Secret, pretty_json};
use serde::Serialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// What a command answers.
pub(super) enum Reply {
    /// Nothing.
    Silent,
    /// A value without a secret.
    Value(Value),
    /// The same, with rows of its own in a table.
    Rows(Value, Vec<Value>),
    /// A token.
    Token(Token),
}

/// What `get-access-token` answers.
pub(super) struct Token {
    pub(super) access_token: Secret,
    pub(super) expires_on_local: String,
    pub(super) expires_on: i64,
    pub(super) subscription: Option<String>,
    pub(super) tenant: String,
    pub(super) token_type: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    access_token: &'a str,
    #[serde(rename = "expiresOn")]
    expires_on_local: &'a str,
    #[serde(rename = "expires_on")]
    expires_on: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<&'a str>,
    tenant: &'a str,
    token_type: &'a str,
}

/// Puts members into the order in which az has them, which a query shows.
pub(super) fn arrange(object: &mut Value, order: &[&str]) {
    if let Value::Object(members) = object {
        for name in order {
            if let Some((name, member)) = members.shift_remove_entry(*name) {
                members.insert(name, member);
            }
        }
    }
}

/// The form that was asked for.
pub(super) struct Output {
    format: Format,
    query: Option<Query>,
}

impl Output {
    /// `--output`, else `AZURE_CORE_OUTPUT`, else JSON; and `--query`.
    pub(super) fn of(options: &Options, call: &Call<'_>) -> Result<Self, Fault> {
        let name = options.get("--output").or_else(|| call.variable("AZURE_CORE_OUTPUT"));
        // Nothing is ever coloured here: what reads our answers is rarely a person.
        let plain = name
            .map(|name| name.to_ascii_lowercase())
            .map(|name| match name.as_str() {
                "jsonc" => "json".to_owned(),
                "yamlc" => "yaml".to_owned(),
                _ => name,
            });
        let query = options.all("--query").last().map(|text| {
            Query::parse(text)
                .map_err(|_| fault::query(&format!("argument --query: invalid jmespath_type value: '{text}'")))
        });
        Ok(Self {
            format: plain.and_then(|name| name.parse().ok()).unwrap_or_default(),
            query: query.transpose()?,
        })
    }

    /// The reply in this form.
    pub(super) fn bytes(&self, reply: Reply) -> Result<Zeroizing<Vec<u8>>, Fault> {
        match reply {
            Reply::Silent => Ok(Zeroizing::default()),
            Reply::Token(token) => self.token(&token),
            Reply::Rows(_, rows) if self.format == Format::Table && self.query.is_none() => {
                // Whoever says what stands in a row also says in which order.
                let whole = Query::parse("@").map_err(|why| fault::plain(&why.to_string()))?;
                self.text(&Value::Array(rows), Some(&whole))
            }
            Reply::Value(value) | Reply::Rows(value, _) => self.text(&value, self.query.as_ref()),
        }
    }

    fn token(&self, token: &Token) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let Token {
            access_token,
            expires_on_local,
            expires_on,
            subscription,
            tenant,
            token_type,
        } = token;
        let written = Written {
            access_token: access_token.expose(),
            expires_on_local,
            expires_on: *expires_on,
            subscription: subscription.as_deref(),
            tenant,
            token_type,
        };
        if self.format == Format::Json && self.query.is_none() {
            let mut bytes = pretty_json(&written, written.access_token.len());
            bytes.push(b'\n');
            return Ok(tame(bytes));
        }
        let mut object = json!(written);
        arrange(
            &mut object,
            &[
                "tokenType",
                "accessToken",
                "expires_on",
                "expiresOn",
                "tenant",
                "subscription",
            ],
        );
        self.text(&object, self.query.as_ref())
    }

    fn text(&self, value: &Value, query: Option<&Query>) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let text = az(value, query, self.format).map_err(|why| fault::plain(&why.to_string()))?;
        let bytes = Zeroizing::new(text.into_bytes());
        Ok(if self.format == Format::Json {
            tame(bytes)
        } else {
            bytes
        })
    }
}
