//! `use`: chooses the default among several logins.

use super::selectors::{self, SelectorFlags, bad_flag};
use super::{Act, Answer};
use crate::config::{Field, Said};
use crate::error::Error;
use crate::services::{Choice as _, LoginSummary};
use crate::world::World;

const EXAMPLES: &str = "Examples:
  entra-token use ana@contoso.example
  entra-token use --cloud usgov

The default is used by calls that name no account, and whose profile, host and tenant remember none.";

/// The flags of `use`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Use {
    /// User name, or id of a login as `status` shows it; short for `--account`
    #[arg(value_name = "ACCOUNT|ID")]
    login: Option<String>,
    #[command(flatten)]
    selectors: SelectorFlags,
}

impl Act for Use {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let said = self.said()?;
        let selectors = selectors::read(&said, "use")?;
        let LoginSummary { id, account, tenant } = super::desk(world)?.make_default(&selectors)?;
        Ok(Answer::text(&format!(
            "{account} of tenant {tenant} (id {id}) is the default login now\n"
        )))
    }
}

impl Use {
    fn said(self) -> Result<Said, Error> {
        let mut said = self.selectors.said();
        match self.login {
            Some(_) if said.get(Field::Account).is_some() => Err(bad_flag(
                "use",
                "the login is named twice, as a word and by `--account`".to_owned(),
            )),
            Some(login) => {
                said.say(Field::Account, login);
                Ok(said)
            }
            None if said == Said::default() => Err(bad_flag("use", "`use` needs to know which login".to_owned())
                .hint("run `entra-token status` to see them, then: entra-token use ACCOUNT")),
            None => Ok(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn said(args: &[&str]) -> Result<Said, Error> {
        let args = std::iter::once("use").chain(args.iter().copied());
        Use::try_parse_from(args).unwrap().said()
    }

    #[test]
    fn a_login_must_be_named_once() {
        assert_eq!(said(&["a@x.example"]).unwrap().get(Field::Account), Some("a@x.example"));
        assert_eq!(said(&["--tenant", "t"]).unwrap().get(Field::Tenant), Some("t"));
        assert!(
            said(&[])
                .unwrap_err()
                .remedy()
                .unwrap()
                .contains("entra-token use ACCOUNT")
        );
        assert!(said(&["a", "--account", "b"]).unwrap_err().message().contains("twice"));
    }
}
