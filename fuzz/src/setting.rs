//! What a sign-in or a refresh is about, for parts of the program that are called by themselves.

use crate::home;
use entra_token::entra::{Context, Endpoints, Patience};
use entra_token::request::{Authority, ClientId, Scopes, Tenant};
use entra_token::world::World;
use std::time::Duration;

/// What a context borrows.
pub struct Setting {
    authority: Authority,
    endpoints: Endpoints,
    tenant: Tenant,
    client_id: ClientId,
    scopes: Scopes,
}

impl Setting {
    /// The public cloud, the tenant of the home, Azure Databricks.
    #[must_use]
    pub fn public() -> Self {
        let authority = Authority::parse("login.microsoftonline.com").expect("a cloud's authority");
        Self {
            endpoints: Endpoints::of_cloud(&authority),
            authority,
            tenant: Tenant::parse(home::TENANT).expect("a GUID"),
            client_id: ClientId::default(),
            scopes: Scopes::databricks(),
        }
    }

    /// A context of eight seconds.
    #[must_use]
    pub fn context(&self, world: &World, patience: Patience) -> Context<'_> {
        Context {
            authority: &self.authority,
            endpoints: &self.endpoints,
            tenant: &self.tenant,
            client_id: &self.client_id,
            scopes: &self.scopes,
            claims: None,
            sign_in: "entra-token login".to_owned(),
            until: world.clock.monotonic() + Duration::from_secs(8),
            patience,
        }
    }
}
