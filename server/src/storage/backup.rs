//! A copy of the whole store, and what is in one.

use std::path::Path;

use super::{Result, Workspace};

/// What a copy holds, to be compared with what another one of the same moment holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub workspace: Workspace,
    /// The last entry of the log, and the running hash there.
    pub number: u64,
    pub chain: [u8; 16],
    /// Rows by table.
    pub counts: Vec<(String, u64)>,
}

/// A backup that was opened and looked through to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its file's name.
    pub name: String,
    pub at_ms: i64,
    /// What was wrong with it, as a stable code.
    pub damage: Option<String>,
}

/// Checks that are remembered, the latest: one for each backup.
pub const CHECKS_MAX: usize = 1_000;

pub trait Backups {
    /// Remembers a check in the place of what was found before.
    fn note_check(&self, check: &Check) -> Result<()>;

    /// The last check of each backup, the latest first.
    fn checks(&self) -> Result<Vec<Check>>;

    /// Copies the store as it is at one moment into a file that is there and empty, while others read and write on.
    /// `progress` hears of (done, all).
    fn copy_to(&self, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<()>;
}
