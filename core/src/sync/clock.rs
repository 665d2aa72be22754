//! What this device knows of the true time: the model's rule, with the reference kept in the database.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use crate::env::Env;
use crate::model::BusinessDate;
use crate::model::cbor::{from_slice, to_vec};
use crate::model::clock::{self, Reference};
use crate::model::record::Clock;
use crate::store::{StoreError, meta};

/// An answer of the relay said what time it is.
pub fn learn(conn: &Connection, env: &dyn Env, relay_ms: i64) -> Result<(), StoreError> {
    meta::put(conn, meta::CLOCK, &to_vec(&Reference::new(env, relay_ms)))
}

/// `None` before the first answer.
pub fn reference(conn: &Connection) -> Result<Option<Reference>, StoreError> {
    Ok(meta::get(conn, meta::CLOCK)?.and_then(|bytes| from_slice(&bytes).ok()))
}

/// When a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The device's own time, as it is.
    pub at_ms: i64,
    /// The business date, in the device's zone, by the time that is most likely true.
    pub date: BusinessDate,
    pub clock: Clock,
}

/// This moment, by the rule of [`crate::model::clock`].
pub fn now(conn: &Connection, env: &dyn Env, zone: &TimeZone) -> Result<Now, StoreError> {
    let reading = clock::read(env, reference(conn)?.as_ref());
    Ok(Now { at_ms: reading.wall_ms, date: clock::date_at(reading.true_ms, zone), clock: reading.clock })
}
