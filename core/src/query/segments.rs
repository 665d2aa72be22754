//! Segments on this device, and the clients of each.

use rusqlite::Connection;

use super::clients::{self, ClientRow, PageKey};
use crate::model::{BusinessDate, ClientId, PersonId};
use crate::portfolio::segments::{Saved, SegmentError, Which, members, private, shared, shared_one};
use crate::rows;

/// Shared ones, then the person's own.
pub fn list(conn: &Connection, person: &PersonId) -> rows::Result<Vec<Saved>> {
    let mut found = shared(conn)?;
    found.extend(private(conn, person)?);
    Ok(found)
}

/// One of them; `None` where it is not here, or not any more.
pub fn get(conn: &Connection, person: &PersonId, which: &Which) -> rows::Result<Option<Saved>> {
    match which {
        Which::Shared { source, key } => shared_one(conn, source, key),
        Which::Private(_) => Ok(private(conn, person)?.into_iter().find(|segment| segment.which == *which)),
    }
}

/// How many clients of this device a segment has.
///
/// # Errors
/// [`SegmentError::Rule`] where a newer version wrote its rule, and those of the rows.
pub fn count(conn: &Connection, segment: &Saved, today: BusinessDate) -> Result<usize, SegmentError> {
    Ok(segment.members(conn, today)?.len())
}

/// A page of its clients by name, from `after` on, at most [`MAX_PAGE`](super::MAX_PAGE).
///
/// # Errors
/// As [`count`].
pub fn clients(
    conn: &Connection,
    segment: &Saved,
    today: BusinessDate,
    after: Option<&PageKey>,
    limit: usize,
) -> Result<Vec<ClientRow>, SegmentError> {
    let members = segment.members(conn, today)?;
    Ok(clients::among(conn, &members, after, limit)?)
}

/// A page of the clients of a rule that nobody has kept, and of those named beside it.
///
/// # Errors
/// As [`count`]; also where what was written is no rule.
pub fn matching(
    conn: &Connection,
    (rule, named): (Option<&str>, &[ClientId]),
    today: BusinessDate,
    after: Option<&PageKey>,
    limit: usize,
) -> Result<Vec<ClientRow>, SegmentError> {
    Ok(clients::among(conn, &members(conn, rule, named, today)?, after, limit)?)
}
