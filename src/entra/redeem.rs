//! Redeems a grant at the token endpoint: one form, one answer.

use super::advice;
use super::answer::{self, Answer};
use super::endpoints::Endpoints;
use super::faults;
use super::form::Form;
use super::post;
use crate::error::Error;
use crate::request::{Authority, Claims, ClientId, Scopes, Tenant};
use crate::world::World;
use std::time::Duration;

/// Where and for whom a grant is redeemed, and how long that may take.
#[derive(Clone)]
pub struct Context<'a> {
    /// Whom we ask.
    pub authority: &'a Authority,
    /// Its endpoints.
    pub endpoints: &'a Endpoints,
    /// Whose token.
    pub tenant: &'a Tenant,
    /// As which application.
    pub client_id: &'a ClientId,
    /// For what.
    pub scopes: &'a Scopes,
    /// What a claims challenge demands of the token.
    pub claims: Option<&'a Claims>,
    /// The exact command line that signs in, without `claims`; see [`Self::again`].
    pub sign_in: String,
    /// The deadline, on the world's monotonic clock.
    pub until: Duration,
    /// Whether a failure that may pass is tried again.
    pub patience: Patience,
}

impl Context<'_> {
    /// The exact command line that signs in, printed as the remedy.
    #[must_use]
    pub fn again(&self) -> String {
        advice::sign_in(self, None)
    }
}

/// Whether a failure that may pass is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Never: for a code that is good for one use, and where somebody waits who has an older token.
    Once,
    /// After a moment, while the deadline allows.
    Retry,
}

/// Posts the form and reads the answer.
///
/// # Errors
/// `timeout`, `network` or `throttled` if the authority did not decide; else what it decided, explained.
pub fn redeem(world: &World, context: &Context<'_>, form: &Form) -> Result<Answer, Error> {
    let reply = post::send(world, context, &context.endpoints.token_url(context.tenant), form)?;
    if reply.response.status == 200
        && let Some(answer) = answer::read(&reply, context.authority)?
    {
        return Ok(answer);
    }
    Err(faults::of_reply(&reply, context, form))
}
