//! Which login and which subscription are meant.

use super::Request;
use super::fault::{self, Fault};
use crate::error::{Error, Kind};
use crate::services::{AzureLogin, Look, Subscription};

/// A login, and a subscription of it; none for a login that has none, which az calls a tenant level account.
pub(super) struct Account {
    pub(super) login: AzureLogin,
    pub(super) subscription: Option<Subscription>,
}

/// What a name is looked up in.
pub(super) enum Found {
    /// This one.
    Account(Box<Account>),
    /// There is no such subscription.
    None,
    /// Nobody knows of any subscription, so this one may well be there.
    NobodyKnows,
}

/// The account in use.
pub(super) fn in_use(request: &Request<'_>) -> Result<Account, Fault> {
    let login = request.services.subscriptions.in_use(&request.ask()?);
    let login = login.map_err(|error| fault::of(&error, None))?;
    Ok(Account {
        subscription: login.in_use.clone(),
        login,
    })
}

/// The logins with their subscriptions, the default one first.
pub(super) fn logins(request: &Request<'_>, look: Look) -> Result<Vec<AzureLogin>, Fault> {
    let logins = request.services.subscriptions.subscriptions(look);
    let logins = logins.map_err(|error| fault::of(&error, None))?;
    match logins.is_empty() {
        true => Err(fault::of(&Error::new(Kind::NotFound, "nobody is signed in"), None)),
        false => Ok(logins),
    }
}

/// The account of a subscription's id or name. Azure Resource Manager is asked only if what is held does not tell.
pub(super) fn named(request: &Request<'_>, text: &str, looks: &[Look]) -> Result<Found, Fault> {
    let mut found = Found::None;
    for look in looks {
        let logins = logins(request, *look)?;
        found = match of(logins, text) {
            Found::Account(account) => return Ok(Found::Account(account)),
            other => other,
        };
    }
    Ok(found)
}

fn of(logins: Vec<AzureLogin>, text: &str) -> Found {
    let known = logins.iter().any(|login| !login.subscriptions.is_empty());
    for login in logins {
        let subscription = login.subscriptions.iter().find(|one| one.is_called(text)).cloned();
        // A tenant level account has its tenant's id.
        let is_tenant = login.subscriptions.is_empty() && login.login.tenant.eq_ignore_ascii_case(text);
        if subscription.is_some() || is_tenant {
            return Found::Account(Box::new(Account { login, subscription }));
        }
    }
    if known { Found::None } else { Found::NobodyKnows }
}

/// There is no such subscription. az says `not found`, which the Databricks SDK for Java takes for "no az is installed".
pub(super) fn unknown(text: &str) -> Fault {
    fault::plain(&format!(
        "Subscription '{text}' is not known. Check the spelling and casing and try again."
    ))
}
