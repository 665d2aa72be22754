//! Figures for whoever watches the relay, in Prometheus's text format: a registry per instance.
//!
//! Labels are routes, methods, statuses and codes: never an id or anything about a person.

use std::fmt;
use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::storage::backup::Check;

/// What a request is counted under. `route` is the pattern (`/v1/devices/{id}`), not the path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    pub route: String,
    pub method: String,
    pub status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabels {
    pub route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CodeLabels {
    pub code: &'static str,
}

/// All that is counted, and the registry that it is read from.
pub struct Metrics {
    registry: Registry,
    pub requests: Family<RequestLabels, Counter>,
    pub request_seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    pub in_flight: Gauge<i64, AtomicI64>,
    /// Requests whose token or code was not accepted, by code.
    pub auth_failures: Family<CodeLabels, Counter>,
    /// Requests that ended in a panic, which is a defect.
    pub panics: Counter,
    /// Phones whose digest differed from the relay's, which means a defect somewhere.
    pub digest_repairs: Counter,
    /// When the last backup of this process was made, in seconds since 1970; 0: none.
    pub backup_last: Gauge<i64, AtomicI64>,
    pub backup_bytes: Gauge<i64, AtomicI64>,
    /// When a backup was last looked through and found sound, by whichever process; 0: never.
    pub backup_verified: Gauge<i64, AtomicI64>,
    /// Backups that were damaged when they were last looked through.
    pub backups_damaged: Gauge<i64, AtomicI64>,
    pub backup_failures: Counter,
}

/// When a backup was last found sound, in milliseconds since 1970.
pub(crate) fn last_sound(checks: &[Check]) -> Option<i64> {
    checks.iter().filter(|check| check.damage.is_none()).map(|check| check.at_ms).max()
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("cartera");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let request_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        registry.register(
            "http_request_duration_seconds",
            "Time until the answer began",
            request_seconds.clone(),
        );
        let in_flight = Gauge::default();
        registry.register("http_requests_in_flight", "Requests being answered", in_flight.clone());
        let auth_failures = Family::default();
        registry.register("auth_failures", "Tokens and codes that were not accepted", auth_failures.clone());
        let panics = Counter::default();
        registry.register("http_panics", "Requests that ended in a defect", panics.clone());
        let digest_repairs = Counter::default();
        registry.register("digest_repairs", "Phones whose data had to be repaired", digest_repairs.clone());
        let backup_last = Gauge::default();
        registry.register(
            "backup_last_timestamp_seconds",
            "When the last backup was made",
            backup_last.clone(),
        );
        let backup_bytes = Gauge::default();
        registry.register("backup_last_bytes", "Size of the last backup", backup_bytes.clone());
        let backup_verified = Gauge::default();
        registry.register(
            "backup_verified_timestamp_seconds",
            "When a backup was last looked through and found sound",
            backup_verified.clone(),
        );
        let backups_damaged = Gauge::default();
        registry.register(
            "backups_damaged",
            "Backups that were damaged when last looked through",
            backups_damaged.clone(),
        );
        let backup_failures = Counter::default();
        registry.register("backup_failures", "Backups that could not be made", backup_failures.clone());
        Self {
            registry,
            requests,
            request_seconds,
            in_flight,
            auth_failures,
            panics,
            digest_repairs,
            backup_last,
            backup_bytes,
            backup_verified,
            backups_damaged,
            backup_failures,
        }
    }

    pub(crate) fn backup_checked(&self, checks: &[Check]) {
        self.backup_verified.set(last_sound(checks).unwrap_or(0) / 1000);
        let damaged = checks.iter().filter(|check| check.damage.is_some()).count();
        self.backups_damaged.set(i64::try_from(damaged).unwrap_or(i64::MAX));
    }

    pub(crate) fn backup_made(&self, at_ms: i64, bytes: u64) {
        self.backup_last.set(at_ms / 1000);
        self.backup_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// Everything, as `/metrics` shows it.
    pub fn encode(&self) -> String {
        let mut out = String::new();
        match text::encode(&mut out, &self.registry) {
            Ok(()) => out,
            Err(fmt::Error) => String::new(), // writing to a String does not fail
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// From a quarter of a millisecond to about eight seconds.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 16))
}
