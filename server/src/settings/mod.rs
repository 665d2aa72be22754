//! How the process was started, as far as use cases and HTTP need to know it.

pub(crate) mod api;
pub(crate) mod page;
pub mod policy;

pub use policy::policy;

use crate::backup::schedule::Schedule;

/// Fixed while the relay runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address that phones are told, without a slash at the end: `https://relay.example:8443`.
    pub public_url: String,
    /// SHA-256 of the relay's public key (SubjectPublicKeyInfo), which the QR code carries; `None` without TLS of
    /// its own.
    pub pin: Option<[u8; 32]>,
    /// A proxy before the relay ends TLS and says in `X-Forwarded-For` who calls.
    pub behind_proxy: bool,
    /// Backups that are made while the relay serves, and where those are that it shows.
    pub backups: Option<Schedule>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { public_url: "http://127.0.0.1".into(), pin: None, behind_proxy: false, backups: None }
    }
}
