//! Days of sales, as figures read them: by client, then date; what was merged counts with the client that is kept.
//!
//! Sales are what the office has invoiced: the relay derives one row a client, business date and currency from what it
//! sends (see `model::office::sales_day`), and phones receive those for the whole history. Where a workspace says that it
//! has no such feed (setting [`SALES_SOURCE`]), they are the purchases that reps log, by the same rule: an order or a
//! direct sale counts like an invoice, a return like a credit note, and what the office declined or cancelled is no sale.
//! Never both.
//!
//! Everything here is read in key order, so that whoever has the same rows computes the same figures. Nothing is added up
//! step by step.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::aliases::{Aliases, kept, members};
use super::codec::value_from_blob;
use super::records::purchase;
use super::{Result, RowsError, office};
use crate::model::office::{KnownKind, OrderStage, Sale, SaleSort, SalesDay, Value, sales_day};
use crate::model::profile::{ClientField, Key, Scalar, ShutSpan, Value as Field};
use crate::model::record::{Purchase, PurchaseSort};
use crate::model::{BusinessDate, ClientId, Currency, RecordId};

/// Name of the setting that says what sales are.
pub const SALES_SOURCE: &str = "sales_source";

/// What sales are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// What the office has invoiced.
    #[default]
    Office,
    /// What reps log.
    Purchases,
}

impl Source {
    pub const ALL: [Self; 2] = [Self::Office, Self::Purchases];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Purchases => "purchases",
        }
    }
}

/// What the workspace says that sales are.
pub fn source(conn: &Connection) -> Result<Source> {
    let said = office::setting(conn, SALES_SOURCE)?;
    let is = |source: &Source| matches!(&said, Some(Scalar::Text(text)) if text == source.as_str());
    Ok(Source::ALL.into_iter().find(is).unwrap_or_default())
}

/// Every day of sales, by client, then date and currency, given to `visit`.
pub fn days(conn: &Connection, source: Source, visit: &mut dyn FnMut(ClientId, SalesDay)) -> Result<()> {
    let aliases = Aliases::read(conn)?;
    let mut merged = BTreeMap::new();
    for kept in aliases.all_kept() {
        merged.insert(*kept, merge(conn, source, &aliases.members(kept))?);
    }
    let mut merged = merged.into_iter().peekable();
    let mut among = |client: ClientId, day: SalesDay| {
        while let Some((kept, days)) = merged.next_if(|(kept, _)| *kept <= client) {
            days.into_iter().for_each(|day| visit(kept, day));
        }
        if !aliases.concerns(&client) {
            visit(client, day);
        }
    };
    match source {
        Source::Office => {
            // What is no day is told apart here: SQLite would look at each column twice.
            let mut statement = conn.prepare_cached(
                "SELECT client, value FROM office WHERE kind = 'sales_day' AND source = '' ORDER BY key",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if let (Some(client), Some(day)) = (row.get(0)?, day(row)?) {
                    among(client, day);
                }
            }
        }
        Source::Purchases => {
            let mut statement = conn.prepare_cached(
                "SELECT id FROM clients c
                 WHERE EXISTS (SELECT 1 FROM records r WHERE r.doc = c.doc AND r.shown = 1 AND r.kind = 'p')
                 ORDER BY id",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let client = row.get(0)?;
                if !aliases.concerns(&client) {
                    purchased(conn, &client)?.into_iter().for_each(|day| among(client, day));
                }
            }
        }
    }
    for (kept, days) in merged {
        days.into_iter().for_each(|day| visit(kept, day));
    }
    Ok(())
}

/// The days of one client and of those that were merged into it; nothing for one that was merged into another.
pub fn days_of(conn: &Connection, source: Source, client: ClientId) -> Result<Vec<SalesDay>> {
    if kept(conn, client)? != client {
        return Ok(Vec::new());
    }
    merge(conn, source, &members(conn, client)?)
}

/// Days on which somebody closed a client, ascending; closures that were taken back left out, those of merged clients
/// with the one that is kept.
pub fn closures(conn: &Connection) -> Result<BTreeMap<ClientId, Vec<BusinessDate>>> {
    let aliases = Aliases::read(conn)?;
    let mut statement = conn.prepare_cached(
        "SELECT c.id, r.date FROM clients c JOIN records r ON r.doc = c.doc
         WHERE c.closed_on IS NOT NULL AND r.shown = 1 AND r.kind = 'x' ORDER BY r.date",
    )?;
    let mut found = BTreeMap::<_, Vec<_>>::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (client, date): (ClientId, i32) = (row.get(0)?, row.get(1)?);
        found.entry(aliases.kept_of(client)).or_default().extend(BusinessDate::from_days(date));
    }
    Ok(found)
}

