//! From what a cell says to a number, a day or a yes: strictly, by the mapping's conventions, never by guessing.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::date;

/// The mark before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DecimalMark {
    #[default]
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = ".")]
    Point,
}

/// How days are written, besides ISO 8601 (`2026-11-23`), which is always understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DateOrder {
    /// 23/11/2026, 23-11-26, 23.11.2026
    #[default]
    #[serde(rename = "dd/mm/yyyy")]
    DayFirst,
    /// 11/23/2026
    #[serde(rename = "mm/dd/yyyy")]
    MonthFirst,
    /// 2026/11/23
    #[serde(rename = "yyyy/mm/dd")]
    YearFirst,
    /// 20261123
    #[serde(rename = "yyyymmdd")]
    Digits,
}

/// Most digits of a number, as core's decimals have.
const DIGITS_MAX: usize = 18;

/// Reads `1.234,50`, `-3`, `12,5-`, `(12,50)`, `1 234,50 €`. Marks between thousands must stand where they belong.
pub(super) fn decimal(text: &str, mark: DecimalMark) -> Option<Decimal> {
    let (mut text, mut negative) = (text.trim(), false);
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (text, negative) = (inner.trim(), true);
    }
    text = text.trim_start_matches(['€', '$', '£']).trim_end_matches(['€', '$', '£']).trim();
    if let Some(rest) = text.strip_prefix(['-', '−']).or_else(|| text.strip_suffix('-')) {
        if negative {
            return None;
        }
        (text, negative) = (rest.trim(), true);
    } else if let Some(rest) = text.strip_prefix('+') {
        text = rest;
    }
    let (point, grouping) = match mark {
        DecimalMark::Comma => (',', ['.', ' ', '\u{a0}', '\u{202f}', '\'']),
        DecimalMark::Point => ('.', [',', ' ', '\u{a0}', '\u{202f}', '\'']),
    };
    let (whole, fraction) = match text.split_once(point) {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let mut mantissa: i128 = 0;
    let mut digits = 0;
    let mut push = |part: &str| {
        part.bytes().all(|byte| {
            digits += usize::from(digits > 0 || byte != b'0');
            mantissa = mantissa * 10 + i128::from(byte.wrapping_sub(b'0'));
            byte.is_ascii_digit() && digits <= DIGITS_MAX
        })
    };
    let separator = grouping.into_iter().find(|separator| whole.contains(*separator));
    let whole_is_right = match separator {
        None => (!whole.is_empty() || !fraction.is_empty()) && push(whole),
        Some(separator) => whole.split(separator).enumerate().all(|(index, group)| {
            (if index == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 }) && push(group)
        }),
    };
    if !whole_is_right || !push(fraction) || fraction.len() > DIGITS_MAX {
        return None;
    }
    let mantissa = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, fraction.len() as u32).ok().map(|number| number.normalize())
}

/// A workbook's number as Excel shows it: fifteen significant digits, so that 0.1 + 0.2 is 0.3.
pub(super) fn from_float(number: f64) -> Option<Decimal> {
    if number == number.trunc() && number.abs() < 1e15 {
        return Some(Decimal::from(number as i64));
    }
    let text = format!("{number:.14e}");
    let value = Decimal::from_scientific(&text).ok()?.normalize();
    (value.mantissa().unsigned_abs() < 10u128.pow(DIGITS_MAX as u32)).then_some(value)
}

/// Days since 1970-01-01 of a day written in the mapping's order, or in ISO 8601, with or without a time after it.
/// Two digits of a year are this century's up to 79, the last one's from 80.
pub(super) fn day(text: &str, order: DateOrder) -> Option<i32> {
    let text = text.trim();
    if let Some(rest) = text.get(10..) {
        let is_time = rest.starts_with(['T', ' '])
            && rest[1..].bytes().all(|b| b.is_ascii_digit() || b":.Z+- ".contains(&b));
        if is_time {
            return day(&text[..10], order);
        }
    }
    if order == DateOrder::Digits && text.len() == 8 {
        return date::from_digits(text);
    }
    let mut parts = text.split(['/', '-', '.', ' ']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match order {
        _ if first.len() == 4 => (first, second, third),
        DateOrder::DayFirst => (third, second, first),
        DateOrder::MonthFirst => (third, first, second),
        DateOrder::YearFirst | DateOrder::Digits => return None,
    };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if plain { text.parse::<u32>().ok() } else { None }
    };
    let year = match (year.len(), number(year, 2..=4)?) {
        (2, year) if year < 80 => 2000 + year,
        (2, year) => 1900 + year,
        (4, year) => year,
        _ => return None,
    };
    date::from_ymd(year as i32, number(month, 1..=2)?, number(day, 1..=2)?)
}

/// Sí or no, as programs of two languages write it.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "1" | "s" | "si" | "sí" | "y" | "yes" | "true" | "verdadero" | "x" | "activo" | "active" => {
            Some(true)
        }
        "0" | "n" | "no" | "false" | "falso" | "inactivo" | "inactive" | "-" => Some(false),
        _ => None,
    }
}

