//! Segments on this device, and the clients of each.

use rusqlite::Connection;

use super::clients::{self, ClientRow, PageKey};
use crate::model::{BusinessDate, PersonId};
use crate::portfolio::segments::{Saved, SegmentError, private, shared};
use crate::rows;

/// Shared ones, then the person's own.
pub fn list(conn: &Connection, person: &PersonId) -> rows::Result<Vec<Saved>> {
    let mut found = shared(conn)?;
    found.extend(private(conn, person)?);
    Ok(found)
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
