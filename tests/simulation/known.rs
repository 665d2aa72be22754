//! Seeds that are known to fail, each with the reason. One that holds again does not belong here.

/// Scenario, seed, why.
pub(crate) const KNOWN: &[(&str, u64, &str)] = &[];
