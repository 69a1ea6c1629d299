//! The subscriptions, and the workspace in one of them.

use crate::directory::{CONTOSO, FABRIKAM, Tenant};

/// An Azure subscription.
#[derive(Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its GUID.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
    /// The tenant that it trusts.
    pub tenant: &'static Tenant,
}

/// All subscriptions: three of Contoso, one of Fabrikam.
pub const SUBSCRIPTIONS: [Subscription; 4] = [
    Subscription {
        id: "d41c7b9e-5f02-4a68-93e1-0c8b6d2f7a15",
        name: "Contoso analytics",
        tenant: &CONTOSO,
    },
    Subscription {
        id: "3e9a60f4-c81b-4d57-a2f6-9b0d8e4c1732",
        name: "Contoso development",
        tenant: &CONTOSO,
    },
    Subscription {
        id: "75b2d8c0-1e6f-49a3-8c54-f2a7e9061bd8",
        name: "Contoso production",
        tenant: &CONTOSO,
    },
    Subscription {
        id: "a8f3150d-72c9-4eb6-b0d4-6e1f9c5a8273",
        name: "Fabrikam",
        tenant: &FABRIKAM,
    },
];

/// What Azure Resource Manager calls the workspace.
pub const WORKSPACE_RESOURCE_ID: &str = "/subscriptions/d41c7b9e-5f02-4a68-93e1-0c8b6d2f7a15/resourceGroups/analytics/providers/Microsoft.Databricks/workspaces/lab";