/// An amount in minor units, and whether it had to be rounded (halves away from zero). `None` beyond 64 bits.
pub(super) fn minor_units(amount: Decimal, places: u32) -> Option<(i64, bool)> {
    let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    let rounded = amount.round_dp_with_strategy(places, strategy);
    let factor = Decimal::from(10i64.pow(places.min(6)));
    let minor = rounded.checked_mul(factor)?;
    i64::try_from(minor.trunc().mantissa() / 10i128.pow(minor.trunc().scale()))
        .ok()
        .map(|m| (m, rounded != amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalMark::{Comma, Point};

    fn number(text: &str, mark: DecimalMark) -> Option<String> {
        decimal(text, mark).map(|number| number.to_string())
    }

    #[test]
    fn numbers_are_read_by_the_mark_that_the_mapping_names() {
        for (text, mark, expected) in [
            ("1234,5", Comma, "1234.5"),
            ("1.234,50", Comma, "1234.5"),
            ("1.234", Comma, "1234"),
            ("1.234", Point, "1.234"),
            ("1,234.50", Point, "1234.5"),
            ("1 234 567,8", Comma, "1234567.8"),
            ("1\u{a0}234,5", Comma, "1234.5"),
            ("-12,50 €", Comma, "-12.5"),
            ("€ 12,50", Comma, "12.5"),
            ("12,50-", Comma, "-12.5"),
            ("(12.5)", Point, "-12.5"),
            ("+7", Comma, "7"),
            (",5", Comma, "0.5"),
            ("000123", Comma, "123"),
            ("0", Comma, "0"),
            ("999999999999999999", Comma, "999999999999999999"),
        ] {
            assert_eq!(number(text, mark).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_in_that_convention_is_none() {
        for (text, mark) in [
            ("1.5", Comma),
            ("12.34,5", Comma),
            ("1.2345", Comma),
            ("1,5", Point),
            ("1234.567,5", Comma),
            ("1,", Comma),
            ("", Comma),
            ("-", Comma),
            ("12a", Comma),
            ("1e5", Point),
            ("--1", Comma),
            ("(-1)", Comma),
            ("١٢", Comma),
            ("1.234 567,0", Comma),
            ("1000000000000000000", Comma),
            ("0,0000000000000000001", Comma),
        ] {
            assert_eq!(number(text, mark), None, "{text}");
        }
    }

    #[test]
    fn a_workbooks_number_is_what_excel_shows() {
        for (number, expected) in [
            (0.1 + 0.2, "0.3"),
            (11.77, "11.77"),
            (11.770000000000001, "11.77"),
            (4_300_001.0, "4300001"),
            (-2.5, "-2.5"),
            (1e-5, "0.00001"),
        ] {
            assert_eq!(from_float(number).unwrap().to_string(), expected);
        }
        assert_eq!(from_float(1e300), None);
        assert_eq!(from_float(123_456_789_012_345_680_000.0), None);
    }

    #[test]
    fn days_are_read_in_the_order_that_the_mapping_names() {
        let days = |text, order| day(text, order).map(date::to_iso);
        for (text, order, expected) in [
            ("23/11/2026", DateOrder::DayFirst, "2026-11-23"),
            ("3-1-26", DateOrder::DayFirst, "2026-01-03"),
            ("3.1.98", DateOrder::DayFirst, "1998-01-03"),
            ("11/23/2026", DateOrder::MonthFirst, "2026-11-23"),
            ("2026/11/23", DateOrder::YearFirst, "2026-11-23"),
            ("20261123", DateOrder::Digits, "2026-11-23"),
            ("2026-11-23", DateOrder::DayFirst, "2026-11-23"),
            ("2026-11-23", DateOrder::Digits, "2026-11-23"),
            ("2026-11-23T00:00:00Z", DateOrder::DayFirst, "2026-11-23"),
            ("23/11/2026 10:05:00", DateOrder::DayFirst, "2026-11-23"),
        ] {
            assert_eq!(days(text, order).as_deref(), Some(expected), "{text}");
        }
        for (text, order) in [
            ("31/02/2026", DateOrder::DayFirst),
            ("11/23/2026", DateOrder::DayFirst),
            ("20261123", DateOrder::DayFirst),
            ("23/11", DateOrder::DayFirst),
            ("23/11/2026/1", DateOrder::DayFirst),
            ("23/11/202", DateOrder::DayFirst),
            ("1/1/1899", DateOrder::DayFirst),
            ("+3/11/2026", DateOrder::DayFirst),
            ("2026-11-23 mañana", DateOrder::DayFirst),
            ("", DateOrder::DayFirst),
        ] {
            assert_eq!(days(text, order), None, "{text}");
        }
    }

    #[test]
    fn amounts_become_minor_units_and_say_when_they_were_rounded() {
        let minor = |text: &str, places| minor_units(decimal(text, Point).unwrap(), places);
        assert_eq!(minor("11.77", 2), Some((1177, false)));
        assert_eq!(minor("11.775", 2), Some((1178, true)));
        assert_eq!(minor("-11.775", 2), Some((-1178, true)));
        assert_eq!(minor("12", 0), Some((12, false)));
        assert_eq!(minor("1.2345", 4), Some((12345, false)));
        assert_eq!(minor("999999999999999999", 2), None);
    }
}
