//! `GET /aad/auth`: by its redirect, a workspace shows its tenant and its cloud to anybody.

use crate::directory::{DATABRICKS, Tenant};
use crate::exchange::Exchange;
use crate::http::form;
use crate::http::response::Response;
use crate::random::guid;
use crate::state::State;

pub(crate) fn answer(exchange: &Exchange<'_>, state: &State) -> Response {
    let settings = state.settings();
    let location = settings.aad_auth_location.unwrap_or_else(|| {
        let tenant = Tenant::named(&settings.workspace_tenant).map_or(&*settings.workspace_tenant, |tenant| tenant.id);
        let nonce = guid();
        let redirect = format!("{}/login.html", exchange.base);
        let query = form::write([
            ("client_id", DATABRICKS.id()),
            ("redirect_uri", &redirect),
            ("response_mode", "form_post"),
            ("response_type", "code id_token"),
            ("scope", "openid profile email"),
            ("nonce", &nonce),
        ]);
        let secure = exchange.base.starts_with("https:");
        let authority = if secure {
            &state.authority
        } else {
            &state.authority_http
        };
        format!("{authority}/{tenant}/oauth2/authorize?{query}")
    });
    Response::empty(302).header("Location", location)
}
