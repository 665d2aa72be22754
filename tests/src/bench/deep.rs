//! The deep profile: 300 clients with 300 sales of 12 lines each over 36 months, 5,000 articles, 100,000 price
//! conditions; and what a price costs to find among them.

use std::path::PathBuf;

use cartera_core::model::office::{Article, Item, KnownKind, Price, Sale, SaleLine, SaleSort, Scope, Value};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal};
use cartera_core::query::{offers, prices};
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::store::StoreError;
use cartera_relay::figures::cross_sell;
use cartera_relay::people::access::By;
use cartera_relay::storage::office::{OfficePut, OfficeWrite};

use super::meter::{quantiles, time_ms, took};
use super::relay::{Prepared, Writer};
use super::{Bench, Failure, Row, device, portfolio, relay};

const CLIENTS: usize = 300;
const SALES: usize = 300;
const LINES: usize = 12;
const ARTICLES: usize = 5_000;
const FAMILIES: usize = 60;
const PRICES: usize = 100_000;
const MONTHS: usize = 36;
/// The last day of the sales.
const TODAY: i32 = 20_700;

impl Bench {
    /// The deep profile on a relay: documents pushed, office records put as an import puts them.
    pub(super) fn deep(&mut self) -> Result<Prepared, Failure> {
        if let Some(prepared) = &self.deep {
            return Ok(prepared.clone());
        }
        let (prepared, writer) = Prepared::fill(self.folder.join("relay-deep"), (CLIENTS, 20, 10))?;
        let clients = &prepared.clients;
        put(&writer, (0..ARTICLES).map(article))?;
        put(&writer, (0..PRICES).map(|n| price(n, clients)))?;
        // In the order in which they were made, as an ERP sends them.
        put(
            &writer,
            (0..SALES).flat_map(|n| clients.iter().enumerate().map(move |(c, id)| sale(c, n, *id))),
        )?;
        Ok(self.deep.insert(prepared).clone())
    }
}

fn put(writer: &Writer, items: impl Iterator<Item = Item>) -> Result<(), Failure> {
    let mut batch = Vec::new();
    let mut items = items.peekable();
    while let Some(item) = items.next() {
        batch.push(OfficeWrite {
            kind: item.kind.name().into(),
            source: item.source,
            key: item.key,
            client: if let Scope::Client(client) = item.scope { Some(client) } else { None },
            territory: None,
            value: item.value.map(|value| value.encode()),
        });
        if batch.len() == 2_000 || items.peek().is_none() {
            let done = writer.app.storage.put_office(&batch, 1_790_000_000_000)?;
            assert!(done.iter().all(|put| matches!(put, OfficePut::Written(_))));
            batch.clear();
        }
    }
    Ok(())
}

fn item(key: String, scope: Scope, value: impl Into<cartera_core::model::office::Value>) -> Item {
    let item = Item::new("erp", key, scope, value);
    item.unwrap_or_else(|| unreachable!("the value was made here"))
}

fn code(n: usize) -> String {
    format!("A{n:05}")
}

fn family(n: usize) -> String {
    format!("Familia {:02}", n % FAMILIES)
}

fn eur() -> Currency {
    "EUR".parse().unwrap_or_else(|_| unreachable!("EUR is a currency"))
}

fn decimal(mantissa: i64, scale: u32) -> Decimal {
    Decimal::new(mantissa, scale).unwrap_or_else(|_| unreachable!("a small decimal"))
}

fn day(days: i32) -> BusinessDate {
    BusinessDate::from_days(days).unwrap_or(BusinessDate::MAX)
}

fn article(n: usize) -> Item {
    let mut article = Article::new(format!("{} {}", portfolio::word(n), portfolio::word(n / 12)));
    article.family = Some(family(n));
    article.unit = Some("ud".into());
    article.units_per_case = Some(decimal(12, 0));
    article.ean = Some(format!("84{n:011}"));
    article.tax = Some("general".into());
    article.price = Some(decimal(100 + n as i64 % 5_000, 2));
    article.currency = Some(eur());
    item(code(n), Scope::Workspace, article)
}

