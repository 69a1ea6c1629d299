//! `faces`: the protocols that other programs speak to us.

use super::text::columns;
use super::{Act, Answer};
use crate::error::Error;
use crate::face::FACES;
use crate::world::World;

const EXAMPLES: &str = "Examples:
  entra-token faces
  entra-token faces | cut -d ' ' -f 1";

/// The flags of `faces`: none.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Faces {}

impl Act for Faces {
    fn act(self, _: &World) -> Result<Answer, Error> {
        let row = |face: &crate::face::Face| [face.names.join(", "), face.about.to_owned()];
        Ok(Answer::text(&columns(&FACES.iter().map(row).collect::<Vec<_>>())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    #[test]
    fn a_line_for_each() {
        let answer = Faces {}.act(&Fake::default().world()).unwrap();
        assert_eq!(answer.as_str().lines().count(), FACES.len());
        assert!(answer.as_str().starts_with("rpc "));
    }
}
