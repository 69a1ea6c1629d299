//! Ways to get a token: a file and a row each, and what several of them need. A flow never reads the cache.

mod arrival;
mod authorize;
pub mod browser;
pub mod device_code;
pub mod page;
pub mod password;
pub mod paste;
mod pasted;
pub mod place;
mod random;
pub mod redirect;
pub mod refresh;

use crate::entra::{Answer, Context};
use crate::error::Error;
use crate::how::{How, Way};
use crate::world::World;
use std::time::Duration;

/// One way.
pub struct Row {
    /// The word by which a login remembers it and a person chooses it.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
}

/// Every way.
pub const FLOWS: [Row; 5] = [refresh::ROW, browser::ROW, paste::ROW, device_code::ROW, password::ROW];

/// How long the authority may take for each question while a person is waited for.
const NETWORK: Duration = Duration::from_secs(30);

/// What becomes of an answer: it is checked and remembered. A browser is told of success only after that.
pub type Keep<'k> = &'k mut dyn FnMut(&Answer) -> Result<(), Error>;

/// Signs a person in and has `keep` see to the answer, once.
///
/// # Errors
/// Any [`crate::error::Kind`], and what `keep` says.
pub fn sign_in(world: &World, context: &Context<'_>, how: &How, keep: Keep<'_>) -> Result<(), Error> {
    let How { way, page, patience } = how;
    let answer = match way {
        Way::Browser(redirect) => return browser::sign_in(world, context, page, redirect, *patience, keep),
        Way::Paste { port } => return paste::sign_in(world, context, page, *port, *patience, keep),
        Way::RefreshToken(held) => refresh::refresh(world, context, held),
        Way::DeviceCode => device_code::sign_in(world, context, *patience),
        Way::Password(user) => password::sign_in(world, context, user, *patience),
    };
    keep(&answer?)
}

/// The name of the way, by which a login remembers it.
#[must_use]
pub const fn name(way: &Way) -> &'static str {
    match way {
        Way::RefreshToken(_) => refresh::ROW.name,
        Way::Browser(_) => browser::ROW.name,
        Way::Paste { .. } => paste::ROW.name,
        Way::DeviceCode => device_code::ROW.name,
        Way::Password(_) => password::ROW.name,
    }
}

/// The same context with a deadline of its own: a person has taken the time of the one before.
fn from_now<'c>(world: &World, context: &Context<'c>) -> Context<'c> {
    Context {
        until: world.clock.monotonic() + NETWORK,
        ..context.clone()
    }
}

/// Tells the person something, on standard error.
fn tell(world: &World, text: &str) {
    world.streams.err(&format!("{text}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = FLOWS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), FLOWS.len());
    }
}
