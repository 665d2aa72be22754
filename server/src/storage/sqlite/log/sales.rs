//! Days and months of sales: worked out anew from the stored sales, in the commit that changed any of them.
//!
//! [`follow`] notes which days a sale touches: where it counted and where it counts now, and those of the credit notes
//! that count on its day. [`derive`] makes the rows of those days and of their months from all sales that count
//! there. Nothing is added up step by step, so corrections, cancellations and the order of arrival leave no trace.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::model::office::{
    Kind, KnownKind, Sale, Value, sales_day, sales_day_key, sales_month, sales_month_key,
};
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_core::rows::Document;
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::office::{put_about, value_of};
use super::place::Placement;
use super::writer::LogWriter;
use crate::storage::office::OfficeWrite;
use crate::storage::{Result, StorageError};

/// Days that wait to be worked out; more are not kept in memory.
const DAYS_WAITING: usize = 50_000;

/// Days that have to be worked out anew.
#[derive(Debug, Default)]
pub(super) struct Touched {
    days: BTreeSet<(ClientId, Currency, i32)>,
    at_ms: i64,
}

/// Where a sale counts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    client: ClientId,
    currency: Currency,
    day: i32,
    own_day: i32,
}

/// Takes note of an office record that was just written.
pub(super) fn follow(log: &mut LogWriter<'_>, record: &OfficeWrite, at_ms: i64) -> Result<()> {
    if record.kind != KnownKind::Sale.name() {
        return Ok(());
    }
    let tx = log.tx;
    let (source, key) = (record.source.as_str(), record.key.as_str());
    let before = spot(tx, source, key)?;
    let sale = record.value.as_deref().and_then(read);
    let now = match (sale, record.client) {
        (Some(sale), Some(client)) => Some(stand(tx, source, key, client, &sale)?),
        _ => {
            tx.prepare_cached("DELETE FROM sales WHERE source = ?1 AND key = ?2")?.execute([source, key])?;
            None
        }
    };
    let mut touched: Vec<Spot> = before.iter().chain(&now).cloned().collect();
    let moved = |spot: &Option<Spot>| spot.as_ref().map(|spot| (spot.client, spot.own_day));
    if moved(&before) != moved(&now) {
        for (dependent, mut spot) in correcting(tx, source, key)? {
            let own = now.as_ref().filter(|now| now.client == spot.client && dependent != key);
            let day = own.map_or(spot.own_day, |now| now.own_day);
            if day != spot.day {
                touched.push(spot.clone());
                spot.day = day;
                touched.push(spot);
                tx.prepare_cached("UPDATE sales SET day = ?3 WHERE source = ?1 AND key = ?2")?
                    .execute(params![source, dependent, day])?;
            }
        }
    }
    let waiting = log.touched();
    waiting.at_ms = at_ms;
    waiting.days.extend(touched.into_iter().map(|spot| (spot.client, spot.currency, spot.day)));
    if waiting.days.len() >= DAYS_WAITING { derive(log) } else { Ok(()) }
}

/// Keeps where a sale counts.
fn stand(tx: &Transaction<'_>, source: &str, key: &str, client: ClientId, sale: &Sale) -> Result<Spot> {
    let corrects = sale.counts_with(key);
    let own_day = sale.date.days();
    let of_target = match corrects {
        None => None,
        Some(target) => spot(tx, source, target)?.filter(|target| target.client == client),
    };
    let day = of_target.map_or(own_day, |target| target.own_day);
    tx.prepare_cached(
        "INSERT INTO sales (source, key, client, currency, day, own_day, corrects)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET client = excluded.client, currency = excluded.currency, day = excluded.day,
           own_day = excluded.own_day, corrects = excluded.corrects",
    )?
    .execute(params![source, key, client, sale.currency.to_string(), day, own_day, corrects])?;
    Ok(Spot { client, currency: sale.currency, day, own_day })
}

