//! An export that runs: from pages of the store to bytes.

use std::io::Write;
use std::ops::ControlFlow;

use sha2::{Digest, Sha256};

use super::column::{Column, ColumnInfo, Columns, Family};
use super::cursor::Cursor;
use super::format::{Encoder, Ending};
use super::query::{Query, Since};
use super::resources::{Source, VERSION};
use super::rows::{Client, Clients, Record, Records};
use super::value::Value;
use crate::secret::to_base32;
use crate::storage::export::{
    After, Authors, ClientPlace, Exports, Gone, RecordPlace, Span, StoredClient, StoredRecord, Wanted,
};
use crate::storage::{self, StorageError};

/// A piece of the answer is cut once it has so many bytes; one row more may make it longer.
pub(super) const CHUNK_BYTES: usize = 128 << 10;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(
        "this cursor is not of this log: the relay was restored, or it is another one's. Export the resource without `since`, put what you hold aside, and go on from the new cursor"
    )]
    CursorGone,
    #[error(
        "a client was erased since this cursor was given. Export the resource without `since`, replace all that you hold of it, and go on from the new cursor"
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
    walk: Walk,
    encoder: Encoder,
    state: State,
    rows: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Rows,
    Done,
}

/// Where in its source an export is.
#[derive(Debug)]
enum Walk {
    Records {
        kind: &'static str,
        columns: Vec<&'static Column<Records>>,
        status: Option<&'static Column<Records>>,
        wanted: Wanted,
        place: RecordPlace,
        authors: Authors,
    },
    Clients {
        columns: Vec<&'static Column<Clients>>,
        place: ClientPlace,
    },
}

impl Export {
    /// Looks how far the log reaches; rows come with [`Export::next`].
    ///
    /// # Errors
    /// The cursor does not fit the log any more, or the store failed.
    pub fn begin(store: &(impl Exports + ?Sized), query: Query) -> Result<Self, ExportError> {
        let after = match query.since {
            None | Some(Since::Start) => None,
            Some(Since::Cursor(cursor)) => Some(cursor),
        };
        let tells_erased = matches!(query.resource.source, Source::Clients(_));
        let span = store
            .export_span(after.map(|at| After { number: at.number, chain: at.chain, tells_erased }))?
            .map_err(|gone| match gone {
                Gone::NotOfThisLog => ExportError::CursorGone,
                Gone::Erased => ExportError::Erased,
            })?;
        if after.is_some_and(|at| at.epoch != span.epoch) {
            return Err(ExportError::CursorGone);
        }
        let cursor = Cursor { epoch: span.epoch, chain: span.chain, number: span.until }.to_string();
        let walk = Walk::new(&query);
        let columns = walk.columns();
        let encoder = Encoder::new(query.format, &columns);
        Ok(Self { query, span, cursor, columns, walk, encoder, state: State::Begin, rows: 0 })
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

    /// The same for two exports that would give the same: the log, and what people administer, did not go on.
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(VERSION.to_be_bytes());
        hash.update(self.cursor.as_bytes());
        hash.update(self.span.books.to_be_bytes());
        hash.update(self.query.canonical().as_bytes());
        to_base32(&hash.finalize()[..15])
    }

    /// The next piece of the answer; `None` after the last.
    ///
    /// # Errors
    /// The store failed. What was given so far is then no whole export.
    pub fn next(&mut self, store: &(impl Exports + ?Sized)) -> storage::Result<Option<Vec<u8>>> {
        let mut out = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 8);
        if self.state == State::Begin {
            self.encoder.begin(&mut out, self.query.resource.name, &self.columns);
            self.state = State::Rows;
        }
        while self.state == State::Rows && out.len() < CHUNK_BYTES {
            let mut page =
                Page { out: &mut out, encoder: &mut self.encoder, query: &self.query, rows: &mut self.rows };
            if self.walk.page(store, &self.span, &mut page)? {
                let ending =
                    Ending { cursor: &self.cursor, rows: self.rows, incremental: self.query.since.is_some() };
                self.encoder.end(&mut out, ending);
                self.state = State::Done;
            }
        }
        Ok((!out.is_empty()).then_some(out))
    }

    /// All of it into `out`.
    ///
    /// # Errors
    /// The store failed, or `out` did.
    pub fn write_to(
        mut self,
        store: &(impl Exports + ?Sized),
        out: &mut dyn Write,
    ) -> Result<Exported, ExportError> {
        let mut bytes = 0;
        while let Some(piece) = self.next(store)? {
            out.write_all(&piece)?;
            bytes += piece.len() as u64;
        }
        out.flush()?;
        Ok(Exported { cursor: self.cursor, rows: self.rows, bytes })
    }
}

