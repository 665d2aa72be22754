//! Who sees what has changed since a number: the net effect, client by client.
//!
//! A client with an entry of kind territory or merge after the cursor is not read by lanes. The phone is told what
//! came of it all: its changes where it had the client and has it still, that it left, or everything about one that
//! came in, and nothing of what lies between.
//!
//! While the phone is told the last of what it missed under a scope that has changed since, `sight` is what both scopes
//! have in common: of that it has everything up to its cursor. Of what only the old one had it may have something.

use std::collections::HashMap;

use cartera_core::model::PersonId;
use rusqlite::{Transaction, params};

use super::parts::part_of_lane;
use super::place::{Placement, lent_to_ever};
use super::sight::{Sight, Told};
use crate::storage::Result;
use crate::storage::log::{MOVES_PER_PULL, PullQuery};

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
}

#[derive(Debug, Default)]
pub(super) struct Moves {
    pub docs: HashMap<i64, MovedDoc>,
    /// There are more than a pull looks through.
    pub too_many: bool,
}

/// Rows of one document, in order.
#[derive(Debug)]
struct History {
    /// The part before the first of them; `None`: there was no such client.
    before: Option<i64>,
    /// Every part in which it was, from then on.
    parts: Vec<i64>,
    last: u64,
    merged: Option<u64>,
    /// What the first lending to this person among them did: it began, or ended.
    lending: Option<bool>,
    /// All of it was made by the request that pulls.
    own: bool,
}

pub(super) fn since(
    tx: &Transaction<'_>,
    sight: &Sight,
    told: &Told,
    query: &PullQuery<'_>,
) -> Result<Moves> {
    let mut statement = tx.prepare_cached(
        "SELECT number, doc, kind, before, person, seq, lane FROM log
         WHERE kind IN (2, 3) AND number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let mut rows = statement.query(params![query.after, MOVES_PER_PULL + 1])?;
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
        if person.is_some_and(|person| person != sight.person.id) {
            continue; // lent to somebody else
        }
        let history = histories.entry(doc).or_insert(History {
            before,
            parts: before.into_iter().collect(),
            last: number,
            merged: None,
            lending: None,
            own: true,
        });
        history.last = number;
        history.parts.push(part_of_lane(row.get(6)?));
        history.own &= query.but.binary_search(&number).is_ok();
        if person.is_some() {
            let began = row.get::<_, Option<i64>>(5)? == Some(1);
            history.lending.get_or_insert(began);
        }
        if row.get::<_, i64>(2)? == 3 {
            history.merged = Some(number);
        }
    }
    let mut docs = HashMap::with_capacity(histories.len());
    for (doc, history) in histories {
        let Some(place) = Placement::find(tx, doc)? else { continue };
        let effect = effect(tx, sight, told, &place, &history, query.fetching)?;
        docs.insert(doc, MovedDoc { effect, number: history.last, merged: history.merged });
    }
    Ok(Moves { docs, too_many: false })
}

fn effect(
    tx: &Transaction<'_>,
    sight: &Sight,
    told: &Told,
    place: &Placement,
    history: &History,
    fetching: bool,
) -> Result<Effect> {
    let is_in = sight.sees_doc(tx, place.doc, place.part)?;
    let has_all = match history.before {
        _ if history.own => true,
        None => false,
        Some(before) => sight.sees_part(tx, before)?,
    };
    // A page may have brought it meanwhile.
    let mut has_some = has_all;
    for part in &history.parts {
        has_some |= told.sees_part(tx, *part)?;
    }
    let lent = match history.lending {
        Some(began) => !began,
        None => sight.lent.contains(&place.doc),
    };
    // Of a client that was ever merged, the kept one's lendings counted for some time, and not its own: then the phone
    // may have something of it, and gets it all.
    let (has_all, has_some) = if ever_merged(tx, place.doc)? {
        (has_all, has_some || lent_to_ever(tx, place.doc)?.contains(&sight.person.id))
    } else {
        (has_all || lent, has_some || lent || history.lending.is_some())
    };
    // From a part still to be fetched into one that was: no page would bring it.
    let has_all = has_all && (!fetching || history.own);
    Ok(match (is_in, has_all, has_some) {
        (true, true, _) => Effect::Kept,
        (true, false, _) => Effect::Entered,
        (false, _, true) => Effect::Left,
        (false, _, false) => Effect::Unseen,
    })
}

fn ever_merged(tx: &Transaction<'_>, doc: i64) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM log WHERE doc = ?1 AND kind IN (2, 3) AND kind = 3")?
        .exists([doc])?)
}
