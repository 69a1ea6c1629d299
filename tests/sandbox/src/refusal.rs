//! Refusals that were ordered: an AADSTS code for the next, or for all, requests of a resource.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::directory::{Resource, User};
use crate::entra::error::Refused;
use crate::fault::Times;
use crate::locked::locked;

/// Refuse requests for tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The AADSTS code; decides `error` and `suberror` unless these are given.
    pub code: u32,
    /// Only of this resource (application id or URI); of all if none.
    #[serde(default)]
    pub resource: Option<String>,
    /// Only of this user.
    #[serde(default)]
    pub user: Option<String>,
    /// How often.
    #[serde(default)]
    pub times: Times,
    /// Another `error`.
    #[serde(default)]
    pub error: Option<String>,
    /// Another `suberror`; empty for none.
    #[serde(default)]
    pub suberror: Option<String>,
    /// `claims` of the answer: JSON in a text.
    #[serde(default)]
    pub claims: Option<String>,
}

impl Refusal {
    /// Once, with this code, whatever the resource.
    pub fn new(code: u32) -> Self {
        Self {
            code,
            resource: None,
            user: None,
            times: Times::default(),
            error: None,
            suberror: None,
            claims: None,
        }
    }

    /// AADSTS65001 for `resource` until cleared: nobody has consented.
    pub fn consent(resource: &str) -> Self {
        Self {
            resource: Some(resource.to_owned()),
            times: Times::Always,
            ..Self::new(65001)
        }
    }
}

/// The refusals in the order in which they were ordered.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<Vec<Refusal>>);

impl Refusals {
    pub(crate) fn add(&self, refusal: Refusal) {
        locked(&self.0).push(refusal);
    }

    pub(crate) fn list(&self) -> Vec<Refusal> {
        locked(&self.0).clone()
    }

    pub(crate) fn clear(&self) {
        locked(&self.0).clear();
    }

    /// The first that fits.
    pub(crate) fn take(&self, resource: &Resource, user: &User) -> Option<Refused> {
        let mut refusals = locked(&self.0);
        let fits = |refusal: &Refusal| {
            let of = |name: &String| Resource::named(name) == Some(resource);
            refusal.resource.as_ref().is_none_or(of)
                && refusal
                    .user
                    .as_ref()
                    .is_none_or(|upn| upn.eq_ignore_ascii_case(user.upn))
        };
        let index = refusals.iter().position(fits)?;
        let refusal = refusals[index].clone();
        if !refusals[index].times.count_down() {
            refusals.remove(index);
        }
        let Refusal {
            code,
            resource: _,
            user: _,
            times: _,
            error,
            suberror,
            claims,
        } = refusal;
        let mut refused = Refused::new(code);
        if let Some(error) = error {
            refused = refused.error(error);
        }
        if let Some(suberror) = suberror {
            refused = refused.suberror(suberror);
        }
        if let Some(claims) = claims {
            refused = refused.claims(claims);
        }
        Some(refused)
    }
}
