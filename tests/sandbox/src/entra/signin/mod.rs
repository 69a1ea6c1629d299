//! A person signs in: from page to page until nothing is missing, for an application or for a device.

use serde::Serialize;

use crate::app::AppRegistration;
use crate::directory::{Resource, User};
use crate::entra::admission::Visit;
use crate::entra::authorize::wanted::{Prompt, Wanted};
use crate::entra::error::Refused;
use crate::entra::scope::Asked;
use crate::policy::{self, Flow};
use crate::random;
use crate::state::State;
use crate::token::device;

mod answers;
mod begin;
pub(crate) mod session;
mod submit;
mod waiting;

pub(crate) use begin::{begin, stand_in};
pub(crate) use submit::submit;
pub(crate) use waiting::Waiting;

/// A sign-in under way.
#[derive(Clone)]
pub(crate) struct Signin {
    pub(crate) purpose: Purpose,
    pub(crate) app: AppRegistration,
    pub(crate) resource: &'static Resource,
    /// What the person has typed, before the password.
    pub(crate) name: Option<String>,
    /// Who has shown the password, or a session.
    pub(crate) user: Option<&'static User>,
    /// Whether a session's account is still to be chosen.
    pub(crate) choose: Option<&'static User>,
    pub(crate) mfa: bool,
    /// What the second factor says.
    pub(crate) number: String,
    pub(crate) confirmed: bool,
    pub(crate) accepted: bool,
    /// Why it ended, while the person reads it.
    pub(crate) refused: Option<Refused>,
}

/// What the sign-in is for.
#[derive(Clone)]
pub(crate) enum Purpose {
    Application(Wanted),
    Device {
        user_code: String,
        request: device::Request,
    },
}

/// What a person must do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Choose,
    Name,
    Password,
    SecondFactor,
    /// Whether this is the application that the person meant to let in.
    Confirm,
    Consent,
}

impl Signin {
    /// For an application that waits at its redirect URI.
    pub(crate) fn authorize(wanted: Wanted, app: AppRegistration, asked: &Asked) -> Self {
        Self::new(Purpose::Application(wanted), app, asked.resource)
    }

    /// For a device that polls.
    pub(crate) fn device(
        user_code: String,
        request: device::Request,
        app: AppRegistration,
        resource: &'static Resource,
    ) -> Self {
        Self::new(Purpose::Device { user_code, request }, app, resource)
    }

    fn new(purpose: Purpose, app: AppRegistration, resource: &'static Resource) -> Self {
        let [a, b, c] = random::bytes::<3>().map(u32::from);
        Self {
            purpose,
            app,
            resource,
            name: None,
            user: None,
            choose: None,
            mfa: false,
            number: format!("{:06}", (a << 16 | b << 8 | c) % 1_000_000),
            confirmed: false,
            accepted: false,
            refused: None,
        }
    }

    /// As somebody who does all that is asked.
    pub(crate) fn willing(mut self, user: &'static User) -> Self {
        self.user = Some(user);
        self.choose = None;
        self.confirmed = true;
        self.accepted = true;
        self
    }

    /// What is missing; nothing when the sign-in is complete.
    pub(crate) fn next(&self, state: &State) -> Result<Option<Step>, Refused> {
        let Some(user) = self.user else {
            return Ok(Some(match (&self.choose, &self.name) {
                (Some(_), _) => Step::Choose,
                (None, None) => Step::Name,
                (None, Some(_)) => Step::Password,
            }));
        };
        let (tenant, claims, flow, ask_again) = match &self.purpose {
            Purpose::Application(wanted) => (
                wanted.tenant,
                &wanted.claims,
                Flow::Browser,
                wanted.prompt == Prompt::Consent,
            ),
            Purpose::Device { user_code: _, request } => (request.tenant, &request.claims, Flow::DeviceCode, false),
        };
        let visit = Visit {
            app: &self.app,
            tenant,
            user,
            resource: self.resource,
            flow,
            mfa: self.mfa,
        };
        visit.enter()?;
        if let Some(refused) = visit.blocked(state) {
            return Err(refused);
        }
        let claimed = policy::demands_mfa(claims.as_ref()) && !self.mfa;
        if claimed || visit.second_factor(state).is_some() {
            return Ok(Some(Step::SecondFactor));
        }
        let device = matches!(self.purpose, Purpose::Device { .. });
        if device && !self.confirmed {
            return Ok(Some(Step::Confirm));
        }
        let consent = visit.consent_page(state)? || ask_again;
        Ok((consent && !self.accepted).then_some(Step::Consent))
    }
}
