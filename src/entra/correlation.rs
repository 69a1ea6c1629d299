//! The id under which support finds a request: sent as `client-request-id`, printed with errors.

use crate::world::World;

/// A random UUID (RFC 9562 §5.4). Without randomness it is all zero: a request is no reason to fail for its label.
pub(super) fn id(world: &World) -> String {
    let mut bytes = [0; 16];
    let _ = world.random.fill(&mut bytes);
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) | 4 << 76; // version 4
    let number = number & !(0b11 << 62) | 0b10 << 62; // variant of the RFC
    let digits = format!("{number:032x}");
    let mut text = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::entra::testing::Stage;

    #[test]
    fn looks_like_a_uuid_of_version_4() {
        let stage = Stage::new();
        assert_eq!(super::id(&stage.world), "00000000-0000-4000-8000-000000000000");
    }
}
