//! `login`: signs in, and remembers it. The one verb that may involve a person.

mod secret;
mod told;
mod way;

use super::selectors::{SelectorFlags, ask, bad_flag};
use super::{Act, Answer};
use crate::error::Error;
use crate::flow;
use crate::how::How;
use crate::request::{Account, Ask, Claims};
use crate::services::SignIn;
use crate::world::World;
use way::WayFlags;

const EXAMPLES: &str = "Examples:
  entra-token login --host https://adb-1234567890123456.7.azuredatabricks.net
  entra-token login --device-code --tenant contoso.example
  entra-token login --paste --account ana@contoso.example
  printf '%s' \"$PASSWORD\" | entra-token login --username ana@contoso.example --password-stdin
  entra-token login --refresh-token-stdin --tenant contoso.example < refresh-token.txt

Without a way it takes the one that this place allows, and says which: the browser on a desktop and in WSL; over SSH
and in containers an address that is pasted here, or a device code where there is no terminal. Secrets are read from
standard input or from the terminal, never from an argument, where every process could see them.";

/// The flags of `login`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Login {
    /// Claims challenge to honour: JSON, or base64 of it as in `WWW-Authenticate` (default: none)
    #[arg(long, value_name = "CLAIMS")]
    claims: Option<String>,
    #[command(flatten)]
    way: WayFlags,
    #[command(flatten)]
    selectors: SelectorFlags,
}

impl Act for Login {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let said = self.selectors.said();
        let mut ask = ask(&said, "login", world)?;
        ask.terms.claims = self
            .claims
            .map(|text| Claims::parse(&text).map_err(|why| bad_flag("login", format!("`--claims`: {why}"))))
            .transpose()?;
        let chosen = self.way.choose(world, ask.explicit.account.as_ref())?;
        ask.terms.timeout = Some(chosen.network);
        as_whom(&mut ask, &chosen.how)?;
        if let Some(line) = &chosen.line {
            world.streams.err(&format!("{line}\n"));
        }
        let desk = super::desk(world)?;
        let signed_in = desk.sign_in(&ask, &chosen.how)?;
        if signed_in.flow == flow::password::ROW.name {
            flow::password::story(world);
        }
        Ok(Answer::text(&told::signed_in(world, &desk, &signed_in, &said)))
    }
}

/// Whose password was given must be who signs in.
fn as_whom(ask: &mut Ask, how: &How) -> Result<(), Error> {
    if let crate::how::Way::Password(user) = &how.way
        && ask.explicit.account.is_none()
    {
        let account = Account::parse(&user.username);
        ask.explicit.account = Some(account.map_err(|why| bad_flag("login", format!("`--username`: {why}")))?);
    }
    Ok(())
}
