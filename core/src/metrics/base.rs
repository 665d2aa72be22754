//! What figures are computed from: for each client the days of its sales in one currency, as integers, in key order.

use std::collections::BTreeMap;

use super::window::Window;
use crate::model::office::SalesDay;
use crate::model::{BusinessDate, ClientId, Currency};

/// What one client bought on one business day in one currency, whatever number of documents that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    pub date: BusinessDate,
    /// Net revenue in minor units. A day that is no purchase event counts in revenue all the same.
    pub net: i64,
    /// Whether it is a purchase event (see `model::office::sales_day`).
    pub event: bool,
}

/// One client's days in one currency, or those of a window; ascending, one a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchases<'a> {
    pub days: &'a [Day],
}

impl<'a> Purchases<'a> {
    /// Dates of the purchase events, ascending.
    pub fn events(self) -> impl DoubleEndedIterator<Item = BusinessDate> + Clone + 'a {
        self.days.iter().filter(|day| day.event).map(|day| day.date)
    }

    pub fn event_count(self) -> u64 {
        self.days.iter().filter(|day| day.event).count() as u64
    }

    /// Net revenue in minor units.
    pub fn net(self) -> i128 {
        self.days.iter().map(|day| i128::from(day.net)).sum()
    }

    /// What falls into a window.
    pub fn within(self, window: Window) -> Self {
        let from = self.days.partition_point(|day| day.date < window.from());
        let to = self.days.partition_point(|day| day.date < window.to());
        Self { days: &self.days[from..to.max(from)] }
    }

    /// What came on that day or before it.
    pub fn until(self, as_of: BusinessDate) -> Self {
        Self { days: &self.days[..self.days.partition_point(|day| day.date <= as_of)] }
    }

    /// Whether it has any event.
    pub fn has_event(self) -> bool {
        self.days.iter().any(|day| day.event)
    }
}

/// The clients of a workspace, or of a rep, with what they bought in one currency up to the as-of date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    currency: Currency,
    as_of: BusinessDate,
    history_start: BusinessDate,
    clients: Vec<ClientId>,
    /// Where each client's days end in `days`.
    ends: Vec<usize>,
    days: Vec<Day>,
}

/// Days that did not come in the order of their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("days of sales have to come by client, then by date, each once")]
pub struct OutOfOrder;

impl Base {
    /// `history_start` is the first day of complete sales, as the workspace states it.
    pub const fn new(currency: Currency, as_of: BusinessDate, history_start: BusinessDate) -> Self {
        Self { currency, as_of, history_start, clients: Vec::new(), ends: Vec::new(), days: Vec::new() }
    }

    /// Takes one more day; one after the as-of date is left out.
    ///
    /// # Errors
    /// Unless days come by client, then by date, each once.
    pub fn push(&mut self, client: ClientId, day: Day) -> Result<(), OutOfOrder> {
        if day.date > self.as_of {
            return Ok(());
        }
        match self.clients.last() {
            Some(last) if *last > client => return Err(OutOfOrder),
            Some(last) if *last == client => {
                if self.days.last().is_some_and(|last| last.date >= day.date) {
                    return Err(OutOfOrder);
                }
            }
            _ => {
                self.clients.push(client);
                self.ends.push(self.days.len());
            }
        }
        self.days.push(day);
        if let Some(end) = self.ends.last_mut() {
            *end = self.days.len();
        }
        Ok(())
    }

    pub const fn currency(&self) -> Currency {
        self.currency
    }

    pub const fn as_of(&self) -> BusinessDate {
        self.as_of
    }

    pub const fn history_start(&self) -> BusinessDate {
        self.history_start
    }

    /// Whether sales are complete in a window: it does not begin before the history does.
    pub fn covers(&self, window: Window) -> bool {
        window.from() >= self.history_start
    }

    /// From the first day of complete sales to the as-of date; `None` where the history has not begun by then.
    pub fn whole(&self) -> Option<Window> {
        Window::new(self.history_start, self.as_of.plus_days(1)?)
    }

    /// Clients with any day of sales, ascending.
    pub fn clients(&self) -> &[ClientId] {
        &self.clients
    }

    pub const fn len(&self) -> usize {
        self.clients.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// By id, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (ClientId, Purchases<'_>)> {
        (0..self.clients.len()).map(|at| (self.clients[at], self.at(at)))
    }

    /// `None` for a client that never had a day of sales in this currency.
    pub fn of(&self, client: &ClientId) -> Option<Purchases<'_>> {
        self.clients.binary_search(client).ok().map(|at| self.at(at))
    }

    fn at(&self, at: usize) -> Purchases<'_> {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        Purchases { days: &self.days[from..self.ends[at]] }
    }
}

