//! What time it probably is, on a device whose clock may be wrong by years.
//!
//! Every answer of the relay says what time it is there. Kept beside the device's wall clock and its time since boot,
//! that makes a [`Reference`]. From then on:
//!
//! 1. **Not restarted since**: the true time is the reference's plus what elapsed since boot, however often somebody
//!    sets the wall clock. Trusted.
//! 2. **Restarted since**: time since boot has begun anew, so what elapsed must come from the wall clock: the true time
//!    is the wall clock corrected by the offset that it had. Trusted only if nothing speaks against it: the offset was
//!    small (a clock that was wrong may have been set right meanwhile), at least the time since boot has passed, and
//!    no more than [`BELIEVED_ABSENCE_MS`].
//! 3. **No reference**: the wall clock is all there is. Uncertain.
//!
//! An uncertain date is shown for confirmation. Nothing is ever refused for it, and nobody is locked out.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::cbor::cbor_map;
use super::date::BusinessDate;
use super::record::Clock;
use crate::env::Env;

/// How far the wall clock may have been off and still be believed after a restart.
pub const BELIEVED_OFFSET_MS: i64 = 10 * 60 * 1000;
/// How long after the last reference the wall clock is still believed after a restart.
pub const BELIEVED_ABSENCE_MS: i64 = 31 * 24 * 60 * 60 * 1000;
/// How far wall clock and uptime may disagree about the time since a boot: both tick by themselves.
const TICKING_MS: i64 = 60 * 1000;

cbor_map! {
    /// The true time at one moment of this device's.
    pub struct Reference {
        /// The relay's time, milliseconds UTC.
        0 true_ms: i64,
        /// The device's wall clock at the same moment.
        1 wall_ms: i64,
        /// The device's time since boot at the same moment.
        2 uptime_ms: i64,
        /// Which boot that was.
        3 boot: [u8; 16],
    }
}

/// When something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock, as it is.
    pub wall_ms: i64,
    /// The time that is most likely true.
    pub true_ms: i64,
    pub clock: Clock,
}

impl Reference {
    /// The relay says that it is `true_ms`.
    pub fn new(env: &dyn Env, true_ms: i64) -> Self {
        Self {
            true_ms,
            wall_ms: env.now_ms(),
            uptime_ms: env.uptime_ms(),
            boot: env.boot_id(),
            extras: Default::default(),
        }
    }

    /// The same knowledge as of now, which survives a restart better than an old one: a wall clock that was set since
    /// is known with its new offset. `None` after a restart, when it would be no knowledge.
    pub fn renewed(&self, env: &dyn Env) -> Option<Self> {
        self.elapsed_ms(env).map(|elapsed_ms| Self::new(env, self.true_ms.saturating_add(elapsed_ms)))
    }

    /// Time since the reference, if the device has not restarted.
    fn elapsed_ms(&self, env: &dyn Env) -> Option<i64> {
        let elapsed_ms = env.uptime_ms().checked_sub(self.uptime_ms)?;
        (self.boot == env.boot_id() && elapsed_ms >= 0).then_some(elapsed_ms)
    }
}

/// Reads the clock, in the light of what the relay last said.
pub fn read(env: &dyn Env, known: Option<&Reference>) -> Reading {
    let wall_ms = env.now_ms();
    let Some(known) = known else { return Reading { wall_ms, true_ms: wall_ms, clock: Clock::Uncertain } };
    if let Some(elapsed_ms) = known.elapsed_ms(env) {
        let true_ms = known.true_ms.saturating_add(elapsed_ms);
        return Reading { wall_ms, true_ms, clock: Clock::Trusted };
    }
    let since_boot_ms = env.uptime_ms().max(0);
    let offset_ms = known.true_ms.saturating_sub(known.wall_ms);
    let elapsed_ms = wall_ms.saturating_sub(known.wall_ms);
    let believed = offset_ms.saturating_abs() <= BELIEVED_OFFSET_MS
        && elapsed_ms >= since_boot_ms.saturating_sub(TICKING_MS)
        && elapsed_ms <= BELIEVED_ABSENCE_MS;
    // Whatever the wall clock says, it cannot be earlier than the reference and the time since this boot together.
    let earliest_ms = known.true_ms.saturating_add(since_boot_ms);
    Reading {
        wall_ms,
        true_ms: wall_ms.saturating_add(offset_ms).max(earliest_ms),
        clock: if believed { Clock::Trusted } else { Clock::Uncertain },
    }
}

