//! Sign-in by a browser on this machine, which comes back to a port of ours on loopback (RFC 8252 §7.3).

use super::arrival::Arrival;
use super::authorize::Authorization;
use super::{Keep, Row, tell};
use crate::entra::Context;
use crate::error::{Error, Kind};
use crate::how::{Page, Redirect};
use crate::world::World;
use crate::world::loopback::{Limits, Listener};
use std::time::Duration;

/// This flow.
pub const ROW: Row = Row {
    name: "browser",
    about: "a browser on this machine (authorization code and PKCE)",
};

/// What else can be done while the page is open. Some refusals it shows to the person and to nobody else: where it does not
/// trust the address that it would send the browser back to.
pub(super) const UNTIL: &str = "Ctrl-C gives up; if the page shows an error, run: entra-token explain AADSTS…";

/// Opens the sign-in page and waits until the browser comes back.
///
/// # Errors
/// `timeout` if it does not, `config` if the port cannot be listened on, what the sign-in page refused, as
/// [`crate::entra::redeem()`], and as `keep`.
pub fn sign_in(
    world: &World,
    context: &Context<'_>,
    page: &Page,
    redirect: &Redirect,
    patience: Duration,
    keep: Keep<'_>,
) -> Result<(), Error> {
    let mut listener = listen(world, context, redirect.port)?;
    let asked = Authorization::begin(world, context, page, redirect.response_mode, listener.port())?;
    invite(world, &asked.url, redirect.opens);
    let settled = Arrival::at(listener.as_mut(), &asked.expected, patience, &mut |arrival| {
        arrival.settle(world, context, &asked, keep)
    });
    match settled {
        Ok(Some(outcome)) => outcome,
        Ok(None) => Err(nobody_came(patience, &context.again())),
        Err(why) => Err(Error::new(Kind::Internal, "waiting for the browser failed").caused_by(why)),
    }
}

/// Listens on loopback; a port that was not asked for may be any.
pub(super) fn listen(world: &World, context: &Context<'_>, port: u16) -> Result<Box<dyn Listener>, Error> {
    world.loopback.listen(port, &Limits::SIGN_IN).map_err(|why| {
        let (what, hint) = match port {
            0 => (
                "no port of this machine can be listened on".to_owned(),
                format!("sign in another way, run: {} --device-code", context.again()),
            ),
            _ => (
                format!("port {port} of this machine cannot be listened on"),
                "leave `--redirect-port` out, or name a free one".to_owned(),
            ),
        };
        Error::new(Kind::Config, what).caused_by(why).hint(hint)
    })
}

/// Prints the address, in any case: editors forward its port, and a browser may be opened by hand. It comes first, since
/// what opens a browser may take its time.
fn invite(world: &World, url: &str, opens: bool) {
    let what = match opens {
        true => "sign in with the browser that opens now; if none does, open this address with one on this machine",
        false => "open this address with a browser on this machine to sign in",
    };
    tell(world, &format!("{what}:\n\n{url}\n"));
    if opens && let Err(why) = world.browser.open(url) {
        tell(world, &format!("no browser could be opened: {why}"));
    }
    tell(world, &format!("waiting for the browser; {UNTIL}"));
}

fn nobody_came(patience: Duration, sign_in: &str) -> Error {
    Error::new(
        Kind::Timeout,
        format!("the browser did not come back within {} s", patience.as_secs()),
    )
    .hint(format!(
        "if its page showed an error, see `entra-token explain`; else run `{sign_in} --browser` again, with `--timeout` for \
         more time, or with `--paste` instead if the browser is on another machine"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    #[test]
    fn the_address_is_printed_before_a_browser_is_tried_and_in_any_case() {
        let url = "https://h/authorize?a=b";
        let fake = Fake::default().with_browser(Err("there is none"));
        invite(&fake.world(), url, true);
        let told = fake.err();
        let (before, after) = told.split_once(url).unwrap();
        assert!(before.contains("browser that opens now"), "{told}");
        assert!(after.contains("no browser could be opened: there is none"), "{told}");
        assert_eq!(fake.opened(), [url]);

        let fake = Fake::default();
        invite(&fake.world(), url, false);
        assert!(fake.err().contains(url) && fake.opened().is_empty());
    }
}
