//! What the relay keeps, as traits by noun.
//!
//! Use cases know these traits and nothing of SQL. Every method is synchronous, takes and returns whole batches,
//! and is one transaction: none escapes. [`sqlite`] is the store inside the relay; another implementation has to
//! pass the same contract suite.

pub mod error;
pub mod sqlite;
pub mod workspace;

pub use error::{Result, StorageError};
pub use workspace::{Workspace, Workspaces};

/// All nouns together: what [`crate::App`] holds.
pub trait Storage: Workspaces + std::fmt::Debug + Send + Sync {}

impl<T: Workspaces + std::fmt::Debug + Send + Sync> Storage for T {}
