//! When to try again after a failure, and when to sync at all: a state machine without a clock of its own.
//!
//! Failures wait twice as long each time, from [`FIRST_WAIT_MS`] to [`LONGEST_WAIT_MS`], each wait drawn evenly from
//! its upper half, so that a thousand phones that lost the relay together do not return together ("equal jitter", as
//! in M. Brooker, *Exponential Backoff and Jitter*, 2015).

use crate::env::{Env, random_bytes};

pub const FIRST_WAIT_MS: i64 = 2_000;
pub const LONGEST_WAIT_MS: i64 = 15 * 60 * 1_000;
/// Work that was just saved waits this long for more, so that an order and its visit go in one request.
pub const GATHER_MS: i64 = 300;
/// Without any event, and whatever `live` says, a sync is tried this often.
pub const POLL_MS: i64 = 15 * 60 * 1_000;

/// Why a sync may be worth its while now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Something was saved here.
    Saved,
    /// The relay has something new for this scope.
    Reached,
    /// The network came back, or a person asked: waits are cut short.
    Now,
}

/// Decides when the next sync starts. Times are the device's uptime, which no wrong clock moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    due_ms: i64,
    failures: u32,
}

impl Pace {
    /// A sync is due at once.
    pub fn new(uptime_ms: i64) -> Self {
        Self { due_ms: uptime_ms, failures: 0 }
    }

    /// How long to wait for an event; 0: sync now.
    pub fn wait_ms(&self, uptime_ms: i64) -> i64 {
        self.due_ms.saturating_sub(uptime_ms).max(0)
    }

    /// How many times in a row it failed.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    pub fn event(&mut self, event: Event, uptime_ms: i64) {
        let due_ms = match event {
            Event::Now => uptime_ms,
            // While the relay cannot be reached, new work changes nothing about that.
            Event::Saved | Event::Reached if self.failures > 0 => return,
            Event::Saved => uptime_ms.saturating_add(GATHER_MS),
            Event::Reached => uptime_ms,
        };
        self.due_ms = self.due_ms.min(due_ms);
    }

    pub fn succeeded(&mut self, uptime_ms: i64) {
        *self = Self { due_ms: uptime_ms.saturating_add(POLL_MS), failures: 0 };
    }

    pub fn failed(&mut self, env: &dyn Env) {
        let longest = FIRST_WAIT_MS.saturating_mul(1 << self.failures.min(20)).min(LONGEST_WAIT_MS);
        let half = longest / 2;
        let drawn = i64::from(u32::from_be_bytes(random_bytes(env))) % (half + 1);
        self.failures = self.failures.saturating_add(1);
        self.due_ms = env.uptime_ms().saturating_add(half + drawn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededEnv;

    #[test]
    fn waits_grow_to_their_bound_and_differ_between_phones() {
        let waits = |seed| {
            let env = SeededEnv::new(seed, 0);
            let mut pace = Pace::new(0);
            (0..20)
                .map(|_| {
                    pace.failed(&env);
                    pace.wait_ms(0)
                })
                .collect::<Vec<_>>()
        };
        let (one, other) = (waits(1), waits(2));
        assert_ne!(one, other);
        for (n, wait) in one.iter().enumerate() {
            let longest = (FIRST_WAIT_MS << n.min(20)).min(LONGEST_WAIT_MS);
            assert!((longest / 2..=longest).contains(wait), "wait {n} is {wait}");
        }
        assert!(one[19] >= LONGEST_WAIT_MS / 2);
    }

    #[test]
    fn saved_work_is_gathered_and_goes_soon() {
        let mut pace = Pace::new(0);
        pace.succeeded(1_000);
        assert_eq!(pace.wait_ms(1_000), POLL_MS);
        pace.event(Event::Saved, 2_000);
        pace.event(Event::Saved, 2_200);
        assert_eq!(pace.wait_ms(2_200), 100);
        pace.event(Event::Reached, 2_250);
        assert_eq!(pace.wait_ms(2_250), 0);
    }

    #[test]
    fn while_the_relay_is_away_new_work_waits_and_the_network_s_return_does_not() {
        let env = SeededEnv::new(1, 0);
        let mut pace = Pace::new(0);
        pace.failed(&env);
        let before = pace.wait_ms(0);
        pace.event(Event::Saved, 0);
        assert_eq!(pace.wait_ms(0), before);
        pace.event(Event::Now, 0);
        assert_eq!(pace.wait_ms(0), 0);
        pace.succeeded(0);
        assert_eq!(pace.failures(), 0);
    }
}