fn spot(tx: &Transaction<'_>, source: &str, key: &str) -> Result<Option<Spot>> {
    let found = tx
        .prepare_cached(
            "SELECT client, currency, day, own_day, key FROM sales WHERE source = ?1 AND key = ?2",
        )?
        .query_row([source, key], read_spot)
        .optional()?;
    found.map(|(_, spot)| spot).transpose()
}

/// Credit notes that name a sale, and where they count.
fn correcting(tx: &Transaction<'_>, source: &str, key: &str) -> Result<Vec<(String, Spot)>> {
    let mut statement = tx.prepare_cached(
        // Left to itself, the planner reads all sales of the source.
        "SELECT client, currency, day, own_day, key FROM sales INDEXED BY sales_by_corrected
         WHERE corrects = ?2 AND source = ?1",
    )?;
    let rows = statement.query_map([source, key], read_spot)?;
    rows.map(|row| row.map_err(StorageError::from).and_then(|(key, spot)| Ok((key, spot?)))).collect()
}

fn read_spot(row: &rusqlite::Row<'_>) -> rusqlite::Result<(String, Result<Spot>)> {
    let currency: String = row.get(1)?;
    let (client, day, own_day) = (row.get(0)?, row.get(2)?, row.get(3)?);
    let spot = currency
        .parse()
        .map(|currency| Spot { client, currency, day, own_day })
        .map_err(|_| StorageError::Undecodable { what: "currency of a sale", detail: currency });
    Ok((row.get(4)?, spot))
}

/// Makes the rows of all touched days and of their months anew.
pub(super) fn derive(log: &mut LogWriter<'_>) -> Result<()> {
    let Touched { days, at_ms } = std::mem::take(log.touched());
    let mut clients: BTreeMap<ClientId, BTreeMap<(Currency, BusinessDate), Vec<BusinessDate>>> =
        BTreeMap::new();
    for (client, currency, day) in days {
        let Some(day) = BusinessDate::from_days(day) else { continue };
        let Ok(month) = BusinessDate::try_from(day.civil().first_of_month()) else { continue };
        clients.entry(client).or_default().entry((currency, month)).or_default().push(day);
    }
    for (client, months) in clients {
        // An erased client's days went with it.
        let Some(document) = Document::find(log.tx, &client.into()).map_err(rows_error)? else { continue };
        let mut place = Placement::get(log.tx, document.row)?;
        let sums = place.office;
        for ((currency, month), days) in months {
            let sales = of_month(log.tx, client, currency, month)?;
            let mut put = |kind: KnownKind, key: String, value: Option<Value>| {
                let value = value.map(|value| value.encode());
                let kind = kind.name().to_owned();
                let before = value_of(log.tx, &kind, "", &key)?;
                let record = OfficeWrite { kind, key, client: Some(client), value, ..OfficeWrite::default() };
                put_about(log, &mut place, &record, before, at_ms)
            };
            for day in days {
                let of_day: Vec<&Sale> =
                    sales.iter().filter(|(on, _)| *on == day.days()).map(|(_, sale)| sale).collect();
                let value = sales_day(day, currency, &of_day).map(Value::from);
                put(KnownKind::SalesDay, sales_day_key(client, day, currency), value)?;
            }
            let all: Vec<&Sale> = sales.iter().map(|(_, sale)| sale).collect();
            let value = sales_month(month, currency, &all).map(Value::from);
            put(KnownKind::SalesMonth, sales_month_key(client, month, currency), value)?;
        }
        if place.office != sums {
            place.save_office(log.tx)?;
        }
    }
    Ok(())
}

/// Sales of a client in a currency that count in a month, with the day on which they do.
fn of_month(
    tx: &Transaction<'_>,
    client: ClientId,
    currency: Currency,
    month: BusinessDate,
) -> Result<Vec<(i32, Sale)>> {
    let days = i32::from(month.civil().days_in_month());
    let mut statement = tx.prepare_cached(
        "SELECT s.day, o.value FROM sales s
         JOIN office o ON o.kind = 'sale' AND o.source = s.source AND o.key = s.key
         WHERE s.client = ?1 AND s.currency = ?2 AND s.day >= ?3 AND s.day < ?4
         ORDER BY s.day, s.source, s.key",
    )?;
    let first = month.days();
    let mut rows = statement.query(params![client, currency.to_string(), first, first + days])?;
    let mut sales = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(sale) = row.get_ref(1)?.as_blob_or_null().ok().flatten().and_then(read) {
            sales.push((row.get(0)?, sale));
        }
    }
    Ok(sales)
}

