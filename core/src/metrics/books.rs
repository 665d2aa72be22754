//! Whose figures are computed, and from what: everybody of a workspace, a rep's clients, or one client alone.
//!
//! A client has one life, whatever it pays in; amounts stand apart, a [`Base`] a currency.

use std::borrow::Cow;

use super::base::{Base, Day, OutOfOrder, Purchases};
use crate::model::office::SalesDay;
use crate::model::profile::ShutSpan;
use crate::model::{BusinessDate, ClientId};

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
    /// Ascending.
    clients: Vec<(ClientId, Known)>,
    /// By currency.
    bases: Vec<Base>,
}

impl Books {
    /// `history_start` is the first day of complete sales, where that is known. `known_until`: see
    /// [`Base::known_until`].
    pub const fn new(
        as_of: BusinessDate,
        known_until: BusinessDate,
        history_start: Option<BusinessDate>,
    ) -> Self {
        Self { as_of, known_until, history_start, clients: Vec::new(), bases: Vec::new() }
    }

    /// A client, whether it ever bought or not. Closures after the as-of date are left out.
    pub fn client(&mut self, client: ClientId, mut known: Known) {
        known.closures.retain(|date| *date <= self.as_of);
        *self.known(client) = known;
    }

    fn known(&mut self, client: ClientId) -> &mut Known {
        // Most come in their order.
        let at = match self.clients.last() {
            Some((last, _)) if *last >= client => self.clients.binary_search_by_key(&client, |(id, _)| *id),
            _ => Err(self.clients.len()),
        };
        let at = at.unwrap_or_else(|at| {
            self.clients.insert(at, (client, Known::default()));
            at
        });
        &mut self.clients[at].1
    }

    /// One more day of a client.
    ///
    /// # Errors
    /// Unless days come by client, then by date.
    pub fn day(&mut self, client: ClientId, day: &SalesDay) -> Result<(), OutOfOrder> {
        let Self { as_of, known_until, history_start, .. } = *self;
        // Where the start is not known, no window is covered.
        let start = history_start.unwrap_or(BusinessDate::MAX);
        let place = self.bases.iter().position(|base| base.currency() == day.currency);
        let place = place.unwrap_or_else(|| {
            let at = self.bases.partition_point(|base| base.currency() < day.currency);
            self.bases.insert(at, Base::new(day.currency, as_of, start).known_until(known_until));
            at
        });
        let base = &mut self.bases[place];
        let is_same = base.last_client() == Some(client);
        base.push(client, Day { date: day.date, net: day.net, event: day.event })?;
        if !is_same {
            self.known(client);
        }
        Ok(())
    }

    /// The same with sales complete from that day on.
    pub fn starting(self, history_start: BusinessDate) -> Self {
        let bases = self.bases.into_iter().map(|base| base.starting(history_start));
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
        self.bases.iter().filter_map(Base::first_day).min()
    }

    /// Everybody, by id.
    pub fn clients(&self) -> impl ExactSizeIterator<Item = (&ClientId, &Known)> {
        self.clients.iter().map(|(client, known)| (client, known))
    }

    /// What was bought, a currency each, by its code; those in which nobody bought by the as-of date left out.
    pub fn bases(&self) -> impl Iterator<Item = &Base> {
        self.bases.iter().filter(|base| !base.is_empty())
    }

    /// What a client bought, looked up once for all that is computed of it.
    pub fn of(&self, client: ClientId) -> Own<'_> {
        let in_base = |base| Own::in_base(base, client);
        Own { client, by_currency: self.bases().filter_map(in_base).collect() }
    }
}

/// What one client bought.
#[derive(Debug)]
pub struct Own<'a> {
    pub client: ClientId,
    /// Of the currencies in which it has any day, by their codes.
    pub by_currency: Vec<OwnDays<'a>>,
}

/// The same in one currency.
#[derive(Debug)]
pub struct OwnDays<'a> {
    pub base: &'a Base,
    /// Up to the as-of date; `None` where it has only later ones.
    pub purchases: Option<Purchases<'a>>,
    /// All that is known, days after the as-of date among them.
    known: Cow<'a, [Day]>,
}

impl OwnDays<'_> {
    pub fn known(&self) -> Purchases<'_> {
        Purchases { days: &self.known }
    }
}

impl<'a> Own<'a> {
    fn in_base(base: &'a Base, client: ClientId) -> Option<OwnDays<'a>> {
        let purchases = base.of(&client);
        let known = base.known(&client, purchases);
        (!known.is_empty()).then_some(OwnDays { base, purchases, known })
    }

    /// The dates of purchase events in any currency, ascending, each once.
    pub fn events(&self) -> Vec<BusinessDate> {
        let mut found = self.by_currency.iter().filter_map(|days| days.purchases);
        let mut events: Vec<BusinessDate> = Vec::new();
        if let Some(purchases) = found.next() {
            events.reserve_exact(purchases.days.len());
            events.extend(purchases.events());
        }
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
        assert_eq!(found.of(client(1)).events(), [date("2026-01-20"), date("2026-02-01")]);
        assert_eq!(found.of(client(4)).events(), []);
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
