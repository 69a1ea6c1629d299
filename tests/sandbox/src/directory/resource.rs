//! The resources.

/// An API that tokens are for.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Display name.
    pub name: &'static str,
    /// The application id, and every URI that names the resource, without a slash at the end.
    pub identifiers: &'static [&'static str],
    /// The delegated permission that everybody has.
    pub permission: &'static str,
}

/// Azure Databricks.
pub const DATABRICKS: Resource = Resource {
    name: "AzureDatabricks",
    identifiers: &["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"],
    permission: "user_impersonation",
};

/// Azure Resource Manager.
pub const ARM: Resource = Resource {
    name: "Windows Azure Service Management API",
    identifiers: &[
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "https://management.core.windows.net",
        "https://management.azure.com",
        // What `az cloud register` is told where Entra ID and ARM are both this sandbox.
        "https://localhost",
    ],
    permission: "user_impersonation",
};

/// Azure Container Registry.
pub const CONTAINER_REGISTRY: Resource = Resource {
    name: "Azure Container Registry",
    identifiers: &["https://containerregistry.azure.net"],
    permission: "user_impersonation",
};

/// All resources.
pub const RESOURCES: [&Resource; 6] = [
    &DATABRICKS,
    &ARM,
    &CONTAINER_REGISTRY,
    &Resource {
        name: "Azure DevOps",
        identifiers: &[
            "499b84ac-1321-427f-aa17-267ca6975798",
            "https://app.vssps.visualstudio.com",
        ],
        permission: "user_impersonation",
    },
    &Resource {
        name: "Azure Storage",
        identifiers: &["e406a681-f3d4-42a8-90b6-c2b029497af1", "https://storage.azure.com"],
        permission: "user_impersonation",
    },
    // What a request without a scope of its own gets.
    &GRAPH,
];

/// Microsoft Graph.
pub const GRAPH: Resource = Resource {
    name: "Microsoft Graph",
    identifiers: &["00000003-0000-0000-c000-000000000000", "https://graph.microsoft.com"],
    permission: "User.Read",
};

impl Resource {
    /// The resource with this application id or URI; one slash at the end does not matter.
    pub fn named(name: &str) -> Option<&'static Self> {
        let bare = name.strip_suffix('/').unwrap_or(name);
        let is = |id: &&str| id.eq_ignore_ascii_case(bare);
        RESOURCES
            .into_iter()
            .find(|resource| resource.identifiers.iter().any(is))
    }

    /// The application id.
    pub fn id(&self) -> &'static str {
        self.identifiers[0]
    }
}
