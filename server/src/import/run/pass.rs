//! Rows become items, and items batches.

use super::{Import, OnProgress, Phase, ROWS_PER_TICK, tell};
use crate::import::ImportError;
use crate::import::check::{self, Builder, Prepared};
use crate::import::finding::{Code, Finding, quote};
use crate::import::kind::Kind;
use crate::import::limits::{BATCH_ITEMS, OPEN_LINES_MAX};
use crate::import::map::BoundField;
use crate::import::read::{Row, Rows};
use crate::import::target::Staged;

/// Lines after which a batch is full, whatever the number of its documents.
const BATCH_LINES: u64 = 20_000;

impl Import<'_> {
    pub(super) fn read(
        &mut self,
        rows: &mut dyn Rows,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<(), ImportError> {
        let mut row = Row::default();
        while rows.next(&mut row)? {
            if row.number < self.bound.first_row || row.is_blank() {
                continue;
            }
            self.counts.rows += 1;
            if self.mapping.kind == Kind::Sales {
                self.line(&row)?
            } else {
                self.item(&row)
            }
            if self.pending_items >= BATCH_ITEMS || self.pending_rows >= BATCH_LINES {
                self.flush()?;
            }
            if self.counts.rows.is_multiple_of(ROWS_PER_TICK) {
                tell(on_progress, Phase::Reading, rows.progress())?;
            }
        }
        if self.pending_items > 0 {
            self.flush()?;
        }
        let (_, total) = rows.progress();
        tell(on_progress, Phase::Reading, (total, total))
    }

    /// A row that is an item of its own.
    fn item(&mut self, row: &Row) {
        let values = check::read(row, self.bound, &self.mapping.format, self.findings);
        let prepared = Builder::new(self.mapping, self.bound, values, self.findings).build();
        let id = match &prepared {
            Some(prepared) => Some(prepared.record.key().to_owned()),
            None => self.key_field().and_then(|field| check::key_of(row, field, &self.mapping.format)),
        };
        self.has_unnamed |= id.is_none();
        let earlier = id.as_deref().and_then(|id| self.seen.get(id)).copied();
        let prepared = match (earlier, id) {
            (Some(earlier), id) if prepared.is_some() => {
                self.findings.add(Finding {
                    row: row.number,
                    column: self.key_field().and_then(|field| field.column),
                    field: self.key_field().map(|field| field.field.name),
                    value: quote(&id.unwrap_or_default()),
                    code: Code::Duplicate,
                    detail: Some(earlier.to_string()),
                });
                None
            }
            (_, id) => {
                if let (None, Some(id)) = (earlier, id) {
                    self.seen.insert(id.into(), row.number);
                }
                prepared
            }
        };
        self.push(prepared, 1);
    }

    /// The field that names a row's item: `id`, if the file has it.
    fn key_field(&self) -> Option<&BoundField> {
        self.bound.fields.first().filter(|field| field.is_mapped())
    }

    /// A line of a sales document.
    fn line(&mut self, row: &Row) -> Result<(), ImportError> {
        let key = self.bound.fields.first().and_then(|field| check::key_of(row, field, &self.mapping.format));
        let values = check::read(row, self.bound, &self.mapping.format, self.findings);
        let Some(key) = key else {
            self.has_unnamed = true;
            self.push(None, 1);
            return Ok(());
        };
        let expected = self.lines.get(key.as_str()).copied().unwrap_or(1);
        let builder = Builder::new(self.mapping, self.bound, values, self.findings);
        let mut group = self.open.remove(&key).unwrap_or_default();
        self.open_lines -= group.held();
        let is_last = group.rows() + 1 >= u64::from(expected);
        let record = group.add(builder, row.number, is_last);
        if is_last {
            let rows = group.rows();
            self.push(record.map(|record| group.prepare(record)), rows);
            return Ok(());
        }
        self.open_lines += group.held();
        self.open.insert(key, group);
        if self.open_lines > OPEN_LINES_MAX {
            return Err(ImportError::Scattered { row: row.number });
        }
        Ok(())
    }

    fn push(&mut self, prepared: Option<Prepared>, rows: u64) {
        self.pending_items += 1;
        self.pending_rows += rows;
        match prepared {
            Some(prepared) => self.pending.push(prepared),
            None => self.set_aside(rows),
        }
    }

    /// An item of so many rows is not taken.
    pub(super) fn set_aside(&mut self, rows: u64) {
        self.counts.set_aside += 1;
        self.counts.rows_set_aside += rows;
    }

    /// Looks up what the batch refers to and what is there already, and stages what is new.
    fn flush(&mut self) -> Result<(), ImportError> {
        self.pending_items = 0;
        self.pending_rows = 0;
        let mut pending = std::mem::take(&mut self.pending);
        self.drop_unknown(&mut pending)?;
        let staged = match self.mapping.kind {
            Kind::Clients => self.clients(pending)?,
            Kind::SurveyAnswers => self.answers(pending)?,
            _ => self.office(pending)?,
        };
        self.stage(staged)
    }

    pub(super) fn stage(&mut self, staged: Vec<Staged>) -> Result<(), ImportError> {
        if let Some(import) = self.import
            && self.batch >= self.next_batch
        {
            self.target.stage(import, self.batch, staged)?;
        }
        self.batch = self.batch.saturating_add(1);
        Ok(())
    }
}
