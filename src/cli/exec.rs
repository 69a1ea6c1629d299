//! `exec`: runs one command with a token in its environment, and nowhere else.

use super::get::timeout;
use super::selectors::{self, SelectorFlags, bad_flag};
use super::{Act, Answer};
use crate::config;
use crate::error::Error;
use crate::request::{Ask, Host};
use crate::secret::Secret;
use crate::services::{Directory as _, Tokens as _};
use crate::token::Credential;
use crate::world::World;
use std::ffi::OsString;

const EXAMPLES: &str = "Examples:
  entra-token exec --host https://adb-1234567890123456.7.azuredatabricks.net -- databricks clusters list
  entra-token exec --env PGPASSWORD -- psql 'host=instance.database.azuredatabricks.net sslmode=require'
  entra-token exec --resource https://management.azure.com/ --env TOKEN --env UNTIL=expires_on -- ./deploy.sh

Without --env the command gets DATABRICKS_TOKEN, DATABRICKS_AUTH_TYPE=pat and, where the host is known, DATABRICKS_HOST.
It takes our place: its streams, signals and exit status are its own. A token lives for about an hour, and the command
gets no other one; what runs longer should call entra-token itself.

Fields:
  access_token  the token (what --env NAME alone means)      expires_on  epoch seconds
  header        Authorization: Bearer …                      expiry      RFC 3339, UTC
  token_type    Bearer                                       tenant, account, host";

/// The flags of `exec`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Exec {
    /// Variable to set, to a field named below; repeatable (default: what Databricks' tools read)
    #[arg(long, value_name = "NAME[=FIELD]")]
    env: Vec<String>,
    /// Seconds that the token must live on, unless it was minted just now (default: 300)
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    min_ttl: Option<String>,
    /// Seconds for all waiting and networking together (default: 30)
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    timeout: Option<String>,
    #[command(flatten)]
    selectors: SelectorFlags,
    /// The command and its arguments, after `--`
    #[arg(value_name = "COMMAND", last = true, required = true)]
    command: Vec<OsString>,
}

impl Act for Exec {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let wanted = self
            .env
            .iter()
            .map(|text| Wanted::parse(text))
            .collect::<Result<Vec<_>, _>>()?;
        let timeout = timeout(self.timeout.as_deref(), "exec")?;
        let Some((program, args)) = self.command.split_first() else {
            return Err(bad_flag("exec", "there is no command".to_owned()));
        };
        let mut said = self.selectors.said();
        if let Some(text) = self.min_ttl {
            said.say(config::Field::MinTtl, text);
        }
        let mut ask = selectors::ask(&said, "exec", world)?;
        ask.terms.timeout = Some(timeout);
        let variables = variables(world, &ask, &wanted)?;
        let exit = world.processes.become_program(program, args, &variables)?;
        Ok(Answer::ended(exit))
    }
}

/// What the command gets.
fn variables(world: &World, ask: &Ask, wanted: &[Wanted]) -> Result<Vec<(String, Secret)>, Error> {
    let desk = super::desk(world)?;
    let host = desk.host(ask)?;
    let credential = desk.token(ask)?.credential;
    if !wanted.is_empty() {
        let value = |wanted: &Wanted| Ok((wanted.name.clone(), wanted.field.of(&credential, host.as_ref())?));
        return wanted.iter().map(value).collect();
    }
    let mut variables = vec![
        ("DATABRICKS_TOKEN".to_owned(), credential.access_token.clone()),
        // Of all ways to sign in that the environment may name, this one.
        ("DATABRICKS_AUTH_TYPE".to_owned(), Secret::new("pat".to_owned())),
    ];
    variables.extend(host.map(|host| ("DATABRICKS_HOST".to_owned(), Secret::new(host.url()))));
    Ok(variables)
}

/// A variable and what it is set to.
#[derive(Debug)]
struct Wanted {
    name: String,
    field: Field,
}

