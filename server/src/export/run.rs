//! An export that runs: from pages of the store to bytes.

use std::io::{self, Write};

use cartera_core::rows::PROJECTOR_VERSION;
use sha2::{Digest, Sha256};

use super::column::ColumnInfo;
use super::cursor::Cursor;
use super::format::{Encoder, Ending, Format};
use super::query::{Query, Since};
use super::resources::VERSION;
use super::walk::{self, Page, Walk};
use crate::secret::to_base32;
use crate::storage::StorageError;
use crate::storage::export::{After, Exports, Gone, Span};

/// A piece of the answer, beside its last row.
const PIECE_BYTES: usize = 128 << 10;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(
        "this cursor is not of this log: the relay was restored, or it is another one's. Export the resource without `since`, put what you hold aside, and go on from the new cursor"
    )]
    CursorGone,
    #[error(
        "a client was erased since this cursor was given, and the chosen columns cannot say which rows were about it (client_id and deleted can). Export the resource without `since`, replace all that you hold of it, and go on from the new cursor"
    )]
    Erased,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the export cannot be written: {0}")]
    Write(#[from] io::Error),
}

impl ExportError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::CursorGone | Self::Erased => "expired",
            Self::Storage(error) => error.code(),
            Self::Write(_) => "export_write",
        }
    }
}

/// What an export gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Where the next one goes on.
    pub cursor: String,
    pub rows: u64,
    pub bytes: u64,
}

/// An export on its way. Holds no part of the store between pages.
#[derive(Debug)]
pub struct Export {
    /// One after the other; only a workbook has several.
    parts: Vec<Part>,
    at: usize,
    span: Span,
    cursor: String,
    encoder: Encoder,
    state: State,
    rows: u64,
    piece_bytes: usize,
}

/// One resource of an export.
#[derive(Debug)]
struct Part {
    query: Query,
    columns: Vec<&'static ColumnInfo>,
    walk: Box<dyn Walk>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Rows,
    /// After the erasure with this number.
    Erased(u64),
    /// All rows are in, and what was held back comes out.
    Rest,
    Done,
}

impl Export {
    /// Looks how far the log reaches; rows come with [`Export::next`].
    ///
    /// # Errors
    /// The cursor does not fit the log any more, or the store failed.
    pub fn begin(store: &dyn Exports, query: Query) -> Result<Self, ExportError> {
        Self::begin_several(store, vec![query])
    }

    /// The same for the sheets of a workbook; all queries have one format and one cursor, as
    /// [`Query::parse_several`] makes them.
    ///
    /// # Errors
    /// As for [`Export::begin`].
    pub fn begin_several(store: &dyn Exports, queries: Vec<Query>) -> Result<Self, ExportError> {
        let (format, since) =
            queries.first().map_or((Format::Json, None), |query| (query.format, query.since));
        let after = match since {
            None | Some(Since::Start) => None,
            Some(Since::Cursor(cursor)) => Some(cursor),
        };
        let tells_erased = queries.iter().all(Query::tells_erased);
        let after =
            after.map(|at| After { epoch: at.epoch, number: at.number, chain: at.chain, tells_erased });
        let span = store.export_span(after)?.map_err(|gone| match gone {
            Gone::NotOfThisLog => ExportError::CursorGone,
            Gone::Erased => ExportError::Erased,
        })?;
        let cursor = Cursor { epoch: span.epoch, chain: span.chain, number: span.until }.to_string();
        let part = |query: Query| {
            let walk = walk::of(&query);
            Part { columns: walk.infos(), walk, query }
        };
        Ok(Self {
            parts: queries.into_iter().map(part).collect(),
            at: 0,
            span,
            cursor,
            encoder: Encoder::new(format, &store.scratch()),
            state: State::Begin,
            rows: 0,
            piece_bytes: PIECE_BYTES,
        })
    }

    /// The same in smaller pieces: each is read in a transaction of its own.
    #[cfg(test)]
    pub(super) fn in_pieces(mut self, bytes: usize) -> Self {
        self.piece_bytes = bytes;
        self
    }

    /// The same with sheets of so many rows.
    #[cfg(test)]
    pub(super) fn with_sheets_of(mut self, rows: u32) -> Self {
        self.encoder.with_sheets_of(rows);
        self
    }

    /// Where the next export goes on: known before the first row.
    pub fn cursor(&self) -> &str {
        &self.cursor
    }

