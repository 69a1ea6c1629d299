//! The resource owner password credentials grant (RFC 6749 §4.3), for accounts whose password Entra ID checks itself.

use super::paste::not_read;
use super::{Row, tell};
use crate::entra::{self, Answer, Context, Form, Realm, redeem};
use crate::error::{Error, Kind};
use crate::how::Password;
use crate::request::Claims;
use crate::secret::Secret;
use crate::world::World;
use crate::world::terminal::Echo;

/// This flow.
pub const ROW: Row = Row {
    name: "password",
    about: "user name and password (deprecated by Microsoft)",
};

/// Longest password in bytes: Entra's is 256 characters.
const LIMIT: usize = 4096;

/// Finds out who checks the password, asks for it if it is not given, and redeems it.
///
/// # Errors
/// `denied` for a federated account, `cancelled` on Ctrl-C, and as [`redeem()`].
pub fn sign_in(
    world: &World,
    context: &Context<'_>,
    claims: Option<&Claims>,
    user: &Password,
) -> Result<Answer, Error> {
    if let Realm::Federated { domain } = entra::realm_of(world, &super::from_now(world, context), &user.username)? {
        let domain = domain.map_or_else(String::new, |domain| format!(" `{domain}`"));
        return Err(Error::new(
            Kind::Denied,
            format!(
                "`{}` is a federated account: its password is checked by the organisation's own server{domain}, not by Entra ID",
                user.username
            ),
        )
        .hint(format!("sign in with the browser, run: {}", context.sign_in)));
    }
    let password = match &user.password {
        Some(password) => password.clone(),
        None => ask(world, &user.username)?,
    };
    let form = Form::new()
        .plain("client_id", context.client_id.as_str())
        .plain("grant_type", "password")
        .plain("client_info", "1")
        .optional("claims", claims.map(Claims::as_str))
        .plain("username", user.username.as_str())
        .secret("password", &password)
        .plain("scope", context.scopes.on_the_wire());
    redeem(world, &super::from_now(world, context), &form)
}

fn ask(world: &World, username: &str) -> Result<Secret, Error> {
    if !world.terminal.is_there() {
        return Err(
            Error::new(Kind::Config, "there is no terminal to ask for the password at").hint(
                "give it by `--password-stdin`, such as: entra-token login --username NAME --password-stdin < FILE",
            ),
        );
    }
    let question = format!("password of {username} (not shown): ");
    match world.terminal.read_line(&question, Echo::Hidden, LIMIT, &mut || false) {
        Ok(Some(password)) if !password.is_empty() => Ok(password),
        Ok(_) => Err(Error::new(Kind::Cancelled, "no password was typed; nothing was stored")),
        Err(why) => Err(not_read(&why)),
    }
}

/// What a person should know who signs in this way.
pub fn story(world: &World) {
    tell(
        world,
        "note: Microsoft is retiring sign-in by password alone; it fails wherever multi-factor authentication is asked for.\n\
         `entra-token login` with a browser lasts longer; for programs use a service principal or a managed identity",
    );
}
