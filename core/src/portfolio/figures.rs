//! Figures from stored rows: one client's, or those of everybody who is here.
//!
//! What is kept as records arrive are integers alone, a day of sales a client, date and currency (`rows::sales`).
//! Everything else is computed from them when somebody asks, with what the relay computed on the whole base
//! ([`Fit`]), which arrived as office records. So there is no figure that could go stale, or differ from a computation of
//! everything; and one client's figures read that client's rows alone.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::settings;
use crate::metrics::client::{ClientFigures, Computer};
use crate::metrics::parameters::{Fit, Plan};
use crate::metrics::{Books, Known, Report};
use crate::model::office::{KnownKind, Value};
use crate::model::{BusinessDate, ClientId};
use crate::rows::{self, RowsError, aliases, sales};

/// What figures are computed by: the workspace's settings, and what was computed on the whole base.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    pub plan: Plan,
    pub source: sales::Source,
    /// `None`: nothing was computed yet, or not all of it has come.
    pub fit: Option<Fit>,
}

impl Terms {
    pub fn read(conn: &Connection) -> rows::Result<Self> {
        Ok(Self { plan: settings::plan(conn)?, source: sales::source(conn)?, fit: fit(conn)? })
    }

    /// Nobody's books yet.
    fn open(&self, as_of: BusinessDate) -> Books {
        let fit = self.fit.as_ref();
        let known_until = fit.map_or(as_of, |fit| fit.as_of);
        Books::new(as_of, known_until, self.plan.history_start(fit))
    }

    /// Everybody who is here, at the end of a day.
    pub fn books(&self, conn: &Connection, as_of: BusinessDate) -> rows::Result<Books> {
        let mut books = self.open(as_of);
        let (mut closures, mut shut) = (sales::closures(conn)?, sales::shut(conn)?);
        for client in sales::clients(conn)? {
            let closures = closures.remove(&client).unwrap_or_default();
            books.client(client, Known { closures, shut: shut.remove(&client).unwrap_or_default() });
        }
        let mut wrong = Ok(());
        let mut take = |client, day| wrong = wrong.and(books.day(client, &day));
        sales::days(conn, self.source, &mut take)?;
        wrong.map_err(|_| RowsError::Corrupt("days of sales are out of order"))?;
        Ok(books)
    }

    /// Some clients, by reading their rows alone; those that were merged into another left out.
    pub(super) fn books_of(
        &self,
        conn: &Connection,
        clients: &BTreeSet<ClientId>,
        as_of: BusinessDate,
    ) -> rows::Result<Books> {
        let mut books = self.open(as_of);
        for client in clients.iter().copied() {
            if !sales::is_here(conn, &client)? || aliases::kept(conn, client)? != client {
                continue;
            }
            let (closures, shut) = (sales::closures_of(conn, client)?, sales::shut_of(conn, client)?);
            books.client(client, Known { closures, shut });
            for day in sales::days_of(conn, self.source, client)? {
                let taken = books.day(client, &day);
                taken.map_err(|_| RowsError::Corrupt("days of sales are out of order"))?;
            }
        }
        Ok(books)
    }

    /// All figures of whoever is here.
    pub fn report(&self, conn: &Connection, as_of: BusinessDate) -> rows::Result<Report> {
        Ok(Report::of(&self.books(conn, as_of)?, self.fit.as_ref(), &self.plan))
    }

    /// The same of some clients, as if nobody else were here; of those that were merged, nothing.
    pub fn report_of(
        &self,
        conn: &Connection,
        clients: &BTreeSet<ClientId>,
        as_of: BusinessDate,
    ) -> rows::Result<Report> {
        Ok(Report::of(&self.books_of(conn, clients, as_of)?, self.fit.as_ref(), &self.plan))
    }

    /// One client's figures; of one that was merged into another, the other's. `None` where it is not here.
    pub fn client(
        &self,
        conn: &Connection,
        client: &ClientId,
        as_of: BusinessDate,
    ) -> rows::Result<Option<ClientFigures>> {
        if !sales::is_here(conn, client)? {
            return Ok(None);
        }
        let kept = aliases::kept(conn, *client)?;
        let books = self.books_of(conn, &BTreeSet::from([kept]), as_of)?;
        let mut computer = Computer::new(&books, self.fit.as_ref(), &self.plan);
        Ok(books.clients().next().map(|(id, known)| computer.of(*id, known)))
    }
}

/// What was last computed on the whole base. `None` where nothing was, or not all of it has come.
pub fn fit(conn: &Connection) -> rows::Result<Option<Fit>> {
    let kind = KnownKind::Parameter;
    let mut statement = conn.prepare_cached(
        "SELECT key, value FROM office WHERE kind = 'parameter' AND source = '' AND value IS NOT NULL",
    )?;
    let mut rows = statement.query([])?;
    let mut records = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let key: String = row.get(0)?;
        let value = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if let (true, Ok(Value::Parameter(record))) = (Fit::holds(&key), Value::decode(&kind.into(), value)) {
            records.insert(key, record);
        }
    }
    Ok(Fit::read(&records))
}

