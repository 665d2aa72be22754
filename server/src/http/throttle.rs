//! Failed attempts, counted per address, so that guessing is slow and cannot fill logs or the audit.
//!
//! Tokens and codes hold at least 128 random bits: nobody guesses one. What is throttled is the noise, and only
//! that: a right token is always let in, so one broken phone does not shut out the office behind the same
//! address. Memory is bounded; when it is full the address that was quiet for longest is forgotten.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures at once before an address is slowed down.
pub(crate) const BURST: u32 = 20;
/// One more attempt is granted each so many milliseconds.
pub(crate) const REFILL_MS: i64 = 3_000;
/// Addresses remembered.
pub(crate) const ADDRESSES_MAX: usize = 4_096;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: u32,
    filled_ms: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<IpAddr, Bucket>>);

impl Throttle {
    /// Notes a failed attempt; `Err` holds the seconds to wait if the address made too many.
    pub(crate) fn failed(&self, address: IpAddr, uptime_ms: i64) -> Result<(), u32> {
        let address = network(address);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_MAX && !buckets.contains_key(&address) {
            let quietest =
                buckets.iter().min_by_key(|(_, bucket)| bucket.filled_ms).map(|(address, _)| *address);
            if let Some(quietest) = quietest {
                buckets.remove(&quietest);
            }
        }
        let bucket = buckets.entry(address).or_insert(Bucket { left: BURST, filled_ms: uptime_ms });
        let grants = ((uptime_ms - bucket.filled_ms).max(0) / REFILL_MS).min(i64::from(BURST));
        bucket.left = (bucket.left + grants as u32).min(BURST);
        bucket.filled_ms = if grants > 0 { uptime_ms } else { bucket.filled_ms };
        match bucket.left.checked_sub(1) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => Err((REFILL_MS / 1000) as u32),
        }
    }
}

/// Somebody who has one IPv6 address has its whole /64.
fn network(address: IpAddr) -> IpAddr {
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
        for _ in 0..BURST {
            assert_eq!(throttle.failed(here, 0), Ok(()));
        }
        assert_eq!(throttle.failed(here, 0), Err(3));
        assert_eq!(throttle.failed(here, REFILL_MS - 1), Err(3));
        assert_eq!(throttle.failed(here, REFILL_MS), Ok(()));
        assert_eq!(throttle.failed(here, REFILL_MS), Err(3));
        assert_eq!(throttle.failed(IpAddr::from([192, 0, 2, 2]), 0), Ok(()), "another address");
    }

    #[test]
    fn one_ipv6_network_counts_as_one_and_mapped_ipv4_as_ipv4() {
        let throttle = Throttle::default();
        for host in 0..u128::from(BURST) {
            let address = IpAddr::V6(((0x2001_0db8_u128 << 96) | host).into());
            assert_eq!(throttle.failed(address, 0), Ok(()));
        }
        assert!(throttle.failed("2001:db8::ffff".parse().unwrap(), 0).is_err());
        assert!(throttle.failed("2001:db8:0:1::1".parse().unwrap(), 0).is_ok());
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), IpAddr::from([192, 0, 2, 1]));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..ADDRESSES_MAX as u32 + 100 {
            let _ = throttle.failed(IpAddr::from(n.to_be_bytes()), i64::from(n));
        }
        assert_eq!(throttle.0.lock().unwrap().len(), ADDRESSES_MAX);
    }
}
