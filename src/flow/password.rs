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
    redeem(world, &super::from_now(world, context), &form).map_err(|error| mistyped(error, context, &user.username))
}

/// Entra ID's number for a wrong name or password.
const WRONG_PASSWORD: u32 = 50_126;

/// Whoever mistyped wants the same way again; for any other refusal another way is the remedy.
fn mistyped(error: Error, context: &Context<'_>, username: &str) -> Error {
    let wrong = entra::codes::find(WRONG_PASSWORD).map_or(&[][..], |row| row.codes);
    let codes = error.details().map_or(&[][..], |details| &details.codes);
    if !codes.iter().any(|code| wrong.contains(code)) {
        return error;
    }
    let name = quoted(username);
    // `--username` says the account as well.
    let others = format!("{} ", context.sign_in).replacen(&format!(" --account {name} "), " ", 1);
    let same_way = format!("{} --username {name}", others.trim_end());
    let remedy = error.remedy().unwrap_or_default().replace(&context.sign_in, &same_way);
    error.hint(remedy)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::Patience;
    use crate::entra::testing::{Setting, Stage};

    fn remedy(code: u32) -> String {
        let stage = Stage::new()
            .answers(200, r#"{"account_type":"Managed"}"#)
            .answers(400, &format!(r#"{{"error":"invalid_grant","error_codes":[{code}]}}"#));
        let setting = Setting::new();
        let context = Context {
            sign_in: "entra-token login --account ana@contoso.example --resource r".to_owned(),
            ..setting.context(30, Patience::Once)
        };
        let user = Password {
            username: "ana@contoso.example".to_owned(),
            password: Some(Secret::new("planted".to_owned())),
        };
        let error = sign_in(&stage.world, &context, None, &user).unwrap_err();
        error.remedy().unwrap().to_owned()
    }

    #[test]
    fn a_wrong_password_is_typed_anew_and_anything_else_needs_another_way() {
        assert_eq!(
            remedy(WRONG_PASSWORD),
            "type it anew; run: entra-token login --resource r --username ana@contoso.example"
        );
        let other = remedy(50_076);
        assert!(
            other.contains("--account ana@contoso.example") && !other.contains("--username"),
            "{other}"
        );
    }
}
