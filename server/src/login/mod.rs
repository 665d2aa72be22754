//! How people come in: by name and password, with the digits of an authenticator as well where they want that, or by a
//! one-time code that an administrator gave them.
//!
//! A password is kept as Argon2id with the parameters that OWASP names first, and a weak one is refused when it is set.
//! Both take time and memory by design, so at most [`HASHES_AT_ONE_TIME`] run. Failures are counted by name, by name and
//! address, and by address; whoever has none left is told to wait before anything is looked at, a right password too:
//! otherwise guessing would go on at full speed.

pub(crate) mod browser;
pub mod manage;
pub(crate) mod page;
mod password;
pub mod second;
pub(crate) mod totp;

use std::net::IpAddr;

use cartera_core::model::{PersonId, TokenId};
use tokio::sync::Semaphore;

pub use self::totp::SecondStep;
use crate::http::throttle::{Buckets, Rate, network};
use crate::secret::SecretHash;

/// Each takes 19 MiB.
pub const HASHES_AT_ONE_TIME: usize = 2;
/// Characters of a name to log in with.
pub const NAME_CHARS_MAX: usize = 64;
/// Characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 10;
pub const PASSWORD_CHARS_MAX: usize = 128;

/// Of one name from one address.
const NEAR: Rate = Rate { burst: 5, refill_ms: 30_000 };
/// Of one name from anywhere: wide enough that a stranger cannot easily shut somebody out.
const NAMED: Rate = Rate { burst: 100, refill_ms: 30_000 };
/// Of one address: an office behind one may forget several passwords.
const FROM: Rate = Rate { burst: 30, refill_ms: 10_000 };

/// With what a person logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub person: PersonId,
    /// In small letters.
    pub name: String,
    /// Argon2id, as a PHC string.
    pub password: String,
    pub set_ms: i64,
    /// Where the digits of an authenticator are asked for as well.
    pub second: Option<SecondStep>,
}

/// Where somebody is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub id: TokenId,
    pub created_ms: i64,
    pub expires_ms: i64,
    /// By a one-time code rather than a password.
    pub by_code: bool,
    /// In few words; empty where nobody said.
    pub browser: String,
}

/// What all logins share.
#[derive(Debug)]
pub(crate) struct Door {
    turns: Semaphore,
    near: Buckets<([u8; 32], IpAddr)>,
    named: Buckets<[u8; 32]>,
    from: Buckets<IpAddr>,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            turns: Semaphore::new(HASHES_AT_ONE_TIME),
            near: Buckets::new(NEAR),
            named: Buckets::new(NAMED),
            from: Buckets::new(FROM),
        }
    }
}

impl Door {
    /// Seconds to wait, where there were too many failures.
    fn wait(&self, name: &str, address: IpAddr, uptime_ms: i64) -> Option<u32> {
        let (name, address) = (*SecretHash::of(name).as_bytes(), network(address));
        let waits = [
            self.near.wait((name, address), uptime_ms),
            self.named.wait(name, uptime_ms),
            self.from.wait(address, uptime_ms),
        ];
        waits.into_iter().flatten().max()
    }

    fn failed(&self, name: &str, address: IpAddr, uptime_ms: i64) {
        let (name, address) = (*SecretHash::of(name).as_bytes(), network(address));
        // Whether one more is let through is asked before the next attempt.
        let _ = self.near.failed((name, address), uptime_ms);
        let _ = self.named.failed(name, uptime_ms);
        let _ = self.from.failed(address, uptime_ms);
    }

    /// Waits for a turn at what takes time and memory.
    pub(crate) async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}