/// How long the reference is known to be past, at least: by the time since boot, and by a wall clock only where that is
/// trusted. No jump of a clock makes it longer.
pub fn confirmed_ms_since(env: &dyn Env, known: &Reference) -> i64 {
    let reading = read(env, Some(known));
    match reading.clock {
        Clock::Trusted => reading.true_ms.saturating_sub(known.true_ms).max(0),
        _ => env.uptime_ms().max(0),
    }
}

/// The zone with this IANA name, from the table inside this program, the same on phone and relay; `None` if the
/// table has none.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// The calendar day at that instant in a zone; an instant that no calendar has is taken to its nearest end.
pub fn date_at(ms: i64, zone: &TimeZone) -> BusinessDate {
    let (nearest, end) =
        if ms < 0 { (Timestamp::MIN, BusinessDate::MIN) } else { (Timestamp::MAX, BusinessDate::MAX) };
    let instant = Timestamp::from_millisecond(ms).unwrap_or(nearest);
    BusinessDate::try_from(instant.to_zoned(zone.clone()).date()).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededEnv;
    use crate::model::cbor::{from_slice, to_vec};

    const NOW: i64 = 1_790_000_000_000; // 2026-09-21 14:13:20 UTC
    const MINUTE: i64 = 60 * 1000;
    const DAY: i64 = 24 * 60 * MINUTE;
    const YEAR: i64 = 365 * DAY;

    #[test]
    fn without_a_reference_the_wall_clock_is_all_there_is() {
        let reading = read(&SeededEnv::new(1, NOW), None);
        assert_eq!(reading, Reading { wall_ms: NOW, true_ms: NOW, clock: Clock::Uncertain });
    }

    #[test]
    fn until_a_restart_no_jump_of_the_wall_clock_matters() {
        for wall in [NOW - 20 * YEAR, 0, NOW, NOW + 20 * YEAR, i64::MIN, i64::MAX] {
            let env = SeededEnv::new(1, NOW - 3 * YEAR);
            let known = Reference::new(&env, NOW);
            env.advance(5 * DAY);
            env.set_wall(wall);
            let reading = read(&env, Some(&known));
            assert_eq!(
                reading,
                Reading { wall_ms: wall, true_ms: NOW + 5 * DAY, clock: Clock::Trusted },
                "{wall}"
            );
        }
    }

    #[test]
    fn only_confirmed_time_counts_since_the_last_contact() {
        for wall in [NOW - 20 * YEAR, NOW, NOW + 20 * YEAR] {
            let env = SeededEnv::new(1, NOW);
            let known = Reference::new(&env, NOW);
            env.advance(5 * DAY);
            env.set_wall(wall);
            assert_eq!(confirmed_ms_since(&env, &known), 5 * DAY, "{wall}");
            env.reboot();
            env.advance(2 * DAY);
            // Whatever the wall clock was set to, what is proven is the time since this boot.
            assert_eq!(confirmed_ms_since(&env, &known), 2 * DAY, "{wall}");
        }
    }

    /// A phone whose wall clock was `offset` behind the truth at the reference, then off for `away`; it starts with
    /// its wall clock moved by `jump` besides, and has been up for a minute.
    fn after_restart(offset: i64, away: i64, jump: i64) -> (i64, Clock) {
        let env = SeededEnv::new(1, NOW - offset);
        let known = Reference::new(&env, NOW);
        env.advance(away);
        env.reboot();
        env.set_wall(env.now_ms() + jump);
        env.advance(MINUTE);
        let reading = read(&env, Some(&known));
        (reading.true_ms - (NOW + away + MINUTE), reading.clock)
    }

    #[test]
    fn after_a_restart_a_clock_that_was_right_is_believed() {
        assert_eq!(after_restart(0, 3 * DAY, 0), (0, Clock::Trusted));
        assert_eq!(after_restart(9 * MINUTE, 3 * DAY, 0), (0, Clock::Trusted));
        assert_eq!(after_restart(-9 * MINUTE, 0, 0), (0, Clock::Trusted));
    }

    #[test]
    fn after_a_restart_a_clock_that_was_wrong_is_corrected_and_not_believed() {
        assert_eq!(after_restart(11 * MINUTE, 3 * DAY, 0), (0, Clock::Uncertain));
        assert_eq!(after_restart(2 * YEAR, 3 * DAY, 0), (0, Clock::Uncertain));
        assert_eq!(after_restart(-2 * YEAR, 3 * DAY, 0), (0, Clock::Uncertain));
    }

    #[test]
    fn a_clock_that_went_back_while_off_is_not_believed_and_never_before_the_reference() {
        let (error, clock) = after_restart(0, 3 * DAY, -10 * YEAR);
        assert_eq!((error, clock), (-3 * DAY, Clock::Uncertain)); // as if it had been off for no time
    }

    #[test]
    fn a_clock_that_went_ahead_by_years_while_off_is_not_believed() {
        assert_eq!(after_restart(0, 3 * DAY, 5 * YEAR).1, Clock::Uncertain);
        assert_eq!(after_restart(0, BELIEVED_ABSENCE_MS - MINUTE, 0).1, Clock::Trusted);
        assert_eq!(after_restart(0, BELIEVED_ABSENCE_MS, 0).1, Clock::Uncertain); // a minute past
    }

    #[test]
    fn less_time_on_the_wall_than_since_boot_is_not_believed() {
        let env = SeededEnv::new(1, NOW);
        let known = Reference::new(&env, NOW);
        env.reboot();
        env.advance(DAY);
        env.set_wall(NOW + 60 * MINUTE);
        let reading = read(&env, Some(&known));
        assert_eq!((reading.true_ms, reading.clock), (NOW + DAY, Clock::Uncertain));
    }

    #[test]
    fn renewing_keeps_what_is_known_through_a_wall_clock_that_was_set() {
        let env = SeededEnv::new(1, NOW + 5 * YEAR);
        let known = Reference::new(&env, NOW);
        env.advance(DAY);
        env.set_wall(NOW + DAY); // somebody put it right
        let renewed = known.renewed(&env).unwrap();
        env.reboot();
        env.advance(DAY);
        assert_eq!(read(&env, Some(&known)).clock, Clock::Uncertain);
        let reading = read(&env, Some(&renewed));
        assert_eq!((reading.true_ms, reading.clock), (NOW + 2 * DAY, Clock::Trusted));
        assert_eq!(renewed.renewed(&env), None);
    }

    #[test]
    fn a_reference_survives_storage() {
        let known = Reference::new(&SeededEnv::new(1, NOW), NOW - 5);
        assert_eq!(from_slice(&to_vec(&known)), Ok(known));
    }

    #[test]
    fn dates_are_those_of_the_zone() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        for (instant, name, date) in [
            ("2026-09-21T21:59:59Z", "Europe/Madrid", "2026-09-21"),
            ("2026-09-21T22:00:00Z", "Europe/Madrid", "2026-09-22"),
            ("2026-01-21T22:59:59Z", "Europe/Madrid", "2026-01-21"),
            ("2026-09-21T22:30:00Z", "Atlantic/Canary", "2026-09-21"),
            ("2026-09-21T02:00:00Z", "America/Mexico_City", "2026-09-20"),
        ] {
            assert_eq!(date_at(at(instant), &zone(name).unwrap()).to_string(), date, "{instant} {name}");
        }
        let utc = zone("UTC").unwrap();
        assert_eq!(date_at(i64::MIN, &utc), BusinessDate::MIN);
        // jiff's last instant is a day before the end of its last year.
        assert!(date_at(i64::MAX, &utc) >= BusinessDate::MAX.plus_days(-1).unwrap());
        assert!(zone("Europe/Atlantis").is_none());
    }
}
