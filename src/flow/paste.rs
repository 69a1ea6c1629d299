//! Sign-in by a browser anywhere: the person pastes the address at which it ends. Where the port happens to be forwarded,
//! as editors do, the browser comes back by itself.

use super::arrival::Arrival;
use super::authorize::Authorization;
use super::browser::{UNTIL, listen};
use super::pasted::{Pasted, read};
use super::{Row, tell};
use crate::entra::{Answer, Context};
use crate::error::{Error, Kind};
use crate::how::{Page, Redirect, ResponseMode};
use crate::secret::Secret;
use crate::world::World;
use crate::world::loopback::Listener;
use crate::world::terminal::Echo;
use std::io;
use std::time::Duration;

/// This flow.
pub const ROW: Row = Row {
    name: "paste",
    about: "a browser anywhere; the address at which it ends is pasted here",
};

/// Longest line that is read, in bytes: a redirect address with a code has up to some 6,000.
const LIMIT: usize = 64 * 1024;

/// A port that is named in the address if none can be listened on. Nobody need be there.
const UNHEARD_PORT: u16 = 8400;

/// Prints the address, and waits for what is pasted.
///
/// # Errors
/// `config` without a terminal, `cancelled` on Ctrl-C or an end of input, `timeout`, what the sign-in page refused, and
/// as [`crate::entra::redeem()`].
pub fn sign_in(
    world: &World,
    context: &Context<'_>,
    page: &Page,
    redirect: &Redirect,
    patience: Duration,
) -> Result<Answer, Error> {
    if !world.terminal.is_there() {
        return Err(Error::new(Kind::Config, "there is no terminal to paste into")
            .hint(format!("run: {} --device-code", context.again())));
    }
    let mut listener = match redirect.port {
        0 => listen(world, context, 0).ok(),
        port => Some(listen(world, context, port)?),
    };
    let port = listener.as_ref().map_or(UNHEARD_PORT, |listener| listener.port());
    // A code that is posted shows in no address bar.
    let asked = Authorization::begin(world, context, page, ResponseMode::Query, port)?;
    if redirect.opens
        && let Err(why) = world.browser.open(&asked.url)
    {
        tell(world, &format!("no browser could be opened: {why}"));
    }
    tell(
        world,
        &format!(
            "open this address in a browser on any machine, and sign in:\n\n{}\n",
            asked.url
        ),
    );
    tell(
        world,
        &format!(
            "the browser then ends at a page that it cannot open, http://localhost:{port}/?code=…; that is right.\n\
             copy its whole address from the address bar and paste it here; {UNTIL}"
        ),
    );
    let until = world.clock.monotonic() + patience;
    loop {
        let pasted = match ask(world, context, until, &asked, listener.as_deref_mut())? {
            Given::Line(line) => read(&line, &asked.expected),
            Given::Arrival(arrival) => Pasted::Arrival(arrival),
            Given::Nothing => return Err(nothing_pasted(patience, &context.again())),
        };
        match pasted {
            Pasted::Arrival(arrival) => return arrival.settle(world, context, &asked),
            Pasted::Other(why) => tell(world, why),
        }
    }
}

/// What a person gave, or the browser by itself.
enum Given {
    Line(Secret),
    Arrival(Arrival),
    Nothing,
}

/// One line of the terminal, while the port is looked at too.
fn ask(
    world: &World,
    context: &Context<'_>,
    until: Duration,
    asked: &Authorization,
    mut listener: Option<&mut (dyn Listener + 'static)>,
) -> Result<Given, Error> {
    let mut came = None;
    let mut idle = || {
        if let Some(listener) = &mut listener {
            // A listener that fails is one way back less, and no more.
            came = Arrival::at(&mut **listener, &asked.expected, Duration::ZERO).unwrap_or_default();
        }
        came.is_some() || world.clock.monotonic() >= until
    };
    let line = world
        .terminal
        .read_line("paste the address: ", Echo::Shown, LIMIT, &mut idle)
        .map_err(|why| not_read(context, &why))?;
    Ok(match (line, came) {
        (Some(line), _) => Given::Line(line),
        (None, Some(arrival)) => Given::Arrival(arrival),
        (None, None) => Given::Nothing,
    })
}

fn nothing_pasted(patience: Duration, sign_in: &str) -> Error {
    Error::new(
        Kind::Timeout,
        format!("nothing was pasted within {} s", patience.as_secs()),
    )
    .hint(format!("run `{sign_in} --paste` again, with `--timeout` for more time"))
}

/// Why nothing was read from the terminal.
pub(super) fn not_read(context: &Context<'_>, why: &io::Error) -> Error {
    match why.kind() {
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => {
            Error::new(Kind::Cancelled, "the sign-in was given up; nothing was stored")
        }
        _ => Error::new(Kind::Config, "the terminal cannot be read")
            .caused_by(why)
            .hint(format!("run: {} --device-code", context.again())),
    }
}
