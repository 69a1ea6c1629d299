//! Somebody who watches the screen and does what it asks: opens addresses, pastes where the browser ends, types codes and
//! passwords.

use super::{Bed, Seat};
use entra_sandbox::{Person, User};

/// A user of the sandbox in front of a terminal, with a browser beside it.
pub(crate) struct Attendant<'b> {
    bed: &'b Bed,
    user: &'static User,
    browser: Person,
}

impl<'b> Attendant<'b> {
    /// Somebody whose browser nobody has signed in with yet.
    pub(crate) fn new(bed: &'b Bed, user: &'static User) -> Self {
        let browser = bed.sandbox.person(user).unwrap();
        Self { bed, user, browser }
    }

    /// Does what the program asks, until this text appears.
    #[track_caller]
    pub(crate) fn until(&mut self, seat: &mut Seat, end: &str) {
        const ASKS: [&str; 4] = [
            "waiting for the browser;",
            "paste the address: ",
            "type the code\n\n    ",
            "(not shown): ",
        ];
        loop {
            match seat.wait_for_any(&[end, ASKS[0], ASKS[1], ASKS[2], ASKS[3]]) {
                0 => return,
                1 => {
                    let page = self.browser.visit(&address(&seat.seen())).unwrap();
                    assert!(page.text.contains("go back to the terminal"), "{}", page.text);
                }
                2 => {
                    let end = self.browser.address(&address(&seat.seen())).unwrap();
                    seat.type_line(&end);
                }
                3 => self.types_the_code(seat),
                _ => drop(seat.type_line(self.user.password)),
            }
        }
    }

    fn types_the_code(&self, seat: &mut Seat) {
        let page = between(&seat.seen(), "to sign in, open ", " on any device");
        let start = seat.seen().len();
        seat.wait_for("\n");
        let code = seat.seen()[start..].trim().to_owned();
        let page = self
            .bed
            .sandbox
            .person(self.user)
            .unwrap()
            .with_code(&code)
            .visit(&page);
        let page = page.unwrap();
        assert!(page.text.contains("You are signed in"), "{}", page.text);
    }
}

/// The last address of a sign-in page on a screen: it stands on a line of its own.
#[track_caller]
pub(crate) fn address(screen: &str) -> String {
    let line = screen
        .lines()
        .rfind(|line| line.starts_with("http") && line.contains("code_challenge="));
    line.unwrap_or_else(|| panic!("{screen}")).to_owned()
}

/// What stands between the last occurrence of a text and the next of another.
#[track_caller]
fn between(screen: &str, before: &str, after: &str) -> String {
    let rest = screen.rsplit_once(before).map(|(_, rest)| rest);
    let part = rest.and_then(|rest| rest.split_once(after)).map(|(part, _)| part);
    part.unwrap_or_else(|| panic!("{screen}")).to_owned()
}