impl Walk {
    fn new(query: &Query) -> Self {
        match &query.resource.source {
            Source::Records { kind, columns } => {
                let status = query.resource.status.filter(|_| !query.statuses.is_empty());
                let status =
                    status.and_then(|name| columns.all().into_iter().find(|column| column.info.name == name));
                let columns = chosen(columns, &query.columns);
                let any = |names: &[&str]| columns.iter().any(|column| names.contains(&column.info.name));
                let wanted = Wanted {
                    client: !query.territories.is_empty()
                        || any(&[
                            "client_id",
                            "client_code",
                            "client_name",
                            "kept_client_id",
                            "territory_id",
                        ]),
                    received: any(&["received_at"]),
                    author: !query.reps.is_empty() || any(&["author_id", "author_name"]),
                };
                let (place, authors) = (RecordPlace::Start, Authors::default());
                Self::Records { kind, columns, status, wanted, place, authors }
            }
            Source::Clients(columns) => {
                Self::Clients { columns: chosen(columns, &query.columns), place: ClientPlace::Start }
            }
        }
    }

    fn columns(&self) -> Vec<&'static ColumnInfo> {
        match self {
            Self::Records { columns, .. } => columns.iter().map(|column| &column.info).collect(),
            Self::Clients { columns, .. } => columns.iter().map(|column| &column.info).collect(),
        }
    }

    /// Reads one page; true at the end.
    fn page(
        &mut self,
        store: &(impl Exports + ?Sized),
        span: &Span,
        page: &mut Page<'_>,
    ) -> storage::Result<bool> {
        match self {
            Self::Records { kind, columns, status, wanted, place, authors } => {
                *place = store.export_records(kind, span, *wanted, *place, authors, &mut |stored| {
                    page.record(stored, columns, *status)
                })?;
                Ok(*place == RecordPlace::End)
            }
            Self::Clients { columns, place } => {
                *place = store.export_clients(span, *place, &mut |stored| page.client(stored, columns))?;
                Ok(*place == ClientPlace::End)
            }
        }
    }
}

fn chosen<F: Family>(columns: &Columns<F>, places: &[usize]) -> Vec<&'static Column<F>> {
    let all = columns.all();
    if places.is_empty() { all } else { places.iter().filter_map(|place| all.get(*place).copied()).collect() }
}

/// Where rows of a page are written.
struct Page<'p> {
    out: &'p mut Vec<u8>,
    encoder: &'p mut Encoder,
    query: &'p Query,
    rows: &'p mut u64,
}

impl Page<'_> {
    fn row<F: Family>(&mut self, columns: &[&'static Column<F>], row: &F::Row<'_>) -> ControlFlow<()> {
        self.encoder.begin_row(self.out);
        for column in columns {
            self.encoder.cell(self.out, &column.info, &(column.get)(row));
        }
        self.encoder.end_row(self.out);
        *self.rows += 1;
        if self.out.len() < CHUNK_BYTES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn record(
        &mut self,
        stored: &StoredRecord<'_>,
        columns: &[&'static Column<Records>],
        status: Option<&'static Column<Records>>,
    ) -> ControlFlow<()> {
        let row = Record::new(stored);
        if stored.deleted || self.wants_record(&row, status) {
            return self.row(columns, &row);
        }
        if !matches!(self.query.since, Some(Since::Cursor(_))) {
            return ControlFlow::Continue(());
        }
        // It may have been wanted as it was before: who reads on from a cursor takes it out.
        let gone = StoredRecord { deleted: true, value: &[], author: None, received_ms: None, ..*stored };
        self.row(columns, &Record::new(&gone))
    }

    fn wants_record(&self, row: &Record<'_>, status: Option<&'static Column<Records>>) -> bool {
        let query = self.query;
        let date = row.stored.date;
        query.from.is_none_or(|from| date >= from.days())
            && query.to.is_none_or(|to| date < to.days())
            && self.wants_territory(row.stored.client.territory)
            && (query.reps.is_empty()
                || row.stored.author.is_some_and(|author| query.reps.contains(&author.id)))
            && status.is_none_or(|column| match (column.get)(row) {
                Value::Text(word) => query.statuses.iter().any(|wanted| *wanted == word),
                _ => false,
            })
    }

    fn wants_territory(&self, territory: Option<[u8; 16]>) -> bool {
        let wanted = &self.query.territories;
        wanted.is_empty() || wanted.iter().any(|id| *id.as_bytes() == territory.unwrap_or_default())
    }

    fn client(&mut self, stored: &StoredClient<'_>, columns: &[&'static Column<Clients>]) -> ControlFlow<()> {
        if stored.profile.is_none() || self.wants_territory(stored.territory) {
            return self.row(columns, &Client { stored });
        }
        if !matches!(self.query.since, Some(Since::Cursor(_))) {
            return ControlFlow::Continue(());
        }
        let gone = StoredClient { profile: None, ..*stored };
        self.row(columns, &Client { stored: &gone })
    }
}
