//! Where a workspace lies on the disk, and what processes that share it tell one another.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use crate::files;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    pub data: PathBuf,
    /// The recovery key; beside the database unless it was put elsewhere.
    pub key_file: PathBuf,
    /// What was decided, outside of the database and its backups; best on another disk.
    pub journal: PathBuf,
}

impl Folder {
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self { key_file: data.join("recovery.key"), journal: data.join("journal.log"), data }
    }

    pub fn database(&self) -> PathBuf {
        self.data.join("relay.db")
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.data.join("workspace.lock")
    }

    /// Held while the workspace is made, opened or put back: key, database, its schema and the journal come together.
    pub(crate) fn lock(&self) -> io::Result<File> {
        files::lock(&self.lock_file())
    }
}
