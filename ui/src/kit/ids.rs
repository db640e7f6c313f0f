//! New ids, where a client chooses them: operations, drafts, uploads. A repeat with the same id does nothing twice.

use crate::kit::time;
use uuid::Uuid;

/// A fresh UUIDv7 (RFC 9562) from this device's clock and the browser's cryptographic generator.
#[must_use]
pub fn uuid() -> Uuid {
    let mut random = [0_u8; 10];
    if let Some(crypto) = web_sys::window().and_then(|w| w.crypto().ok()) {
        let _filled = crypto.get_random_values_with_u8_array(&mut random);
    }
    build(time::now().0, random)
}

fn build(ms: i64, random: [u8; 10]) -> Uuid {
    let time = u128::from(u64::try_from(ms).unwrap_or(0) & 0xffff_ffff_ffff) << 80;
    let tail = random
        .iter()
        .fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
    let version = 0x7_u128 << 76;
    let variant = 0b10_u128 << 62;
    let rand_a = tail & (0xfff << 64);
    let rand_b = tail & 0x3fff_ffff_ffff_ffff;
    Uuid::from_u128(time | version | rand_a | variant | rand_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_rise_with_time() {
        let early = build(1_700_000_000_000, [0xff; 10]);
        let late = build(1_700_000_000_001, [0; 10]);
        assert_eq!(early.get_version_num(), 7);
        assert_eq!(early.get_variant(), uuid::Variant::RFC4122);
        assert!(early < late);
    }
}
