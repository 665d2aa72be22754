//! Bytes as lower-case hexadecimal digits.

use std::fmt;

/// Writes bytes as digits, two a byte.
#[derive(Debug, Clone, Copy)]
pub struct Hex<'a>(pub &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The `N` bytes that the digits are, in either case; `None` for anything else.
pub fn decode<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let digits = digits.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_nothing_else_reads() {
        let bytes = [0x00, 0x0f, 0xa9, 0xff];
        assert_eq!(Hex(&bytes).to_string(), "000fa9ff");
        assert_eq!(decode("000fa9ff"), Some(bytes));
        assert_eq!(decode("000FA9fF"), Some(bytes));
        for wrong in ["", "000fa9f", "000fa9ff0", "000fa9fg", "+00fa9ff", "ñññ00"] {
            assert_eq!(decode::<4>(wrong), None, "{wrong}");
        }
        assert_eq!(decode::<0>(""), Some([]));
    }
}
