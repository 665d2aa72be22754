//! What figures read besides days of sales: who the clients are, what was done with them, what they owe, what they
//! said, what was sold by family, and what the office asks for. Everything up to a date, in key order, merged clients
//! as the one that is kept; whoever has the same rows reads the same.

pub mod answers;
pub mod clients;
pub mod dues;
pub mod lines;
pub mod office;
pub mod people;
pub mod standing;
pub mod visits;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};

use super::aliases::Aliases;
use super::{Result, RowsError};
use crate::model::office::Census;
use crate::model::record::{Body, Kind, Record};
use crate::model::{BusinessDate, ClientId, TerritoryId};

pub use answers::Answered;
pub use clients::Client;
pub use dues::{Credit, Due};
pub use lines::{Lines, Sold};
pub use office::{Earned, Settings, Spent, Target};
pub use people::{Absent, Holiday, People};
pub use standing::{Agreed, Closed, Confirmed, ModeSet};
pub use visits::{Ordered, Planned, Visited, Visits};

/// Some of a workspace's clients: those whom one rep looks after, or a manager leads. Merged ones are no part of it,
/// the one that is kept stands for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// All of them, lent ones among them.
    pub clients: BTreeSet<ClientId>,
    /// Those that are seen whole.
    pub territories: BTreeSet<TerritoryId>,
}

/// All of it, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relations {
    /// Clients that stand by themselves.
    pub clients: BTreeMap<ClientId, Client>,
    pub people: People,
    pub visits: Visits,
    pub dues: Vec<Due>,
    pub credits: Vec<Credit>,
    pub answers: Vec<Answered>,
    pub confirmed: Vec<Confirmed>,
    pub closed: Vec<Closed>,
    pub agreements: Vec<Agreed>,
    pub modes: Vec<ModeSet>,
    pub targets: Vec<Target>,
    pub spent: Vec<Spent>,
    /// Never on a rep's phone.
    pub earned: Vec<Earned>,
    pub census: Vec<Census>,
    pub settings: Settings,
    pub lines: Lines,
}

impl Relations {
    /// Leaves what is about some clients, as if nobody else were here. What is asked of everybody, or was spent on
    /// everybody, is not held against a part.
    pub fn keep(&mut self, part: &Part) {
        let here = |client: &ClientId| part.clients.contains(client);
        self.clients.retain(|client, _| here(client));
        self.visits.visited.retain(|of| here(&of.client));
        self.visits.planned.retain(|of| here(&of.client));
        self.visits.ordered.retain(|of| here(&of.client));
        self.dues.retain(|of| here(&of.client));
        self.credits.retain(|of| here(&of.client));
        self.answers.retain(|of| here(&of.client));
        self.confirmed.retain(|of| here(&of.client));
        self.closed.retain(|of| here(&of.client));
        self.agreements.retain(|of| here(&of.client));
        self.modes.retain(|of| here(&of.client));
        self.earned.retain(|of| here(&of.client));
        self.lines.sold.retain(|of| here(&of.client));
        let within = |territory: &TerritoryId| part.territories.contains(territory);
        let persons = &self.people.persons;
        let is_within = |person: &crate::model::office::Person| {
            !person.territories.is_empty() && person.territories.iter().all(within)
        };
        self.targets.retain(|of| match (of.client, of.territory, of.objective.person) {
            (Some(client), ..) => here(&client),
            (None, Some(territory), _) => within(&territory),
            (None, None, Some(person)) => persons.get(&person).is_some_and(is_within),
            (None, None, None) => false,
        });
        self.spent.retain(|of| of.territory.as_ref().is_some_and(within));
    }

