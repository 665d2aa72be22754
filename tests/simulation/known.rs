//! Seeds that are known to fail, each with the reason. One that holds again does not belong here.

/// Scenario, seed, why.
pub(crate) const KNOWN: &[(&str, u64, &str)] =
    &[("restored_phone", 5, TWICE_REBASED), ("restored_phone", 6, TWICE_REBASED)];

/// A phone rebased an unsent edit and sent it; then it came back from a backup in which the edit is still unsent, and
/// rebases it again. Records are known by their key, but an edit has no name of its own: the same value stands there twice,
/// by two actors of one person, and one of them outlives the edit that replaced the other.
const TWICE_REBASED: &str = "an edit that is rebased on both sides of a restore is written twice";
