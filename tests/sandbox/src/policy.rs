//! Conditional Access: what an administrator demands of sign-ins and refreshes.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::directory::{Mfa, Resource, User};
use crate::entra::error::Refused;
use crate::locked::locked;
use crate::random::guid_of;

/// One policy. It holds where every list that is not empty has what is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name; another one with this name takes its place.
    pub name: String,
    /// Principal names.
    #[serde(default)]
    pub users: Vec<String>,
    /// Application ids or URIs.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Client ids.
    #[serde(default)]
    pub clients: Vec<String>,
    /// Ways to get a token.
    #[serde(default)]
    pub flows: Vec<Flow>,
    /// What it demands.
    pub demand: Demand,
}

/// A way to get a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// The authorization endpoint.
    Browser,
    /// The device code flow.
    DeviceCode,
    /// `grant_type=password`.
    Password,
    /// `grant_type=refresh_token`.
    Refresh,
}

/// What a policy demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// A second factor: asked for on the page, AADSTS50076 with `claims` elsewhere.
    Mfa,
    /// What nobody can do here: refused with this AADSTS code (53003, 53000, 530003, 530035 …) and `claims`.
    Block(u32),
}

/// What is asked of the policies.
pub(crate) struct Case<'a> {
    pub(crate) user: &'static User,
    pub(crate) resource: &'static Resource,
    pub(crate) client: &'a str,
    pub(crate) flow: Flow,
    /// Whether the sign-in had a second factor.
    pub(crate) mfa: bool,
}

/// All policies.
#[derive(Default)]
pub(crate) struct Policies(Mutex<Vec<Policy>>);

impl Policy {
    /// Demands this of everybody, everywhere.
    pub fn new(name: &str, demand: Demand) -> Self {
        Self {
            name: name.to_owned(),
            users: Vec::new(),
            resources: Vec::new(),
            clients: Vec::new(),
            flows: Vec::new(),
            demand,
        }
    }

    /// Of this way to get a token too; of all if none is named.
    pub fn flow(mut self, flow: Flow) -> Self {
        self.flows.push(flow);
        self
    }

    /// Of this user too; of all if none is named.
    pub fn user(mut self, user: &User) -> Self {
        self.users.push(user.upn.to_owned());
        self
    }

    /// For this resource too; for all if none is named.
    pub fn resource(mut self, resource: &Resource) -> Self {
        self.resources.push(resource.id().to_owned());
        self
    }

    fn holds(&self, case: &Case<'_>) -> bool {
        let Self {
            name: _,
            users,
            resources,
            clients,
            flows,
            demand: _,
        } = self;
        let user = |upn: &String| upn.eq_ignore_ascii_case(case.user.upn);
        let resource = |name: &String| Resource::named(name) == Some(case.resource);
        let client = |id: &String| id.eq_ignore_ascii_case(case.client);
        (users.is_empty() || users.iter().any(user))
            && (resources.is_empty() || resources.iter().any(resource))
            && (clients.is_empty() || clients.iter().any(client))
            && (flows.is_empty() || flows.contains(&case.flow))
    }

    /// `claims` that send the next sign-in through this policy.
    fn claims(&self) -> String {
        let id = guid_of("policy", &self.name);
        json!({"access_token": {"capolids": {"essential": true, "values": [id]}}}).to_string()
    }
}

impl Policies {
    pub(crate) fn list(&self) -> Vec<Policy> {
        locked(&self.0).clone()
    }

    /// Adds `policy`, in place of the one with its name.
    pub(crate) fn put(&self, policy: Policy) {
        let mut policies = locked(&self.0);
        policies.retain(|other| other.name != policy.name);
        policies.push(policy);
    }

    pub(crate) fn clear(&self) {
        locked(&self.0).clear();
    }

    /// The refusal of the first policy that blocks.
    pub(crate) fn block(&self, case: &Case<'_>) -> Option<Refused> {
        locked(&self.0).iter().find_map(|policy| match policy.demand {
            Demand::Block(code) if policy.holds(case) => {
                Some(Refused::new(code).about(case.resource.id()).claims(policy.claims()))
            }
            Demand::Block(_) | Demand::Mfa => None,
        })
    }

    /// The refusal of the user's own rule, or of the first policy, that demands a second factor which is missing.
    pub(crate) fn second_factor(&self, case: &Case<'_>) -> Option<Refused> {
        if case.mfa {
            return None;
        }
        let code = if case.user.mfa == Mfa::NotEnrolled {
            50079
        } else {
            50076
        };
        let refused = Refused::new(code).about(case.resource.id());
        let policies = locked(&self.0);
        let holding = policies
            .iter()
            .find(|policy| policy.demand == Demand::Mfa && policy.holds(case));
        match holding {
            Some(policy) => Some(refused.claims(policy.claims())),
            None => (case.user.mfa != Mfa::ByPolicy).then_some(refused),
        }
    }
}

/// Whether the parameter `claims` sends a sign-in through a policy: that takes a second factor.
pub(crate) fn demands_mfa(claims: Option<&Value>) -> bool {
    claims.is_some_and(|claims| claims.pointer("/access_token/capolids").is_some())
}
