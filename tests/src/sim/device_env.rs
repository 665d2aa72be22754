//! A device's own clock and randomness, and the moment at which its process dies.

use std::sync::atomic::{AtomicI64, Ordering};

use cartera_core::env::{Env, SeededEnv};

/// What a process that dies unwinds with: no hook is told, nothing of it is caught but by whoever started it. Holds the
/// phone's place in the world.
#[derive(Debug, Clone, Copy)]
pub struct Killed(pub usize);

/// A seeded clock and randomness that belong to one device. Its process can be told to die when it asks for them the
/// nth time, which is in the middle of whatever it does then: a transaction that was not committed is gone.
#[derive(Debug)]
pub struct DeviceEnv {
    pub seeded: SeededEnv,
    /// How often the process may still ask; negative: as often as it likes.
    left: AtomicI64,
    place: usize,
}

impl DeviceEnv {
    pub fn new(place: usize, seed: u64, now_ms: i64) -> Self {
        Self { seeded: SeededEnv::new(seed, now_ms), left: AtomicI64::new(-1), place }
    }

    /// The process dies when it asks for time or randomness the `nth` time from now; 0: the next time.
    pub fn die_at(&self, nth: i64) {
        self.left.store(nth, Ordering::Relaxed);
    }

    pub fn live_on(&self) {
        self.left.store(-1, Ordering::Relaxed);
    }

    fn asked(&self) {
        match self.left.load(Ordering::Relaxed) {
            left if left < 0 => {}
            0 => {
                self.live_on();
                std::panic::resume_unwind(Box::new(Killed(self.place)));
            }
            left => self.left.store(left - 1, Ordering::Relaxed),
        }
    }
}

impl Env for DeviceEnv {
    fn now_ms(&self) -> i64 {
        self.asked();
        self.seeded.now_ms()
    }

    fn uptime_ms(&self) -> i64 {
        self.seeded.uptime_ms()
    }

    fn boot_id(&self) -> [u8; 16] {
        self.seeded.boot_id()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.asked();
        self.seeded.fill(bytes);
    }
}
