//! Money: whole minor units (cents) of one ISO 4217 currency.
//!
//! Currencies have 0 (JPY), 2 (EUR), 3 (KWD) or 4 (CLF, UYW) decimal places. Amounts of different currencies are
//! never added: there is no sum of them, only [`Sums`], one amount a currency.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::cbor::{CborError, Field, Reader, Shape, Writer};

/// An amount in minor units of a currency that stands beside it.
pub type Minor = i64;

/// What cannot be done with amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("a currency is three capital letters of ISO 4217, like EUR")]
    Currency,
    #[error("{left} and {right} cannot be added: amounts of different currencies have no sum")]
    Mixed { left: Currency, right: Currency },
    #[error("the amount is beyond what can be represented")]
    Overflow,
    #[error("an amount is digits with at most {places} decimals after a point, like 12.50")]
    Amount { places: u32 },
}

impl MoneyError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Currency => "money_currency",
            Self::Mixed { .. } => "money_mixed",
            Self::Overflow => "money_overflow",
            Self::Amount { .. } => "money_amount",
        }
    }
}

/// Three capital letters of ISO 4217. A code that this version does not know is carried, but has no exponent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Self = Self(*b"EUR");
    pub const USD: Self = Self(*b"USD");

    pub const fn as_bytes(&self) -> &[u8; 3] {
        &self.0
    }

    /// Decimal places of the minor unit: 0, 2, 3 or 4; `None` for a code without one, or not known here.
    pub fn exponent(self) -> Option<u32> {
        iso_currency::Currency::from_code(&self.to_string()).and_then(|known| known.exponent()).map(u32::from)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match *text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(MoneyError::Currency),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.0).unwrap_or("XXX")) // capital ASCII letters by construction
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Field for Currency {
    const SHAPE: Shape = Shape::Currency;

    fn write(&self, out: &mut Writer) {
        out.text(&self.to_string());
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let at = input.position();
        input
            .text()?
            .parse()
            .map_err(|_| CborError::WrongType { at, expected: "a currency of three letters" })
    }
}

/// An amount in minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// # Errors
    /// Another currency, or beyond 64 bits.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed { left: self.currency, right: other.currency });
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, currency: self.currency })
    }

    /// Reads a decimal string such as `-1234.5`, with a point and without grouping.
    ///
    /// # Errors
    /// More decimals than the currency has, a currency without minor unit, or an amount beyond 64 bits.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let places = currency.exponent().ok_or(MoneyError::Currency)?;
        let wrong = MoneyError::Amount { places };
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let point_without_digits = digits.contains('.') && fraction.is_empty();
        if whole.is_empty() || !plain(whole) || !plain(fraction) || point_without_digits {
            return Err(wrong);
        }
        if fraction.len() > places as usize {
            return Err(wrong);
        }
        let mut minor: i64 = 0;
        let padding = std::iter::repeat_n(b'0', places as usize - fraction.len());
        for digit in whole.bytes().chain(fraction.bytes()).chain(padding) {
            let digit = i64::from(digit - b'0');
            let next = minor.checked_mul(10).ok_or(MoneyError::Overflow)?;
            // Counted downwards, since the most negative amount has no positive counterpart.
            minor = next.checked_sub(digit).ok_or(MoneyError::Overflow)?;
        }
        let minor = if negative { minor } else { minor.checked_neg().ok_or(MoneyError::Overflow)? };
        Ok(Self { minor, currency })
    }

    /// Decimal string with all the currency's decimals and a point: `-1234.50`. Without a known exponent the
    /// minor units as they are.
    pub fn to_decimal_string(self) -> String {
        let places = self.currency.exponent().unwrap_or(0) as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal_string(), self.currency)
    }
}

impl Field for Money {
    const SHAPE: Shape = Shape::Money;

