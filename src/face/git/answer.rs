//! What git is answered.

use super::Asked;
use crate::error::{Error, Kind};
use crate::token::Credential;
use zeroize::Zeroizing;

/// The answer of `capability`.
pub(super) const CAPABILITIES: &[u8] = b"version 0\ncapability authtype\n";

/// The user name that goes with a token as password: Azure Repos takes any but an empty one.
const ANY_USER: &str = "EntraToken";

/// A token: as a header of its own if git can send one, else as the password. It is echoed that it can, since git drops
/// what depends on it otherwise.
///
/// # Errors
/// A token that would break out of its line.
pub(super) fn credential(asked: &Asked, credential: &Credential, expiry: i64) -> Result<Zeroizing<Vec<u8>>, Error> {
    let token = credential.access_token.expose();
    if [token, &credential.token_type]
        .iter()
        .any(|text| text.chars().any(char::is_control))
    {
        return Err(Error::new(Kind::Internal, "the token holds a control character")
            .hint("get a new one: entra-token get --force-refresh"));
    }
    let expiry = expiry.to_string();
    // `concat` has room for all of it from the start.
    let text = if asked.takes_authtype {
        [
            "capability[]=authtype\nauthtype=",
            &credential.token_type,
            "\ncredential=",
            token,
            "\nephemeral=1\npassword_expiry_utc=",
            &expiry,
            "\n",
        ]
        .concat()
    } else {
        let fits = |name: &&str| !name.is_empty() && !name.contains(':') && !name.chars().any(char::is_control);
        let user = asked.username.as_deref().filter(fits).unwrap_or(ANY_USER);
        [
            "username=",
            user,
            "\npassword=",
            token,
            "\npassword_expiry_utc=",
            &expiry,
            "\n",
        ]
        .concat()
    };
    Ok(Zeroizing::new(text.into_bytes()))
}
