//! What figures are computed from: for each client the days of its sales in one currency, as integers, in key order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::window::Window;
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
    /// Up to when days are kept that come after the as-of date, and those.
    known_until: BusinessDate,
    later: BTreeMap<ClientId, Vec<Day>>,
}

/// Days that did not come in the order of their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("days of sales have to come by client, then by date, each once")]
pub struct OutOfOrder;

impl Base {
    /// `history_start` is the first day of complete sales, as the workspace states it.
    pub const fn new(currency: Currency, as_of: BusinessDate, history_start: BusinessDate) -> Self {
        Self {
            currency,
            as_of,
            history_start,
            clients: Vec::new(),
            ends: Vec::new(),
            days: Vec::new(),
            known_until: as_of,
            later: BTreeMap::new(),
        }
    }

    /// Keeps days up to that date beside the others, though they come after the as-of date: classes and scores are told
    /// as of the date of their cuts, whatever date is asked for.
    pub const fn known_until(mut self, date: BusinessDate) -> Self {
        self.known_until = date;
        self
    }

    /// The same with sales complete from another day on.
    pub const fn starting(mut self, history_start: BusinessDate) -> Self {
        self.history_start = history_start;
        self
    }

    /// Takes one more day; one after the as-of date is in no figure but class and score.
    ///
    /// # Errors
    /// Unless days come by client, then by date, each once.
    pub fn push(&mut self, client: ClientId, day: Day) -> Result<(), OutOfOrder> {
        if day.date > self.as_of {
            if day.date <= self.known_until {
                self.later.entry(client).or_default().push(day);
            }
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

    /// Whose day came last.
    pub(super) fn last_client(&self) -> Option<ClientId> {
        self.clients.last().copied()
    }

    /// All days of a client that are known, those after the as-of date among them, where `purchases` are those before.
    pub(super) fn known<'a>(&'a self, client: &ClientId, purchases: Option<Purchases<'a>>) -> Cow<'a, [Day]> {
        let days = purchases.map_or(&[][..], |purchases| purchases.days);
        match self.later.get(client) {
            None => Cow::Borrowed(days),
            Some(later) => Cow::Owned([days, later].concat()),
        }
    }

    /// The first day of anybody.
    pub fn first_day(&self) -> Option<BusinessDate> {
        self.days.iter().map(|day| day.date).min()
    }

    fn at(&self, at: usize) -> Purchases<'_> {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        Purchases { days: &self.days[from..self.ends[at]] }
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
    fn days_after_the_as_of_date_are_kept_where_they_are_asked_for() {
        let days = [(1, "2026-06-30", 1), (1, "2026-07-01", 2), (1, "2026-07-03", 4), (2, "2026-07-02", 8)];
        let all = |base: Base| {
            let mut base = base;
            for (who, when, net) in days {
                base.push(client(who), day(when, net)).unwrap();
            }
            let known = |who| base.known(&client(who), base.of(&client(who)));
            let nets = |who| known(who).iter().map(|day| day.net).sum::<i64>();
            (base.len(), base.of(&client(1)).unwrap().net(), nets(1), nets(2))
        };
        assert_eq!(all(base()), (1, 1, 1, 0));
        assert_eq!(all(base().known_until(date("2026-07-02"))), (1, 1, 3, 8));
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
