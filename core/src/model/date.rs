//! Business dates: the calendar day on which something happened, where it happened.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

use super::cbor::{CborError, Field, Reader, Shape, Writer};

/// A calendar day without a time, as days since 1970-01-01; from year 1 to year 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessDate(i32);

/// The text is no calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date is written YYYY-MM-DD, from 0001-01-01 to 9999-12-31")]
pub struct DateError;

impl DateError {
    pub const fn code(&self) -> &'static str {
        "date"
    }
}

const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

impl BusinessDate {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// `None` outside the years 1 to 9999.
    pub const fn from_days(days: i32) -> Option<Self> {
        if days < Self::MIN.0 || days > Self::MAX.0 { None } else { Some(Self(days)) }
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// `None` unless there is such a day.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().and_then(|date| Self::try_from(date).ok())
    }

    /// The same day in `jiff`'s calendar.
    pub fn civil(self) -> civil::Date {
        EPOCH.saturating_add(jiff::Span::new().days(self.0))
    }

    /// 1 Monday to 7 Sunday.
    pub const fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u8 + 1
    }

    /// `days` later, or earlier where negative; `None` outside the calendar.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        self.0.checked_add(days).and_then(Self::from_days)
    }
}

impl TryFrom<civil::Date> for BusinessDate {
    type Error = DateError;

    fn try_from(date: civil::Date) -> Result<Self, DateError> {
        let days = EPOCH.until(date).map_err(|_| DateError)?.get_days();
        Self::from_days(days).ok_or(DateError)
    }
}

impl FromStr for BusinessDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(index, byte)| match index {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(DateError);
        }
        let number = |part: &str| part.parse::<i16>().map_err(|_| DateError);
        let (year, month, day) = (number(&text[0..4])?, number(&text[5..7])?, number(&text[8..10])?);
        Self::from_ymd(year, month as i8, day as i8).ok_or(DateError)
    }
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.civil();
        write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

impl fmt::Debug for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Field for BusinessDate {
    const SHAPE: Shape = Shape::Date;

    fn write(&self, out: &mut Writer) {
        out.int(i64::from(self.0));
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, CborError> {
        let at = input.position();
        Self::from_days(i32::read(input)?)
            .ok_or(CborError::OutOfRange { at, expected: "a date of the years 1 to 9999" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_days_come_back() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2024-02-29", 19_782),
            ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ] {
            let date: BusinessDate = text.parse().unwrap();
            assert_eq!((date.days(), date.to_string().as_str()), (days, text));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in
            ["2023-02-29", "2023-13-01", "2023-00-10", "0000-01-01", "23-01-01", "2023/01/01", "2023-1-011"]
        {
            assert_eq!(text.parse::<BusinessDate>(), Err(DateError), "{text}");
        }
        assert_eq!(BusinessDate::MAX.plus_days(1), None);
        assert_eq!(BusinessDate::MIN.plus_days(-1), None);
    }
}
