//! Changes become rows; phone and relay run the same code on the same tables.
//!
//! [`apply`] writes an admitted change: its facts (so that the next append, edit or admission need not load the
//! document), the profile's values, the records with how they read now, the client's list row, and the words that
//! search finds. Every table but `actors`, `documents`, `changes`, `snapshots` and `office` can be made anew from
//! documents: [`rebuild`] does, and a test compares the two.
//!
//! All functions run inside the caller's transaction.

pub mod access;
pub mod aliases;
mod apply;
pub mod bought;
mod catalogue;
pub mod client;
pub(crate) mod codec;
pub mod compact;
pub mod conflicts;
pub mod consents;
mod corrected;
pub mod documents;
mod effects;
mod facts;
pub mod judge;
pub mod office;
pub mod plan;
pub mod prices;
mod rebuild;
mod records;
pub mod relations;
pub mod sales;
pub mod search;
mod snapshot;
pub mod tasks;
pub mod window;

pub use apply::{Touched, acknowledge, apply};
pub use catalogue::project_again as project_office_again;
pub use documents::Document;
pub use facts::SqlFacts;
pub use rebuild::{changes_of, project_again, rebuild, rebuild_document};
pub use records::is_named;
pub use snapshot::{install_snapshot, retract};

use crate::document::snapshot::SnapshotError;

/// Raised whenever rows are made in another way from the same documents or office records. A phone that remembers
/// another number rebuilds before it answers; the relay does so in the background, and answers meanwhile what it can
/// without rows.
pub const PROJECTOR_VERSION: u32 = 2;

/// The tables of this layer, in the order in which they are made; a store's own migrations come after.
pub const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001_documents.sql"),
    include_str!("migrations/002_clients.sql"),
    include_str!("migrations/003_office.sql"),
    include_str!("migrations/004_catalogue.sql"),
    include_str!("migrations/005_snapshots.sql"),
    include_str!("migrations/006_settled.sql"),
    include_str!("migrations/007_origins.sql"),
    include_str!("migrations/009_figures.sql"),
];

/// Rows could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    #[error("the database did not do as asked: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// What stands in the database cannot have been written by this program.
    #[error("the database holds something that it should not: {0}")]
    Corrupt(&'static str),
    /// A document cannot be made of what is stored of it.
    #[error("a stored document cannot be used: {0}")]
    Document(#[from] SnapshotError),
}

impl RowsError {
    /// Stable, for logs and for whoever mends.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "database",
            Self::Corrupt(_) | Self::Document(_) => "database_corrupt",
        }
    }
}

pub type Result<T, E = RowsError> = std::result::Result<T, E>;