#[cfg(test)]
mod tests {
    use rusqlite::params;

    use super::*;
    use crate::env::{Env, SeededEnv};
    use crate::metrics::parameters::Plan;
    use crate::model::Currency;
    use crate::model::office::{SalesDay, sales_day_key};
    use crate::rows::client::set_alias;
    use crate::rows::office::{OfficeEntry, forget_client, put};
    use crate::rows::sales::Source;

    const CLIENTS: u8 = 8;

    struct Dice(SeededEnv);

    impl Dice {
        fn below(&self, n: usize) -> usize {
            let mut bytes = [0; 8];
            self.0.fill(&mut bytes);
            (u64::from_le_bytes(bytes) % n as u64) as usize
        }

        fn shuffle<T>(&self, list: &mut [T]) {
            (1..list.len()).rev().for_each(|n| list.swap(n, self.below(n + 1)));
        }
    }

    fn client(n: u8) -> ClientId {
        ClientId::from_bytes([n; 16])
    }

    fn day(n: i32) -> BusinessDate {
        BusinessDate::from_days(20_000 + n).unwrap()
    }

    /// What arrives, in the order in which it was logged.
    #[derive(Debug, Clone, Copy)]
    enum Entry {
        /// A day of a client's sales as it stands from now on; `None`: no sales any more.
        Day {
            who: u8,
            on: i32,
            dollars: bool,
            net: Option<i64>,
        },
        /// Merged into another, or no longer.
        Alias {
            who: u8,
            into: Option<u8>,
        },
        Closed {
            who: u8,
            on: i32,
        },
        Purged {
            who: u8,
        },
    }

    fn history(dice: &Dice) -> Vec<Entry> {
        let who = || 1 + dice.below(CLIENTS.into()) as u8;
        let mut entries: Vec<Entry> = (0..160)
            .map(|_| match dice.below(12) {
                0 => Entry::Closed { who: who(), on: dice.below(60) as i32 },
                1 => {
                    // Into a greater one, so that merges make no circle.
                    let who = 1 + dice.below(usize::from(CLIENTS) - 1) as u8;
                    let into = who + 1 + dice.below(usize::from(CLIENTS - who)) as u8;
                    Entry::Alias { who, into: (dice.below(3) > 0).then_some(into) }
                }
                _ => Entry::Day {
                    who: who(),
                    on: dice.below(60) as i32,
                    dollars: dice.below(4) == 0,
                    net: (dice.below(8) > 0).then(|| dice.below(2_000) as i64 - 500),
                },
            })
            .collect();
        entries.push(Entry::Purged { who: who() });
        entries
    }

