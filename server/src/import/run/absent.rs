//! What a complete file has not any more.

use super::Import;
use crate::import::ImportError;
use crate::import::finding::{Code, Finding};
use crate::import::limits::BATCH_ITEMS;
use crate::import::map::Absent;
use crate::import::target::Staged;

/// A complete file that lacks more than half of so many records or more is not believed.
const REMOVAL_FLOOR: usize = 20;
/// Keys asked of storage at once.
const KEYS_PAGE: usize = 1_000;

impl Import<'_> {
    /// Of a complete file: takes away what the source had and the file has not.
    pub(super) fn remove_absent(&mut self) -> Result<(), ImportError> {
        let Some(kind) = self.mapping.kind.office_kind().filter(|_| self.mapping.absent == Absent::Remove)
        else {
            return Ok(());
        };
        if self.has_unnamed {
            self.not_removed("some row's key cannot be read");
            return Ok(());
        }
        let (mut absent, mut present, mut after): (Vec<String>, usize, Option<String>) =
            (Vec::new(), 0, None);
        loop {
            let source = &self.mapping.source;
            let keys = self.target.keys(kind, source, after.as_deref(), KEYS_PAGE)?;
            let Some(last) = keys.last() else { break };
            after = Some(last.clone());
            for key in keys {
                if self.seen.contains_key(key.as_str()) || self.lines.contains_key(key.as_str()) {
                    present += 1;
                } else {
                    absent.push(key);
                }
            }
        }
        if absent.len() >= REMOVAL_FLOOR && absent.len() > present {
            let what = format!("{} / {}", absent.len(), absent.len() + present);
            self.not_removed(&what);
            return Ok(());
        }
        self.counts.removed = absent.len() as u64;
        // These batches depend on what is there now, so they are staged anew whatever was staged before.
        self.next_batch = self.next_batch.min(self.batch);
        for keys in absent.chunks(BATCH_ITEMS) {
            self.stage(keys.iter().map(|key| Staged::Remove { kind, key: key.clone() }).collect())?;
        }
        Ok(())
    }

    fn not_removed(&mut self, why: &str) {
        self.findings.add(Finding {
            row: 0,
            column: None,
            field: None,
            value: String::new(),
            code: Code::NotRemoved,
            detail: Some(why.to_owned()),
        });
    }
}
