//! A user name and a password, compared.

use crate::directory::{Account, FEDERATED_DOMAIN, User};
use crate::entra::error::Refused;

/// The user of this name, if the password is the right one. A locked account is not even compared.
pub(crate) fn check(name: &str, password: &str) -> Result<&'static User, Refused> {
    let user = user(name)?;
    if user.account == Account::Locked {
        return Err(Refused::new(50053));
    }
    // The real one would send a federated user's password nowhere; it has none to compare with.
    let federated = user.upn.ends_with(FEDERATED_DOMAIN);
    if password != user.password || federated {
        return Err(Refused::new(50126));
    }
    Ok(user)
}

/// The user of this name.
pub(crate) fn user(name: &str) -> Result<&'static User, Refused> {
    let name = name.trim();
    User::named(name).ok_or_else(|| Refused::new(50034).about(name))
}
