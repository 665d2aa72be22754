//! The one workspace that a store is bound to.

use cartera_core::model::WorkspaceId;
use cartera_core::sync::wire::Epoch;

use super::Result;

/// The company whose data this store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    /// The log's random id, replaced after any restore.
    pub epoch: Epoch,
    pub created_ms: i64,
}

pub trait Workspaces {
    /// The workspace; `None` in a store that was just made.
    fn workspace(&self) -> Result<Option<Workspace>>;

    /// Binds a fresh store to `workspace`. A store that is bound already answers what it is bound to.
    fn found(&self, workspace: Workspace) -> Result<Workspace>;

    /// Replaces the epoch, since the log proves to have been rolled back; what became of orders meanwhile is in doubt.
    fn begin_epoch(&self, epoch: Epoch, now_ms: i64) -> Result<()>;

    /// Cheap proof that the store answers, for `/health/ready`.
    fn ping(&self) -> Result<()>;
}
