//! What this device keeps for itself: quiet hours; and whether it has been away for too long.

use super::{Engine, EngineError};
use crate::model::cbor::{from_slice, to_vec};
use crate::model::clock::{confirmed_ms_since, read};
use crate::model::quiet::QuietHours;
use crate::store::meta;
use crate::sync::clock::reference;
use crate::sync::identity::Identity;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How long the device has not heard of the relay, by time that is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offline {
    /// Whole days; 0 before the first sync.
    pub days: u32,
    /// After so many the app locks until it has synced; `None`: never. Nothing is deleted.
    pub allowed_days: Option<u16>,
    pub locked: bool,
}

impl Engine {
    /// `None`: at no time.
    pub fn quiet_hours(&self) -> Result<Option<QuietHours>, EngineError> {
        self.store.read(|conn| {
            let kept = meta::get(conn, meta::QUIET_HOURS)?;
            Ok(kept.and_then(|bytes| from_slice(&bytes).ok()))
        })
    }

    /// # Errors
    /// `invalid` where they are no hours of a day.
    pub fn set_quiet_hours(&self, hours: Option<QuietHours>) -> Result<(), EngineError> {
        let problems = hours.as_ref().map(QuietHours::validate).unwrap_or_default();
        if !problems.is_empty() {
            return Err(EngineError::Invalid(problems));
        }
        self.store.write(|tx| match hours {
            Some(hours) => Ok(meta::put(tx, meta::QUIET_HOURS, &to_vec(&hours))?),
            None => Ok(meta::remove(tx, meta::QUIET_HOURS)?),
        })
    }

    /// Whether notifications wait now, in the device's zone.
    pub fn is_quiet(&self) -> Result<bool, EngineError> {
        let Some(hours) = self.quiet_hours()? else { return Ok(false) };
        let known = self.store.read::<_, EngineError>(|conn| Ok(reference(conn)?))?;
        let now_ms = read(self.env(), known.as_ref()).true_ms;
        let Ok(instant) = jiff::Timestamp::from_millisecond(now_ms) else { return Ok(false) };
        let local = instant.to_zoned(self.time_zone.clone());
        let weekday = local.weekday().to_monday_one_offset().unsigned_abs();
        let minute = u32::from(local.hour().unsigned_abs()) * 60 + u32::from(local.minute().unsigned_abs());
        Ok(hours.hold(weekday, minute))
    }

    /// How long the relay has not been heard of, and whether the app is to lock for it.
    pub fn offline(&self) -> Result<Offline, EngineError> {
        self.store.read(|conn| {
            let policy = Identity::load(conn)?.and_then(|identity| identity.policy.offline_days);
            let elapsed_ms = reference(conn)?.map_or(0, |known| confirmed_ms_since(self.env(), &known));
            let days = u32::try_from(elapsed_ms / DAY_MS).unwrap_or(u32::MAX);
            let locked = policy.is_some_and(|allowed| days >= u32::from(allowed));
            Ok(Offline { days, allowed_days: policy, locked })
        })
    }
}