/// Six in ten of a price list, three of a client, one of a client and a family.
fn price(n: usize, clients: &[ClientId]) -> Item {
    let mut price = Price::new(eur());
    price.from = Some(day(TODAY - 300));
    price.version = Some("2026-1".into());
    let client = Scope::Client(clients[n / 10 % clients.len()]);
    let scope = match n % 10 {
        0..6 => {
            price.article = Some(code(n / 2 % ARTICLES));
            price.price_list = Some(format!("T{}", n % 20));
            price.price = Some(decimal(90 + n as i64 % 5_000, 2));
            Scope::Workspace
        }
        6..9 => {
            price.article = Some(code(n * 7 % ARTICLES));
            price.price = Some(decimal(80 + n as i64 % 5_000, 2));
            price.min_quantity = n.is_multiple_of(2).then(|| decimal(12, 0));
            client
        }
        _ => {
            price.family = Some(family(n / 7));
            price.discounts = vec![decimal(5, 0)];
            client
        }
    };
    item(format!("P{n:06}"), scope, price)
}

fn sale(client: usize, n: usize, id: ClientId) -> Item {
    let date = day(TODAY - (SALES - n) as i32 * (MONTHS * 30) as i32 / SALES as i32);
    let lines = (0..LINES).map(|line| {
        let article = (client * 31 + n * 7 + line * 3) % ARTICLES;
        let mut sold = SaleLine::new(Some(code(article)), 100 + (article as i64 * 13 + line as i64) % 9_000);
        sold.family = Some(family(article));
        sold.quantity = Some(decimal(1 + line as i64, 0));
        sold.unit = Some("ud".into());
        sold.price = Some(decimal(100 + article as i64, 2));
        sold
    });
    let lines: Vec<SaleLine> = lines.collect();
    let mut sale = Sale::new(SaleSort::Invoice, date, eur(), lines.iter().map(|line| line.net).sum());
    sale.lines = lines;
    item(format!("F{n:03}-{client:04}"), Scope::Client(id), sale)
}

/// A phone with the deep profile: it synced for the first time. Its database, and its clients.
pub(super) fn phone(bench: &mut Bench) -> Result<(PathBuf, Vec<ClientId>), Failure> {
    let prepared = bench.deep()?;
    let path = bench.folder.join("phone-deep.db");
    if !path.exists() {
        let relay = prepared.start()?;
        prepared.phone(&relay, &path)?.sync()?;
    }
    Ok((path, prepared.clients))
}

pub(super) fn price_of_an_article(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let (path, clients) = phone(bench)?;
    let engine = device::open(&path)?;
    let (mut quotes, mut rows_read) = (Vec::new(), Vec::new());
    let one = decimal(1, 0);
    for n in 0..4_000 {
        let (client, article) = (&clients[n * 7 % clients.len()], code(n * 31 % ARTICLES));
        let (bare_ms, row) = time_ms(|| {
            engine.store().read::<_, StoreError>(|conn| {
                let sql = "SELECT value FROM office WHERE kind = 'article' AND source = 'erp' AND key = ?1";
                Ok(conn.prepare_cached(sql)?.query_row([&article], |row| row.get::<_, Vec<u8>>(0))?)
            })
        });
        row?;
        rows_read.push(bare_ms);
        let (ms, quote) = time_ms(|| {
            engine.store().read::<_, StoreError>(|conn| {
                Ok(prices::quote(conn, client, &article, one, eur(), day(TODAY))?)
            })
        });
        assert!(quote?.is_some_and(|quote| quote.price.is_some()));
        quotes.push(ms);
    }
    let ((median, p99), (bare_ms, _)) = (quantiles(quotes), quantiles(rows_read));
    Ok(vec![Row {
        what: "price of an article for a client, among 100,000 conditions".into(),
        goal: "<= 0.2 ms",
        measured: format!("p50 {median:.3} ms, p99 {p99:.3} ms"),
        yardstick: format!("one office record by its key {bare_ms:.3} ms; {:.1} x", median / bare_ms),
    }])
}

