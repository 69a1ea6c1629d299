//! Who signs in to what: registrations, policies, and what a person would do.

use crate::app::AppRegistration;
use crate::directory::User;
use crate::entra::signin;
use crate::error::Result;
use crate::person::Person;
use crate::policy::Policy;
use crate::sandbox::Sandbox;
use crate::token::device::Standing;

impl Sandbox {
    /// Lets the authorization endpoint answer at once, without a page, for the user whom `login_hint` names, or else for
    /// `user`. This user also approves device codes, at the first poll.
    pub fn auto_approve(&self, user: &User) {
        self.change(|settings| {
            settings.auto_approve = Some(user.upn.to_owned());
            settings.device_auto_approve = Some(1);
        });
    }

    /// Registers an application, in place of the one with its id.
    pub fn app(&self, app: AppRegistration) {
        self.state.apps.put(app);
    }

    /// Deletes a registration (AADSTS700016 from now on); says whether there was one.
    pub fn remove_app(&self, client_id: &str) -> bool {
        self.state.apps.remove(client_id)
    }

    /// Adds a Conditional Access policy, in place of the one with its name.
    pub fn policy(&self, policy: Policy) {
        self.state.policies.put(policy);
    }

    /// Deletes all policies.
    pub fn clear_policies(&self) {
        self.state.policies.clear();
    }

    /// What the second factor of `user` shows, while a page asks for it.
    pub fn second_factor(&self, user: &User) -> Option<String> {
        self.state.signins.number(&self.state, user)
    }

    /// This user at a browser that knows this sandbox.
    pub fn person(&self, user: &'static User) -> Result<Person> {
        Ok(Person::new(self.client()?, &self.authority(), &self.control(), user))
    }

    /// The user codes that wait for somebody, the newest last.
    pub fn user_codes(&self) -> Vec<String> {
        self.state.devices.user_codes()
    }

    /// Does for the device of this user code all that `user` would do on the page; false where nothing waits.
    pub fn approve_device(&self, user_code: &str, user: &'static User) -> bool {
        let waiting = self.state.devices.waiting(user_code, self.state.clock.now());
        let done = waiting.map(|request| signin::stand_in(&self.state, user_code, &request, user));
        done.is_ok()
    }

    /// Declines for the device of this user code; false where nothing waits.
    pub fn decline_device(&self, user_code: &str) -> bool {
        self.state.devices.answer(user_code, Standing::Declined)
    }
}
