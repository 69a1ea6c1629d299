//! `Answer`: what goes to standard output, whole, at once.

use super::report;
use crate::render::tame;
use crate::secret::pretty_json;
use crate::world::World;
use std::io;
use zeroize::Zeroizing;

/// The bytes of an answer, wiped after use: they may hold a token. And the exit status once they are written.
pub(crate) struct Answer(Zeroizing<Vec<u8>>, u8);

impl Answer {
    /// An answer to a program: taken as it is.
    pub(super) fn exact(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes, 0)
    }

    /// An answer to a person: nothing in it can steer a terminal.
    pub(crate) fn text(text: &str) -> Self {
        Self(Zeroizing::new(report::clean(text).into_bytes()), 0)
    }

    /// A value as JSON with two spaces of indent.
    pub(super) fn json(value: &impl serde::Serialize) -> Self {
        Self::secret_json(value, 0)
    }

    /// The same with a secret of that many bytes in it.
    pub(super) fn secret_json(value: &impl serde::Serialize, secret: usize) -> Self {
        let mut bytes = pretty_json(value, secret);
        bytes.push(b'\n');
        Self(tame(bytes), 0)
    }

    /// Nothing to say: another program has said all, and ended so.
    pub(super) fn ended(exit: u8) -> Self {
        Self(Zeroizing::default(), exit)
    }

    /// Writes it; the exit status. A reader that has gone away is told nothing, since nobody reads.
    pub(crate) fn write(&self, world: &World) -> u8 {
        match world.streams.out(&self.0) {
            Ok(()) => self.1,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 1,
            Err(error) => {
                world.streams.err(&report::clean(&format!(
                    "entra-token: cannot write the answer: {error}\n"
                )));
                1
            }
        }
    }

    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    #[test]
    fn a_closed_output_is_silent_and_a_full_one_is_not() {
        let mut fake = Fake::default();
        assert_eq!(Answer::text("a\u{1b}[31mb\n").write(&fake.world()), 0);
        assert_eq!(fake.out(), "a [31mb\n");
        fake.full = Some(io::ErrorKind::BrokenPipe);
        assert_eq!((Answer::text("x").write(&fake.world()), fake.err()), (1, String::new()));
        fake.full = Some(io::ErrorKind::StorageFull);
        assert_eq!(Answer::text("x").write(&fake.world()), 1);
        assert_eq!(fake.err(), "entra-token: cannot write the answer: no storage space\n");
    }
}
