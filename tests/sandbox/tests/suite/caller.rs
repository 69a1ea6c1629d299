//! A sandbox with somebody who calls it.

use entra_sandbox::browser::Browser;
use entra_sandbox::client::Answer;
use entra_sandbox::{ANA, AZURE_CLI, Client, DATABRICKS, Options, Result, Sandbox};
use serde_json::Value;

pub(crate) struct Caller {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) refresh_token: String,
}

impl Caller {
    pub(crate) fn new() -> Result<Self> {
        let sandbox = Sandbox::start(Options::default())?;
        Ok(Self {
            client: sandbox.client()?,
            refresh_token: sandbox.mint_refresh_token(&ANA, AZURE_CLI),
            sandbox,
        })
    }

    /// A browser of somebody who is signed in nowhere yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.client.clone(), self.sandbox.authority())
    }

    /// Refreshes for Databricks, with these fields added or put in place of the usual ones.
    pub(crate) fn refresh(&self, fields: &[(&str, &str)]) -> Result<Answer> {
        self.refresh_at("organizations", fields)
    }

    pub(crate) fn refresh_at(&self, tenant: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let scope = format!("{}/.default offline_access openid profile", DATABRICKS.id());
        let usual = [
            ("client_id", AZURE_CLI),
            ("client_info", "1"),
            ("grant_type", "refresh_token"),
            ("refresh_token", &self.refresh_token),
            ("scope", &scope),
        ];
        let named = |name| fields.iter().any(|(of, _)| *of == name);
        let mut form: Vec<_> = usual.into_iter().filter(|(name, _)| !named(*name)).collect();
        form.extend_from_slice(fields);
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.sandbox.authority());
        self.client.post_form(&url, &form)
    }

    /// Orders something at the control API.
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let url = format!("{}{path}", self.sandbox.control());
        let answer = self.client.json(method, &url, body)?;
        assert_eq!(answer.status, 200, "{}", answer.json());
        Ok(answer.json())
    }
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &Value) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = token
        .as_str()
        .and_then(|token| token.split('.').nth(1))
        .unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