/// What a variable can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    AccessToken,
    Header,
    TokenType,
    ExpiresOn,
    Expiry,
    Tenant,
    Account,
    Host,
}

const FIELDS: [(&str, Field); 8] = [
    ("access_token", Field::AccessToken),
    ("header", Field::Header),
    ("token_type", Field::TokenType),
    ("expires_on", Field::ExpiresOn),
    ("expiry", Field::Expiry),
    ("tenant", Field::Tenant),
    ("account", Field::Account),
    ("host", Field::Host),
];

impl Wanted {
    fn parse(text: &str) -> Result<Self, Error> {
        let (name, field) = text.split_once('=').unwrap_or((text, "access_token"));
        let starts = name
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        if !starts || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(bad_flag("exec", "`--env`: expected the name of a variable".to_owned()));
        }
        if let Some(kept) = kept(name) {
            return Err(bad_flag(
                "exec",
                format!("`--env`: the command needs {kept} as it is; choose another name"),
            ));
        }
        let Some((_, field)) = FIELDS.into_iter().find(|(known, _)| *known == field) else {
            let known: Vec<_> = FIELDS.iter().map(|(known, _)| format!("`{known}`")).collect();
            return Err(bad_flag(
                "exec",
                format!("`--env`: a field is one of {}", known.join(", ")),
            ));
        };
        Ok(Self {
            name: name.to_owned(),
            field,
        })
    }
}

/// What a variable is called that no token may take the place of: it decides which code runs, or whose files are read.
fn kept(name: &str) -> Option<String> {
    // On Windows their case does not matter.
    let name = name.to_ascii_uppercase();
    let whole = ["PATH", "HOME"].into_iter().find(|kept| name == *kept);
    let begin = ["LD_", "DYLD_"].into_iter().find(|kept| name.starts_with(kept));
    whole
        .map(|kept| format!("`{kept}`"))
        .or_else(|| begin.map(|kept| format!("what begins with `{kept}`")))
}

impl Field {
    fn of(self, credential: &Credential, host: Option<&Host>) -> Result<Secret, Error> {
        let text = match self {
            Self::AccessToken => return Ok(credential.access_token.clone()),
            Self::Header => [
                "Authorization: ",
                &credential.token_type,
                " ",
                credential.access_token.expose(),
            ]
            .concat(),
            Self::TokenType => credential.token_type.clone(),
            Self::ExpiresOn => credential.expires_on.to_string(),
            Self::Expiry => crate::localtime::rfc3339_utc(credential.expires_on),
            Self::Tenant => credential.tenant.clone(),
            Self::Account => credential.account.clone().unwrap_or_default(),
            Self::Host => match host {
                Some(host) => host.url(),
                None => {
                    return Err(bad_flag(
                        "exec",
                        "`--env`: no host is known; name it with `--host`".to_owned(),
                    ));
                }
            },
        };
        Ok(Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_fields() {
        let wanted = Wanted::parse("TOKEN").unwrap();
        assert_eq!((wanted.name.as_str(), wanted.field), ("TOKEN", Field::AccessToken));
        for (name, field) in FIELDS {
            assert_eq!(Wanted::parse(&format!("_X1={name}")).unwrap().field, field);
        }
        for text in ["PATH", "Path=header", "HOME", "LD_PRELOAD", "DYLD_X=host"] {
            let told = Wanted::parse(text).expect_err(text).to_string();
            assert!(told.ends_with(" as it is; choose another name"), "{told}");
        }
        assert!(Wanted::parse("PATH_TOKEN").is_ok());
        for text in ["", "=expiry", "1X", "A B", "X=", "X=refresh_token", "PLANTED\n=x", "Ü"] {
            let told = Wanted::parse(text).expect_err(text).to_string();
            assert!(told.starts_with("`--env`: ") && !told.contains("PLANTED"), "{told}");
        }
    }
}
