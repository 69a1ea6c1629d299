//! Runs a face: gives it its arguments, its variables, the streams, and the services.

use super::report;
use crate::config;
use crate::desk::Desk;
use crate::error::{Error, Kind};
use crate::face::{Also, Call, Face, Io, Outcome, Services};
use crate::how::{How, Way};
use crate::request::{Ask, Authority, Selectors};
use crate::secret::Secret;
use crate::services::{
    Accounts, AzureLogin, Choice, DatabricksFile, Forgotten, LoginSummary, Look, Reason, Registries, SignIn, SignedIn,
    Subscription, Subscriptions, Tokens, Workspaces,
};
use crate::status::Status;
use crate::token::Granted;
use crate::world::World;
use std::ffi::OsString;
use std::io::{self, BufRead};
use std::sync::OnceLock;

/// Answers one call of a face; the exit status.
pub(crate) fn run(face: &Face, args: &[OsString], world: &World) -> u8 {
    let set = |name: &'static str| world.environment.var(name).map(|value| (name, value));
    let offset = |epoch: i64| world.zone.offset_at(epoch);
    let mut call = Call {
        args,
        variables: face.variables.iter().copied().filter_map(set).collect(),
        now: world.clock.now(),
        offset: &offset,
        is_behind: &|tool| world.processes.is_behind(tool),
        io: &Stdio(world),
    };
    let desk = OnDemand {
        world,
        desk: OnceLock::new(),
    };
    let services = Services {
        tokens: &desk,
        accounts: &desk,
        choice: &desk,
        sign_in: &desk,
        subscriptions: &desk,
        workspaces: &desk,
        registries: &desk,
    };
    match (face.run)(&mut call, &services) {
        Outcome::Done(exit) => exit,
        Outcome::Forward(tool) => forward(tool, args, world, None),
        Outcome::ForwardElse(tool, told, exit) => forward(tool, args, world, Some((&told, exit))),
        Outcome::Then(tool, exit) => forward(tool, args, world, Some(("", exit))),
        Outcome::Also(also) => by_another_too(&also, args, world),
    }
}

/// Lets the true tool do too what was done here.
fn by_another_too(also: &Also, args: &[OsString], world: &World) -> u8 {
    let (exit, said) = match world.processes.also(also.tool, args) {
        Ok((Some(0), _)) => return also.exit,
        Ok((exit, said)) => (exit, said),
        Err(why) if why.kind() == Kind::NotFound => return also.exit,
        Err(why) => return report::error(world, &why),
    };
    if also.excused.iter().any(|words| said.contains(words)) {
        return also.exit;
    }
    Stdio(world).say(&said);
    match (also.must_succeed, exit) {
        (false, _) => also.exit,
        (true, exit) => exit.and_then(|code| u8::try_from(code).ok()).unwrap_or(1),
    }
}

/// Lets the true tool answer: it takes our place, with our streams, terminal and signals. If there is none, what the face
/// has to say instead.
fn forward(tool: &str, args: &[OsString], world: &World, otherwise: Option<(&str, u8)>) -> u8 {
    match (world.processes.hand_over(tool, args), otherwise) {
        (Ok(exit), _) => exit,
        (Err(why), Some((told, exit))) if why.kind() == Kind::NotFound => {
            if !told.is_empty() {
                Stdio(world).say(told);
            }
            exit
        }
        (Err(why), _) => report::error(world, &why),
    }
}

/// Standard input and output as a face sees them.
struct Stdio<'w>(&'w World);

impl Io for Stdio<'_> {
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        self.0.streams.input(read)
    }

    fn answer(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.streams.out(bytes)
    }

    fn say(&self, text: &str) {
        let text = report::clean(text);
        self.0.streams.err(text.trim_end_matches('\n'));
        self.0.streams.err("\n");
    }
}

/// The services, opened at the first question, so that a face words a failure of theirs by its own protocol, and one
/// that only says hello opens nothing.
struct OnDemand<'w> {
    world: &'w World,
    desk: OnceLock<Result<Desk<'w>, Error>>,
}

impl<'w> OnDemand<'w> {
    fn desk(&self) -> Result<&Desk<'w>, Error> {
        self.desk
            .get_or_init(|| super::desk(self.world))
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl Tokens for OnDemand<'_> {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        self.desk()?.token(ask)
    }
}

impl Accounts for OnDemand<'_> {
    fn status(&self, selectors: &Selectors) -> Result<Status, Error> {
        self.desk()?.status(selectors)
    }

    fn forget(&self, selectors: &Selectors, all: bool) -> Result<Vec<Forgotten>, Error> {
        self.desk()?.forget(selectors, all)
    }
}

impl Choice for OnDemand<'_> {
    fn make_default(&self, selectors: &Selectors) -> Result<LoginSummary, Error> {
        self.desk()?.make_default(selectors)
    }

    fn why(&self, ask: &Ask) -> Result<Vec<Reason>, Error> {
        self.desk()?.why(ask)
    }

    fn cloud(&self) -> Result<Option<Authority>, Error> {
        self.desk()?.cloud()
    }

    fn choose_cloud(&self, authority: Option<&Authority>) -> Result<(), Error> {
        self.desk()?.choose_cloud(authority)
    }
}

impl SignIn for OnDemand<'_> {
    fn sign_in(&self, ask: &Ask, how: &How) -> Result<SignedIn, Error> {
        self.desk()?.sign_in(ask, how)
    }

    fn usual_way(&self) -> Result<(Way, String), Error> {
        self.desk()?.usual_way()
    }
}

impl Subscriptions for OnDemand<'_> {
    fn in_use(&self, ask: &Ask) -> Result<AzureLogin, Error> {
        self.desk()?.in_use(ask)
    }

    fn subscriptions(&self, look: Look) -> Result<Vec<AzureLogin>, Error> {
        self.desk()?.subscriptions(look)
    }

    fn use_subscription(&self, login: &AzureLogin, subscription: &Subscription) -> Result<(), Error> {
        self.desk()?.use_subscription(login, subscription)
    }
}

impl Registries for OnDemand<'_> {
    fn registry_token(&self, ask: &Ask) -> Result<Secret, Error> {
        self.desk()?.registry_token(ask)
    }
}

impl Workspaces for OnDemand<'_> {
    fn workspaces(&self, file: Option<&str>) -> Result<DatabricksFile, Error> {
        config::workspaces(self.world, file)
    }
}
