//! Clock and randomness: the only two things of the outside world that the engine's rules depend on.
//!
//! Everything else takes an [`Env`], so that a fleet of engines and a relay run from one seed in one thread.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Clock and randomness as the engine sees them.
pub trait Env: Send + Sync + fmt::Debug {
    /// The device's idea of the present instant, in milliseconds since 1970-01-01 UTC. It may be wrong by years.
    fn now_ms(&self) -> i64;

    /// Milliseconds since the device was switched on, counting sleep; it never goes back while [`Env::boot_id`]
    /// stays the same. It measures elapsed time when the wall clock cannot be trusted.
    fn uptime_ms(&self) -> i64;

    /// Changes whenever [`Env::uptime_ms`] starts anew.
    fn boot_id(&self) -> [u8; 16];

    /// Fills `bytes` with randomness fit for keys and tokens.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
pub fn random_bytes<const N: usize>(env: &dyn Env) -> [u8; N] {
    let mut bytes = [0; N];
    env.fill(&mut bytes);
    bytes
}

/// The operating system's clock and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEnv;

impl Env for SystemEnv {
    #[allow(clippy::disallowed_methods)] // the one place that may ask the system
    fn now_ms(&self) -> i64 {
        match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }

    fn uptime_ms(&self) -> i64 {
        // Linux and Android keep it here, sleep included; elsewhere elapsed time counts from the first call.
        let from_proc = std::fs::read_to_string("/proc/uptime").ok().and_then(|text| {
            let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
            Some((seconds * 1000.0) as i64)
        });
        from_proc.unwrap_or_else(since_first_call_ms)
    }

    fn boot_id(&self) -> [u8; 16] {
        use std::sync::OnceLock;
        static BOOT: OnceLock<[u8; 16]> = OnceLock::new();
        *BOOT.get_or_init(|| {
            std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
                .ok()
                .and_then(|text| {
                    let hex: String = text.chars().filter(char::is_ascii_hexdigit).collect();
                    Some(u128::from_str_radix(&hex, 16).ok()?.to_be_bytes())
                })
                .unwrap_or_else(|| random_bytes(&SystemEnv))
        })
    }

    #[allow(clippy::disallowed_methods, clippy::expect_used)] // without randomness no key is safe: stop
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("the operating system gives no randomness; nothing can be signed or named");
    }
}

#[allow(clippy::disallowed_methods)]
fn since_first_call_ms() -> i64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    i64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// A clock that is set by hand and randomness that is replayed from a seed: for tests and simulations.
#[derive(Debug)]
pub struct SeededEnv {
    wall_ms: AtomicI64,
    uptime_ms: AtomicI64,
    boots: AtomicI64,
    random: Mutex<ChaCha8Rng>,
}

impl SeededEnv {
    pub fn new(seed: u64, now_ms: i64) -> Self {
        Self {
            wall_ms: AtomicI64::new(now_ms),
            uptime_ms: AtomicI64::new(0),
            boots: AtomicI64::new(1),
            random: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        }
    }

    /// Time passes: wall clock and uptime alike.
    pub fn advance(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::Relaxed);
        self.uptime_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Somebody sets the wall clock; uptime does not notice.
    pub fn set_wall(&self, now_ms: i64) {
        self.wall_ms.store(now_ms, Ordering::Relaxed);
    }

    /// The device restarts: uptime begins anew.
    pub fn reboot(&self) {
        self.uptime_ms.store(0, Ordering::Relaxed);
        self.boots.fetch_add(1, Ordering::Relaxed);
    }
}

impl Env for SeededEnv {
    fn now_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::Relaxed)
    }

    fn uptime_ms(&self) -> i64 {
        self.uptime_ms.load(Ordering::Relaxed)
    }

    fn boot_id(&self) -> [u8; 16] {
        i128::from(self.boots.load(Ordering::Relaxed)).to_be_bytes()
    }

    fn fill(&self, bytes: &mut [u8]) {
        match self.random.lock() {
            Ok(mut random) => random.fill_bytes(bytes),
            Err(poisoned) => poisoned.into_inner().fill_bytes(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (a, b, c) = (SeededEnv::new(7, 0), SeededEnv::new(7, 0), SeededEnv::new(8, 0));
        assert_eq!(random_bytes::<32>(&a), random_bytes::<32>(&b));
        assert_ne!(random_bytes::<32>(&a), random_bytes::<32>(&c));
    }

    #[test]
    fn setting_the_wall_clock_leaves_uptime_alone() {
        let env = SeededEnv::new(1, 1_000);
        env.advance(500);
        env.set_wall(99);
        assert_eq!((env.now_ms(), env.uptime_ms()), (99, 500));
        let before = env.boot_id();
        env.reboot();
        assert_eq!(env.uptime_ms(), 0);
        assert_ne!(env.boot_id(), before);
    }

    #[test]
    fn the_system_clock_moves_forward() {
        assert!(SystemEnv.now_ms() > 1_700_000_000_000);
        assert!(SystemEnv.uptime_ms() >= 0);
        assert_eq!(SystemEnv.boot_id(), SystemEnv.boot_id());
    }
}
