//! The authority over HTTP: where its endpoints are, how a grant is redeemed, what a refusal means.
//!
//! RFC 6749 is the ground; what Entra ID adds to it stands where it is read or sent.

pub mod advice;
pub mod answer;
pub mod codes;
mod correlation;
pub mod device;
pub mod endpoints;
pub mod faults;
pub mod form;
pub mod http_date;
pub mod identity;
mod post;
pub mod realm;
pub mod redeem;
pub mod refusal;
pub mod registry;
pub mod resource_manager;
#[cfg(test)]
pub(crate) mod testing;
pub mod unreachable;
pub mod workspace;

pub use answer::Answer;
pub use device::{DeviceCode, device_code};
pub use endpoints::{Endpoints, discover};
pub use faults::{explain, means_dead};
pub use form::{Field, Form};
pub use identity::Identity;
pub use realm::{Realm, realm_of};
pub use redeem::{Context, Patience, redeem};
pub use refusal::Refusal;
pub use workspace::tenant_of;
