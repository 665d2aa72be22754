//! What was tried to win a client back, and what to do next: see `portfolio::recovery`.

use rusqlite::Connection;

use crate::model::{BusinessDate, ClientId};
pub use crate::portfolio::recovery::{Attempt, Next, Reason, Recovery, Stretch};
use crate::rows;

/// Every time that a client was away, the last one first. `None` where it is not on this device.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
) -> rows::Result<Option<Vec<Recovery>>> {
    crate::portfolio::recovery::of_client(conn, client, as_of)
}
