//! Ids, dates, times, amounts, places: each a type of its own on every side of the border.

use cartera_core::model::problem::Code;
use cartera_core::model::{self, money, place};
use cartera_core::portfolio::nearby;

use crate::CarteraError;

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident ),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, PartialEq, Eq, Hash, uniffi::Record)]
            pub struct $name {
                /// A ULID: 26 characters, the same everywhere and for ever.
                pub ulid: String,
            }

            impl From<model::$name> for $name {
                fn from(id: model::$name) -> Self {
                    Self { ulid: id.to_string() }
                }
            }

            impl $name {
                #[allow(dead_code)] // some are only ever given out
                pub(crate) fn read(&self) -> Result<model::$name, CarteraError> {
                    self.ulid.parse().map_err(|_| CarteraError::invalid("ulid", Code::Form))
                }
            }
        )*
    };
}

ids! {
    ClientId,
    /// A visit, an order, a note: whatever was written once.
    RecordId,
    /// A contact, a date or a delivery point of a profile.
    PartId,
    PersonId,
    DeviceId,
    TerritoryId,
    WorkspaceId,
}

/// A calendar day, on which somebody worked or will work; it has no time and no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Record)]
pub struct BusinessDate {
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl From<model::BusinessDate> for BusinessDate {
    fn from(date: model::BusinessDate) -> Self {
        let civil = date.civil();
        Self { year: civil.year(), month: civil.month().unsigned_abs(), day: civil.day().unsigned_abs() }
    }
}

impl BusinessDate {
    pub(crate) fn read(self) -> Result<model::BusinessDate, CarteraError> {
        let part = |part: u8| i8::try_from(part).ok();
        let date = part(self.month).zip(part(self.day));
        date.and_then(|(month, day)| model::BusinessDate::from_ymd(self.year, month, day))
            .ok_or_else(|| CarteraError::invalid("date", Code::Form))
    }

    pub(crate) fn of_days(days: i32) -> Option<Self> {
        model::BusinessDate::from_days(days).map(Into::into)
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Enum)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// 1 Monday to 7 Sunday.
    pub(crate) fn number(self) -> u8 {
        self as u8 + 1
    }

    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    pub(crate) fn of_numbers(numbers: &[u8]) -> Vec<Self> {
        numbers.iter().copied().filter_map(Self::of_number).collect()
    }
}

/// An instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Record)]
pub struct Timestamp {
    /// Milliseconds since 1970-01-01 UTC.
    pub unix_ms: i64,
}

impl From<i64> for Timestamp {
    fn from(unix_ms: i64) -> Self {
        Self { unix_ms }
    }
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct Money {
    /// In the currency's smallest unit: cents for EUR.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}

impl From<model::Money> for Money {
    fn from(money: model::Money) -> Self {
        Self { minor: money.minor, currency: money.currency.to_string() }
    }
}

impl Money {
    pub(crate) fn read(&self) -> Result<model::Money, CarteraError> {
        Ok(model::Money::new(self.minor, currency(&self.currency)?))
    }

    pub(crate) fn of(minor: impl TryInto<i64>, currency: model::Currency) -> Self {
        // Sums of what fits are told as the largest amount where they do not.
        Self { minor: minor.try_into().unwrap_or(i64::MAX), currency: currency.to_string() }
    }
}

pub(crate) fn currency(code: &str) -> Result<model::Currency, CarteraError> {
    code.parse().map_err(|_| CarteraError::invalid("currency", Code::Form))
}

/// A quantity, unit price or percentage.
#[derive(Debug, Clone, PartialEq, Eq, Hash, uniffi::Record)]
pub struct Decimal {
    /// With a point, without an exponent: `-12.5`.
    pub text: String,
}

impl From<model::Decimal> for Decimal {
    fn from(value: model::Decimal) -> Self {
        Self { text: value.to_string() }
    }
}

impl Decimal {
    pub(crate) fn read(&self) -> Result<model::Decimal, CarteraError> {
        self.text.parse().map_err(|_| CarteraError::invalid("decimal", Code::Form))
    }
}

/// A point on the earth, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
    /// Radius in metres within which it lies.
    #[uniffi(default = None)]
    pub accuracy_m: Option<u32>,
}

impl Point {
    pub(crate) fn read(self) -> Result<place::Fix, CarteraError> {
        let e7 = |degrees: f64, most: f64| {
            let good = degrees.is_finite() && degrees.abs() <= most;
            let scaled = (degrees * place::DEGREE_E7 as f64).round();
            good.then_some(scaled as i32).ok_or_else(|| CarteraError::invalid("place", Code::Form))
        };
        Ok(place::Fix::new(e7(self.latitude, 90.0)?, e7(self.longitude, 180.0)?, self.accuracy_m))
    }

    pub(crate) fn near(self) -> nearby::Point {
        nearby::Point { latitude: self.latitude, longitude: self.longitude }
    }
}

impl From<place::Fix> for Point {
    fn from(fix: place::Fix) -> Self {
        let degrees = |e7: i32| f64::from(e7) / place::DEGREE_E7 as f64;
        Self { latitude: degrees(fix.lat_e7), longitude: degrees(fix.lon_e7), accuracy_m: fix.accuracy_m }
    }
}

/// An amount as a decimal, such as `1234.50`; `None` where the currency's smallest unit is not known.
#[uniffi::export]
pub fn money_text(money: Money) -> Option<String> {
    let currency: money::Currency = money.currency.parse().ok()?;
    currency.exponent()?;
    Some(model::Money::new(money.minor, currency).to_decimal_string())
}

/// `optional.map(read)` for values that may be wrong.
pub(crate) fn each<A, B>(
    items: impl IntoIterator<Item = A>,
    read: impl FnMut(A) -> Result<B, CarteraError>,
) -> Result<Vec<B>, CarteraError> {
    items.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_id_amount_or_point_is_refused() {
        let date = |year, month, day| BusinessDate { year, month, day }.read().is_ok();
        assert!(date(2024, 2, 29) && !date(2023, 2, 29) && !date(2024, 13, 1) && !date(2024, 200, 1));
        assert!(ClientId { ulid: "01ARZ3NDEKTSV4RRFFQ69G5FAV".into() }.read().is_ok());
        assert!(ClientId { ulid: "01ARZ3NDEKTSV4RRFFQ69G5FA".into() }.read().is_err());
        assert!(Decimal { text: "12.5".into() }.read().is_ok());
        assert!(Decimal { text: "12,5".into() }.read().is_err());
        assert!(currency("EUR").is_ok() && currency("eur").is_err());
        let point = |latitude, longitude| Point { latitude, longitude, accuracy_m: None }.read().is_ok();
        assert!(point(90.0, -180.0) && !point(90.1, 0.0) && !point(f64::NAN, 0.0));
    }

    #[test]
    fn values_come_back_as_they_went() {
        let date = BusinessDate { year: 2026, month: 11, day: 25 };
        assert_eq!(BusinessDate::from(date.read().unwrap()), date);
        let numbers = Weekday::ALL.map(Weekday::number);
        assert_eq!((numbers, Weekday::of_numbers(&numbers)), ([1, 2, 3, 4, 5, 6, 7], Weekday::ALL.to_vec()));
        assert_eq!(Weekday::of_numbers(&[0, 8, 255]), []);
        let point = Point { latitude: 40.4168, longitude: -3.7038, accuracy_m: Some(5) };
        assert_eq!(Point::from(point.read().unwrap()), point);
        assert_eq!(money_text(Money { minor: -5, currency: "EUR".into() }).as_deref(), Some("-0.05"));
    }
}