    /// Reads what was known up to and with `as_of`. `lines_from` is the first day of which documents of sales are here,
    /// where not all are: `window::sales_from` on a phone.
    pub fn read(conn: &Connection, as_of: BusinessDate, lines_from: Option<BusinessDate>) -> Result<Self> {
        let reader = Reader::new(conn, as_of)?;
        let mut lines = lines::read(&reader)?;
        lines.from = lines_from;
        let (dues, credits) = dues::read(&reader)?;
        let office::Asked { targets, spent, earned, census, settings } = office::read(&reader)?;
        Ok(Self {
            clients: clients::read(&reader)?,
            people: people::read(&reader)?,
            visits: visits::read(&reader)?,
            dues,
            credits,
            answers: answers::read(&reader)?,
            confirmed: standing::confirmed(&reader)?,
            closed: standing::closed(&reader)?,
            agreements: standing::agreements(&reader)?,
            modes: standing::modes(&reader)?,
            targets,
            spent,
            earned,
            census,
            settings,
            lines,
        })
    }
}

/// What clients owe, as the office has it; those that were merged as the one that is kept.
pub fn dues_of(conn: &Connection, as_of: BusinessDate) -> Result<Vec<Due>> {
    Ok(Reader::new(conn, as_of)?.dues()?.0)
}

/// The same, each item by its name at the office; one that this version cannot read is left out.
pub fn due_items(conn: &Connection) -> Result<Vec<dues::Item>> {
    let mut found = Vec::new();
    let reader = Reader::new(conn, BusinessDate::MAX)?;
    reader.office_read(crate::model::office::KnownKind::DueItem, &mut |about, value| {
        found.extend(value.and_then(|value| dues::item(&about, value)));
        Ok(())
    })?;
    Ok(found)
}

/// Reads any part alone.
#[derive(Debug)]
pub struct Reader<'c> {
    conn: &'c Connection,
    aliases: Aliases,
    since: BusinessDate,
    as_of: BusinessDate,
}

impl<'c> Reader<'c> {
    pub fn new(conn: &'c Connection, as_of: BusinessDate) -> Result<Self> {
        Ok(Self { conn, aliases: Aliases::read(conn)?, since: BusinessDate::MIN, as_of })
    }

    /// Records before that day are left out.
    pub const fn since(mut self, since: BusinessDate) -> Self {
        self.since = since;
        self
    }
}

