//! How an error looks to a person: the cause, the remedy, and what support will ask for, a line each, on standard error.

use crate::error::Error;
use crate::world::World;
use std::fmt::Write;

/// Prints an error; its exit status.
pub(super) fn error(world: &World, error: &Error) -> u8 {
    world.streams.err(&look(error));
    error.kind().exit()
}

/// Takes out what could steer a terminal or turn text around; ends of lines stay.
pub(super) fn clean(text: &str) -> String {
    let unsafe_char = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(unsafe_char, " ")
}

fn look(error: &Error) -> String {
    let one_line = |text: &str| clean(text).replace('\n', " ");
    let mut text = format!("entra-token: {}\n", one_line(&error.to_string()));
    // Writing to memory cannot fail.
    if let Some(remedy) = error.remedy() {
        let _ = writeln!(text, "  {}", one_line(remedy));
    }
    if let Some(seconds) = error.wait() {
        let _ = writeln!(text, "  try again in {seconds} s");
    }
    if let Some(details) = error.details() {
        let _ = writeln!(text, "  {}", one_line(&details.for_support()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{EntraDetails, Kind};
    use crate::world::fake::Fake;

    #[test]
    fn cause_remedy_and_what_support_asks_for() {
        let fake = Fake::default();
        let refused = Error::new(Kind::InteractionRequired, "the sign-in has\nexpired\u{1b}[2J")
            .caused_by("no\u{202e}thing")
            .hint("run: entra-token login --refresh-token-stdin --tenant contoso.example")
            .entra(EntraDetails {
                error: "invalid_grant".into(),
                suberror: Some("token_expired".into()),
                codes: vec![700_082, 50_173],
                correlation_id: Some("c-1".into()),
                trace_id: None,
                timestamp: Some("2026-11-22 10:00:00Z".into()),
                claims: None,
            });
        assert_eq!(error(&fake.world(), &refused), 4);
        assert_eq!(
            fake.err(),
            "entra-token: the sign-in has expired [2J: no thing\n  \
             run: entra-token login --refresh-token-stdin --tenant contoso.example\n  \
             (entra: invalid_grant, token_expired, AADSTS700082, AADSTS50173, correlation id c-1, timestamp 2026-11-22 10:00:00Z)\n"
        );
        assert_eq!(fake.out(), "");
    }

    #[test]
    fn exits_are_those_of_the_kinds() {
        for kind in Kind::ALL {
            let fake = Fake::default();
            assert_eq!(error(&fake.world(), &Error::new(kind, "x").retry_after(7)), kind.exit());
            assert_eq!(fake.err(), "entra-token: x\n  try again in 7 s\n");
        }
    }
}
