//! What nobody can guess: states, nonces, verifiers.

use crate::error::{Error, Kind};
use crate::secret::Secret;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Random bytes of the operating system as base64url without padding: 16 bytes are 22 characters, 32 are 43.
///
/// # Errors
/// `internal` if the system has no randomness to give.
pub(super) fn unguessable<const BYTES: usize>(world: &World) -> Result<Secret, Error> {
    let mut bytes = Zeroizing::new([0_u8; BYTES]);
    world
        .random
        .fill(bytes.as_mut())
        .map_err(|why| Error::new(Kind::Internal, "the system has no randomness to give").caused_by(why))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::testing::Stage;

    #[test]
    fn as_long_as_the_protocols_want() {
        let stage = Stage::new();
        assert_eq!(unguessable::<16>(&stage.world).unwrap().expose(), "A".repeat(22));
        assert_eq!(unguessable::<32>(&stage.world).unwrap().expose().len(), 43);
    }
}