    /// `[minor units, currency]`.
    fn write(&self, out: &mut Writer) {
        out.array(2);
        out.int(self.minor);
        self.currency.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let at = input.position();
        if input.array()? != 2 {
            return Err(CborError::WrongType { at, expected: "money [minor units, currency]" });
        }
        let money = Self { minor: input.int()?, currency: Currency::read(input)? };
        input.leave();
        Ok(money)
    }
}

/// Amounts added up by currency; currencies stay apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Currency, i64>);

impl Sums {
    /// # Errors
    /// The sum of that currency would be beyond 64 bits; the sums stay as they were.
    pub fn add(&mut self, amount: Money) -> Result<(), MoneyError> {
        let sum = self.0.get(&amount.currency).copied().unwrap_or(0);
        let sum = sum.checked_add(amount.minor).ok_or(MoneyError::Overflow)?;
        self.0.insert(amount.currency, sum);
        Ok(())
    }

    pub fn get(&self, currency: Currency) -> Option<Money> {
        self.0.get(&currency).map(|minor| Money::new(*minor, currency))
    }

    /// One amount a currency, by code.
    pub fn iter(&self) -> impl Iterator<Item = Money> + '_ {
        self.0.iter().map(|(currency, minor)| Money::new(*minor, *currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cbor::{from_slice, to_vec};

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn exponents_are_those_of_iso_4217() {
        for (code, exponent) in
            [("JPY", 0), ("CLP", 0), ("EUR", 2), ("MXN", 2), ("KWD", 3), ("CLF", 4), ("UYW", 4)]
        {
            assert_eq!(currency(code).exponent(), Some(exponent), "{code}");
        }
        assert_eq!(currency("ZZZ").exponent(), None);
        assert_eq!("eur".parse::<Currency>(), Err(MoneyError::Currency));
        assert_eq!("EURO".parse::<Currency>(), Err(MoneyError::Currency));
    }

    #[test]
    fn decimal_strings_come_back() {
        for (code, text, minor) in [
            ("EUR", "0.00", 0),
            ("EUR", "-0.05", -5),
            ("EUR", "1234.50", 123_450),
            ("JPY", "1234", 1234),
            ("KWD", "0.001", 1),
            ("CLF", "-1.0001", -10_001),
            ("EUR", "-92233720368547758.08", i64::MIN),
            ("EUR", "92233720368547758.07", i64::MAX),
        ] {
            let money = Money::new(minor, currency(code));
            assert_eq!(Money::parse(text, currency(code)), Ok(money));
            assert_eq!(money.to_decimal_string(), text);
            assert_eq!(from_slice::<Money>(&to_vec(&money)), Ok(money));
        }
        assert_eq!(Money::parse("7.5", Currency::EUR).map(|m| m.minor), Ok(750));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let wrong = Err(MoneyError::Amount { places: 2 });
        for text in ["", "-", ".5", "5.", "1.234", "1,5", "1e3", " 1", "+1", "--1", "1.-5"] {
            assert_eq!(Money::parse(text, Currency::EUR), wrong, "{text}");
        }
        assert_eq!(Money::parse("92233720368547758.08", Currency::EUR), Err(MoneyError::Overflow));
        assert_eq!(Money::parse("1.5", currency("JPY")), Err(MoneyError::Amount { places: 0 }));
        assert_eq!(Money::parse("1", currency("ZZZ")), Err(MoneyError::Currency));
    }

    #[test]
    fn currencies_are_never_added_together() {
        let (eur, usd) = (Money::new(100, Currency::EUR), Money::new(100, Currency::USD));
        assert!(matches!(eur.checked_add(usd), Err(MoneyError::Mixed { .. })));
        assert_eq!(Money::new(i64::MAX, Currency::EUR).checked_add(eur), Err(MoneyError::Overflow));
        let mut sums = Sums::default();
        for amount in [eur, usd, eur] {
            sums.add(amount).unwrap();
        }
        assert_eq!(
            sums.iter().collect::<Vec<_>>(),
            [Money::new(200, Currency::EUR), Money::new(100, Currency::USD)]
        );
    }
}
