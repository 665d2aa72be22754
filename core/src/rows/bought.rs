//! What one client bought, article by article, in a window of days: lines of the office's documents, or of the purchases
//! that reps log, as the setting `sales_source` says; never both.
//!
//! The rules are those of days of sales (`model::office::sales_day`): invoices and credit notes count, and a credit note
//! that names the document it corrects counts on that one's day, where that lies in the window too: a phone does not keep
//! earlier ones. Merged clients are the one that is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::aliases::{kept, members};
use super::corrected::counts_on;
use super::sales::{self, Source};
use super::{Result, RowsError};
use crate::model::office::{KnownKind, OrderStage, Sale, SaleSort, Value, sales_day};
use crate::model::record::{Line, PurchaseSort};
use crate::model::{BusinessDate, ClientId, Currency, Decimal};

/// One line of what was bought, or came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoughtLine {
    pub article: String,
    /// Its name on that day, where the document says one.
    pub description: Option<String>,
    /// The line's, or else the catalogue's.
    pub family: Option<String>,
    /// The day on which it counts.
    pub date: BusinessDate,
    pub currency: Currency,
    /// Negative where goods came back.
    pub quantity: Option<Decimal>,
    pub unit: Option<String>,
    /// Per unit, in whole units of the currency; missing where it was given for nothing.
    pub price: Option<Decimal>,
    /// Per cent, one after the other.
    pub discounts: Vec<Decimal>,
    /// Minor units.
    pub net: i64,
    /// It was sold, and is not goods that came back.
    pub sold: bool,
}

/// What a client bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    /// First day that was looked at.
    pub from: BusinessDate,
    /// Purchase events, in any currency, ascending.
    pub events: Vec<BusinessDate>,
    /// By date; of one day in the order of their documents.
    pub lines: Vec<BoughtLine>,
    /// Documents that were looked at.
    pub documents: u64,
    /// Articles on orders that the office has not invoiced yet, with the day of the latest.
    pub ordered: BTreeMap<String, BusinessDate>,
}

struct Document {
    date: BusinessDate,
    sale: Sale,
}

/// What a client bought from `from` up to `as_of`, both included; of one that was merged into another, the other.
pub fn of_client(
    conn: &Connection,
    source: Source,
    client: ClientId,
    (from, as_of): (BusinessDate, BusinessDate),
) -> Result<Bought> {
    let window = from..=as_of;
    let (mut documents, mut ordered) = (Vec::new(), BTreeMap::new());
    for member in members(conn, kept(conn, client)?)? {
        match source {
            Source::Office => {
                invoiced(conn, &member, from, &mut documents)?;
                orders(conn, &member, as_of, &mut ordered)?;
            }
            Source::Purchases => logged(conn, &member, &mut documents)?,
        }
    }
    documents.retain(|document| window.contains(&document.date));
    documents.sort_by_key(|document| document.date);
    let mut days: BTreeMap<(BusinessDate, Currency), Vec<&Sale>> = BTreeMap::new();
    for document in &documents {
        days.entry((document.date, document.sale.currency)).or_default().push(&document.sale);
    }
    let made = days.iter().filter_map(|((date, currency), sales)| sales_day(*date, *currency, sales));
    let events: BTreeSet<BusinessDate> = made.filter(|day| day.event).map(|day| day.date).collect();
    let count = documents.len() as u64;
    let mut lines: Vec<BoughtLine> = documents.into_iter().flat_map(lines_of).collect();
    name_families(conn, &mut lines)?;
    Ok(Bought { from, events: events.into_iter().collect(), lines, documents: count, ordered })
}

fn invoiced(
    conn: &Connection,
    client: &ClientId,
    from: BusinessDate,
    documents: &mut Vec<Document>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT source, key, value FROM office INDEXED BY office_by_client
         WHERE client = ?1 AND kind = 'sale' AND value IS NOT NULL ORDER BY source, key",
    )?;
    let mut rows = statement.query([client])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let Ok(Value::Sale(sale)) = Value::decode(&KnownKind::Sale.into(), value) else { continue };
        // A phone does not keep earlier ones.
        if sale.date < from || !sale.is_revenue() {
            continue;
        }
        let text = |column| Ok::<_, RowsError>(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?);
        let date = counts_on(conn, (text(0)?, text(1)?), Some(client), &sale, from)?;
        documents.push(Document { date, sale });
    }
    Ok(())
}

