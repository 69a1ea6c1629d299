//! What came back of the sign-in page, by whichever road, and what becomes of it.

use super::authorize::Authorization;
use super::redirect::{self, Expected, Told, Verdict};
use super::{Keep, page};
use crate::entra::{self, Context, Refusal};
use crate::error::{Error, Kind};
use crate::secret::Secret;
use crate::world::World;
use crate::world::loopback::Listener;
use std::io;
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The code.
    Code(Secret),
    /// The authority refused.
    Refused(Refusal),
    /// It is ours and makes no sense: what is wrong with it.
    Nonsense(&'static str),
}

impl Arrival {
    /// What the parameters of an address say; `None` if they are not of this sign-in.
    pub(super) fn of_parameters(expected: &Expected, parameters: &[u8]) -> Option<Self> {
        match redirect::read(expected, parameters) {
            Told::NotOurs => None,
            Told::Code(granted) => Some(Self::Code(granted.code)),
            Told::Refused(refusal) => Some(Self::Refused(refusal)),
            Told::Nonsense(why) => Some(Self::Nonsense(why)),
        }
    }

    /// Waits at a port for the browser, and settles what it brings before it is answered, so that its page tells how that
    /// went; `None` if it did not come.
    pub(super) fn at(
        listener: &mut dyn Listener,
        expected: &Expected,
        wait: Duration,
        settle: &mut dyn FnMut(Self) -> Result<(), Error>,
    ) -> io::Result<Option<Result<(), Error>>> {
        let mut settled = None;
        listener.serve(wait, &mut |request| {
            let (arrival, reply) = match redirect::judge(expected, request) {
                Verdict::NotOurs(reply) => return reply,
                Verdict::Code(granted, reply) => (Self::Code(granted.code), reply),
                Verdict::Refused(refusal, reply) => (Self::Refused(refusal), reply),
                Verdict::Nonsense(why, reply) => (Self::Nonsense(why), reply),
            };
            let outcome = settle(arrival);
            let reply = if outcome.is_ok() { reply } else { page::failed().last() };
            settled = Some(outcome);
            reply
        })?;
        Ok(settled)
    }

    /// Redeems a code and has the answer kept, explains anything else.
    pub(super) fn settle(
        self,
        world: &World,
        context: &Context<'_>,
        asked: &Authorization,
        keep: Keep<'_>,
    ) -> Result<(), Error> {
        match self {
            Self::Code(code) => keep(&asked.redeem(world, context, &code)?),
            // RFC 6749 §4.1.2.1 has no status; that of the token endpoint stands for it.
            Self::Refused(refusal) => Err(entra::explain(refusal, 400, context)),
            Self::Nonsense(why) => Err(Error::new(
                Kind::Network,
                format!("the sign-in page sent the browser back with {why}"),
            )
            .hint(format!("run `{}` again", context.again()))),
        }
    }
}
