//! How a phone and a relay talk.
//!
//! | module | what it is |
//! |---|---|
//! | `backoff` | when to sync, and when to try again |
//! | `clock` | what the device knows of the true time |
//! | [`digest`] | one number that two sides with the same data share |
//! | `http` | the one place that opens a socket |
//! | `identity` | who this device is |
//! | `runner` | syncing in the background |
//! | `sealed` | unsent work as a file, for when nothing else works |
//! | `session` | one sync, seen from the phone |
//! | [`wire`] | the messages, for both ends; `core/docs/protocol.md` writes them down for other implementers |

#[cfg(feature = "phone")]
pub mod backoff;
#[cfg(feature = "phone")]
pub mod clock;
pub mod digest;
#[cfg(feature = "phone")]
pub mod http;
#[cfg(feature = "phone")]
pub mod identity;
#[cfg(feature = "phone")]
pub mod runner;
#[cfg(feature = "phone")]
pub mod sealed;
#[cfg(feature = "phone")]
pub mod session;
pub mod wire;
