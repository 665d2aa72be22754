//! The days that a file may speak of, as days since 1970-01-01.

use cartera_core::model::BusinessDate;

/// Older or later years are slips of the keyboard.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// `None` for a day that the calendar lacks, or outside [`YEARS`].
pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<i32> {
    if !YEARS.contains(&year) {
        return None;
    }
    let (year, month, day) = (year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
    BusinessDate::from_ymd(year, month, day).map(BusinessDate::days)
}

/// `2026-11-23`; the number itself outside the calendar.
pub fn to_iso(days: i32) -> String {
    BusinessDate::from_days(days).map_or_else(|| days.to_string(), |date| date.to_string())
}

/// `20261123`: eight digits, year first.
pub fn from_digits(text: &str) -> Option<i32> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    from_ymd(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(from_ymd(1970, 1, 1), Some(0));
        assert_eq!(from_ymd(2026, 11, 23), Some(20_780));
        assert_eq!(from_ymd(1900, 1, 1), Some(-25_567));
        assert!(from_ymd(2199, 12, 31).is_some() && from_ymd(2000, 2, 29).is_some());
    }

    #[test]
    fn days_that_the_calendar_lacks_are_none() {
        for (year, month, day) in [
            (2026, 2, 29),
            (1900, 2, 29),
            (2026, 4, 31),
            (2026, 13, 1),
            (2026, 0, 1),
            (2026, 1, 0),
            (2026, 1, 300),
            (1899, 12, 31),
            (2200, 1, 1),
        ] {
            assert_eq!(from_ymd(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn eight_digits_and_iso() {
        assert_eq!(from_digits("19980630").map(to_iso).as_deref(), Some("1998-06-30"));
        for text in ["1998063", "199806300", "1998-6-3", "19980631", "١٩٩٨"] {
            assert_eq!(from_digits(text), None, "{text}");
        }
        assert_eq!(to_iso(i32::MAX), i32::MAX.to_string());
    }
}
