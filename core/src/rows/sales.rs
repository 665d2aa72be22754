//! Days of sales, as figures read them: by client, then date; what was merged counts with the client that is kept.
//!
//! The relay derives one row a client, business date and currency from the sales that the office sends (see
//! `model::office::sales_day`); phones receive them for the whole history. Everything here is read in key order, so that
//! whoever has the same rows computes the same figures.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Result, RowsError};
use crate::model::office::{Kind, KnownKind, SalesDay, Value};
use crate::model::{BusinessDate, ClientId, Currency};

/// Merges follow one another at most so far.
const ALIAS_STEPS_MAX: usize = 64;

/// Every day of sales, by client, then date and currency, given to `visit`.
pub fn days(conn: &Connection, visit: &mut dyn FnMut(ClientId, SalesDay)) -> Result<()> {
    let aliases = Aliases::read(conn)?;
    let mut merged = BTreeMap::new();
    for kept in aliases.kept() {
        merged.insert(kept, merge(conn, &aliases.members(kept))?);
    }
    let mut merged = merged.into_iter().peekable();
    let mut statement = conn.prepare_cached(
        "SELECT client, value FROM office
         WHERE kind = 'sales_day' AND source = '' AND value IS NOT NULL AND client IS NOT NULL ORDER BY key",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let client: ClientId = row.get(0)?;
        while let Some((kept, days)) = merged.next_if(|(kept, _)| *kept <= client) {
            days.into_iter().for_each(|day| visit(kept, day));
        }
        if !aliases.concerns(&client) {
            visit(client, day(row)?);
        }
    }
    for (kept, days) in merged {
        days.into_iter().for_each(|day| visit(kept, day));
    }
    Ok(())
}

/// Days on which somebody closed a client, ascending, of those that are closed; closures that were taken back left out.
pub fn closures(conn: &Connection) -> Result<BTreeMap<ClientId, Vec<BusinessDate>>> {
    let aliases = Aliases::read(conn)?;
    let mut statement = conn.prepare_cached(
        "SELECT c.id, r.date FROM clients c JOIN records r ON r.doc = c.doc
         WHERE c.closed = 1 AND r.shown = 1 AND r.kind = 'x' ORDER BY r.date",
    )?;
    let mut found = BTreeMap::<_, Vec<_>>::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (client, date): (ClientId, i32) = (row.get(0)?, row.get(1)?);
        // One of two merged clients that is closed says nothing of the other.
        if let (false, Some(date)) = (aliases.concerns(&client), BusinessDate::from_days(date)) {
            found.entry(client).or_default().push(date);
        }
    }
    Ok(found)
}

/// Clients that stand by themselves, as [`days`] tells them apart.
pub fn client_count(conn: &Connection) -> Result<u64> {
    Ok(conn.query_row("SELECT count(*) FROM clients WHERE alias_of IS NULL", [], |row| row.get(0))?)
}

/// A client's name as lists show it; `None` of one that is not here.
pub fn name_of(conn: &Connection, client: &ClientId) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT name FROM clients WHERE id = ?1")?;
    Ok(statement.query_row([client], |row| row.get(0)).optional()?)
}

/// The days of one client and of those that were merged into it; nothing for one that was merged into another.
pub fn days_of(conn: &Connection, client: ClientId) -> Result<Vec<SalesDay>> {
    let aliases = Aliases::read(conn)?;
    if aliases.to.contains_key(&client) {
        return Ok(Vec::new());
    }
    merge(conn, &aliases.members(client))
}

/// Days of several clients as those of one.
fn merge(conn: &Connection, clients: &BTreeSet<ClientId>) -> Result<Vec<SalesDay>> {
    let mut days: BTreeMap<(BusinessDate, Currency), SalesDay> = BTreeMap::new();
    let mut statement = conn.prepare_cached(
        "SELECT client, value FROM office INDEXED BY office_by_client
         WHERE client = ?1 AND kind = 'sales_day' AND source = '' AND value IS NOT NULL",
    )?;
    for client in clients {
        let mut rows = statement.query(params![client])?;
        while let Some(row) = rows.next()? {
            let more = day(row)?;
            match days.entry((more.date, more.currency)) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(more);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => add(place.get_mut(), &more),
            }
        }
    }
    Ok(days.into_values().collect())
}

/// Two days of one date and currency are one: an event, where either was, unless credit notes outweigh it.
fn add(day: &mut SalesDay, more: &SalesDay) {
    day.net = day.net.saturating_add(more.net);
    day.event = (day.event || more.event) && day.net >= 0;
    day.documents = day.documents.saturating_add(more.documents);
    day.rebates = match (day.rebates, more.rebates) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    };
}

fn day(row: &Row<'_>) -> Result<SalesDay> {
    let kind = Kind::Known(KnownKind::SalesDay);
    match Value::decode(&kind, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?) {
        Ok(Value::SalesDay(day)) => Ok(day),
        _ => Err(RowsError::Corrupt("a day of sales cannot be read")),
    }
}

/// Which clients were merged into which.
pub(super) struct Aliases {
    /// Absorbed to kept, through all steps.
    to: HashMap<ClientId, ClientId>,
    by_kept: BTreeMap<ClientId, BTreeSet<ClientId>>,
}

