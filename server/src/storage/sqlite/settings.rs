use std::collections::BTreeMap;

use rusqlite::params;

use super::{SqliteStorage, audit, publish};
use crate::audit::Deed;
use crate::storage::{Result, WorkspaceSettings};

impl WorkspaceSettings for SqliteStorage {
    fn settings(&self) -> Result<BTreeMap<String, String>> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT name, value FROM settings")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn set_settings(&self, settings: &[(&str, Option<String>)], deed: &Deed) -> Result<()> {
        self.write_log(|log| {
            let tx = log.tx;
            for (name, value) in settings {
                match value {
                    Some(value) => tx.execute(
                        "INSERT INTO settings (name, value) VALUES (?1, ?2)
                         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        params![name, value],
                    )?,
                    None => tx.execute("DELETE FROM settings WHERE name = ?1", [name])?,
                };
                publish::setting(log, name, value.as_deref(), deed.at_ms)?;
            }
            audit::record(tx, deed)
        })
    }
}
