//! Who and what this Entra ID knows: tenants, users, resources. Fixed, so that tests can name them.

mod resource;
mod subscription;
mod tenant;
mod user;

pub use resource::{ARM, CONTAINER_REGISTRY, DATABRICKS, GRAPH, RESOURCES, Resource};
pub use subscription::{SUBSCRIPTIONS, Subscription, WORKSPACE_RESOURCE_ID};
pub use tenant::{CONTOSO, FABRIKAM, TENANTS, Tenant};
pub use user::{ANA, Account, BEN, DAN, EVE, FAY, FEDERATED_DOMAIN, LOU, MIA, Mfa, NOA, USERS, User};

/// The Azure CLI's public client, which tools without a registration of their own use.
pub const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// An organization's own registration, every switch of it right at the start.
pub const OWN_APP: &str = "c0ffee00-1a2b-4c3d-8e4f-5a6b7c8d9e0f";
