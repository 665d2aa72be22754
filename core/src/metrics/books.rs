//! Whose figures are computed, and from what: everybody of a workspace, a rep's clients, or one client alone.
//!
//! A client has one life, whatever it pays in; amounts stand apart, a [`Base`] a currency.

use std::collections::BTreeMap;

use super::base::{Base, Day, OutOfOrder};
use crate::model::office::SalesDay;
use crate::model::profile::ShutSpan;
use crate::model::{BusinessDate, ClientId, Currency};

/// What is known of a client besides its days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Days on which somebody closed it, ascending; those of clients that were merged into it among them.
    pub closures: Vec<BusinessDate>,
    /// Days on which it is shut.
    pub shut: Vec<ShutSpan>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    as_of: BusinessDate,
    known_until: BusinessDate,
    history_start: Option<BusinessDate>,
    clients: BTreeMap<ClientId, Known>,
    bases: BTreeMap<Currency, Base>,
}

impl Books {
    /// `history_start` is the first day of complete sales, where that is known. `known_until`: see
    /// [`Base::known_until`].
    pub const fn new(
        as_of: BusinessDate,
        known_until: BusinessDate,
        history_start: Option<BusinessDate>,
    ) -> Self {
        Self { as_of, known_until, history_start, clients: BTreeMap::new(), bases: BTreeMap::new() }
    }

    /// A client, whether it ever bought or not. Closures after the as-of date are left out.
    pub fn client(&mut self, client: ClientId, mut known: Known) {
        known.closures.retain(|date| *date <= self.as_of);
        self.clients.insert(client, known);
    }

    /// One more day of a client.
    ///
    /// # Errors
    /// Unless days come by client, then by date.
    pub fn day(&mut self, client: ClientId, day: &SalesDay) -> Result<(), OutOfOrder> {
        let Self { as_of, known_until, history_start, .. } = *self;
        // Where the start is not known, no window is covered.
        let start = history_start.unwrap_or(BusinessDate::MAX);
        let base = self
            .bases
            .entry(day.currency)
            .or_insert_with(|| Base::new(day.currency, as_of, start).known_until(known_until));
        self.clients.entry(client).or_default();
        base.push(client, Day { date: day.date, net: day.net, event: day.event })
    }

    /// The same with sales complete from that day on.
    pub fn starting(self, history_start: BusinessDate) -> Self {
        let bases = self.bases.into_iter().map(|(currency, base)| (currency, base.starting(history_start)));
        Self { history_start: Some(history_start), bases: bases.collect(), ..self }
    }

    pub const fn as_of(&self) -> BusinessDate {
        self.as_of
    }

    /// The first day of complete sales; `None` where nobody knows it.
    pub const fn history_start(&self) -> Option<BusinessDate> {
        self.history_start
    }

    /// The first day of sales, whatever the currency.
    pub fn first_day(&self) -> Option<BusinessDate> {
        self.bases.values().filter_map(Base::first_day).min()
    }

    /// Everybody, by id.
    pub fn clients(&self) -> impl ExactSizeIterator<Item = (&ClientId, &Known)> {
        self.clients.iter()
    }

    /// What was bought, a currency each, by its code; those in which nobody bought by the as-of date left out.
    pub fn bases(&self) -> impl Iterator<Item = &Base> {
        self.bases.values().filter(|base| !base.is_empty())
    }

    /// The dates of a client's purchase events in any currency, ascending, each once.
    pub fn events(&self, client: &ClientId) -> Vec<BusinessDate> {
        let mut found = self.bases.values().filter_map(|base| base.of(client));
        let mut events: Vec<BusinessDate> =
            found.next().map_or_else(Vec::new, |purchases| purchases.events().collect());
        let own = events.len();
        found.for_each(|purchases| events.extend(purchases.events()));
        if events.len() > own {
            events.sort_unstable();
            events.dedup();
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date};

    fn books(history_start: Option<BusinessDate>) -> Books {
        let as_of = date("2026-06-30");
        let mut books = Books::new(as_of, as_of, history_start);
        books.client(
            client(4),
            Known { closures: vec![date("2026-06-30"), date("2026-07-01")], ..Known::default() },
        );
        for (who, when, currency, net) in [
            (1, "2026-02-01", "EUR", 7),
            (1, "2026-02-01", "USD", 5),
            (1, "2026-01-20", "CHF", 5),
            (2, "2026-01-15", "EUR", 1),
            (3, "2026-07-01", "GBP", 1),
        ] {
            let day = SalesDay::new(date(when), currency.parse().unwrap(), net, true, 1);
            books.day(client(who), &day).unwrap();
        }
        books
    }

    #[test]
    fn everybody_is_there_and_currencies_are_apart() {
        let found = books(None);
        assert_eq!(found.clients().map(|(id, _)| id.as_bytes()[0]).collect::<Vec<_>>(), [1, 2, 3, 4]);
        let told: Vec<_> = found.bases().map(|base| (base.currency().to_string(), base.len())).collect();
        assert_eq!(told, [("CHF".to_owned(), 1), ("EUR".to_owned(), 2), ("USD".to_owned(), 1)]);
        assert_eq!(found.events(&client(1)), [date("2026-01-20"), date("2026-02-01")]);
        assert_eq!(found.events(&client(4)), []);
        assert_eq!(found.clients().last().unwrap().1.closures, [date("2026-06-30")]);
    }

    #[test]
    fn without_a_known_start_nothing_is_covered() {
        let found = books(None);
        let window = crate::metrics::testing::window("2026-02-01", "2026-03-01");
        assert!(found.bases().all(|base| !base.covers(window)));
        assert_eq!(found.first_day(), Some(date("2026-01-15")));
        let started = found.starting(date("2026-02-01"));
        assert!(started.bases().all(|base| base.covers(window)));
        assert_eq!(started.history_start(), Some(date("2026-02-01")));
    }
}