/// What to offer one client after the other; and what the relay takes to find the rules.
pub(super) fn offers_of_a_client(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    const SHOWN: usize = 50;
    let (path, clients) = phone(bench)?;
    let rules = {
        let app = relay::open(&bench.folder.join("relay-deep"), "http://127.0.0.1")?;
        let (took, found) = took(|| cross_sell::refit(&app, By::CONSOLE, day(TODAY)));
        (took.cpu_ms, found?)
    };
    let copy = bench.folder.join("phone-offers.db");
    std::fs::copy(&path, &copy)?;
    let engine = device::open(&copy)?;
    let store = engine.store();
    store.write::<_, StoreError>(|tx| {
        rules.1.iter().try_for_each(|(key, record)| {
            let entry = OfficeEntry {
                kind: "cross_sell".into(),
                source: String::new(),
                key: key.clone(),
                client: None,
                territory: None,
                value: Some(Value::from(record.clone()).encode()),
            };
            office::put(tx, &entry, 1).map(drop).map_err(Into::into)
        })
    })?;
    let (mut of_client, mut up_sells, mut decoded) = (Vec::new(), Vec::new(), Vec::new());
    let mut found = (0, 0, 0);
    for client in &clients {
        let (ms, sales) = time_ms(|| {
            store.read::<_, StoreError>(|conn| {
                let sql = "SELECT value FROM office INDEXED BY office_by_client WHERE client = ?1 AND kind = 'sale'";
                let mut statement = conn.prepare_cached(sql)?;
                let rows = statement.query_map([client], |row| row.get::<_, Vec<u8>>(0))?;
                Ok(rows.filter_map(Result::ok).filter(|bytes| Value::decode(&KnownKind::Sale.into(), bytes).is_ok()).count())
            })
        });
        assert!(sales? > 0);
        decoded.push(ms);
        let (ms, offered) = time_ms(|| {
            store.read::<_, StoreError>(|conn| Ok(offers::of_client(conn, client, day(TODAY), SHOWN)?))
        });
        let offered = offered?.ok_or("a client of the phone")?;
        found = (
            found.0 + offered.basket.total,
            found.1 + offered.stopped.total,
            found.2 + offered.cross_sell.total,
        );
        of_client.push(ms);
        let code = offered.basket.items.first().map_or_else(|| code(7), |bought| bought.article.code.clone());
        let (ms, step) = time_ms(|| {
            store.read::<_, StoreError>(|conn| {
                Ok(offers::up_sell(conn, client, &code, decimal(1, 0), eur(), day(TODAY))?)
            })
        });
        step?;
        up_sells.push(ms);
    }
    let ((median, p99), (bare_ms, _), (step, step_p99)) =
        (quantiles(of_client), quantiles(decoded), quantiles(up_sells));
    let clients = clients.len() as u64;
    Ok(vec![
        Row {
            what: "offers of one client on a phone, deep: basket, due, given up, cross-sell".into(),
            goal: "<= 5 ms",
            measured: format!("p50 {median:.2} ms, p99 {p99:.2} ms"),
            yardstick: format!(
                "reading and decoding its documents alone {bare_ms:.2} ms; on average {} articles in a basket, {} given up, {} suggested",
                found.0 / clients,
                found.1 / clients,
                found.2 / clients
            ),
        },
        Row {
            what: "up-sell of one article, deep: every article of its family at the client's prices".into(),
            goal: "",
            measured: format!("p50 {step:.2} ms, p99 {step_p99:.2} ms"),
            yardstick: format!("{} articles in the family", ARTICLES / FAMILIES),
        },
        Row {
            what: "rules of cross-sell on the whole base, deep, at the relay".into(),
            goal: "",
            measured: format!("{:.0} ms of processor", rules.0),
            yardstick: format!(
                "{clients} clients, {} records, {} rules",
                rules.1.len(),
                rules.1.values().map(|record| record.rules.len()).sum::<usize>()
            ),
        },
    ])
}
