use cartera_core::rows::PROJECTOR_VERSION;
use cartera_core::sync::wire::Epoch;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{SqliteStorage, log};
use crate::storage::{Result, StorageError, Workspace, Workspaces};

impl Workspaces for SqliteStorage {
    fn workspace(&self) -> Result<Option<Workspace>> {
        self.read(select)
    }

    fn found(&self, workspace: Workspace) -> Result<Workspace> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO workspace (one, id, epoch, created_ms, projector) VALUES (1, ?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
                params![workspace.id, workspace.epoch, workspace.created_ms, PROJECTOR_VERSION],
            )?;
            select(tx)?.ok_or_else(|| StorageError::NoWorkspace { path: self.path().to_path_buf() })
        })
    }

    fn begin_epoch(&self, epoch: Epoch, now_ms: i64) -> Result<()> {
        self.write(|tx| {
            if set_epoch(tx, epoch, now_ms)? != 1 {
                return Err(StorageError::NoWorkspace { path: self.path().to_path_buf() });
            }
            log::doubt_orders(tx, now_ms)
        })
    }

    fn ping(&self) -> Result<()> {
        self.read(|tx| Ok(tx.query_row("SELECT count(*) FROM workspace", [], |_| Ok(()))?))
    }
}

/// Another life of the log begins. Gives how many workspaces there are.
pub(super) fn set_epoch(tx: &Transaction<'_>, epoch: Epoch, now_ms: i64) -> Result<usize> {
    Ok(tx.execute("UPDATE workspace SET epoch = ?1, epoch_ms = ?2", params![epoch, now_ms])?)
}

fn select(tx: &Transaction<'_>) -> Result<Option<Workspace>> {
    let row = |row: &Row<'_>| Ok(Workspace { id: row.get(0)?, epoch: row.get(1)?, created_ms: row.get(2)? });
    Ok(tx.query_row("SELECT id, epoch, created_ms FROM workspace", [], row).optional()?)
}
