//! Failed attempts, counted per address, so that guessing is slow and cannot fill logs or the audit.
//!
//! Tokens and codes hold at least 128 random bits: nobody guesses one. What is throttled is the noise, and only
//! that: a right token is always let in, so one broken phone does not shut out the office behind the same
//! address. Memory is bounded; when it is full the address that was quiet for longest is forgotten.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many failures are let through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    /// Failures at once before a key is slowed down.
    pub(crate) burst: u32,
    /// One more attempt is granted each so many milliseconds.
    pub(crate) refill_ms: i64,
}

/// Of an address.
const ADDRESS: Rate = Rate { burst: 20, refill_ms: 3_000 };
/// Keys remembered.
pub(crate) const KEYS_MAX: usize = 4_096;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: u32,
    filled_ms: i64,
}

/// Failures by key.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Rate,
    by_key: Mutex<HashMap<K, Bucket>>,
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, by_key: Mutex::default() }
    }

    /// Seconds to wait where no attempt is left.
    pub(crate) fn wait(&self, key: K, uptime_ms: i64) -> Option<u32> {
        let buckets = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = self.filled(*buckets.get(&key)?, uptime_ms);
        let next_ms = (bucket.filled_ms + self.rate.refill_ms - uptime_ms).max(1);
        (bucket.left == 0).then(|| u32::try_from((next_ms + 999) / 1000).unwrap_or(u32::MAX))
    }

    /// Notes a failed attempt; `Err` holds the seconds to wait if there were too many.
    pub(crate) fn failed(&self, key: K, uptime_ms: i64) -> Result<(), u32> {
        let mut buckets = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS_MAX && !buckets.contains_key(&key) {
            let quietest = buckets.iter().min_by_key(|(_, bucket)| bucket.filled_ms).map(|(key, _)| *key);
            if let Some(quietest) = quietest {
                buckets.remove(&quietest);
            }
        }
        let full = Bucket { left: self.rate.burst, filled_ms: uptime_ms };
        let bucket = buckets.entry(key).or_insert(full);
        *bucket = self.filled(*bucket, uptime_ms);
        match bucket.left.checked_sub(1) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => Err((self.rate.refill_ms / 1000) as u32),
        }
    }

    fn filled(&self, bucket: Bucket, uptime_ms: i64) -> Bucket {
        let Rate { burst, refill_ms } = self.rate;
        let grants = ((uptime_ms - bucket.filled_ms).max(0) / refill_ms).min(i64::from(burst));
        Bucket {
            left: (bucket.left + grants as u32).min(burst),
            filled_ms: if grants > 0 { uptime_ms } else { bucket.filled_ms },
        }
    }
}

/// By address.
#[derive(Debug)]
pub(crate) struct Throttle(Buckets<IpAddr>);

impl Default for Throttle {
    fn default() -> Self {
        Self(Buckets::new(ADDRESS))
    }
}

impl Throttle {
    /// Notes a failed attempt; `Err` holds the seconds to wait if the address made too many.
    pub(crate) fn failed(&self, address: IpAddr, uptime_ms: i64) -> Result<(), u32> {
        self.0.failed(network(address), uptime_ms)
    }
}

/// Somebody who has one IPv6 address has its whole /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.into(),
            None => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_then_one_at_a_time() {
        let throttle = Throttle::default();
        let here = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..ADDRESS.burst {
            assert_eq!(throttle.failed(here, 0), Ok(()));
        }
        assert_eq!(throttle.failed(here, 0), Err(3));
        assert_eq!(throttle.failed(here, ADDRESS.refill_ms - 1), Err(3));
        assert_eq!(throttle.failed(here, ADDRESS.refill_ms), Ok(()));
        assert_eq!(throttle.failed(here, ADDRESS.refill_ms), Err(3));
        assert_eq!(throttle.failed(IpAddr::from([192, 0, 2, 2]), 0), Ok(()), "another address");
    }

    #[test]
    fn one_ipv6_network_counts_as_one_and_mapped_ipv4_as_ipv4() {
        let throttle = Throttle::default();
        for host in 0..u128::from(ADDRESS.burst) {
            let address = IpAddr::V6(((0x2001_0db8_u128 << 96) | host).into());
            assert_eq!(throttle.failed(address, 0), Ok(()));
        }
        assert!(throttle.failed("2001:db8::ffff".parse().unwrap(), 0).is_err());
        assert!(throttle.failed("2001:db8:0:1::1".parse().unwrap(), 0).is_ok());
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), IpAddr::from([192, 0, 2, 1]));
    }

    #[test]
    fn who_has_to_wait_is_told_for_how_long() {
        let buckets = Buckets::new(Rate { burst: 2, refill_ms: 30_000 });
        assert_eq!(buckets.wait(1, 0), None, "nothing failed");
        buckets.failed(1, 0).unwrap();
        assert_eq!(buckets.wait(1, 0), None, "one is left");
        buckets.failed(1, 0).unwrap();
        assert_eq!((buckets.wait(1, 0), buckets.wait(2, 0)), (Some(30), None));
        assert_eq!((buckets.wait(1, 29_001), buckets.wait(1, 30_000)), (Some(1), None));
        assert_eq!(buckets.failed(1, 30_000), Ok(()));
        assert_eq!(buckets.wait(1, 30_000), Some(30));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..KEYS_MAX as u32 + 100 {
            let _ = throttle.failed(IpAddr::from(n.to_be_bytes()), i64::from(n));
        }
        assert_eq!(throttle.0.by_key.lock().unwrap().len(), KEYS_MAX);
    }
}