fn logged(conn: &Connection, client: &ClientId, documents: &mut Vec<Document>) -> Result<()> {
    for logged in sales::logged(conn, client)? {
        let goods_back = logged.sort == SaleSort::CreditNote;
        let mut sale = logged.sale();
        sale.lines = logged.purchase.lines.into_iter().map(|line| line_of(line, goods_back)).collect();
        documents.push(Document { date: sale.date, sale });
    }
    Ok(())
}

/// A rep's line as the office would have sent it.
fn line_of(line: Line, goods_back: bool) -> crate::model::office::SaleLine {
    let negative = |quantity: Decimal| Decimal::try_from(-quantity.inner()).unwrap_or(quantity);
    let back = goods_back || line.returned.is_some();
    crate::model::office::SaleLine {
        description: line.description,
        quantity: Some(if back { negative(line.quantity) } else { line.quantity }),
        unit: Some(line.unit),
        price: line.price.filter(|_| !line.free),
        discounts: line.discounts.iter().filter_map(|discount| discount.percent).collect(),
        ..crate::model::office::SaleLine::new(Some(line.article), line.net)
    }
}

/// Lines of articles; charges that are none are left out.
fn lines_of(document: Document) -> impl Iterator<Item = BoughtLine> {
    let Document { date, sale: Sale { sort, currency, lines, .. } } = document;
    lines.into_iter().filter_map(move |line| {
        let back = line.quantity.map_or(line.net < 0, |quantity| quantity.is_negative());
        Some(BoughtLine {
            article: line.article?,
            description: line.description,
            family: line.family,
            date,
            currency,
            quantity: line.quantity,
            unit: line.unit,
            price: line.price,
            discounts: line.discounts,
            net: line.net,
            sold: sort == SaleSort::Invoice && !back,
        })
    })
}

fn name_families(conn: &Connection, lines: &mut [BoughtLine]) -> Result<()> {
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    let sql = "SELECT family FROM articles WHERE code = ?1 ORDER BY source LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    for line in lines.iter_mut().filter(|line| line.family.is_none()) {
        line.family = match known.get(&line.article) {
            Some(family) => family.clone(),
            None => {
                let found = statement.query_row([&line.article], |row| row.get(0)).optional()?.flatten();
                known.insert(line.article.clone(), found.clone());
                found
            }
        };
    }
    Ok(())
}

/// Articles on a client's orders that wait to be invoiced.
fn orders(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    ordered: &mut BTreeMap<String, BusinessDate>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT r.root, r.date, r.value FROM clients c JOIN records r ON r.doc = c.doc
         WHERE c.id = ?1 AND r.shown = 1 AND r.kind = 'p' AND r.date <= ?2 ORDER BY r.date, r.record",
    )?;
    let mut rows = statement.query(params![client, as_of.days()])?;
    let mut settled = None;
    while let Some(row) = rows.next()? {
        let Some(date) = BusinessDate::from_days(row.get(1)?) else { continue };
        let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let Some((_, purchase)) = super::records::purchase(value) else { continue };
        if purchase.sort != PurchaseSort::Order {
            continue;
        }
        let settled = match &settled {
            Some(settled) => settled,
            None => settled.insert(sales::orders_at(
                conn,
                client,
                &[OrderStage::Invoiced, OrderStage::Declined, OrderStage::Cancelled],
            )?),
        };
        let root: crate::model::RecordId = row.get(0)?;
        if settled.contains(&root.to_string()) {
            continue;
        }
        for line in purchase.lines.into_iter().filter(|line| line.returned.is_none()) {
            ordered.insert(line.article, date);
        }
    }
    Ok(())
}
