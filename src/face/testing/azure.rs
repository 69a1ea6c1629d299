//! What a caller's services answer to the face of Azure's CLI.

use super::{Fake, TENANT};
use crate::error::Error;
use crate::how::{How, Way};
use crate::request::{Ask, Authority, Selectors};
use crate::services::{AzureLogin, Choice, LoginSummary, Look, Reason, SignIn, SignedIn, Subscription, Subscriptions};

/// A login without subscriptions.
impl Subscriptions for Fake {
    fn in_use(&self, _: &Ask) -> Result<AzureLogin, Error> {
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => Ok(AzureLogin {
                login: LoginSummary {
                    id: "0".repeat(32),
                    account: "ana@contoso.example".to_owned(),
                    tenant: TENANT.to_owned(),
                },
                cloud: "AzureCloud".to_owned(),
                resource_manager: "https://management.core.windows.net/".to_owned(),
                in_use: None,
                subscriptions: Vec::new(),
            }),
        }
    }

    fn subscriptions(&self, _: Look) -> Result<Vec<AzureLogin>, Error> {
        self.in_use(&Ask::default()).map(|login| vec![login])
    }

    fn use_subscription(&self, _: &AzureLogin, _: &Subscription) -> Result<(), Error> {
        Err(self.refused("there is none"))
    }
}

impl Choice for Fake {
    fn make_default(&self, _: &Selectors) -> Result<LoginSummary, Error> {
        Err(self.refused("nothing is to be chosen"))
    }

    fn cloud(&self) -> Result<Option<Authority>, Error> {
        Ok(None)
    }

    fn choose_cloud(&self, _: Option<&Authority>) -> Result<(), Error> {
        Err(self.refused("nothing is to be chosen"))
    }

    fn why(&self, _: &Ask) -> Result<Vec<Reason>, Error> {
        Err(self.refused("nobody asks why"))
    }
}

impl SignIn for Fake {
    fn sign_in(&self, _: &Ask, _: &How) -> Result<SignedIn, Error> {
        Err(self.refused("nobody is to sign in"))
    }

    fn usual_way(&self) -> Result<(Way, String), Error> {
        Err(self.refused("nobody is to sign in"))
    }
}
