//! A secret from standard input: never from an argument, where every process could see it.

use crate::error::{Error, Kind};
use crate::secret::Secret;
use crate::world::World;
use std::io::{self, BufRead, Read};
use zeroize::Zeroizing;

/// Longest line in bytes.
const LIMIT: u64 = 64 * 1024;

/// Which secret is read.
pub(super) struct Wanted {
    /// What it is, as an error says it.
    pub(super) name: &'static str,
    /// The flags that ask for it.
    pub(super) flags: &'static str,
    /// Whether blanks at its ends are a part of it.
    pub(super) blanks_count: bool,
}

/// A refresh token.
pub(super) const REFRESH_TOKEN: Wanted = Wanted {
    name: "the refresh token",
    flags: "--refresh-token-stdin",
    blanks_count: false,
};

/// A password.
pub(super) const PASSWORD: Wanted = Wanted {
    name: "the password",
    flags: "--username NAME --password-stdin",
    blanks_count: true,
};

/// The first line of standard input.
pub(super) fn first_line(world: &World, what: &Wanted) -> Result<Secret, Error> {
    let bad = |why: &str| {
        Error::new(Kind::BadRequest, why).hint(format!(
            "run: entra-token login {} < FILE, where the first line of FILE is {}",
            what.flags, what.name
        ))
    };
    if world.streams.input_is_terminal() {
        return Err(bad(&format!(
            "standard input is a terminal; {} is read from a file or pipe only, so that it stays off the screen",
            what.name
        )));
    }
    // As large as it can become: a buffer that grows would leave copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(usize::try_from(LIMIT + 1).unwrap_or_default()));
    let mut first_line =
        |input: &mut dyn BufRead| -> io::Result<()> { input.take(LIMIT + 1).read_until(b'\n', &mut line).map(drop) };
    world
        .streams
        .input(&mut first_line)
        .map_err(|why| bad("standard input cannot be read").caused_by(why))?;
    if u64::try_from(line.len()).unwrap_or(u64::MAX) > LIMIT {
        return Err(bad("the first line of standard input is longer than 64 KiB"));
    }
    let text = std::str::from_utf8(&line).map_err(|_| bad("the first line of standard input is not text"))?;
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    let text = if what.blanks_count { text } else { text.trim() };
    if text.is_empty() {
        return Err(bad("the first line of standard input is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(bad("the first line of standard input holds a control character"));
    }
    Ok(Secret::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    fn read(input: &[u8]) -> Result<Secret, Error> {
        first_line(&Fake::default().given(input).world(), &REFRESH_TOKEN)
    }

    #[test]
    fn the_first_line_is_the_secret() {
        for input in ["0.AR-t\n", "0.AR-t", " 0.AR-t \r\nrest", "\u{feff}0.AR-t\n"] {
            assert_eq!(read(input.as_bytes()).unwrap().expose(), "0.AR-t");
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused_unseen() {
        let long = vec![b'a'; 64 * 1024 + 1];
        for (input, why) in [
            (&b""[..], "is empty"),
            (b"\n0.AR-t", "is empty"),
            (b"pla\x1bnted", "holds a control character"),
            (b"\xff\xfe", "is not text"),
            (&long, "is longer than 64 KiB"),
        ] {
            let error = read(input).unwrap_err();
            assert!(error.message().ends_with(why), "{}", error.message());
            assert_eq!(error.kind(), Kind::BadRequest);
        }
        assert!(read(&long[1..]).is_ok());
    }

    #[test]
    fn a_terminal_is_not_read() {
        let error = first_line(&Fake::default().at_a_terminal().world(), &REFRESH_TOKEN).unwrap_err();
        assert!(error.message().starts_with("standard input is a terminal"));
        assert!(error.remedy().unwrap().contains("< FILE"));
    }

    #[test]
    fn blanks_belong_to_a_password() {
        let world = Fake::default().given(b" a b \r\n").world();
        assert_eq!(first_line(&world, &PASSWORD).unwrap().expose(), " a b ");
    }
}
