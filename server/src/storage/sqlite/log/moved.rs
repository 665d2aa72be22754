//! Who sees what has changed since a number: the net effect, client by client.
//!
//! A client with an entry of kind territory or merge after the cursor is not read by lanes. The phone is told what
//! came of it all: its changes where it had the client and has it still, that it left, or everything about one that
//! came in, and nothing of what lies between.

use std::collections::HashMap;

use cartera_core::model::PersonId;
use rusqlite::{Transaction, params};

use super::place::Placement;
use super::sight::Sight;
use crate::storage::Result;
use crate::storage::log::MOVES_PER_PULL;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The phone had it and has it: its own entries, read by document.
    Kept,
    Entered,
    Left,
    /// Never in sight.
    Unseen,
}

/// One client's moves after the cursor, and what comes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MovedDoc {
    pub effect: Effect,
    /// Of the last entry that moved it: where the effect stands.
    pub number: u64,
    /// Of the last entry that merged it or undid that.
    pub merged: Option<u64>,
    /// The part in which it now is.
    pub part: i64,
}

#[derive(Debug, Default)]
pub(super) struct Moves {
    pub docs: HashMap<i64, MovedDoc>,
    /// There are more than a pull looks through.
    pub too_many: bool,
}

/// Rows of one document, in order.
#[derive(Debug, Default)]
struct History {
    first: Option<First>,
    last: u64,
    merged: Option<u64>,
    /// A lending to this person began or ended.
    lending: bool,
    /// All of it was made by the request that pulls.
    own: bool,
}

#[derive(Debug, Clone, Copy)]
enum First {
    From(Option<i64>),
    LendingBegan(i64),
    LendingEnded,
}

/// `but`: numbers made by the very request that pulls, ascending.
pub(super) fn since(tx: &Transaction<'_>, sight: &Sight, after: u64, but: &[u64]) -> Result<Moves> {
    let mut statement = tx.prepare_cached(
        "SELECT number, doc, kind, before, person, seq FROM log
         WHERE kind IN (2, 3) AND number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let mut rows = statement.query(params![after, MOVES_PER_PULL + 1])?;
    let mut histories: HashMap<i64, History> = HashMap::new();
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        if count > MOVES_PER_PULL {
            return Ok(Moves { docs: HashMap::new(), too_many: true });
        }
        let (number, doc): (u64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let Some(doc) = doc else { continue }; // erased since
        let before: Option<i64> = row.get(3)?;
        let person: Option<PersonId> = row.get(4)?;
        let first = match person {
            Some(person) if person != sight.person.id => continue,
            Some(_) if row.get::<_, Option<i64>>(5)? == Some(0) => First::LendingEnded,
            Some(_) => First::LendingBegan(before.unwrap_or_default()),
            None => First::From(before),
        };
        let history = histories.entry(doc).or_insert_with(|| History { own: true, ..History::default() });
        history.first.get_or_insert(first);
        history.last = number;
        history.lending |= person.is_some();
        history.own &= but.binary_search(&number).is_ok();
        if row.get::<_, i64>(2)? == 3 {
            history.merged = Some(number);
        }
    }
    let mut docs = HashMap::with_capacity(histories.len());
    for (doc, history) in histories {
        let Some(place) = Placement::find(tx, doc)? else { continue };
        let effect = effect(tx, sight, &place, &history)?;
        let MovedDoc { .. } = *docs.entry(doc).or_insert(MovedDoc {
            effect,
            number: history.last,
            merged: history.merged,
            part: place.part,
        });
    }
    Ok(Moves { docs, too_many: false })
}

fn effect(tx: &Transaction<'_>, sight: &Sight, place: &Placement, history: &History) -> Result<Effect> {
    let is_in = sight.sees_doc(tx, place.doc, place.part)?;
    // Lent before and now: nothing in between was about lending.
    let lent_throughout = sight.lent.contains(&place.doc) && !history.lending && history.merged.is_none();
    let was_in = history.own
        || lent_throughout
        || match history.first {
            Some(First::From(Some(before)) | First::LendingBegan(before)) => sight.sees_part(tx, before)?,
            Some(First::LendingEnded) => true,
            Some(First::From(None)) | None => false,
        };
    Ok(match (was_in, is_in) {
        (true, true) => Effect::Kept,
        (false, true) => Effect::Entered,
        (true, false) => Effect::Left,
        (false, false) => Effect::Unseen,
    })
}
