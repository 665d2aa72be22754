//! What clients are told apart by: territory, region, kind of establishment, fiscal group, origin.

use std::collections::BTreeMap;

use super::Reader;
use crate::document::FieldValue;
use crate::model::profile::{ClientField, Key, ShutDays, Value};
use crate::model::{BusinessDate, ClientId, TerritoryId};
use crate::rows::Result;
use crate::rows::codec::value_from_blob;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub territory: Option<TerritoryId>,
    /// Province, state.
    pub region: Option<String>,
    /// Kind of establishment.
    pub sector: Option<String>,
    pub fiscal_group: Option<String>,
    /// Where a lead came from.
    pub source: Option<String>,
    /// Days within which it is to be visited, instead of its class's.
    pub visit_every: Option<u32>,
    pub shut: ShutDays,
    /// The first day on which it was known: that of its first record, or the one on which its id was made, by the clock
    /// of whoever made it.
    pub since: BusinessDate,
}

const DAY_MS: i64 = 86_400_000;

/// Fields that are read here.
const FIELDS: [ClientField; 5] = [
    ClientField::Address,
    ClientField::FiscalGroup,
    ClientField::Source,
    ClientField::VisitEvery,
    ClientField::ShutDays,
];

pub(super) fn read(reader: &Reader<'_>) -> Result<BTreeMap<ClientId, Client>> {
    let mut found = BTreeMap::new();
    let mut places = BTreeMap::new();
    let mut statement = reader.conn.prepare_cached(
        "SELECT c.doc, c.id, c.territory, c.sector,
                (SELECT min(r.date) FROM records r WHERE r.doc = c.doc AND r.shown = 1)
         FROM clients c WHERE c.alias_of IS NULL",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (doc, id): (i64, ClientId) = (row.get(0)?, row.get(1)?);
        let made = i32::try_from(id.made_ms() / DAY_MS).ok().and_then(BusinessDate::from_days);
        let first: Option<i32> = row.get(4)?;
        let since = made.into_iter().chain(first.and_then(BusinessDate::from_days)).min();
        let client = Client {
            territory: row.get(2)?,
            region: None,
            sector: row.get(3)?,
            fiscal_group: None,
            source: None,
            visit_every: None,
            shut: ShutDays::new(Vec::new(), Vec::new()),
            since: since.unwrap_or(reader.as_of),
        };
        places.insert(doc, id);
        found.insert(id, client);
    }
    // Of several live values the last one in this order is the one that is shown.
    let mut statement = reader.conn.prepare_cached(
        "SELECT f.doc, f.value FROM fields f JOIN actors a ON a.actor = f.actor
         WHERE f.live = 1 AND f.key = ?1 ORDER BY f.doc, f.counter, a.id",
    )?;
    for field in FIELDS {
        let mut rows = statement.query([field.as_str()])?;
        while let Some(row) = rows.next()? {
            let client = places.get(&row.get(0)?).and_then(|id| found.get_mut(id));
            let Some(client) = client else { continue };
            let value = value_from_blob(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
            set(client, field, &value);
        }
    }
    Ok(found)
}

/// A value that is not understood is none.
fn set(client: &mut Client, field: ClientField, value: &FieldValue) {
    let value = Key::Client(field).read(value).ok();
    let text = |value: Option<Value>| match value {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    };
    match field {
        ClientField::Address => {
            client.region = match value {
                Some(Value::Address(address)) => address.region,
                _ => None,
            }
        }
        ClientField::FiscalGroup => client.fiscal_group = text(value),
        ClientField::Source => client.source = text(value),
        ClientField::VisitEvery => {
            client.visit_every = match value {
                Some(Value::Number(days)) => u32::try_from(days).ok(),
                _ => None,
            }
        }
        ClientField::ShutDays => {
            client.shut = match value {
                Some(Value::ShutDays(days)) => days,
                _ => ShutDays::new(Vec::new(), Vec::new()),
            }
        }
        _ => {}
    }
}
