//! `subscriptions.json`: what Azure Resource Manager told of a login's subscriptions; `subscription.json`: the one in use, in a
//! file of its own, so that a warm call costs the same however many there are.

use super::file::cannot_write;
use super::{Cache, LoginId, VERSION, time};
use crate::error::{Error, Kind};
use crate::secret::pretty_json;
use crate::services::Subscription;
use serde::{Deserialize, Serialize};
use std::path::Path;

const LIST: &str = "subscriptions.json";
const IN_USE: &str = "subscription.json";

/// What is known of a login's subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// From when on they are worth asking for again, epoch seconds.
    pub ask_again_on: i64,
    /// In the order in which they were told.
    pub subscriptions: Vec<Subscription>,
}

#[derive(Serialize, Deserialize)]
struct List {
    version: u32,
    #[serde(deserialize_with = "time::seconds")]
    ask_again_on: i64,
    subscriptions: Vec<Subscription>,
}

#[derive(Serialize, Deserialize)]
struct InUse {
    version: u32,
    subscription: Subscription,
}

impl Cache<'_> {
    /// The subscription in use; nothing if there is none, or the file cannot be used.
    #[must_use]
    pub fn subscription_in_use(&self, id: &LoginId) -> Option<Subscription> {
        let file = self.read::<InUse>(&self.login_folder(id).join(IN_USE)).ok().flatten()?;
        (file.version == VERSION).then_some(file.subscription)
    }

    /// The subscriptions of a login; nothing if nobody asked yet, or the file cannot be used.
    #[must_use]
    pub fn subscriptions(&self, id: &LoginId) -> Option<Listed> {
        let file = self.read::<List>(&self.login_folder(id).join(LIST)).ok().flatten()?;
        (file.version == VERSION).then_some(Listed {
            ask_again_on: file.ask_again_on,
            subscriptions: file.subscriptions,
        })
    }

    /// Keeps what was told. The one in use stays so if it is still there; else the first that is enabled takes its place.
    ///
    /// # Errors
    /// `not_found` if somebody signed out meanwhile, `cache_busy`, `store_unavailable`; what was held stays as it was.
    pub fn store_subscriptions(&self, id: &LoginId, listed: &Listed) -> Result<(), Error> {
        let Listed {
            ask_again_on,
            subscriptions,
        } = listed;
        let before = self.subscription_in_use(id);
        let same = before.and_then(|before| subscriptions.iter().find(|now| now.id == before.id));
        let enabled = subscriptions
            .iter()
            .find(|subscription| subscription.state == "Enabled");
        let list = List {
            version: VERSION,
            ask_again_on: *ask_again_on,
            subscriptions: subscriptions.clone(),
        };
        self.changing(id, |folder| {
            self.replace(folder, LIST, &pretty_json(&list, 0), None)?;
            match same.or(enabled) {
                Some(subscription) => self.write_in_use(folder, subscription),
                None => Ok(()),
            }
        })
    }

    /// Makes a subscription the one in use.
    ///
    /// # Errors
    /// `not_found` if somebody signed out meanwhile, `cache_busy`, `store_unavailable`.
    pub fn use_subscription(&self, id: &LoginId, subscription: &Subscription) -> Result<(), Error> {
        self.changing(id, |folder| self.write_in_use(folder, subscription))
    }

    fn write_in_use(&self, folder: &Path, subscription: &Subscription) -> std::io::Result<()> {
        let file = InUse {
            version: VERSION,
            subscription: subscription.clone(),
        };
        self.replace(folder, IN_USE, &pretty_json(&file, 0), None).map(drop)
    }

    fn changing(&self, id: &LoginId, write: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<(), Error> {
        let folder = self.login_folder(id);
        if self.is_gone(id) {
            return Err(Error::new(Kind::NotFound, "this login is gone meanwhile"));
        }
        let _locks = self
            .writing(&folder)
            .map_err(|_| Error::new(Kind::CacheBusy, "another process is writing").hint("repeat the command"))?;
        write(&folder).map_err(|error| cannot_write("the subscriptions", &folder, &error))
    }
}
