//! Orders to deliver.

use std::ops::ControlFlow;

use cartera_core::model::RecordId;
use cartera_core::model::office::OrderStage;
use cartera_core::model::record::PurchaseSort;
use rusqlite::{Transaction, params};

use super::VISITED_MAX;
use super::clients::profile;
use crate::storage::Result;
use crate::storage::export::{ClientBrief, StoredDelivery};
use crate::storage::sqlite::log::orders::{SHOWN, state};

pub(super) fn page(
    tx: &Transaction<'_>,
    after: (u64, [u8; 16]),
    each: &mut dyn FnMut(&StoredDelivery<'_>) -> ControlFlow<()>,
) -> Result<Option<(u64, [u8; 16])>> {
    let sql = format!(
        "SELECT o.id, o.number, o.at_ms, o.stage, o.doc, c.id, c.name, c.erp_code, c.territory, c.alias_of,
                r.value, r.number
         FROM orders o JOIN clients c ON c.doc = o.doc JOIN records r ON {SHOWN} AND r.voids = 0
         WHERE (o.number, o.id) > (?1, ?2) AND o.sort = ?3 AND o.stage IN (?4, ?5, ?6)
         ORDER BY o.number, o.id LIMIT ?7"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let [received, waiting, registered] =
        [OrderStage::Received, OrderStage::WaitingForClient, OrderStage::Registered].map(OrderStage::code);
    let sort = PurchaseSort::Order.code();
    let mut rows =
        statement.query(params![after.0, after.1, sort, received, waiting, registered, VISITED_MAX])?;
    let (mut visited, mut last) = (0, after);
    while let Some(row) = rows.next()? {
        visited += 1;
        last = (row.get(1)?, row.get(0)?);
        let text = |n| row.get_ref(n)?.as_str_or_null().map_err(rusqlite::Error::from);
        let state = state(tx, RecordId::from_bytes(last.1))?;
        let profile = profile(tx, row.get(4)?)?;
        let stored = StoredDelivery {
            id: last.1,
            document: row.get(5)?,
            client: ClientBrief {
                name: text(6)?.unwrap_or_default(),
                erp_code: text(7)?,
                territory: row.get(8)?,
                alias_of: row.get(9)?,
            },
            number: row.get(11)?,
            received_ms: row.get(2)?,
            stage: row.get(3)?,
            erp_number: state.as_ref().and_then(|state| state.number.as_deref()),
            value: row.get_ref(10)?.as_blob().map_err(rusqlite::Error::from)?,
            profile: &profile,
        };
        if each(&stored).is_break() {
            return Ok(Some(last));
        }
    }
    Ok((visited == VISITED_MAX).then_some(last))
}
