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

pub trait Backups {
    /// Copies the store as it is at one moment into a file that is there and empty, while others read and write on.
    /// `progress` hears of (done, all).
    fn copy_to(&self, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<()>;
}
