//! Sign-in by a browser anywhere: the person pastes the address at which it ends. Where the port happens to be forwarded,
//! as editors do, the browser comes back by itself.

use super::arrival::Arrival;
use super::authorize::Authorization;
use super::browser::{UNTIL, listen};
use super::pasted::{Pasted, read};
use super::{Keep, Row, tell};
use crate::entra::Context;
use crate::error::{Error, Kind};
use crate::how::{Page, ResponseMode};
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
/// `config` without a terminal, `cancelled` on Ctrl-C or an end of input, `timeout`, what the sign-in page refused, as
/// [`crate::entra::redeem()`], and as `keep`.
pub fn sign_in(
    world: &World,
    context: &Context<'_>,
    page: &Page,
    port: u16,
    patience: Duration,
    keep: Keep<'_>,
) -> Result<(), Error> {
    if !world.terminal.is_there() {
        return Err(Error::new(Kind::Config, "there is no terminal to paste into")
            .hint(format!("run: {} --device-code", context.again())));
    }
    let mut listener = match port {
        0 => listen(world, context, 0).ok(),
        port => Some(listen(world, context, port)?),
    };
    let port = listener.as_ref().map_or(UNHEARD_PORT, |listener| listener.port());
    // A code that is posted shows in no address bar.
    let asked = Authorization::begin(world, context, page, ResponseMode::Query, port)?;
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
        let line = match ask(world, context, until, &asked, listener.as_deref_mut(), keep)? {
            Given::Line(line) => line,
            Given::Settled(outcome) => return outcome,
            Given::Unusable(why) => {
                tell(world, &format!("{why}; copy the address again and paste it"));
                continue;
            }
            Given::Nothing => return Err(nothing_pasted(patience, &context.again())),
        };
        match read(&line, &asked.expected) {
            Pasted::Arrival(arrival) => return arrival.settle(world, context, &asked, keep),
            Pasted::Other(why) => tell(world, why),
        }
    }
}

/// What a person gave, or the browser by itself.
enum Given {
    Line(Secret),
    Settled(Result<(), Error>),
    /// A line that cannot be one; why.
    Unusable(String),
    Nothing,
}

/// One line of the terminal, while the port is looked at too.
fn ask(
    world: &World,
    context: &Context<'_>,
    until: Duration,
    asked: &Authorization,
    mut listener: Option<&mut (dyn Listener + 'static)>,
    keep: Keep<'_>,
) -> Result<Given, Error> {
    let mut came = None;
    let mut idle = || {
        if let Some(listener) = &mut listener {
            // A listener that fails is one way back less, and no more.
            let mut settle = |arrival: Arrival| arrival.settle(world, context, asked, keep);
            came = Arrival::at(&mut **listener, &asked.expected, Duration::ZERO, &mut settle).unwrap_or_default();
        }
        came.is_some() || world.clock.monotonic() >= until
    };
    let typed = world
        .terminal
        .read_line("paste the address: ", Echo::Shown, LIMIT, &mut idle);
    match came {
        Some(outcome) => Ok(Given::Settled(outcome)),
        None => given(context, typed),
    }
}

/// What was typed. A paste that went wrong is no reason to begin anew.
fn given(context: &Context<'_>, typed: io::Result<Option<Secret>>) -> Result<Given, Error> {
    match typed {
        Ok(Some(line)) => Ok(Given::Line(line)),
        Ok(None) => Ok(Given::Nothing),
        Err(why) if why.kind() == io::ErrorKind::InvalidData => Ok(Given::Unusable(why.to_string())),
        Err(why) => Err(not_read(context, &why)),
    }
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
        io::ErrorKind::InvalidData => {
            Error::new(Kind::BadRequest, "what was typed cannot be used; nothing was stored").caused_by(why)
        }
        _ => Error::new(Kind::Config, "the terminal cannot be read")
            .caused_by(why)
            .hint(format!("run: {} --device-code", context.again())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::Patience;
    use crate::entra::testing::Setting;

    #[test]
    fn a_line_that_is_too_long_is_asked_for_again() {
        let setting = Setting::new();
        let context = setting.context(8, Patience::Once);
        let why = || io::Error::new(io::ErrorKind::InvalidData, "the line is longer than 9 bytes");
        assert!(
            matches!(given(&context, Err(why())), Ok(Given::Unusable(told)) if told == "the line is longer than 9 bytes")
        );
        assert_eq!(not_read(&context, &why()).kind(), Kind::BadRequest);
        for (kind, ends) in [
            (io::ErrorKind::Interrupted, Kind::Cancelled),
            (io::ErrorKind::UnexpectedEof, Kind::Cancelled),
            (io::ErrorKind::NotConnected, Kind::Config),
        ] {
            let Err(error) = given(&context, Err(kind.into())) else {
                panic!("{kind:?} goes on")
            };
            assert_eq!(error.kind(), ends);
        }
    }
}
