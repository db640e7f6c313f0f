//! The two text forms of bytes on the wire: base32 in lower case (ids, which people may read) and base64url
//! (JOSE), both without padding, both with exactly one accepted spelling per value.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};

/// Writes bytes as base32 (RFC 4648) in lower case, without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

/// Reads what [`base32`] writes and nothing else.
pub(crate) fn base32_decode(text: &str) -> Option<Vec<u8>> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()
}

/// Reads base32 of exactly `N` bytes.
pub(crate) fn base32_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N.saturating_mul(8).div_ceil(5) {
        return None;
    }
    base32_decode(text)?.try_into().ok()
}

/// Writes bytes as base64url (RFC 4648 section 5), without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Reads what [`base64url`] writes and nothing else: no padding, no stray bits, no white space.
pub(crate) fn base64url_decode(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

/// Reads base64url of exactly `N` bytes.
pub(crate) fn base64url_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N.saturating_mul(4).div_ceil(3) {
        return None;
    }
    base64url_decode(text)?.try_into().ok()
}

/// Reads exactly `N` bytes of lower-case hexadecimal.
pub(crate) fn hex_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N.saturating_mul(2) {
        return None;
    }
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// Writes bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_has_one_spelling_per_value() {
        let text = base32(&[0xff; 3]);
        assert_eq!(text, "77776");
        assert_eq!(base32_array::<3>("77776"), Some([0xff; 3]));
        for wrong in ["77777", "7777", "77776a", "7777=", "AAAAA", "7777 6", "é777"] {
            assert_eq!(base32_array::<3>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn base64url_refuses_padding_and_stray_bits() {
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(base64url_array::<2>("-_8"), Some([0xfb, 0xff]));
        for wrong in ["-_8=", "-_9", "+/8", "-_8 ", ""] {
            assert_eq!(base64url_array::<2>(wrong), None, "{wrong}");
        }
    }
}
