//! What a client has been worth so far.
//!
//! CLV, historical = average transaction x frequency x duration. Over one window that is net revenue, since frequency x
//! duration is the number of events: so the amount is kept as the integer that it is, and a test holds the identity.
//! It is value so far, in revenue; it says nothing of what comes.

use super::base::{Base, Purchases};
use super::figure::{Figure, Withheld};
use super::window::Window;
use crate::model::BusinessDate;

/// What one client, or all of them together, bought so far, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    /// Net revenue in minor units.
    pub net: i128,
    /// Purchase events.
    pub events: u64,
    /// From the first event to the as-of date, or to the closure; the sum over clients.
    pub duration_days: u64,
    /// Clients with an event.
    pub clients: u64,
}

impl Worth {
    /// Of one client; `closed` where it is closed now.
    pub fn of(purchases: Purchases<'_>, closed: Option<BusinessDate>, as_of: BusinessDate) -> Self {
        let first = purchases.events().next();
        let end = closed.map_or(as_of, |closed| closed.min(as_of));
        let duration = first.map_or(0, |first| end.days().saturating_sub(first.days()).max(0));
        Self {
            net: purchases.net(),
            events: purchases.event_count(),
            duration_days: u64::from(duration.unsigned_abs()),
            clients: u64::from(first.is_some()),
        }
    }

    /// Of all clients of a base, none of them closed.
    pub fn of_base(base: &Base) -> Self {
        base.iter()
            .map(|(_, purchases)| Self::of(purchases, None, base.as_of()))
            .fold(Self::default(), Self::plus)
    }

    pub const fn plus(self, other: Self) -> Self {
        Self {
            net: self.net + other.net,
            events: self.events + other.events,
            duration_days: self.duration_days + other.duration_days,
            clients: self.clients + other.clients,
        }
    }

    /// Net revenue per purchase event, in minor units; records are events.
    pub fn average_transaction(self) -> Figure<f64> {
        self.per(self.events, Withheld::NoData).map(|events| self.net as f64 / events)
    }

    /// Purchase events a day; withheld where the duration is nothing.
    pub fn frequency_per_day(self) -> Figure<f64> {
        let why = if self.events == 0 { Withheld::NoData } else { Withheld::NoDuration };
        let days = if self.events == 0 { 0 } else { self.duration_days };
        self.per(days, why).map(|days| self.events as f64 / days)
    }

    /// Purchase events per client with any.
    pub fn events_per_client(self) -> Figure<f64> {
        self.per(self.clients, Withheld::NoData).map(|clients| self.events as f64 / clients)
    }

    /// CLV so far per client with any event, in minor units.
    pub fn clv_per_client(self) -> Figure<f64> {
        self.per(self.clients, Withheld::NoData).map(|clients| self.net as f64 / clients)
    }

    fn per(self, under: u64, why: Withheld) -> Figure<f64> {
        Figure { value: if under == 0 { Err(why) } else { Ok(under as f64) }, records: self.events }
    }
}

/// Days over which a usual week is told.
const USUAL_DAYS: u32 = 364;

/// Net revenue of a usual week, in minor units: over the last 52, or over those since the first day of sales where that is
/// later, one whole week at least. `None` where nothing was earned in them.
pub fn weekly_net(purchases: Purchases<'_>, as_of: BusinessDate) -> Option<f64> {
    let window = Window::days(as_of, USUAL_DAYS, 0)?;
    let from = purchases.days.first()?.date.max(window.from());
    let days = window.to().days().saturating_sub(from.days()).max(7);
    let net = purchases.within(window).net();
    (net > 0).then(|| net as f64 * 7.0 / f64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::base::Day;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn worth(days: &[(&str, i64, bool)], closed: Option<&str>) -> Worth {
        let days: Vec<_> =
            days.iter().map(|(on, net, event)| Day { date: date(on), net: *net, event: *event }).collect();
        Worth::of(Purchases { days: &days }, closed.map(date), date("2026-12-31"))
    }

    #[test]
    fn average_frequency_and_duration_multiply_to_net_revenue() {
        let worth = worth(
            &[("2026-01-01", 1_000, true), ("2026-03-01", 501, true), ("2026-04-01", -77, false)],
            None,
        );
        assert_eq!((worth.net, worth.events, worth.duration_days), (1_424, 2, 364));
        let product = worth.average_transaction().value.unwrap()
            * worth.frequency_per_day().value.unwrap()
            * worth.duration_days as f64;
        assert!((product - 1_424.0).abs() < 1e-9, "{product}");
        assert_eq!(worth.average_transaction(), Figure::new(712.0, 2));
    }

    #[test]
    fn without_events_or_duration_there_is_no_figure() {
        let nothing = worth(&[], None);
        assert_eq!(nothing.average_transaction(), Figure::withheld(Withheld::NoData, 0));
        assert_eq!(nothing.frequency_per_day(), Figure::withheld(Withheld::NoData, 0));
        assert_eq!(nothing.clv_per_client(), Figure::withheld(Withheld::NoData, 0));
        let credit_only = worth(&[("2026-01-01", -5, false)], None);
        assert_eq!((credit_only.net, credit_only.clients), (-5, 0));
        assert_eq!(credit_only.average_transaction(), Figure::withheld(Withheld::NoData, 0));
        let today = worth(&[("2026-12-31", 10, true)], None);
        assert_eq!(today.frequency_per_day(), Figure::withheld(Withheld::NoDuration, 1));
        assert_eq!(today.average_transaction(), Figure::new(10.0, 1));
    }

    #[test]
    fn a_usual_week_is_one_of_the_last_52_or_of_those_there_were() {
        let week = |days: &[(&str, i64)]| {
            let days: Vec<_> =
                days.iter().map(|(on, net)| Day { date: date(on), net: *net, event: *net >= 0 }).collect();
            weekly_net(Purchases { days: &days }, date("2026-12-31"))
        };
        // 364 days ago is the day before the first of the window.
        assert_eq!(week(&[("2026-01-01", 9_999), ("2026-01-02", 5_200), ("2026-12-31", 5_200)]), Some(200.0));
        // Four weeks, credit notes off.
        assert_eq!(week(&[("2026-12-04", 900), ("2026-12-20", -100)]), Some(200.0));
        assert_eq!(week(&[("2026-12-25", 70)]), Some(70.0));
        assert_eq!(week(&[("2026-12-31", 70)]), Some(70.0), "a whole week at least");
        for nothing in [&[][..], &[("2025-12-31", 70)], &[("2026-12-30", -70)], &[("2026-12-30", 0)]] {
            assert_eq!(week(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn duration_ends_with_the_closure() {
        assert_eq!(worth(&[("2026-01-01", 10, true)], Some("2026-01-31")).duration_days, 30);
        assert_eq!(worth(&[("2026-01-01", 10, true)], Some("2027-01-31")).duration_days, 364);
        assert_eq!(worth(&[("2026-01-01", 10, true)], Some("2025-01-31")).duration_days, 0);
    }
}
