//! An export that runs: from pages of the store to bytes.

use std::io::Write;

use sha2::{Digest, Sha256};

use super::column::ColumnInfo;
use super::cursor::Cursor;
use super::format::{Encoder, Ending};
use super::query::{Query, Since};
use super::resources::VERSION;
use super::walk::{self, Page, Walk};
use crate::secret::to_base32;
use crate::storage::export::{After, Exports, Gone, Span};
use crate::storage::{self, StorageError};

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
    Write(#[from] std::io::Error),
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
    query: Query,
    span: Span,
    cursor: String,
    columns: Vec<&'static ColumnInfo>,
    walk: Box<dyn Walk>,
    encoder: Encoder,
    state: State,
    rows: u64,
    piece_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Rows,
    /// After the erasure with this number.
    Erased(u64),
    Done,
}

impl Export {
    /// Looks how far the log reaches; rows come with [`Export::next`].
    ///
    /// # Errors
    /// The cursor does not fit the log any more, or the store failed.
    pub fn begin(store: &dyn Exports, query: Query) -> Result<Self, ExportError> {
        let after = match query.since {
            None | Some(Since::Start) => None,
            Some(Since::Cursor(cursor)) => Some(cursor),
        };
        let tells_erased = query.tells_erased();
        let after =
            after.map(|at| After { epoch: at.epoch, number: at.number, chain: at.chain, tells_erased });
        let span = store.export_span(after)?.map_err(|gone| match gone {
            Gone::NotOfThisLog => ExportError::CursorGone,
            Gone::Erased => ExportError::Erased,
        })?;
        let cursor = Cursor { epoch: span.epoch, chain: span.chain, number: span.until }.to_string();
        let walk = walk::of(&query);
        let columns = walk.infos();
        let encoder = Encoder::new(query.format, &columns);
        Ok(Self {
            query,
            span,
            cursor,
            columns,
            walk,
            encoder,
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

    /// Where the next export goes on: known before the first row.
    pub fn cursor(&self) -> &str {
        &self.cursor
    }

    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Rows given so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The same for two exports that give the same: the log did not go on between them.
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(VERSION.to_be_bytes());
        hash.update(self.cursor.as_bytes());
        hash.update(self.query.canonical().as_bytes());
        to_base32(&hash.finalize()[..15])
    }

    /// The next piece of the answer; `None` after the last.
    ///
    /// # Errors
    /// The store failed. What was given so far is then no whole export.
    pub fn next(&mut self, store: &dyn Exports) -> storage::Result<Option<Vec<u8>>> {
        let mut out = Vec::with_capacity(self.piece_bytes + self.piece_bytes / 8);
        if self.state == State::Begin {
            self.encoder.begin(&mut out, self.query.resource.name, &self.columns);
            self.state = State::Rows;
        }
        while self.state != State::Done && out.len() < self.piece_bytes {
            let mut page = Page {
                out: &mut out,
                encoder: &mut self.encoder,
                query: &self.query,
                rows: &mut self.rows,
                piece_bytes: self.piece_bytes,
            };
            let walk = &mut self.walk;
            self.state = match (self.state, self.span.since) {
                (State::Erased(after), _) => {
                    let each = &mut |client, number| walk.erased(client, number, &mut page);
                    store.export_erased(&self.span, after, each)?.map_or(State::Done, State::Erased)
                }
                _ if !walk.page(store, &self.span, &mut page)? => State::Rows,
                // Those who hold nothing yet have nothing to take out.
                (_, Some(since)) if self.query.resource.is_about_clients() => State::Erased(since),
                _ => State::Done,
            };
            if self.state == State::Done {
                let incremental = self.query.since.is_some();
                let ending = Ending { cursor: &self.cursor, rows: self.rows, incremental };
                self.encoder.end(&mut out, ending);
            }
        }
        Ok((!out.is_empty()).then_some(out))
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
