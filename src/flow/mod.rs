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

/// Signs a person in; the answer, and the row of the way.
///
/// # Errors
/// Any [`crate::error::Kind`].
pub fn sign_in(world: &World, context: &Context<'_>, how: &How) -> Result<(Answer, &'static str), Error> {
    let How { way, page, patience } = how;
    let (answer, row) = match way {
        Way::RefreshToken(held) => (refresh::refresh(world, context, held), refresh::ROW),
        Way::Browser(redirect) => (
            browser::sign_in(world, context, page, redirect, *patience),
            browser::ROW,
        ),
        Way::Paste { port } => (paste::sign_in(world, context, page, *port, *patience), paste::ROW),
        Way::DeviceCode => (device_code::sign_in(world, context, *patience), device_code::ROW),
        Way::Password(user) => (password::sign_in(world, context, user, *patience), password::ROW),
    };
    answer.map(|answer| (answer, row.name))
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
