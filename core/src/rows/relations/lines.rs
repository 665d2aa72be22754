//! What was sold by family and unit, day by day, from the lines of the office's documents.
//!
//! The rules are those of days of sales (`model::office::sales_day`): invoices and credit notes count, and a credit note
//! that names the document it corrects counts on that one's day. A document without lines is one of no family.

use std::collections::{BTreeMap, BTreeSet};

use super::Reader;
use crate::model::decimal::Decimal;
use crate::model::office::{KnownKind, SaleSort, Value};
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::Result;
use crate::rows::corrected::counts_on;

/// Decimals of a quantity that are kept: those that a line may have.
pub const QUANTITY_PLACES: u32 = crate::model::limits::QUANTITY_PLACES;

/// Everything sold, by currency, client, family, unit and date; the names of families and units once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// Ascending; a line's family and unit are places in these.
    pub families: Vec<String>,
    pub units: Vec<String>,
    pub sold: Vec<Sold>,
    /// The first day of which documents are here, where not all are.
    pub from: Option<BusinessDate>,
}

/// What one client bought of one family in one unit on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sold {
    pub currency: Currency,
    pub client: ClientId,
    /// `None`: of no family, or of a document without lines.
    pub family: Option<u32>,
    pub unit: Option<u32>,
    pub date: BusinessDate,
    /// Minor units.
    pub net: i64,
    /// In units times 10 to the power of [`QUANTITY_PLACES`].
    pub quantity: i64,
    /// Something of it was invoiced that day, and not only brought back.
    pub invoiced: bool,
}

type Name = Option<String>;
/// Currency, client, family, unit, date.
type Place = (Currency, ClientId, Name, Name, BusinessDate);

#[derive(Default)]
struct Sum {
    net: i64,
    quantity: i64,
    invoiced: bool,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Lines> {
    let mut sums: BTreeMap<Place, Sum> = BTreeMap::new();
    reader.office(KnownKind::Sale, &mut |about, value| {
        let (Some(client), Value::Sale(sale)) = (about.client, value) else { return Ok(()) };
        if !sale.is_revenue() {
            return Ok(());
        }
        let name = (about.source, about.key);
        let date = counts_on(reader.conn, name, about.own.as_ref(), &sale, BusinessDate::MIN)?;
        if date > reader.as_of {
            return Ok(());
        }
        let mut add = |family: &Name, unit: &Name, net: i64, quantity: Option<Decimal>| {
            let sum = sums.entry((sale.currency, client, family.clone(), unit.clone(), date)).or_default();
            sum.net = sum.net.saturating_add(net);
            sum.quantity = sum.quantity.saturating_add(quantity.map_or(0, steps));
            sum.invoiced |= sale.sort == SaleSort::Invoice;
        };
        if sale.lines.is_empty() {
            add(&None, &None, sale.net, None);
        }
        for line in &sale.lines {
            add(&line.family, &line.unit, line.net, line.quantity);
        }
        Ok(())
    })?;
    let names = |of: fn(&Place) -> &Name| {
        let names: BTreeSet<&String> = sums.keys().filter_map(|place| of(place).as_ref()).collect();
        names.into_iter().cloned().collect::<Vec<String>>()
    };
    let (families, units) = (names(|place| &place.2), names(|place| &place.3));
    let place_of = |names: &[String], name: &Name| {
        let place = name.as_ref().and_then(|name| names.binary_search(name).ok());
        place.and_then(|place| u32::try_from(place).ok())
    };
    // Names ascend as their places do, so what comes in the order of names is in the order of places.
    let sold = sums
        .iter()
        .map(|((currency, client, family, unit, date), sum)| Sold {
            currency: *currency,
            client: *client,
            family: place_of(&families, family),
            unit: place_of(&units, unit),
            date: *date,
            net: sum.net,
            quantity: sum.quantity,
            invoiced: sum.invoiced,
        })
        .collect();
    Ok(Lines { families, units, sold, from: None })
}

/// A quantity as a whole number of its smallest steps; finer ones, which no line may have, do not count.
fn steps(quantity: Decimal) -> i64 {
    let (mantissa, scale) = (i128::from(quantity.mantissa()), quantity.scale());
    let ten = |places: u32| 10_i128.saturating_pow(places);
    let steps = match QUANTITY_PLACES.checked_sub(scale) {
        Some(places) => mantissa.saturating_mul(ten(places)),
        None => mantissa / ten(scale - QUANTITY_PLACES),
    };
    i64::try_from(steps).unwrap_or(if steps < 0 { i64::MIN } else { i64::MAX })
}
