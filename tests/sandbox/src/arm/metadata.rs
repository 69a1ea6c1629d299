//! `GET /metadata/endpoints`: the cloud that this sandbox is, for `az cloud register` and Terraform. Nobody need sign
//! in for it. Of what it names, only authority and Resource Manager are there.

use serde_json::{Value, json};

use crate::directory::GRAPH;
use crate::exchange::Exchange;
use crate::http::response::Response;
use crate::state::State;

pub(super) fn answer(exchange: &Exchange<'_>, _: &State) -> Result<Value, Response> {
    let base = &exchange.base;
    let resource_manager = match exchange.request.path.strip_suffix("/metadata/endpoints") {
        Some(prefix) => format!("{base}{prefix}"),
        None => base.clone(),
    };
    let cloud = json!({
        "name": "EntraSandbox",
        "portal": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": resource_manager,
        "gallery": base,
        "graph": "https://graph.microsoft.com/",
        "graphAudience": "https://graph.microsoft.com/",
        "microsoftGraphResourceId": GRAPH.identifiers[1],
        "batch": "https://batch.core.windows.net/",
        "media": "https://rest.media.azure.net",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "vmImageAliasDoc": format!("{base}/aliases.json"),
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "suffixes": {
            "storage": "storage.invalid",
            "keyVaultDns": "vault.invalid",
            "sqlServerHostname": "database.invalid",
            "acrLoginServer": "registry.invalid",
        },
    });
    // A list of all clouds before that version, the one cloud since.
    match exchange.request.parameter("api-version") {
        Some(version) if version < "2022-09-01" => Ok(json!([cloud])),
        _ => Ok(cloud),
    }
}
