//! One page of a set: a walk, from where the page before it stood.

use super::options::{After, Options, PAGE_ROWS, Token};
use super::{ODataError, Refusal};
use crate::export::format::{Encoder, Entities, Numbers};
use crate::export::query::Query;
use crate::export::run::ExportError;
use crate::export::walk::{self, Page};
use crate::storage::export::Exports;

/// A page ends when its JSON has so many bytes.
const PAGE_BYTES_MAX: usize = 2 << 20;

/// What was asked for.
#[derive(Debug)]
pub(super) struct Given {
    /// Entities as JSON, with commas between.
    pub entities: Vec<u8>,
    pub count: u64,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Token>,
    /// Of all that the filter lets through, where that was asked.
    pub total: Option<u64>,
}

/// `page_rows`: as many as the client wants at one time.
pub(super) fn read(
    store: &dyn Exports,
    options: &Options,
    numbers: Numbers,
    page_rows: Option<u64>,
) -> Result<Given, ODataError> {
    let span = store.export_span(None).map_err(ExportError::from)?.map_err(|_| ODataError::Gone)?;
    let mut walk = walk::of(&options.query);
    let mut keys = None;
    if let Some(token) = &options.token {
        if token.epoch != span.epoch.0 {
            return Err(ODataError::Gone);
        }
        match token.after.clone() {
            After::Keys(after) => keys = Some(after),
            After::Place(place) if walk.resume(place.clone()) => {}
            After::Place(_) => return Err(Refusal::new("$skiptoken", "it is of another set").into()),
        }
    }
    let rows = page_rows.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS);
    let top = options.top.unwrap_or(u64::MAX);
    let mut entities = Entities::new(numbers, options.shown, options.skip, top, rows);
    let ordered = options.falling.is_some();
    if let Some(falling) = &options.falling {
        entities = entities.ordered(falling.clone(), keys);
    }
    let mut encoder = Encoder::Entities(Box::new(entities));
    let mut out = Vec::new();
    let infos = walk.infos();
    encoder.begin(&mut out, options.query.resource.name, &infos).map_err(ExportError::from)?;
    let mut place = None;
    if top > 0 {
        let mut seen = 0;
        loop {
            let mut failed = None;
            let mut page = Page {
                out: &mut out,
                encoder: &mut encoder,
                query: &options.query,
                rows: &mut seen,
                piece_bytes: PAGE_BYTES_MAX,
                failed: &mut failed,
            };
            let over = walk.page(store, &span, &mut page).map_err(ExportError::from)?;
            if let Some(error) = failed {
                return Err(ExportError::from(error).into());
            }
            if over {
                break;
            }
            if encoder.is_full() || out.len() >= PAGE_BYTES_MAX {
                place = walk.place();
                break;
            }
        }
    }
    let Encoder::Entities(mut entities) = encoder else { return Err(ODataError::Gone) };
    let after = if ordered { entities.sorted(&mut out).map(After::Keys) } else { place.map(After::Place) };
    let count = entities.count();
    let next = after.filter(|_| count < top).map(|after| Token::new(span.epoch, after));
    let total = options.count.then(|| total(store, &options.query)).transpose()?;
    Ok(Given { entities: out, count, next, total })
}

/// How many there are of which the query's filter holds.
pub(super) fn total(store: &dyn Exports, query: &Query) -> Result<u64, ODataError> {
    let span = store.export_span(None).map_err(ExportError::from)?.map_err(|_| ODataError::Gone)?;
    // The key alone is read, beside what the filter looks at.
    let query = Query { columns: vec![0], ..query.clone() };
    let mut walk = walk::of(&query);
    let (mut out, mut rows, mut failed) = (Vec::new(), 0, None);
    loop {
        let mut page = Page {
            out: &mut out,
            encoder: &mut Encoder::Count,
            query: &query,
            rows: &mut rows,
            piece_bytes: PAGE_BYTES_MAX,
            failed: &mut failed,
        };
        if walk.page(store, &span, &mut page).map_err(ExportError::from)? {
            return Ok(rows);
        }
    }
}
