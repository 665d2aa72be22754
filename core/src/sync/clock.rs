//! What this device knows of the true time.
//!
//! The wall clock of a phone may be wrong by years. Every answer of the relay says what time it is there; kept beside
//! the device's time since boot, that gives the true time until the next restart, however the wall clock jumps.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minicbor::{Decode, Encode};
use rusqlite::Connection;

use crate::env::Env;
use crate::model::BusinessDate;
use crate::model::record::Clock;
use crate::store::{StoreError, meta};

/// The relay's time at one moment of this device's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reference {
    #[n(0)]
    pub relay_ms: i64,
    #[n(1)]
    pub wall_ms: i64,
    #[n(2)]
    pub uptime_ms: i64,
    #[cbor(n(3), with = "minicbor::bytes")]
    pub boot: [u8; 16],
}

/// An answer of the relay said what time it is.
pub fn learn(conn: &Connection, env: &dyn Env, relay_ms: i64) -> Result<(), StoreError> {
    let reference =
        Reference { relay_ms, wall_ms: env.now_ms(), uptime_ms: env.uptime_ms(), boot: env.boot_id() };
    let bytes =
        minicbor::to_vec(reference).map_err(|_| StoreError::Damaged("a clock cannot be kept".into()))?;
    meta::put(conn, meta::CLOCK, &bytes)
}

/// `None` before the first answer.
pub fn reference(conn: &Connection) -> Result<Option<Reference>, StoreError> {
    let Some(bytes) = meta::get(conn, meta::CLOCK)? else { return Ok(None) };
    Ok(minicbor::decode(&bytes).ok())
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

/// How far the wall clock may be from the relay's and still be believed after a restart.
pub const MAX_BELIEVED_SKEW_MS: i64 = 10 * 60 * 1000;

/// The business date of this moment. While the device has not restarted since the relay's last answer, elapsed time
/// since then counts and the wall clock does not; after a restart the wall clock counts if it was right then and has
/// not gone back; without any of that the date is uncertain, to be confirmed by the person.
pub fn now(conn: &Connection, env: &dyn Env, zone: &TimeZone) -> Result<Now, StoreError> {
    let wall_ms = env.now_ms();
    let (true_ms, clock) = match reference(conn)? {
        Some(known) if known.boot == env.boot_id() && env.uptime_ms() >= known.uptime_ms => {
            (known.relay_ms.saturating_add(env.uptime_ms() - known.uptime_ms), Clock::Trusted)
        }
        Some(known) => {
            let skew_ms = known.relay_ms.saturating_sub(known.wall_ms);
            let believed = skew_ms.abs() <= MAX_BELIEVED_SKEW_MS && wall_ms >= known.wall_ms;
            (wall_ms.saturating_add(skew_ms), if believed { Clock::Trusted } else { Clock::Uncertain })
        }
        None => (wall_ms, Clock::Uncertain),
    };
    Ok(Now { at_ms: wall_ms, date: local_date(true_ms, zone), clock })
}

/// The date in `zone`; a time that no calendar has is taken to its nearest end.
fn local_date(ms: i64, zone: &TimeZone) -> BusinessDate {
    let instant =
        Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX });
    BusinessDate::try_from(instant.to_zoned(zone.clone()).date()).unwrap_or(if ms < 0 {
        BusinessDate::MIN
    } else {
        BusinessDate::MAX
    })
}
