//! What backups are called: `cartera-WORKSPACE-20260921T101500123Z.db.zst.age`, the time in UTC to the millisecond.

use std::path::{Path, PathBuf};

use cartera_core::model::WorkspaceId;

use super::BackupError;

const PREFIX: &str = "cartera-";
const SUFFIX: &str = ".db.zst.age";
/// After a backup's name while it is being written.
pub(super) const PARTIAL: &str = ".partial";
const TIME: &str = "%Y%m%dT%H%M%S";

/// A backup in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub workspace: WorkspaceId,
    pub at_ms: i64,
    pub bytes: u64,
}

pub(super) fn of(workspace: WorkspaceId, at_ms: i64) -> String {
    let seconds = jiff::Timestamp::from_millisecond(at_ms)
        .map_or_else(|_| at_ms.to_string(), |at| at.strftime(TIME).to_string());
    format!("{PREFIX}{workspace}-{seconds}{:03}Z{SUFFIX}", at_ms.rem_euclid(1000))
}

/// Whose backup a file is by its name, and of when.
pub(crate) fn parse(name: &str) -> Option<(WorkspaceId, i64)> {
    let rest = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let (workspace, time) = rest.split_once('-')?;
    let (seconds, millis) = time.strip_suffix('Z')?.split_at_checked(15)?;
    let at = jiff::civil::DateTime::strptime(TIME, seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let found = (workspace.parse().ok()?, at.timestamp().as_millisecond() + millis.parse::<i64>().ok()?);
    (of(found.0, found.1) == name).then_some(found)
}

/// The backups in a folder, newest first; other files are passed over. Nothing where there is no folder.
pub fn list(folder: &Path) -> Result<Vec<Found>, BackupError> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(BackupError::io("read", folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(BackupError::io("read", folder))?;
        let Some((workspace, at_ms)) = entry.file_name().to_str().and_then(parse) else { continue };
        let bytes = entry.metadata().map_err(BackupError::io("read", &entry.path()))?.len();
        found.push(Found { path: entry.path(), workspace, at_ms, bytes });
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.at_ms));
    Ok(found)
}

/// Backups that were begun and not finished.
pub(super) fn partials(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_partial = |name: &str| name.strip_suffix(PARTIAL).is_some_and(|name| parse(name).is_some());
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(is_partial))
        .map(|e| e.path())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whose_and_of_when_and_no_other_file_has_one() {
        let workspace = WorkspaceId::from_bytes([3; 16]);
        for at_ms in [1_790_000_000_000, 1_790_000_000_007, 0] {
            assert_eq!(parse(&of(workspace, at_ms)), Some((workspace, at_ms)));
        }
        let name = of(workspace, 1_790_000_000_123);
        assert!(name.ends_with("-20260921T141320123Z.db.zst.age"), "{name}");
        for other in
            [&name[1..], &name[..name.len() - 1], &name.replace("T1", "T9"), "cartera-x-y.db.zst.age", ""]
        {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
