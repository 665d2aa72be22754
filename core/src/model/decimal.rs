//! Decimal numbers that are not money: quantities, unit prices, percentages.
//!
//! A value is kept without trailing zeros, so 1.0 and 1.00 are one value with one encoding: the CBOR list
//! `[mantissa, scale]`, value = mantissa / 10^scale, where the mantissa ends in no zero unless the scale is 0.
//! Reading accepts up to [`SCALE_MAX`] places, so that a newer version may widen a limit; how many places a
//! quantity, a price or a percentage may have *when written* is checked by validation.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal as Inner;

use super::cbor::{CborError, Field, Reader, Shape, Writer};

/// Most places that any decimal is read with.
pub const SCALE_MAX: u32 = 12;
/// Most digits that any decimal is read with: its mantissa is below 10^18, so it fits a signed 64-bit integer.
pub const MANTISSA_MAX: i64 = 999_999_999_999_999_999;

/// The text or number is no decimal within [`MANTISSA_MAX`] and [`SCALE_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a decimal number has at most 18 digits, 12 of them after the point, like 12.5 or -0.003")]
pub struct DecimalError;

impl DecimalError {
    pub const fn code(&self) -> &'static str {
        "decimal"
    }
}

/// A decimal number of at most 18 digits, 12 of them after the point; always without trailing zeros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(Inner);

impl Decimal {
    pub const ZERO: Self = Self(Inner::ZERO);

    /// # Errors
    /// More digits or places than a decimal may have.
    pub fn new(mantissa: i64, scale: u32) -> Result<Self, DecimalError> {
        if scale > 28 {
            return Err(DecimalError);
        }
        Self::try_from(Inner::new(mantissa, scale))
    }

    /// Digits without the point.
    pub fn mantissa(self) -> i64 {
        self.0.mantissa() as i64 // at most MANTISSA_MAX by construction
    }

    /// Digits after the point.
    pub const fn scale(self) -> u32 {
        self.0.scale()
    }

    /// For calculations.
    pub const fn inner(self) -> Inner {
        self.0
    }

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub const fn is_negative(self) -> bool {
        self.0.is_sign_negative()
    }
}

impl TryFrom<Inner> for Decimal {
    type Error = DecimalError;

    fn try_from(value: Inner) -> Result<Self, DecimalError> {
        let value = value.normalize();
        if value.scale() > SCALE_MAX || value.mantissa().unsigned_abs() > MANTISSA_MAX as u128 {
            return Err(DecimalError);
        }
        Ok(Self(value))
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Self {
        Self(Inner::from(value))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Digits with an optional sign and point; no exponent, no grouping, no blanks.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits.len() <= 40
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.ends_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !plain {
            return Err(DecimalError);
        }
        Inner::from_str_exact(text).map_err(|_| DecimalError).and_then(Self::try_from)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

impl Field for Decimal {
    const SHAPE: Shape = Shape::Decimal;

    fn write(&self, out: &mut Writer) {
        out.array(2);
        out.int(self.mantissa());
        out.uint(u64::from(self.scale()));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        const EXPECTED: &str = "a decimal [mantissa, scale]";
        let at = input.position();
        if input.array()? != 2 {
            return Err(CborError::WrongType { at, expected: EXPECTED });
        }
        let (mantissa, scale) = (input.int()?, input.uint()?);
        input.leave();
        let scale = u32::try_from(scale).map_err(|_| CborError::OutOfRange { at, expected: EXPECTED })?;
        let value =
            Self::new(mantissa, scale).map_err(|_| CborError::OutOfRange { at, expected: EXPECTED })?;
        if value.scale() == scale { Ok(value) } else { Err(CborError::NotCanonical { at }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cbor::{from_slice, to_vec};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn trailing_zeros_make_no_other_value() {
        for text in ["1", "1.0", "1.00"] {
            assert_eq!(to_vec(&decimal(text)), [0x82, 0x01, 0x00], "{text}");
        }
        assert_eq!(decimal("0.0"), decimal("-0"));
        assert_eq!(to_vec(&decimal("-0.0")), [0x82, 0x00, 0x00]);
    }

    #[test]
    fn bytes_come_back() {
        for text in ["0", "12.5", "-0.003", "0.000001", "999999999999999999", "-999999.999999999999"] {
            let value = decimal(text);
            assert_eq!(from_slice::<Decimal>(&to_vec(&value)), Ok(value));
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn other_forms_of_the_same_number_are_refused() {
        assert!(matches!(from_slice::<Decimal>(&[0x82, 0x0a, 0x01]), Err(CborError::NotCanonical { .. }))); // 1.0
        assert!(matches!(from_slice::<Decimal>(&[0x82, 0x00, 0x01]), Err(CborError::NotCanonical { .. }))); // 0.0
        assert!(matches!(from_slice::<Decimal>(&[0x81, 0x00]), Err(CborError::WrongType { .. })));
        assert!(matches!(from_slice::<Decimal>(&[0x82, 0x01, 0x0d]), Err(CborError::OutOfRange { .. })));
    }

    #[test]
    fn digits_and_places_at_the_edge_and_one_past() {
        assert!("999999999999999999".parse::<Decimal>().is_ok());
        assert!("1000000000000000000".parse::<Decimal>().is_err());
        assert!("0.000000000001".parse::<Decimal>().is_ok());
        assert!("0.0000000000001".parse::<Decimal>().is_err());
        assert!(Decimal::new(i64::MIN, 0).is_err());
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in ["", "-", ".5", "5.", "1e3", "1,5", " 1", "1 ", "+1", "1_000", "1.2.3", "--1", "NaN"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }
}
