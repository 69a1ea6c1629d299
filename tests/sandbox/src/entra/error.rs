//! An error of Entra's, in its exact shape.

use serde_json::{Value, json};

use crate::date;
use crate::entra::aadsts;
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::random::guid;
use crate::state::State;

/// Why no token was issued.
#[derive(Clone)]
pub(crate) struct Refused {
    code: u32,
    about: String,
    error: Option<String>,
    suberror: Option<String>,
    claims: Option<String>,
}

impl Refused {
    /// With this AADSTS code. A code that the table does not know is an `invalid_grant`.
    pub(crate) fn new(code: u32) -> Self {
        Self {
            code,
            about: String::new(),
            error: None,
            suberror: None,
            claims: None,
        }
    }

    /// What the text is about.
    pub(crate) fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Another `error` than the code's own.
    pub(crate) fn error(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }

    /// Another `suberror` than the code's own; empty for none.
    pub(crate) fn suberror(mut self, suberror: impl Into<String>) -> Self {
        self.suberror = Some(suberror.into());
        self
    }

    /// Claims that the next interactive request must carry.
    pub(crate) fn claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }

    /// The AADSTS code.
    pub(crate) fn code(&self) -> u32 {
        self.code
    }

    /// Its members, as the answer of a token endpoint has them.
    pub(crate) fn body(&self, exchange: &Exchange<'_>, state: &State) -> Value {
        let Self {
            code,
            about,
            error,
            suberror,
            claims,
        } = self;
        let row = aadsts::find(*code);
        let error = error
            .as_deref()
            .unwrap_or_else(|| row.map_or("invalid_grant", |row| row.error));
        let suberror = suberror.as_deref().or_else(|| row?.suberror);
        let text = row
            .map_or("The request was refused.", |row| row.text)
            .replace("{}", about);

        let trace = guid();
        let correlation = exchange
            .request
            .header("client-request-id")
            .map_or_else(guid, str::to_owned);
        let timestamp = date::entra(state.clock.now());
        let mut body = json!({
            "error": error,
            "error_description": format!(
                "AADSTS{code}: {text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}"
            ),
            "error_codes": [code],
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={code}", exchange.base),
        });
        if let Some(suberror) = suberror.filter(|suberror| !suberror.is_empty()) {
            body["suberror"] = json!(suberror);
        }
        if let Some(claims) = claims {
            body["claims"] = json!(claims);
        }
        body
    }

    /// The answer: 401 for a client that is not what it says, else 400.
    pub(crate) fn response(&self, exchange: &Exchange<'_>, state: &State) -> Response {
        let body = self.body(exchange, state);
        let status = if body["error"] == "invalid_client" { 401 } else { 400 };
        no_store(Response::json(status, &body))
    }
}

/// The headers that keep tokens and refusals out of caches.
pub(crate) fn no_store(response: Response) -> Response {
    response
        .header("Cache-Control", "no-store, no-cache")
        .header("Pragma", "no-cache")
}
