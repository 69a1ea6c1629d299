//! An object of Azure Blob Storage, with the token of the Azure CLI.

use crate::Told;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use serde_json::json;

/// What is in the object; it is read several times by the same store.
pub async fn object(endpoint: &str, path: &str, times: usize) -> Told {
    // Which TLS it is, the program says: object_store was built without its own choice.
    // It fails only where one is named already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store: Box<dyn ObjectStore> = Box::new(
        MicrosoftAzureBuilder::new()
            .with_account("contoso")
            .with_container_name("data")
            .with_endpoint(endpoint.to_owned())
            .with_use_azure_cli(true)
            .build()?,
    );
    let mut contents = Vec::new();
    for _ in 0..times {
        let bytes = store.get(&Path::from(path)).await?.bytes().await?;
        contents.push(String::from_utf8(bytes.to_vec())?);
    }
    Ok(json!({ "contents": contents }))
}