/// The same of one client.
pub fn closures_of(conn: &Connection, client: ClientId) -> Result<Vec<BusinessDate>> {
    let mut statement = conn.prepare_cached(
        "SELECT r.date FROM clients c JOIN records r ON r.doc = c.doc
         WHERE c.id = ?1 AND c.closed_on IS NOT NULL AND r.shown = 1 AND r.kind = 'x'",
    )?;
    let mut found: Vec<BusinessDate> = Vec::new();
    for member in members(conn, client)? {
        let mut rows = statement.query([member])?;
        while let Some(row) = rows.next()? {
            found.extend(BusinessDate::from_days(row.get(0)?));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Seasonal days on which clients are shut, as their profiles say; of those that say any.
pub fn shut(conn: &Connection) -> Result<BTreeMap<ClientId, Vec<ShutSpan>>> {
    // The last operation on a key wins.
    let mut statement = conn.prepare_cached(
        "SELECT c.id, f.value FROM fields f JOIN actors a ON a.actor = f.actor JOIN clients c ON c.doc = f.doc
         WHERE f.key = 'shut_days' AND f.live = 1 ORDER BY f.doc, f.counter, a.id",
    )?;
    let mut found = BTreeMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.insert(row.get(0)?, spans(row)?);
    }
    found.retain(|_, spans: &mut Vec<ShutSpan>| !spans.is_empty());
    Ok(found)
}

/// The same of one client.
pub fn shut_of(conn: &Connection, client: ClientId) -> Result<Vec<ShutSpan>> {
    let mut statement = conn.prepare_cached(
        "SELECT c.id, f.value FROM clients c JOIN fields f ON f.doc = c.doc JOIN actors a ON a.actor = f.actor
         WHERE c.id = ?1 AND f.key = 'shut_days' AND f.live = 1 ORDER BY f.counter DESC, a.id DESC LIMIT 1",
    )?;
    let mut rows = statement.query([client])?;
    rows.next()?.map_or(Ok(Vec::new()), spans)
}

fn spans(row: &Row<'_>) -> Result<Vec<ShutSpan>> {
    let value = value_from_blob(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    Ok(match Key::Client(ClientField::ShutDays).read(&value) {
        Ok(Field::ShutDays(days)) => days.spans,
        _ => Vec::new(),
    })
}

/// Clients that stand by themselves, as [`days`] tells them apart; ascending.
pub fn clients(conn: &Connection) -> Result<Vec<ClientId>> {
    let aliases = Aliases::read(conn)?;
    let mut statement = conn.prepare_cached("SELECT id FROM clients ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    let mut clients: Vec<ClientId> = rows.collect::<rusqlite::Result<_>>()?;
    clients.retain(|client| aliases.kept_of(*client) == *client);
    Ok(clients)
}

/// Whether a client is here.
pub fn is_here(conn: &Connection, client: &ClientId) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM clients WHERE id = ?1")?.exists([client])?)
}

/// A client's name as lists show it; `None` of one that is not here.
pub fn name_of(conn: &Connection, client: &ClientId) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT name FROM clients WHERE id = ?1")?;
    Ok(statement.query_row([client], |row| row.get(0)).optional()?)
}

/// Days of several clients as those of one.
fn merge(conn: &Connection, source: Source, clients: &BTreeSet<ClientId>) -> Result<Vec<SalesDay>> {
    let mut days: BTreeMap<(BusinessDate, Currency), SalesDay> = BTreeMap::new();
    for client in clients {
        let own = match source {
            Source::Office => invoiced(conn, client)?,
            Source::Purchases => purchased(conn, client)?,
        };
        for more in own {
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

/// The days that the relay derived for one client: they lie side by side, since their keys begin with its id. An index by
/// client would look each of them up.
fn invoiced(conn: &Connection, client: &ClientId) -> Result<Vec<SalesDay>> {
    // '0' is what comes after '/'.
    let mut statement = conn.prepare_cached(
        "SELECT client, value FROM office
         WHERE kind = 'sales_day' AND source = '' AND key > ?1 || '/' AND key < ?1 || '0' AND client = ?2
         ORDER BY key",
    )?;
    let mut rows = statement.query(params![client.to_string(), client])?;
    let mut days = Vec::new();
    while let Some(row) = rows.next()? {
        days.extend(day(row)?);
    }
    Ok(days)
}

/// `None`: there is none any more.
fn day(row: &Row<'_>) -> Result<Option<SalesDay>> {
    let Some(value) = row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)? else {
        return Ok(None);
    };
    let day = Value::decode_as(value);
    day.map(Some).map_err(|_| RowsError::Corrupt("a day of sales cannot be read"))
}

/// The days of one client's logged purchases.
fn purchased(conn: &Connection, client: &ClientId) -> Result<Vec<SalesDay>> {
    let mut days: BTreeMap<(BusinessDate, Currency), Vec<Sale>> = BTreeMap::new();
    for logged in logged(conn, client)? {
        let sale = logged.sale();
        days.entry((sale.date, sale.currency)).or_default().push(sale);
    }
    let made = days.iter().filter_map(|((date, currency), sales)| {
        sales_day(*date, *currency, &sales.iter().collect::<Vec<_>>())
    });
    Ok(made.collect())
}

/// A logged purchase that counts as a sale.
pub(super) struct Logged {
    /// The day on which it counts.
    pub date: BusinessDate,
    /// As what it counts.
    pub sort: SaleSort,
    pub purchase: Purchase,
}

impl Logged {
    /// The same without its lines.
    pub(super) fn sale(&self) -> Sale {
        Sale::new(self.sort, self.date, self.purchase.currency, self.purchase.totals.net)
    }
}

/// One client's logged purchases, by their own dates; what this version cannot read is none. A return that names a
/// purchase of this client counts on that one's day.
pub(super) fn logged(conn: &Connection, client: &ClientId) -> Result<Vec<Logged>> {
    let mut statement = conn.prepare_cached(
        "SELECT r.root, r.family, r.date, r.value FROM clients c JOIN records r ON r.doc = c.doc
         WHERE c.id = ?1 AND r.shown = 1 AND r.kind = 'p' ORDER BY r.date, r.record",
    )?;
    let mut rows = statement.query([client])?;
    let (mut found, mut dates) = (Vec::new(), HashMap::<RecordId, BusinessDate>::new());
    while let Some(row) = rows.next()? {
        let Some(date) = BusinessDate::from_days(row.get(2)?) else { continue };
        let Some((_, purchase)) = purchase(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?) else {
            continue;
        };
        let (root, family): (RecordId, RecordId) = (row.get(0)?, row.get(1)?);
        dates.entry(family).or_insert(date);
        found.push((root, date, purchase));
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let refused = orders_at(conn, client, &[OrderStage::Declined, OrderStage::Cancelled])?;
    let mut counted = Vec::with_capacity(found.len());
    for (root, own, purchase) in found {
        if refused.contains(&root.to_string()) {
            continue;
        }
        let sort = match purchase.sort {
            PurchaseSort::Order | PurchaseSort::DirectSale => SaleSort::Invoice,
            PurchaseSort::Return => SaleSort::CreditNote,
            PurchaseSort::Unknown(_) => continue,
        };
        let of_target = match purchase.returns.filter(|_| sort == SaleSort::CreditNote) {
            Some(target) => dates.get(&family_of(conn, client, target)?).copied(),
            None => None,
        };
        counted.push(Logged { date: of_target.unwrap_or(own), sort, purchase });
    }
    Ok(counted)
}

fn family_of(conn: &Connection, client: &ClientId, purchase: RecordId) -> Result<RecordId> {
    let sql = "SELECT r.family FROM records r JOIN clients c ON c.doc = r.doc
               WHERE r.id = ?1 AND r.kind = 'p' AND c.id = ?2";
    let found =
        conn.prepare_cached(sql)?.query_row(params![purchase, client], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(purchase))
}

/// Keys of a client's orders that came as far as one of these stages and stand there.
pub(super) fn orders_at(
    conn: &Connection,
    client: &ClientId,
    stages: &[OrderStage],
) -> Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT key, value FROM office INDEXED BY office_by_client
         WHERE client = ?1 AND kind = 'order_state' AND value IS NOT NULL",
    )?;
    let mut rows = statement.query([client])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let value = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Ok(Value::OrderState(state)) = Value::decode(&KnownKind::OrderState.into(), value)
            && stages.contains(&state.stage)
        {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
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
        days(conn, Source::Office, &mut |client, day| {
            found.push((client.as_bytes()[0], day.date.to_string(), day.net, day.event));
        })
        .unwrap();
        for n in 1..=5 {
            let one: Vec<_> = days_of(conn, Source::Office, client(n))
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
        assert!(matches!(days(&conn, Source::Office, &mut |_, _| {}), Err(RowsError::Corrupt(_))));
        assert!(matches!(days_of(&conn, Source::Office, client(5)), Err(RowsError::Corrupt(_))));
        assert!(days_of(&conn, Source::Office, client(1)).is_ok());
    }
}
