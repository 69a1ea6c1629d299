//! The exact next command.

use crate::clouds::PUBLIC;
use crate::request::{ClientId, Scopes, TokenRequest};

/// The command that signs in so that this request succeeds, with everything in it that the person said or we know.
#[must_use]
pub fn sign_in(request: &TokenRequest, tenant: Option<&str>) -> String {
    let mut command = "entra-token login".to_owned();
    let mut add = |flag: &str, value: &str| {
        command.push_str(&format!(" {flag} {}", quoted(value)));
    };
    if let Some(profile) = &request.profile {
        add("--profile", profile);
    }
    if let Some(host) = &request.host {
        add("--host", &host.url());
    } else if let Some(authority) = request.authority.as_ref().filter(|authority| authority.url() != PUBLIC) {
        add("--authority-host", &authority.url());
    }
    if let Some(tenant) = tenant.or_else(|| request.tenant.as_ref().map(crate::request::Tenant::as_str)) {
        add("--tenant", tenant);
    }
    if let Some(client) = request
        .client_id
        .as_ref()
        .filter(|client| client.as_str() != ClientId::AZURE_CLI)
    {
        add("--client-id", client.as_str());
    }
    if let Some(account) = &request.account {
        add("--account", account.as_str());
    }
    if request.scopes != Scopes::databricks() {
        match request.scopes.resource() {
            Some(resource) => add("--resource", resource),
            None => request.scopes.as_slice().iter().for_each(|scope| add("--scope", scope)),
        }
    }
    command
}

/// A word as a POSIX shell reads it back.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("https://a.b/c"), "https://a.b/c");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }
}