    fn store() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        rows::MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
        conn.execute("INSERT INTO actors (actor, id) VALUES (1, zeroblob(16))", []).unwrap();
        for n in 1..=CLIENTS {
            conn.execute(
                "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                 VALUES (?1, ?2, 0, x'', x'', 0, 0)",
                params![n, client(n)],
            )
            .unwrap();
            conn.execute("INSERT INTO clients (doc, id) VALUES (?1, ?2)", params![n, client(n)]).unwrap();
        }
        conn
    }

    fn take(conn: &Connection, number: usize, entry: Entry) {
        match entry {
            Entry::Day { who, on, dollars, net } => {
                let currency = if dollars { Currency::USD } else { Currency::EUR };
                let made = |net| SalesDay::new(day(on), currency, net, net >= 0, 1);
                let entry = OfficeEntry {
                    kind: "sales_day".into(),
                    source: String::new(),
                    key: sales_day_key(client(who), day(on), currency),
                    client: Some(client(who)),
                    territory: None,
                    value: net.map(|net| Value::from(made(net)).encode()),
                };
                put(conn, &entry, number as u64 + 1).unwrap();
            }
            Entry::Alias { who, into } => set_alias(conn, who.into(), into.map(client).as_ref()).unwrap(),
            Entry::Closed { who, on } => {
                let id = (number as u128).to_be_bytes();
                conn.execute(
                    "INSERT INTO records (doc, kind, id, counter, actor, family, voids, root, shown, orphan, latest,
                       at, date, value)
                     SELECT doc, 'x', ?2, ?3, 1, ?2, 0, ?2, 1, 0, 0, 0, ?4, x'a0' FROM clients WHERE doc = ?1",
                    params![who, id, number, day(on).days()],
                )
                .unwrap();
                let sql = "UPDATE clients SET closed_on = max(coalesce(closed_on, ?2), ?2) WHERE doc = ?1";
                conn.execute(sql, params![who, day(on).days()]).unwrap();
            }
            Entry::Purged { who } => {
                forget_client(conn, &client(who)).unwrap();
                conn.execute("DELETE FROM records WHERE doc = ?1", [who]).unwrap();
                conn.execute("DELETE FROM clients WHERE doc = ?1", [who]).unwrap();
            }
        }
    }

    /// Everything computed from the history as a whole, by other means than the tables'.
    fn recomputed(entries: &[Entry], as_of: BusinessDate) -> Books {
        let mut days = BTreeMap::new();
        let mut aliases = BTreeMap::new();
        let mut closures = Vec::new();
        let mut purged = 0;
        for entry in entries {
            match *entry {
                Entry::Day { who, on, dollars, net } => drop(days.insert((who, on, dollars), net)),
                Entry::Alias { who, into: Some(into) } => drop(aliases.insert(who, into)),
                Entry::Alias { who, into: None } => drop(aliases.remove(&who)),
                Entry::Closed { who, on } => closures.push((who, on)),
                Entry::Purged { who } => purged = who,
            }
        }
        aliases.retain(|who, into| *who != purged && *into != purged);
        let kept = |who: u8| std::iter::successors(Some(who), |at| aliases.get(at).copied()).last().unwrap();
        let mut known: BTreeMap<u8, Known> = (1..=CLIENTS)
            .filter(|n| *n != purged && !aliases.contains_key(n))
            .map(|n| (n, Known::default()))
            .collect();
        for (who, on) in closures.into_iter().filter(|(who, _)| *who != purged) {
            if let Some(known) = known.get_mut(&kept(who)) {
                known.closures.push(day(on));
            }
        }
        let mut sums = BTreeMap::<_, (i64, bool)>::new();
        for ((who, on, dollars), net) in days {
            if let Some(net) = net.filter(|_| who != purged) {
                let sum = sums.entry((kept(who), on, dollars)).or_default();
                *sum = (sum.0 + net, sum.1 || net >= 0);
            }
        }
        let mut books = Books::new(as_of, as_of, None);
        for (n, mut known) in known {
            known.closures.sort_unstable();
            books.client(client(n), known);
        }
        for ((who, on, dollars), (net, any)) in sums {
            let currency = if dollars { Currency::USD } else { Currency::EUR };
            books.day(client(who), &SalesDay::new(day(on), currency, net, any && net >= 0, 1)).unwrap();
        }
        books
    }

    #[test]
    fn whatever_arrives_in_whatever_order_gives_what_a_full_recomputation_does() {
        for seed in 0..150 {
            let dice = Dice(SeededEnv::new(seed, 0));
            let entries = history(&dice);
            // Office records may come in any order, since the last number wins; what the workspace decides comes in its own.
            let mut arrival: Vec<(usize, Entry)> = entries.iter().copied().enumerate().collect();
            let mut places: Vec<usize> =
                (0..arrival.len() - 1).filter(|n| matches!(arrival[*n].1, Entry::Day { .. })).collect();
            let days: Vec<_> = places.iter().map(|place| arrival[*place]).collect();
            dice.shuffle(&mut places);
            places.iter().zip(days).for_each(|(place, entry)| arrival[*place] = entry);

            let as_of = day(45);
            let plan = Plan { value_months: None, ..Plan::default() };
            let expected = recomputed(&entries, as_of);
            let fit = Fit::of(expected.clone(), &plan, 1);
            let expected = expected.starting(fit.history_start);
            let report = Report::of(&expected, Some(&fit), &plan);
            let terms = Terms { plan, source: Source::Office, fit: Some(fit) };
            let conn = store();
            for (number, entry) in arrival {
                take(&conn, number, entry);
            }
            assert_eq!(terms.books(&conn, as_of).unwrap(), expected, "seed {seed}");
            assert_eq!(terms.report(&conn, as_of).unwrap(), report, "seed {seed}");
            for figures in &report.clients {
                let alone = terms.client(&conn, &figures.client, as_of).unwrap();
                assert_eq!(alone.as_ref(), Some(figures), "seed {seed}");
            }
        }
    }

    #[test]
    fn a_client_that_was_merged_has_the_figures_of_the_one_that_is_kept() {
        let conn = store();
        for entry in [
            Entry::Day { who: 1, on: 0, dollars: false, net: Some(5) },
            Entry::Day { who: 2, on: 9, dollars: false, net: Some(7) },
            Entry::Closed { who: 1, on: 9 },
            Entry::Alias { who: 1, into: Some(2) },
        ] {
            take(&conn, 0, entry);
        }
        let terms = Terms::read(&conn).unwrap();
        assert_eq!((terms.fit.as_ref(), terms.source, terms.plan), (None, Source::Office, Plan::default()));
        let of = |n| terms.client(&conn, &client(n), day(10)).unwrap();
        let found = of(1).unwrap();
        assert_eq!((found.client, found.status.as_str()), (client(2), "closed"));
        assert_eq!(found.by_currency[0].worth.net, 12);
        assert_eq!(of(2), Some(found));
        assert_eq!(of(200), None);
    }
}
