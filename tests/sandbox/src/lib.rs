//! An Entra ID and an Azure Databricks workspace on loopback.
//!
//! The integration tests, the demonstration and CI of `entra-token` sign in to it, refresh from it and call it, over
//! real sockets and real TLS. It answers as Entra does, in URLs, members, headers and errors, as far as
//! `entra-token` uses them, and it can be told to answer otherwise: see [`Fault`], [`Refusal`] and [`Settings`].
//!
//! ```
//! use entra_sandbox::{ANA, AZURE_CLI, DATABRICKS, Fault, FaultKind, Options, Sandbox};
//!
//! # fn main() -> entra_sandbox::Result<()> {
//! let sandbox = Sandbox::start(Options::default())?;
//! let refresh_token = sandbox.mint_refresh_token(&ANA, AZURE_CLI);
//! sandbox.fault(Fault::token(FaultKind::throttled(3)));
//!
//! let url = format!("{}/organizations/oauth2/v2.0/token", sandbox.authority());
//! let form = [
//!     ("client_id", AZURE_CLI),
//!     ("grant_type", "refresh_token"),
//!     ("refresh_token", &refresh_token),
//!     ("scope", &format!("{}/.default", DATABRICKS.id())),
//! ];
//! assert_eq!(sandbox.client()?.post_form(&url, &form)?.status, 429);
//! assert_eq!(sandbox.client()?.post_form(&url, &form)?.status, 200);
//! assert_eq!(sandbox.token_requests(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! A sign-in needs a browser, or [`Sandbox::auto_approve`]:
//!
//! ```
//! use entra_sandbox::{ANA, AppRegistration, Consent, Demand, Flow, MIA, Options, Policy, Sandbox};
//!
//! # fn main() -> entra_sandbox::Result<()> {
//! let sandbox = Sandbox::start(Options::default())?;
//! sandbox.auto_approve(&ANA); // `login_hint=mia@contoso.example` lets Mia sign in instead
//! sandbox.app(AppRegistration { consent: Consent::AdminRequired, ..AppRegistration::default() });
//! sandbox.policy(Policy::new("no device codes", Demand::Block(53003)).flow(Flow::DeviceCode).user(&MIA));
//! # Ok(())
//! # }
//! ```
//!
//! Where it differs from the real ones: access tokens are signed with ES256 in place of RS256, and their issuer is
//! the sandbox; which of 401 and 403 a workspace gives is a guess. The workspace has ports of its own.

mod app;
mod arm;
pub mod browser;
mod certificate;
pub mod client;
mod clock;
mod control;
mod date;
mod description;
mod directory;
mod entra;
mod error;
mod exchange;
mod fault;
mod http;
mod lifetime;
mod locked;
mod log;
mod options;
mod person;
mod policy;
mod random;
mod refusal;
mod registry;
mod sandbox;
mod state;
mod token;
mod workspace;

pub use app::{AppRegistration, Consent};
pub use client::Client;
pub use description::Description;
pub use directory::{
    ANA, ARM, AZURE_CLI, Account, BEN, CONTAINER_REGISTRY, CONTOSO, DAN, DATABRICKS, EVE, FABRIKAM, FAY,
    FEDERATED_DOMAIN, GRAPH, LOU, MIA, Mfa, NOA, OWN_APP, RESOURCES, Resource, SUBSCRIPTIONS, Subscription, TENANTS,
    Tenant, USERS, User, WORKSPACE_RESOURCE_ID,
};
pub use error::{Error, Result};
pub use fault::{Fault, FaultKind, Times};
pub use lifetime::Lifetime;
pub use log::{Counts, Entry};
pub use options::{Options, Ports, Rotation, Settings};
pub use person::Person;
pub use policy::{Demand, Flow, Policy};
pub use refusal::Refusal;
pub use sandbox::Sandbox;
