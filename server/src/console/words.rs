//! What templates say: words of `core/strings`, numbers and dates as the reader writes them.

use cartera_core::metrics::{Figure, Ratio};
use cartera_core::model::{BusinessDate, Currency};
use cartera_core::strings::{Arg, Language, has, text};

use crate::figures::Numbers;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    pub(crate) fn tag(&self) -> &'static str {
        self.0.tag()
    }

    pub(crate) fn say(&self, id: &str) -> String {
        text(self.0, id, &[])
    }

    /// With one variable in its place.
    pub(crate) fn with(&self, id: &str, name: &str, value: &str) -> String {
        text(self.0, id, &[(name, value.into())])
    }

    pub(crate) fn args(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        text(self.0, id, args)
    }

    /// With a number that may choose the plural.
    pub(crate) fn count(&self, id: &str, count: u64) -> String {
        text(self.0, id, &[("count", count.into())])
    }

    pub(crate) fn number(&self, value: f64, places: usize) -> String {
        self.grouped(value, &Numbers::new(self.0).decimal(value, places))
    }

    /// Digits set apart as the words' own numbers have it: from 10,000 on, with the language's mark.
    fn grouped(&self, value: f64, written: &str) -> String {
        let mark = match self.0 {
            _ if value.abs() < 10_000.0 => "",
            Language::Spanish => ".",
            Language::English => ",",
        };
        written.replace('\u{202f}', mark)
    }

    /// A decimal number as it is, such as a quantity.
    pub(crate) fn decimal(&self, written: &str) -> String {
        match self.0 {
            Language::Spanish => written.replace('.', ","),
            Language::English => written.to_owned(),
        }
    }

    pub(crate) fn whole(&self, value: u64) -> String {
        self.number(value as f64, 0)
    }

    pub(crate) fn percent(&self, ratio: Ratio) -> String {
        Numbers::new(self.0).percent(ratio)
    }

    /// By how much it went up or down.
    pub(crate) fn change(&self, ratio: Ratio) -> String {
        let by = 100.0 * (ratio.get() - 1.0);
        let sign = if by > 0.0 { "+" } else { "" };
        format!("{sign}{} %", self.number(by, 1))
    }

    pub(crate) fn money(&self, minor: f64, currency: Currency) -> String {
        let (amount, places) = units(minor, currency);
        format!("{} {currency}", self.number(amount, places))
    }

    /// Without the minor units: for sums, where cents are noise.
    pub(crate) fn round_money(&self, minor: f64, currency: Currency) -> String {
        format!("{} {currency}", self.number(units(minor, currency).0, 0))
    }

    /// The value, or why there is none.
    pub(crate) fn figure<T>(&self, figure: Figure<T>, show: impl FnOnce(T) -> String) -> String {
        match figure.value {
            Ok(value) => show(value),
            Err(why) => self.say(&format!("withheld-{}", why.as_str())),
        }
    }

    /// What a feed of the office brings: a kind of office record, or clients.
    pub(crate) fn feed(&self, what: &str) -> String {
        let id = format!("office-{what}");
        match what {
            "client" => self.say("word-clients"),
            _ if has(self.0, &id) => self.say(&id),
            _ => what.to_owned(),
        }
    }

    /// How long ago a day was.
    pub(crate) fn ago(&self, then: BusinessDate, now: BusinessDate) -> String {
        match u64::try_from(now.days() - then.days()) {
            Ok(days) => self.count("console-ago", days),
            Err(_) => self.day(then),
        }
    }

    /// A rhythm of so many days.
    pub(crate) fn every(&self, days: f64) -> String {
        self.count("console-every", days.round() as u64)
    }

    /// Such as `25 nov 2026`.
    pub(crate) fn day(&self, date: BusinessDate) -> String {
        let civil = date.civil();
        format!("{} {} {}", civil.day(), self.say(&format!("month-{}", civil.month())), civil.year())
    }

    /// Such as `nov 2026`.
    pub(crate) fn month(&self, date: BusinessDate) -> String {
        let civil = date.civil();
        format!("{} {}", self.say(&format!("month-{}", civil.month())), civil.year())
    }

    /// The day and the minute, at Greenwich.
    pub(crate) fn moment(&self, at_ms: i64) -> String {
        let days = i32::try_from(at_ms.div_euclid(86_400_000)).ok().and_then(BusinessDate::from_days);
        let minutes = at_ms.rem_euclid(86_400_000) / 60_000;
        let day = days.map_or_else(String::new, |day| self.day(day));
        format!("{day}, {:02}:{:02} UTC", minutes / 60, minutes % 60)
    }
}

/// Minor units as the currency's own, and the places that it has.
fn units(minor: f64, currency: Currency) -> (f64, usize) {
    let places = currency.exponent().unwrap_or(0);
    let scale = (0..places).fold(1.0, |scale, _| scale * 10.0);
    (minor / scale, places as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_as_the_reader_does() {
        let (spanish, english) = (Words(Language::Spanish), Words(Language::English));
        let day: BusinessDate = "2026-11-05".parse().unwrap();
        assert_eq!((spanish.day(day), english.day(day)), ("5 nov 2026".into(), "5 Nov 2026".into()));
        assert_eq!(spanish.moment(1_790_000_000_000), "21 sept 2026, 14:13 UTC");
        assert_eq!(spanish.money(123_456.0, Currency::EUR), "1234,56 EUR");
        assert_eq!(english.round_money(123_456.0, Currency::EUR), "1235 EUR");
        assert_eq!(spanish.money(1_234_567.0, Currency::EUR), "12.345,67 EUR");
        assert_eq!((spanish.whole(23_571), english.whole(23_571)), ("23.571".into(), "23,571".into()));
        let ratio = |part| Ratio { part, whole: 1000 };
        let changes = [1054, 1000, 900].map(|part| spanish.change(ratio(part)));
        assert_eq!(changes, ["+5,4 %", "0,0 %", "-10,0 %"]);
    }
}
