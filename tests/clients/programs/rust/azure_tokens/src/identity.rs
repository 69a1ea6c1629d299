//! Credentials of the Azure SDK for Rust.

use crate::Told;
use azure_core::credentials::TokenCredential;
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential, AzureDeveloperCliCredentialOptions,
    DeveloperToolsCredential,
};
use serde_json::json;
use std::sync::Arc;

/// A token of the credential of that name.
pub async fn token(credential: &str, scope: &str, tenant: Option<&str>) -> Told {
    let tenant_id = tenant.map(str::to_owned);
    let credential: Arc<dyn TokenCredential> = match credential {
        "AzureCliCredential" => AzureCliCredential::new(Some(AzureCliCredentialOptions {
            tenant_id,
            ..Default::default()
        }))?,
        "AzureDeveloperCliCredential" => AzureDeveloperCliCredential::new(Some(AzureDeveloperCliCredentialOptions {
            tenant_id,
            ..Default::default()
        }))?,
        "DeveloperToolsCredential" => DeveloperToolsCredential::new(None)?,
        _ => return Err("no such credential".into()),
    };
    let token = credential.get_token(&[scope], None).await?;
    Ok(json!({ "token": token.token.secret(), "expires_on": token.expires_on.unix_timestamp() }))
}