/// The bases of one workspace, a currency each, as days of sales come in.
#[derive(Debug, Clone)]
pub struct Bases {
    as_of: BusinessDate,
    by_currency: BTreeMap<Currency, Base>,
}

impl Bases {
    pub const fn new(as_of: BusinessDate) -> Self {
        Self { as_of, by_currency: BTreeMap::new() }
    }

    /// Takes one more day.
    ///
    /// # Errors
    /// Unless days come by client, then by date.
    pub fn push(&mut self, client: ClientId, day: &SalesDay) -> Result<(), OutOfOrder> {
        let base = self
            .by_currency
            .entry(day.currency)
            .or_insert_with(|| Base::new(day.currency, self.as_of, BusinessDate::MIN));
        base.push(client, Day { date: day.date, net: day.net, event: day.event })
    }

    /// All bases, by currency. `history_start` is what the workspace states; where it states nothing, its sales are taken
    /// to be complete from the first one on, whatever the currency.
    pub fn finish(self, history_start: Option<BusinessDate>) -> Vec<Base> {
        let first = self.by_currency.values().flat_map(|base| base.days.iter().map(|day| day.date)).min();
        let start = history_start.or(first).unwrap_or(self.as_of);
        let with_start = |base: Base| Base { history_start: start, ..base };
        self.by_currency.into_values().filter(|base| !base.is_empty()).map(with_start).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn day(text: &str, net: i64) -> Day {
        Day { date: date(text), net, event: net >= 0 }
    }

    fn client(n: u8) -> ClientId {
        ClientId::from_bytes([n; 16])
    }

    fn base() -> Base {
        Base::new(Currency::EUR, date("2026-06-30"), date("2026-01-01"))
    }

    #[test]
    fn days_are_found_by_client_and_window() {
        let mut base = base();
        for (who, when, net) in [
            (1, "2026-01-01", 100),
            (1, "2026-03-31", 50),
            (1, "2026-04-01", -20),
            (3, "2026-06-30", 7),
            (3, "2026-07-01", 9),
        ] {
            base.push(client(who), day(when, net)).unwrap();
        }
        assert_eq!(base.clients(), [client(1), client(3)]);
        let first = base.of(&client(1)).unwrap();
        assert_eq!(
            (first.net(), first.event_count(), first.events().next_back()),
            (130, 2, Some(date("2026-03-31")))
        );
        let april = Window::new(date("2026-04-01"), date("2026-05-01")).unwrap();
        assert_eq!((first.within(april).net(), first.within(april).has_event()), (-20, false));
        assert_eq!(first.until(date("2026-03-31")).net(), 150);
        assert_eq!(base.of(&client(2)), None);
        assert_eq!(base.of(&client(3)).unwrap().net(), 7, "what comes after the as-of date is not there");
        assert!(base.covers(april));
        assert!(!base.covers(Window::new(date("2025-12-31"), date("2026-05-01")).unwrap()));
    }

    #[test]
    fn currencies_are_apart_and_the_history_begins_where_it_is_stated() {
        let days = |stated| {
            let mut bases = Bases::new(date("2026-06-30"));
            for (who, when, currency, net) in [
                (1, "2026-02-01", "USD", 5),
                (1, "2026-02-01", "EUR", 7),
                (2, "2026-01-15", "EUR", 1),
                (2, "2026-07-01", "GBP", 1),
            ] {
                let day = SalesDay::new(date(when), currency.parse().unwrap(), net, true, 1);
                bases.push(client(who), &day).unwrap();
            }
            bases.finish(stated)
        };
        let found = days(None);
        let told: Vec<_> = found
            .iter()
            .map(|base| (base.currency().to_string(), base.len(), base.history_start()))
            .collect();
        let start = date("2026-01-15");
        assert_eq!(told, [("EUR".to_owned(), 2, start), ("USD".to_owned(), 1, start)]);
        assert_eq!(days(Some(date("2026-02-01")))[0].history_start(), date("2026-02-01"));
        assert_eq!(Bases::new(date("2026-06-30")).finish(None), []);
    }

    #[test]
    fn another_order_is_refused() {
        let mut base = base();
        base.push(client(2), day("2026-02-02", 1)).unwrap();
        for (who, when) in [(1, "2026-02-03"), (2, "2026-02-02"), (2, "2026-02-01")] {
            assert_eq!(base.push(client(who), day(when, 1)), Err(OutOfOrder), "{who}, {when}");
        }
        assert_eq!(base.iter().map(|(_, purchases)| purchases.days.len()).collect::<Vec<_>>(), [1]);
    }
}
