//! Secrets as people and programs write them, and as the relay remembers them.
//!
//! A code or a key is written in Crockford's base 32 (the alphabet of ULIDs): no I, L, O, U; read back in either
//! case, with `O` as 0 and `I`, `L` as 1, hyphens and blanks ignored. Of tokens and codes the relay keeps only
//! the SHA-256, never the text. They hold at least 128 random bits, so no slow hash is needed.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// SHA-256 of a token's or code's text.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In constant time, so that an answer's delay tells nothing.
impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

/// Bytes as base 32, five bits a character, the last one padded with zeros.
pub fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut pending, mut bits) = (0u32, 0);
    for byte in bytes {
        pending = (pending << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(pending >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(pending << (5 - bits)) as usize & 31]));
    }
    text
}

/// The `N` bytes that [`to_base32`] wrote, forgiving what people do to a code when they type it.
pub fn from_base32<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (mut pending, mut bits, mut length) = (0u32, 0, 0);
    for character in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
        pending = ((pending << 5) | value(character)?) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            *bytes.get_mut(length)? = (pending >> bits) as u8;
            length += 1;
        }
    }
    let padding = pending & ((1 << bits) - 1);
    (length == N && bits < 5 && padding == 0).then_some(bytes)
}

fn value(character: char) -> Option<u32> {
    let canonical = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|c| char::from(*c) == canonical).and_then(|at| u32::try_from(at).ok())
}

/// `text` in groups of `size` characters, joined by hyphens.
pub fn grouped(text: &str, size: usize) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (at, character) in text.chars().enumerate() {
        if at > 0 && at % size == 0 {
            out.push('-');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_however_they_are_typed() {
        let bytes: [u8; 16] = std::array::from_fn(|at| at as u8 * 17);
        let text = to_base32(&bytes);
        assert_eq!(text.len(), 26);
        assert_eq!(from_base32(&text), Some(bytes));
        assert_eq!(from_base32(&grouped(&text.to_lowercase(), 5)), Some(bytes));
        assert_eq!(from_base32(&text.replace('0', "o").replace('1', "l")), Some(bytes));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let text = to_base32(&[255; 16]);
        assert_eq!(from_base32::<16>(&text[1..]), None, "too short");
        assert_eq!(from_base32::<16>(&format!("{text}0")), None, "too long");
        assert_eq!(from_base32::<16>(&text.replace('Z', "U")), None, "not in the alphabet");
        assert_eq!(from_base32::<16>(&format!("{}Z", &text[..25])), None, "bits in the padding");
        assert_eq!(from_base32::<16>("é"), None);
    }

    #[test]
    fn a_hash_is_compared_and_never_shown() {
        assert_eq!(SecretHash::of("a"), SecretHash::of("a"));
        assert_ne!(SecretHash::of("a"), SecretHash::of("b"));
        assert_eq!(format!("{:?}", SecretHash::of("a")), "SecretHash(..)");
    }
}