impl Aliases {
    pub(super) fn read(conn: &Connection) -> Result<Self> {
        let mut statement =
            conn.prepare_cached("SELECT id, alias_of FROM clients WHERE alias_of IS NOT NULL")?;
        let steps: HashMap<ClientId, ClientId> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let (mut to, mut by_kept) = (HashMap::new(), BTreeMap::<_, BTreeSet<_>>::new());
        for client in steps.keys() {
            let mut at = *client;
            for _ in 0..ALIAS_STEPS_MAX {
                match steps.get(&at) {
                    Some(next) => at = *next,
                    None => break,
                }
            }
            to.insert(*client, at);
            by_kept.entry(at).or_default().insert(*client);
        }
        Ok(Self { to, by_kept })
    }

    fn kept(&self) -> impl Iterator<Item = ClientId> {
        self.by_kept.keys().copied()
    }

    /// A client with those that were merged into it.
    fn members(&self, kept: ClientId) -> BTreeSet<ClientId> {
        let mut members = self.by_kept.get(&kept).cloned().unwrap_or_default();
        members.insert(kept);
        members
    }

    /// The client itself, or the one into which it was merged.
    pub(super) fn kept_of(&self, client: ClientId) -> ClientId {
        self.to.get(&client).copied().unwrap_or(client)
    }

    fn concerns(&self, client: &ClientId) -> bool {
        self.to.contains_key(client) || self.by_kept.contains_key(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::office::sales_day_key;
    use crate::rows::office::{OfficeEntry, put};
    use crate::rows::{MIGRATIONS, client::set_alias};

    fn client(n: u8) -> ClientId {
        ClientId::from_bytes([n; 16])
    }

    fn store(days: &[(u8, &str, i64, bool)]) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
        for (number, (who, on, net, event)) in days.iter().enumerate() {
            let date = on.parse().unwrap();
            let day = SalesDay::new(date, Currency::EUR, *net, *event, 1);
            let entry = OfficeEntry {
                kind: "sales_day".into(),
                source: String::new(),
                key: sales_day_key(client(*who), date, Currency::EUR),
                client: Some(client(*who)),
                territory: None,
                value: Some(Value::from(day).encode()),
            };
            put(&conn, &entry, number as u64 + 1).unwrap();
        }
        for n in 1..=5 {
            let sql = "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                       VALUES (?1, ?2, 0, x'', x'', 0, 0)";
            conn.execute(sql, params![n, client(n)]).unwrap();
            conn.execute("INSERT INTO clients (doc, id) VALUES (?1, ?2)", params![n, client(n)]).unwrap();
        }
        conn
    }

    fn all(conn: &Connection) -> Vec<(u8, String, i64, bool)> {
        let mut found = Vec::new();
        days(conn, &mut |client, day| {
            found.push((client.as_bytes()[0], day.date.to_string(), day.net, day.event));
        })
        .unwrap();
        for n in 1..=5 {
            let one: Vec<_> = days_of(conn, client(n))
                .unwrap()
                .into_iter()
                .map(|day| (day.date.to_string(), day.net))
                .collect();
            let among: Vec<_> =
                found.iter().filter(|day| day.0 == n).map(|day| (day.1.clone(), day.2)).collect();
            assert_eq!(one, among, "client {n} alone and among all");
        }
        found
    }

    const DAYS: &[(u8, &str, i64, bool)] = &[
        (2, "2026-02-01", 10, true),
        (1, "2026-03-01", 5, true),
        (1, "2026-01-01", 7, true),
        (3, "2026-02-01", 20, true),
        (3, "2026-01-15", 1, true),
        (4, "2026-02-01", -40, false),
        (5, "2026-05-05", 9, true),
    ];

    fn told(list: &[(u8, &str, i64, bool)]) -> Vec<(u8, String, i64, bool)> {
        list.iter().map(|(who, on, net, event)| (*who, (*on).to_owned(), *net, *event)).collect()
    }

    #[test]
    fn days_come_by_client_and_date() {
        let mut expected = told(DAYS);
        expected.sort();
        assert_eq!(all(&store(DAYS)), expected);
        assert_eq!(all(&store(&[])), []);
    }

    #[test]
    fn merged_clients_are_one() {
        let conn = store(DAYS);
        set_alias(&conn, 3, Some(&client(2))).unwrap();
        let expected = [
            (1, "2026-01-01", 7, true),
            (1, "2026-03-01", 5, true),
            (2, "2026-01-15", 1, true),
            (2, "2026-02-01", 30, true),
            (4, "2026-02-01", -40, false),
            (5, "2026-05-05", 9, true),
        ];
        assert_eq!(all(&conn), told(&expected));
        // One more step, into the last one: the credit note outweighs the sales of that day.
        set_alias(&conn, 2, Some(&client(5))).unwrap();
        set_alias(&conn, 4, Some(&client(5))).unwrap();
        let expected = [
            (1, "2026-01-01", 7, true),
            (1, "2026-03-01", 5, true),
            (5, "2026-01-15", 1, true),
            (5, "2026-02-01", -10, false),
            (5, "2026-05-05", 9, true),
        ];
        assert_eq!(all(&conn), told(&expected));
        set_alias(&conn, 3, None).unwrap();
        assert!(all(&conn).contains(&(3, "2026-02-01".into(), 20, true)), "undone");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let conn = store(DAYS);
        conn.execute("UPDATE office SET value = x'00' WHERE client = ?1", [client(5)]).unwrap();
        assert!(matches!(days(&conn, &mut |_, _| {}), Err(RowsError::Corrupt(_))));
        assert!(matches!(days_of(&conn, client(5)), Err(RowsError::Corrupt(_))));
        assert!(days_of(&conn, client(1)).is_ok());
    }
}