    /// What the file is called: its resources, and its format.
    pub fn file_name(&self) -> String {
        let names: Vec<_> = self.parts.iter().map(|part| part.query.resource.name).collect();
        format!("{}.{}", names.join(","), self.format().extension())
    }

    /// For the audit: the file's name, and what chose its rows, without words that somebody typed.
    pub fn summary(&self) -> String {
        let mut text = self.file_name();
        let Some(query) = self.parts.first().map(|part| &part.query) else { return text };
        match query.since {
            Some(Since::Cursor(cursor)) => text.push_str(&format!(" since {}", cursor.number)),
            Some(Since::Start) | None => {}
        }
        for (name, date) in [("from", query.from), ("to", query.to)] {
            text.extend(date.map(|date| format!(" {name} {date}")));
        }
        text.extend(query.territories.iter().map(|id| format!(" territory {id}")));
        text.extend(query.reps.iter().map(|id| format!(" rep {id}")));
        text
    }

    pub fn format(&self) -> Format {
        self.parts.first().map_or(Format::Json, |part| part.query.format)
    }

    /// Rows given so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The same for two exports that give the same: the log did not go on between them.
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(VERSION.to_be_bytes());
        // The same log read otherwise is another answer.
        hash.update(PROJECTOR_VERSION.to_be_bytes());
        hash.update(self.cursor.as_bytes());
        for part in &self.parts {
            hash.update(part.query.canonical().as_bytes());
        }
        to_base32(&hash.finalize()[..15])
    }

    /// The next piece of the answer; `None` after the last. A piece may be empty where nothing can be said yet.
    ///
    /// # Errors
    /// The store failed, or the file cannot be made. What was given so far is then no whole export.
    pub fn next(&mut self, store: &dyn Exports) -> Result<Option<Vec<u8>>, ExportError> {
        if self.state == State::Done {
            return Ok(None);
        }
        let mut out = Vec::with_capacity(self.piece_bytes + self.piece_bytes / 8);
        loop {
            self.state = self.step(store, &mut out)?;
            // What holds back gives way after each page, so that a reader who left is noticed.
            if self.state == State::Done || out.len() >= self.piece_bytes || self.encoder.holds_back() {
                return Ok((self.state != State::Done || !out.is_empty()).then_some(out));
            }
        }
    }

    /// One page, or what stands before or after all of them.
    fn step(&mut self, store: &dyn Exports, out: &mut Vec<u8>) -> Result<State, ExportError> {
        let Some(part) = self.parts.get_mut(self.at) else { return self.finish(out) };
        let mut failed = None;
        let mut page = Page {
            out,
            encoder: &mut self.encoder,
            query: &part.query,
            rows: &mut self.rows,
            piece_bytes: self.piece_bytes,
            failed: &mut failed,
        };
        let over = match (self.state, self.span.since) {
            (State::Begin, _) => {
                self.encoder.begin(out, part.query.resource.name, &part.columns)?;
                return Ok(State::Rows);
            }
            (State::Erased(after), _) => {
                let walk = &part.walk;
                let each = &mut |client, number| walk.erased(client, number, &mut page);
                store.export_erased(&self.span, after, each)?.map_or(State::Done, State::Erased)
            }
            _ if !part.walk.page(store, &self.span, &mut page)? => State::Rows,
            // Those who hold nothing yet have nothing to take out.
            (_, Some(since)) if part.query.resource.is_about_clients() => State::Erased(since),
            _ => State::Done,
        };
        if let Some(error) = failed {
            return Err(error.into());
        }
        if over != State::Done {
            return Ok(over);
        }
        self.at += 1;
        if self.at < self.parts.len() { Ok(State::Begin) } else { self.finish(out) }
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<State, ExportError> {
        if self.state != State::Rest {
            let incremental = self.parts.iter().any(|part| part.query.since.is_some());
            self.encoder.end(out, Ending { cursor: &self.cursor, rows: self.rows, incremental })?;
        }
        Ok(if self.encoder.rest(out, self.piece_bytes)? { State::Done } else { State::Rest })
    }

    /// All of it into `out`.
    ///
    /// # Errors
    /// The store failed, or `out` did.
    pub fn write_to(mut self, store: &dyn Exports, out: &mut dyn Write) -> Result<Exported, ExportError> {
        let mut bytes = 0;
        while let Some(piece) = self.next(store)? {
            out.write_all(&piece)?;
            bytes += piece.len() as u64;
        }
        out.flush()?;
        Ok(Exported { cursor: self.cursor, rows: self.rows, bytes })
    }
}
