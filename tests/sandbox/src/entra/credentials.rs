//! A user name and a password, compared.

use crate::directory::{Account, FEDERATED_DOMAIN, User};
use crate::entra::error::Refused;

/// The user of this name, if the password is the right one. A locked account is not even compared.
pub(crate) fn check(name: &str, password: &str) -> Result<&'static User, Refused> {
    let user = user(name)?;
    if user.account == Account::Locked {
        return Err(Refused::new(50053));
    }
    if password == user.password {
        Ok(user)
    } else {
        Err(Refused::new(50126))
    }
}

/// Whether the password is kept elsewhere, so that there is nothing here to compare with. On the page such a user is
/// taken all the same, as if the page of the other organization had been shown.
pub(crate) fn federated(user: &User) -> bool {
    user.upn.ends_with(FEDERATED_DOMAIN)
}

/// The user of this name.
pub(crate) fn user(name: &str) -> Result<&'static User, Refused> {
    let name = name.trim();
    User::named(name).ok_or_else(|| Refused::new(50034).about(name))
}