fn read(value: &[u8]) -> Option<Sale> {
    match Value::decode(&Kind::Known(KnownKind::Sale), value) {
        Ok(Value::Sale(sale)) => Some(sale),
        _ => None,
    }
}

/// Forgets a client's sales; its office records go too.
pub(super) fn erase_client(tx: &Transaction<'_>, client: &ClientId) -> Result<()> {
    tx.prepare_cached("DELETE FROM sales WHERE client = ?1")?.execute([client])?;
    Ok(())
}

/// Sales that were written before there were days and months: all of them are looked at once.
pub(super) fn catch_up(log: &mut LogWriter<'_>) -> Result<()> {
    let at_ms: i64 = log.tx.query_row("SELECT coalesce(max(at_ms), 0) FROM log", [], |row| row.get(0))?;
    let mut after: Option<(String, String)> = None;
    loop {
        let from = after.as_ref().map(|(source, key)| (source.as_str(), key.as_str()));
        let page = super::office::of_kind(log.tx, KnownKind::Sale.name(), from, 1_000)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.record.source.clone(), last.record.key.clone()));
        for row in &page {
            follow(log, &row.record, at_ms)?;
        }
    }
}

/// Whether there are such sales.
pub(super) fn is_behind(tx: &Transaction<'_>) -> Result<bool> {
    Ok(tx.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sales)
           AND EXISTS (SELECT 1 FROM office WHERE kind = 'sale' AND value IS NOT NULL)",
        [],
        |row| row.get(0),
    )?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use cartera_core::env::{Env, SeededEnv};
    use cartera_core::model::office::{SaleLine, SaleSort};

    use super::*;
    use crate::import::Kind as FileKind;
    use crate::storage::office::OfficePut;
    use crate::testing::{NOW_MS, Relay};

    const CLIENTS: u64 = 3;

    struct Books {
        relay: Relay,
        clients: Vec<ClientId>,
    }

    impl Books {
        fn new() -> Self {
            let relay = Relay::new();
            let file =
                (0..CLIENTS).fold("codigo;nombre\n".to_owned(), |file, n| file + &format!("C{n};Bar {n}\n"));
            relay.import(FileKind::Clients, &file);
            let codes: Vec<String> = (0..CLIENTS).map(|n| format!("C{n}")).collect();
            let clients = relay.app.storage.clients_by_code("erp", &codes).unwrap();
            Self { relay, clients: clients.into_iter().flatten().collect() }
        }

        fn put(&self, records: &[OfficeWrite]) {
            let puts = self.relay.app.storage.put_office(records, NOW_MS).unwrap();
            assert!(
                puts.iter().all(|put| matches!(put, OfficePut::Written(_) | OfficePut::Unchanged)),
                "{puts:?}"
            );
        }

        fn rows(&self, kind: &str) -> BTreeMap<String, Vec<u8>> {
            let rows = self.relay.app.storage.office_of_kind(kind, None, 10_000).unwrap();
            rows.into_iter().map(|row| (row.record.key, row.record.value.unwrap())).collect()
        }

        /// Days and months, worked out from all sales with nothing remembered.
        fn recomputed(&self) -> [BTreeMap<String, Vec<u8>>; 2] {
            let rows = self.relay.app.storage.office_of_kind("sale", None, 10_000).unwrap();
            let sales: Vec<_> = rows
                .iter()
                .map(|row| {
                    let record = &row.record;
                    let sale = read(record.value.as_deref().unwrap()).unwrap();
                    (record.source.clone(), record.key.clone(), record.client.unwrap(), sale)
                })
                .collect();
            let mut days: BTreeMap<(ClientId, Currency, BusinessDate), Vec<&Sale>> = BTreeMap::new();
            for (source, key, client, sale) in &sales {
                let target = sale.corrects.as_ref().filter(|_| sale.sort == SaleSort::CreditNote);
                let of_target = sales
                    .iter()
                    .find(|(s, k, c, _)| s == source && Some(k) == target && k != key && c == client);
                let date = of_target.map_or(sale.date, |(.., target)| target.date);
                days.entry((*client, sale.currency, date)).or_default().push(sale);
            }
            let mut expected = [BTreeMap::new(), BTreeMap::new()];
            let mut months: HashMap<(ClientId, Currency, BusinessDate), Vec<&Sale>> = HashMap::new();
            for ((client, currency, date), sales) in &days {
                if let Some(day) = sales_day(*date, *currency, sales) {
                    expected[0].insert(sales_day_key(*client, *date, *currency), Value::from(day).encode());
                }
                let month = BusinessDate::try_from(date.civil().first_of_month()).unwrap();
                months.entry((*client, *currency, month)).or_default().extend(sales);
            }
            for ((client, currency, month), sales) in &months {
                if let Some(made) = sales_month(*month, *currency, sales) {
                    expected[1]
                        .insert(sales_month_key(*client, *month, *currency), Value::from(made).encode());
                }
            }
            expected
        }

        fn check(&self, what: &str) {
            let [days, months] = self.recomputed();
            assert_eq!(self.rows("sales_day"), days, "{what}");
            assert_eq!(self.rows("sales_month"), months, "{what}");
        }
    }

    struct Dice(SeededEnv);

    impl Dice {
        fn below(&self, n: u64) -> u64 {
            let mut bytes = [0; 8];
            self.0.fill(&mut bytes);
            u64::from_le_bytes(bytes) % n
        }
    }

    fn some_sale(dice: &Dice) -> Sale {
        use SaleSort::{CreditNote, DeliveryNote, Invoice, Rebate};
        let sort = [Invoice, Invoice, CreditNote, CreditNote, DeliveryNote, Rebate][dice.below(6) as usize];
        let date = BusinessDate::from_ymd(2026, 8, 25).unwrap().plus_days(dice.below(12) as i32).unwrap();
        let currency = if dice.below(4) == 0 { "USD".parse().unwrap() } else { Currency::EUR };
        let net = if sort == Invoice { dice.below(50) as i64 } else { -(dice.below(60) as i64) };
        let mut sale = Sale::new(sort, date, currency, net);
        sale.voided = dice.below(6) == 0;
        sale.corrects = (sort == CreditNote && dice.below(4) > 0).then(|| format!("F{}", dice.below(12)));
        if dice.below(2) == 0 {
            let mut line = SaleLine::new(Some("A".into()), net);
            line.family = Some(["café", "té"][dice.below(2) as usize].into());
            line.quantity = Some((dice.below(9) as u32).into());
            sale.lines = vec![line];
        }
        sale
    }

    fn some_record(dice: &Dice, clients: &[ClientId]) -> OfficeWrite {
        let value = (dice.below(5) > 0).then(|| Value::from(some_sale(dice)).encode());
        OfficeWrite {
            kind: "sale".into(),
            source: ["erp", "tpv"][usize::from(dice.below(8) == 0)].into(),
            key: format!("F{}", dice.below(12)),
            client: Some(clients[dice.below(CLIENTS) as usize]),
            territory: None,
            value,
        }
    }

    #[test]
    fn corrections_cancellations_and_tombstones_in_any_order_give_what_a_recomputation_gives() {
        for seed in 0..12 {
            let books = Books::new();
            let dice = Dice(SeededEnv::new(seed, NOW_MS));
            for round in 0..25 {
                let records: Vec<_> =
                    (0..1 + dice.below(8)).map(|_| some_record(&dice, &books.clients)).collect();
                books.put(&records);
                books.check(&format!("seed {seed}, round {round}"));
            }
            assert!(!books.rows("sales_day").is_empty());
        }
    }

    #[test]
    fn the_order_of_arrival_leaves_no_trace() {
        let dice = Dice(SeededEnv::new(77, NOW_MS));
        let books = Books::new();
        let mut last: Vec<OfficeWrite> = (0..40).map(|_| some_record(&dice, &books.clients)).collect();
        let mut seen = std::collections::HashSet::new();
        last.retain(|record| seen.insert((record.source.clone(), record.key.clone())));
        books.put(&last);
        for _ in 0..5 {
            let other = Books::new();
            for n in (1..last.len()).rev() {
                last.swap(n, dice.below(n as u64 + 1) as usize);
            }
            // One by one, each in a commit of its own. Ids of clients differ between relays: only their places count.
            let same_place = |record: &OfficeWrite| {
                let place = books.clients.iter().position(|id| Some(*id) == record.client).unwrap();
                OfficeWrite { client: Some(other.clients[place]), ..record.clone() }
            };
            last.iter().for_each(|record| other.put(&[same_place(record)]));
            other.check("shuffled");
            let values = |books: &Books| {
                let mut values: Vec<_> = books.rows("sales_day").into_values().collect();
                values.sort();
                values
            };
            assert_eq!(values(&other), values(&books));
        }
    }

    #[test]
    #[cfg(feature = "demo")]
    fn a_real_customer_base_has_the_published_purchase_events() {
        use crate::demo::{cdnow, files};
        let relay = Relay::new();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let purchases = cdnow::purchases().unwrap();
        relay.import(FileKind::Clients, &text(files::clients(1, 23_570)));
        let report = relay.import(FileKind::Sales, &text(files::sales(&purchases)));
        assert_eq!(report.counts.new, 69_659);
        let rows = relay.app.storage.office_of_kind("sales_day", None, 100_000).unwrap();
        let kind = Kind::Known(KnownKind::SalesDay);
        let days: Vec<_> = rows
            .iter()
            .map(|row| match Value::decode(&kind, row.record.value.as_deref().unwrap()) {
                Ok(Value::SalesDay(day)) => day,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(days.iter().filter(|day| day.event).count(), 67_591);
        assert_eq!(days.len(), 67_591);
        assert_eq!(days.iter().map(|day| day.net).sum::<i64>(), 250_031_563);
        assert_eq!(days.iter().map(|day| u64::from(day.documents)).sum::<u64>(), 69_659);
    }

    #[test]
    fn a_store_that_had_sales_before_it_had_days_catches_up() {
        let books = Books::new();
        let dice = Dice(SeededEnv::new(5, NOW_MS));
        let mut records: Vec<_> = (0..30).map(|_| some_record(&dice, &books.clients)).collect();
        records.dedup_by_key(|record| record.key.clone());
        books.put(&records);
        let expected = books.rows("sales_day");
        let path = books.relay.dir.path().join("relay.db");
        let store = crate::storage::sqlite::SqliteStorage::open(&path, None).unwrap();
        store
            .write(|tx| {
                tx.execute_batch("DELETE FROM sales; DELETE FROM office WHERE kind LIKE 'sales_%'")?;
                Ok(())
            })
            .unwrap();
        drop(store);
        drop(crate::storage::sqlite::SqliteStorage::open(&path, None).unwrap());
        assert_eq!(books.rows("sales_day"), expected);
    }

    #[test]
    fn an_erased_clients_days_go_with_it() {
        let books = Books::new();
        let dice = Dice(SeededEnv::new(6, NOW_MS));
        let records: Vec<_> = (0..60).map(|_| some_record(&dice, &books.clients)).collect();
        books.put(&records);
        let gone = books.clients[0];
        let deed = books.relay.deed(crate::audit::Subject::Client(gone));
        books.relay.app.storage.erase(gone, NOW_MS, &deed).unwrap();
        assert!(!books.rows("sales_day").keys().any(|key| key.starts_with(&gone.to_string())));
        books.check("after the erasure");
    }
}