impl Reader<'_> {
    pub fn clients(&self) -> Result<BTreeMap<ClientId, Client>> {
        clients::read(self)
    }

    pub fn people(&self) -> Result<People> {
        people::read(self)
    }

    pub fn visits(&self) -> Result<Visits> {
        visits::read(self)
    }

    pub fn dues(&self) -> Result<(Vec<Due>, Vec<Credit>)> {
        dues::read(self)
    }

    pub fn answers(&self) -> Result<Vec<Answered>> {
        answers::read(self)
    }

    pub fn confirmed(&self) -> Result<Vec<Confirmed>> {
        standing::confirmed(self)
    }

    pub fn closed(&self) -> Result<Vec<Closed>> {
        standing::closed(self)
    }

    pub fn agreements(&self) -> Result<Vec<Agreed>> {
        standing::agreements(self)
    }

    pub fn modes(&self) -> Result<Vec<ModeSet>> {
        standing::modes(self)
    }

    pub fn settings(&self) -> Result<Settings> {
        office::settings(self.conn)
    }

    /// Shown records of a kind, dated up to the as-of date, in the order of dates and then of their documents; with the
    /// client they are about. Records that this version cannot read are left out.
    fn records(
        &self,
        kind: Kind,
        visit: &mut dyn FnMut(ClientId, BusinessDate, &Row<'_>, Body) -> Result<()>,
    ) -> Result<()> {
        // The columns after the value are for whoever asks more of a record.
        let mut statement = self.conn.prepare_cached(
            "SELECT c.id, r.date, r.value, r.family, a.person, r.doc FROM records r
             JOIN clients c ON c.doc = r.doc JOIN actors a ON a.actor = r.actor
             WHERE r.kind = ?1 AND r.shown = 1 AND r.date >= ?2 AND r.date <= ?3 ORDER BY r.date, c.id, r.counter, a.id",
        )?;
        let mut rows =
            statement.query(rusqlite::params![kind.letters(), self.since.days(), self.as_of.days()])?;
        while let Some(row) = rows.next()? {
            let Some(date) = BusinessDate::from_days(row.get(1)?) else { continue };
            let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            if let Ok(Record { body, .. }) = Record::decode(kind, value) {
                visit(self.aliases.kept_of(row.get(0)?), date, row, body)?;
            }
        }
        Ok(())
    }

    /// Office records of a kind, tombstones left out, by source and key.
    fn office(
        &self,
        kind: crate::model::office::KnownKind,
        visit: &mut dyn FnMut(About<'_>, crate::model::office::Value) -> Result<()>,
    ) -> Result<()> {
        self.office_read(kind, &mut |about, value| match value {
            Some(value) => visit(about, value),
            // A sum without it would be wrong.
            None => Err(RowsError::Corrupt("an office record cannot be read")),
        })
    }

    /// The same with those that this version cannot read, as `None`.
    fn office_read(
        &self,
        kind: crate::model::office::KnownKind,
        visit: &mut dyn FnMut(About<'_>, Option<crate::model::office::Value>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "SELECT source, key, client, territory, value FROM office
             WHERE kind = ?1 AND value IS NOT NULL ORDER BY source, key",
        )?;
        let mut rows = statement.query([kind.name()])?;
        while let Some(row) = rows.next()? {
            let value = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
            let value = crate::model::office::Value::decode(&kind.into(), value).ok();
            let client: Option<ClientId> = row.get(2)?;
            let text =
                |column| Ok::<_, RowsError>(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?);
            let about = About {
                source: text(0)?,
                key: text(1)?,
                own: client,
                client: client.map(|client| self.aliases.kept_of(client)),
                territory: row.get(3)?,
            };
            visit(about, value)?;
        }
        Ok(())
    }
}

/// Whom an office record concerns, and its name.
struct About<'a> {
    source: &'a str,
    key: &'a str,
    /// The client that it names.
    own: Option<ClientId>,
    /// That client, or the one into which it was merged.
    client: Option<ClientId>,
    territory: Option<crate::model::TerritoryId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::office::{DueItem, Sale, SaleLine, SaleSort, Value};
    use crate::model::{Currency, Money};
    use crate::rows::client::set_alias;
    use crate::rows::office::{OfficeEntry, put};

    fn client(n: u8) -> ClientId {
        ClientId::from_bytes([n; 16])
    }

    fn date(day: &str) -> BusinessDate {
        day.parse().unwrap()
    }

    /// Three clients, and what the office says: by kind, key, client.
    fn store(records: Vec<(&str, &str, u8, Option<Value>)>) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        crate::rows::MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
        for n in 1..=3 {
            let sql = "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                       VALUES (?1, ?2, 0, x'', x'', 0, 0)";
            conn.execute(sql, rusqlite::params![n, client(n)]).unwrap();
            let sql = "INSERT INTO clients (doc, id) VALUES (?1, ?2)";
            conn.execute(sql, rusqlite::params![n, client(n)]).unwrap();
        }
        for (number, (kind, key, who, value)) in records.into_iter().enumerate() {
            let entry = OfficeEntry {
                kind: kind.into(),
                source: "erp".into(),
                key: key.into(),
                client: Some(client(who)),
                territory: None,
                value: value.map(|value| value.encode()),
            };
            put(&conn, &entry, number as u64 + 1).unwrap();
        }
        conn
    }

    fn read(conn: &Connection) -> Relations {
        Relations::read(conn, date("2026-06-30"), None).unwrap()
    }

    #[test]
    fn merged_clients_are_one() {
        let due = |minor| DueItem::new(date("2026-01-31"), Money::new(minor, Currency::EUR), minor);
        let records = vec![
            ("due_item", "V1", 1, Some(due(10).into())),
            ("due_item", "V2", 2, Some(due(20).into())),
            ("due_item", "V3", 3, None),
        ];
        let conn = store(records);
        assert_eq!(read(&conn).clients.len(), 3);
        set_alias(&conn, 2, Some(&client(1))).unwrap();
        let found = read(&conn);
        assert_eq!(found.clients.keys().copied().collect::<Vec<_>>(), [client(1), client(3)]);
        let dues: Vec<_> = found.dues.iter().map(|due| (due.client, due.open)).collect();
        assert_eq!(dues, [(client(1), 10), (client(1), 20)], "what was taken back is gone");
    }

    fn sale(
        sort: SaleSort,
        on: &str,
        family: &str,
        quantity: &str,
        net: i64,
        corrects: Option<&str>,
    ) -> Option<Value> {
        let line = SaleLine {
            family: Some(family.into()),
            unit: Some("kg".into()),
            quantity: quantity.parse().ok(),
            ..SaleLine::new(None, net)
        };
        let corrects = corrects.map(str::to_owned);
        Some(Sale { lines: vec![line], corrects, ..Sale::new(sort, date(on), Currency::EUR, net) }.into())
    }

    #[test]
    fn lines_count_as_days_of_sales_do() {
        use SaleSort::{CreditNote, DeliveryNote, Invoice};
        let voided = match sale(Invoice, "2026-03-01", "t\u{e9}", "1", 9, None) {
            Some(Value::Sale(sale)) => Some(Value::Sale(Sale { voided: true, ..sale })),
            other => other,
        };
        let conn = store(vec![
            ("sale", "F1", 1, sale(Invoice, "2026-03-01", "t\u{e9}", "2.5", 100, None)),
            ("sale", "F2", 1, sale(Invoice, "2026-03-01", "caf\u{e9}", "0.0001", 50, None)),
            ("sale", "F3", 1, sale(Invoice, "2026-07-01", "caf\u{e9}", "1", 50, None)), // later
            ("sale", "F4", 1, sale(DeliveryNote, "2026-03-01", "caf\u{e9}", "1", 50, None)),
            ("sale", "F5", 1, voided),
            ("sale", "A1", 1, sale(CreditNote, "2026-04-01", "t\u{e9}", "-1", -30, Some("F1"))),
            ("sale", "A2", 2, sale(CreditNote, "2026-04-01", "t\u{e9}", "-1", -7, Some("F1"))), // of another client
            ("sale", "A3", 1, sale(CreditNote, "2026-04-02", "t\u{e9}", "-1", -1, Some("A3"))), // of itself
            ("sale", "A4", 1, sale(CreditNote, "2026-07-09", "t\u{e9}", "-1", -2, Some("F1"))),
        ]);
        let lines = read(&conn).lines;
        assert_eq!(
            (&lines.families[..], &lines.units[..]),
            (&["caf\u{e9}".into(), "t\u{e9}".into()][..], &["kg".into()][..])
        );
        let told: Vec<_> = lines
            .sold
            .iter()
            .map(|sold| {
                let (who, family) = (sold.client.as_bytes()[0], sold.family.unwrap());
                (who, family, sold.date.to_string(), sold.net, sold.quantity, sold.invoiced)
            })
            .collect();
        let day = |day: &str| day.to_owned();
        assert_eq!(
            told,
            [
                (1, 0, day("2026-03-01"), 50, 1, true),
                (1, 1, day("2026-03-01"), 68, 5_000, true),
                (1, 1, day("2026-04-02"), -1, -10_000, false),
                (2, 1, day("2026-04-01"), -7, -10_000, false),
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let conn = store(vec![("due_item", "V1", 1, None)]);
        conn.execute("UPDATE office SET value = x'00'", []).unwrap();
        assert!(matches!(Relations::read(&conn, date("2026-06-30"), None), Err(RowsError::Corrupt(_))));
    }
}
