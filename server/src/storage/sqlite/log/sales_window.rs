//! The window of sales moves on: what has passed leaves the digests at the number of the entry that names the new date.
//! Over a long history it moves in steps, each an entry of its own, so that nobody waits for all of it, and one that is cut
//! off goes on from where it was.
//! The sales themselves stay, for exports and figures.

use cartera_core::model::BusinessDate;
use cartera_core::model::office::KnownKind;
use cartera_core::rows::Document;
use cartera_core::rows::window::{self, SALES_FROM};
use cartera_core::sync::digest::{Sum, office_term};
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::office;
use super::parts::lane;
use super::place::Placement;
use super::writer::LogWriter;
use crate::storage::Result;
use crate::storage::office::OfficeRow;
use crate::storage::sqlite::publish;
use crate::sync::audience::Audience;

/// Sales that pass in one step: what holds the writer for some tenth of a second.
const STEP_SALES: usize = 4_000;

/// How far one step goes on the way to `to`; `None`: the window begins there already. A day passes as a whole.
pub(super) fn next(tx: &Transaction<'_>, to: BusinessDate) -> Result<Option<BusinessDate>> {
    let from = window::sales_from(tx).map_err(rows_error)?;
    if from.is_some_and(|from| to <= from) {
        return Ok(None);
    }
    let first = from.map_or(i32::MIN, BusinessDate::days);
    let mut statement = tx.prepare_cached(
        "SELECT own_day FROM sales WHERE own_day >= ?1 AND own_day < ?2 ORDER BY own_day LIMIT 1 OFFSET ?3",
    )?;
    let mut day_of = |place: usize| {
        statement.query_row(params![first, to.days(), place], |row| row.get::<_, i32>(0)).optional()
    };
    let Some(beyond) = day_of(STEP_SALES)? else { return Ok(Some(to)) };
    let oldest = day_of(0)?.unwrap_or(beyond);
    Ok(Some(BusinessDate::from_days(beyond.max(oldest + 1)).unwrap_or(to)))
}

pub(super) fn advance(log: &mut LogWriter<'_>, to: BusinessDate, at_ms: i64) -> Result<u64> {
    let from = log.sales_from()?;
    if from.is_some_and(|from| to <= from) {
        return Ok(0);
    }
    let mut place: Option<Placement> = None;
    let mut passed = 0;
    for row in between(log.tx, from, to)? {
        let Some(client) = row.record.client.filter(|_| row.has_passed(Some(to))) else { continue };
        // They come client by client.
        let Some(document) = Document::find(log.tx, &client.into()).map_err(rows_error)? else { continue };
        if place.is_none_or(|place| place.doc != document.row) {
            keep(log.tx, place.take())?;
        }
        let place = match &mut place {
            Some(place) => place,
            none => none.insert(Placement::get(log.tx, document.row)?),
        };
        let (source, key) = (&row.record.source, &row.record.key);
        let term = office_term(KnownKind::Sale.name(), source, key, row.record.value.as_deref());
        place.office[0] -= term;
        log.digest(lane(place.part, Audience::Everybody), term, Sum::default());
        passed += 1;
    }
    keep(log.tx, place)?;
    publish::setting(log, SALES_FROM, Some(&to.to_string()), at_ms)?;
    log.forget_sales_from();
    Ok(passed)
}

/// The date of the newest sale that is not from after `until`.
pub(super) fn newest(tx: &Transaction<'_>, until: BusinessDate) -> Result<Option<BusinessDate>> {
    let sql = "SELECT max(own_day) FROM sales WHERE own_day <= ?1";
    let day: Option<i32> = tx.prepare_cached(sql)?.query_row([until.days()], |row| row.get(0))?;
    Ok(day.and_then(BusinessDate::from_days))
}

fn keep(tx: &Transaction<'_>, place: Option<Placement>) -> Result<()> {
    place.map_or(Ok(()), |place| place.save_office(tx))
}

/// Sales dated in `[from, to)`, by client.
fn between(tx: &Transaction<'_>, from: Option<BusinessDate>, to: BusinessDate) -> Result<Vec<OfficeRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT o.kind, o.source, o.key, o.client, o.territory, o.value, o.number
         FROM sales s JOIN office o ON o.kind = 'sale' AND o.source = s.source AND o.key = s.key
         WHERE s.own_day >= ?1 AND s.own_day < ?2 AND o.value IS NOT NULL ORDER BY s.client",
    )?;
    let first = from.map_or(i32::MIN, BusinessDate::days);
    let rows = statement.query_map(params![first, to.days()], office::row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
