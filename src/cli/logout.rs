//! `logout`: forgets a login and its tokens.

use super::selectors::SelectorFlags;
use super::{Act, Answer};
use crate::error::Error;
use crate::services::{Accounts as _, Forgotten};
use crate::world::World;

const EXAMPLES: &str = "Examples:
  entra-token logout
  entra-token logout --account ana@contoso.example
  entra-token logout --all

Without a selector the default login is meant. This machine forgets it; the refresh token itself stays valid at Entra ID
until it expires or is revoked.";

/// The flags of `logout`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Logout {
    /// Every login that fits, or every login at all
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selectors: SelectorFlags,
}

impl Act for Logout {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let selectors = self.selectors.read("logout")?;
        let forgotten = super::desk(world)?.forget(&selectors, self.all)?;
        Ok(Answer::text(&told(&forgotten)))
    }
}

fn told(forgotten: &[Forgotten]) -> String {
    let mut text = String::new();
    for Forgotten {
        id,
        account,
        tenant,
        tokens,
    } in forgotten
    {
        let tokens = match tokens {
            1 => "1 access token".to_owned(),
            count => format!("{count} access tokens"),
        };
        let who = match account.as_str() {
            "" => "a login that could not be read".to_owned(),
            account => format!("{account} of tenant {tenant}"),
        };
        text.push_str(&format!(
            "signed out {who} (id {id}); deleted its refresh token and {tokens}\n"
        ));
    }
    text.push_str(
        "note: Entra ID does not learn of this: tokens that were copied elsewhere stay valid until they expire or are revoked
  to revoke them, sign out everywhere at https://mysignins.microsoft.com, or ask an administrator to revoke your sessions
",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_forgotten_and_what_was_not() {
        let one = |tokens| Forgotten {
            id: "abc".into(),
            account: "ana@contoso.example".into(),
            tenant: "t-1".into(),
            tokens,
        };
        let text = told(&[one(1), one(2)]);
        assert!(text.starts_with(
            "signed out ana@contoso.example of tenant t-1 (id abc); deleted its refresh token and 1 access token\n"
        ));
        assert!(text.contains("and 2 access tokens\n"));
        assert!(text.contains("stay valid until they expire or are revoked"));
    }
}
