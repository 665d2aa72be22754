//! Parts of the workspace, and their lanes.

use cartera_core::model::{PersonId, TerritoryId};
use rusqlite::{OptionalExtension, Transaction, params};

use crate::storage::{Result, StorageError};
use crate::sync::audience::Audience;
use crate::territories::UNASSIGNED;

/// What is seen, or not, as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// What concerns everybody.
    Workspace,
    /// A territory's clients; [`UNASSIGNED`] is one too.
    Territory(TerritoryId),
    /// What a person keeps for himself.
    Person(PersonId),
}

pub(crate) const WORKSPACE_PART: i64 = 1;
pub(crate) const UNASSIGNED_PART: i64 = 2;

impl Part {
    fn columns(self) -> (i64, [u8; 16]) {
        match self {
            Self::Workspace => (0, [0; 16]),
            Self::Territory(id) => (1, *id.as_bytes()),
            Self::Person(id) => (2, *id.as_bytes()),
        }
    }

    /// The territory as it travels: nobody's clients have none.
    pub(crate) fn territory(self) -> Option<TerritoryId> {
        match self {
            Self::Territory(id) if id != UNASSIGNED => Some(id),
            _ => None,
        }
    }

    pub(crate) fn is_own(self) -> bool {
        matches!(self, Self::Person(_))
    }
}

pub(crate) fn lane(part: i64, audience: Audience) -> i64 {
    part * 2 + i64::from(audience == Audience::Office)
}

pub(crate) fn part_of_lane(lane: i64) -> i64 {
    lane / 2
}

pub(crate) fn audience_of_lane(lane: i64) -> Audience {
    if lane % 2 == 0 { Audience::Everybody } else { Audience::Office }
}

/// The part's row, if anything was ever in it.
pub(crate) fn find(tx: &Transaction<'_>, part: Part) -> Result<Option<i64>> {
    let (kind, id) = part.columns();
    Ok(tx
        .prepare_cached("SELECT part FROM parts WHERE kind = ?1 AND id = ?2")?
        .query_row(params![kind, id], |row| row.get(0))
        .optional()?)
}

/// The part's row, made when it is new.
pub(crate) fn intern(tx: &Transaction<'_>, part: Part) -> Result<i64> {
    if let Some(row) = find(tx, part)? {
        return Ok(row);
    }
    let (kind, id) = part.columns();
    tx.prepare_cached("INSERT INTO parts (kind, id) VALUES (?1, ?2)")?.execute(params![kind, id])?;
    Ok(tx.last_insert_rowid())
}

pub(crate) fn at_row(tx: &Transaction<'_>, row: i64) -> Result<Part> {
    let (kind, id): (i64, [u8; 16]) = tx
        .prepare_cached("SELECT kind, id FROM parts WHERE part = ?1")?
        .query_row([row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match kind {
        0 => Ok(Part::Workspace),
        1 => Ok(Part::Territory(TerritoryId::from_bytes(id))),
        2 => Ok(Part::Person(PersonId::from_bytes(id))),
        other => Err(StorageError::Undecodable { what: "part of the workspace", detail: other.to_string() }),
    }
}
