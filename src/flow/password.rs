//! The resource owner password credentials grant (RFC 6749 §4.3), for accounts whose password Entra ID checks itself.

use super::paste::not_read;
use super::{Row, tell};
use crate::entra::{self, Answer, Context, Form, Realm, redeem};
use crate::error::{Error, Kind};
use crate::how::Password;
use crate::remedy::quoted;
use crate::request::Claims;
use crate::secret::Secret;
use crate::world::World;
use crate::world::terminal::Echo;
use std::time::Duration;

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
/// `denied` for a federated account, `cancelled` on Ctrl-C, `timeout` if nothing is typed, and as [`redeem()`].
pub fn sign_in(world: &World, context: &Context<'_>, user: &Password, patience: Duration) -> Result<Answer, Error> {
    if let Realm::Federated { domain } = entra::realm_of(world, &super::from_now(world, context), &user.username)? {
        let domain = domain.map_or_else(String::new, |domain| format!(" `{domain}`"));
        return Err(Error::new(
            Kind::Denied,
            format!(
                "`{}` is a federated account: its password is checked by the organisation's own server{domain}, not by Entra ID",
                user.username
            ),
        )
        .hint(format!("sign in with the browser, run: {}", context.again())));
    }
    let password = match &user.password {
        Some(password) => password.clone(),
        None => ask(world, context, &user.username, patience)?,
    };
    let form = Form::new()
        .plain("client_id", context.client_id.as_str())
        .plain("grant_type", "password")
        .plain("client_info", "1")
        .optional("claims", context.claims.map(Claims::as_str))
        .plain("username", user.username.as_str())
        .secret("password", &password)
        .plain("scope", context.scopes.on_the_wire());
    redeem(world, &super::from_now(world, context), &form).map_err(|error| advised(error, context, &user.username))
}

/// Asks at the terminal.
fn ask(world: &World, context: &Context<'_>, username: &str, patience: Duration) -> Result<Secret, Error> {
    if !world.terminal.is_there() {
        return Err(
            Error::new(Kind::Config, "there is no terminal to ask for the password at").hint(format!(
                "run: {} --password-stdin < FILE, where the first line of FILE is the password",
                by_password(context, username)
            )),
        );
    }
    let question = format!("password of {username} (not shown): ");
    let until = world.clock.monotonic() + patience;
    let mut is_over = || world.clock.monotonic() >= until;
    match world.terminal.read_line(&question, Echo::Hidden, LIMIT, &mut is_over) {
        Ok(Some(password)) if !password.is_empty() => Ok(password),
        Ok(Some(_)) => Err(Error::new(Kind::Cancelled, "no password was typed; nothing was stored")
            .hint(format!("run: {}", by_password(context, username)))),
        Ok(None) => Err(Error::new(
            Kind::Timeout,
            format!("no password was typed within {} s", patience.as_secs()),
        )
        .hint(format!(
            "run `{}` again, with `--timeout` for more time",
            by_password(context, username)
        ))),
        Err(why) => Err(not_read(context, &why)),
    }
}

/// The table's advice is for whoever has a browser; here it is to be said that a browser is what helps, or that it is not
/// needed.
fn advised(error: Error, context: &Context<'_>, username: &str) -> Error {
    const MISTYPED: [u32; 3] = [50_056, 50_064, 50_126];
    let codes = error
        .details()
        .map(|details| details.codes.as_slice())
        .unwrap_or_default();
    let advice = match error.remedy() {
        _ if codes.iter().any(|code| MISTYPED.contains(code)) => {
            format!("type it anew, run: {}", by_password(context, username))
        }
        Some(remedy) if error.kind() == Kind::InteractionRequired && remedy.starts_with("run: ") => {
            format!("a password alone is not enough, sign in with the browser; {remedy}")
        }
        _ => return error,
    };
    error.hint(advice)
}

/// The command that signs in by password again: it names the account once.
fn by_password(context: &Context<'_>, username: &str) -> String {
    let (again, name) = (context.again(), quoted(username));
    let (account, flag) = (format!(" --account {name}"), format!(" --username {name}"));
    match again.contains(&account) {
        true => again.replacen(&account, &flag, 1),
        false => again + &flag,
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
