//! Walks over the sources of rows: each reads one page of the store after the other, chooses, and writes.

mod clients;
mod figures;
mod lists;
mod office;
mod present;
mod records;

use std::fmt;
use std::io;
use std::ops::ControlFlow;

use cartera_core::model::ClientId;
use serde::{Deserialize, Serialize};

use super::column::{Column, ColumnInfo, Columns, Family};
use super::format::Encoder;
use super::query::{Query, Since};
use super::resources::Source;
use super::value::Value;
use crate::storage::Result;
use crate::storage::export::{Exports, Span};

/// A walk on its way.
pub(super) trait Walk: fmt::Debug + Send {
    /// Columns in the order in which they are written.
    fn infos(&self) -> Vec<&'static ColumnInfo>;

    /// Reads one page; true at the end.
    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool>;

    /// Where it stands, for a walk that is taken up later; `None` where all is told in one page.
    fn place(&self) -> Option<Place> {
        None
    }

    /// Goes on from there; false if the place is one of another source.
    fn resume(&mut self, _: Place) -> bool {
        false
    }

    /// Writes the one row that takes out every row of a client that was erased: its id is the client's.
    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()>;
}

/// Where a walk over all that there is stands: after this. It never moves while others write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// An entry of the log, and a row.
    Record(u64, i64),
    Client(i64),
    /// Source and key.
    Office(String, String),
    /// Number and id.
    Order(u64, [u8; 16]),
    /// Of rows that are computed at one time: as of which day, how many were told, the id of the last.
    Computed(i32, usize, String),
}

/// The walk that a query asks for.
pub(super) fn of(query: &Query) -> Box<dyn Walk> {
    match &query.resource.source {
        Source::Records { kind, columns } => Box::new(records::Walk::new(kind, Chosen::of(columns, query))),
        Source::RecordLines { kind, list, columns } => {
            Box::new(records::Lines::new(kind, *list, Chosen::of(columns, query)))
        }
        Source::Office { kind, columns } => Box::new(office::Walk::new(kind, Chosen::of(columns, query))),
        Source::OfficeLines { kind, list, columns } => {
            Box::new(office::Lines::new(kind, *list, Chosen::of(columns, query)))
        }
        Source::Clients(columns) => Box::new(clients::Walk::new(Chosen::of(columns, query))),
        Source::Aliases(columns) => Box::new(clients::Aliases::new(Chosen::of(columns, query))),
        Source::Parts { sort, columns } => Box::new(clients::Parts::new(sort, Chosen::of(columns, query))),
        Source::Deliveries(columns) => Box::new(present::Deliveries::new(Chosen::of(columns, query))),
        Source::Audiences(columns) => Box::new(present::Audiences::new(Chosen::of(columns, query))),
        Source::People(columns) => Box::new(lists::People::new(Chosen::of(columns, query))),
        Source::Territories(columns) => Box::new(lists::Territories::new(Chosen::of(columns, query))),
        Source::Figures(columns) => Box::new(figures::Told::new(Chosen::of(columns, query), columns.key())),
        Source::Portfolio(columns) => Box::new(figures::Told::new(Chosen::of(columns, query), columns.key())),
        Source::Members(columns) => Box::new(figures::Told::new(Chosen::of(columns, query), columns.key())),
        Source::Coverage(columns) => Box::new(figures::Told::new(Chosen::of(columns, query), columns.key())),
        Source::OpenItems(columns) => Box::new(figures::Told::new(Chosen::of(columns, query), columns.key())),
        Source::Cohorts(columns) => Box::new(figures::Told::new(Chosen::of(columns, query), columns.key())),
    }
}

/// Where a page's rows are written.
#[derive(Debug)]
pub(super) struct Page<'p> {
    pub(super) out: &'p mut Vec<u8>,
    pub(super) encoder: &'p mut Encoder,
    pub(super) query: &'p Query,
    pub(super) rows: &'p mut u64,
    /// A piece of the answer is cut once it has so many bytes; one row more may make it longer.
    pub(super) piece_bytes: usize,
    /// Why a row could not be written.
    pub(super) failed: &'p mut Option<io::Error>,
}

impl Page<'_> {
    /// Whether those who ask hold rows that may have to go.
    fn is_incremental(&self) -> bool {
        matches!(self.query.since, Some(Since::Cursor(_)))
    }

    fn write<F: Family>(&mut self, chosen: &Chosen<F>, row: &F::Row<'_>) -> ControlFlow<()> {
        if !chosen.fits(self.query, row) {
            return ControlFlow::Continue(());
        }
        self.encoder.begin_row(self.out);
        for column in &chosen.columns {
            self.encoder.cell(self.out, &column.info, &(column.get)(row));
        }
        if let Err(error) = self.encoder.end_row(self.out) {
            self.failed.get_or_insert(error);
            return ControlFlow::Break(());
        }
        *self.rows += 1;
        let more = self.out.len() < self.piece_bytes && !self.encoder.is_full();
        if more { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Writes the row if it is wanted; if it is not, it may have been, and `gone` takes it out.
    fn tell<'g, F: Family>(
        &mut self,
        chosen: &Chosen<F>,
        row: &F::Row<'_>,
        gone: impl FnOnce() -> F::Row<'g>,
    ) -> ControlFlow<()> {
        match (chosen.wants(self.query, row), self.is_incremental()) {
            (true, _) => self.write(chosen, row),
            (false, true) => self.write(chosen, &gone()),
            (false, false) => ControlFlow::Continue(()),
        }
    }
}

/// The columns that were chosen, and those by which rows are.
#[derive(Debug)]
pub(super) struct Chosen<F: Family> {
    columns: Vec<&'static Column<F>>,
    date: Option<&'static Column<F>>,
    status: Option<&'static Column<F>>,
    /// Those that the query's filter looks at, by their places among all.
    filtered: Vec<(usize, &'static Column<F>)>,
    /// Whether rows are about clients, who may be others' than those of who asks.
    is_about_clients: bool,
}

impl<F: Family> Chosen<F> {
    fn of(columns: &'static Columns<F>, query: &Query) -> Self {
        let all = columns.all();
        let named = |name: Option<&str>| all.iter().copied().find(|column| Some(column.info.name) == name);
        let mut filtered = Vec::new();
        if let Some(filter) = &query.filter {
            filter.columns(&mut |place| filtered.extend(all.get(place).map(|column| (place, *column))));
        }
        let by_date = query.from.is_some() || query.to.is_some();
        Self {
            is_about_clients: query.resource.is_about_clients(),
            filtered,
            date: named(query.resource.date.filter(|_| by_date)),
            status: named(query.resource.status.filter(|_| !query.statuses.is_empty())),
            columns: if query.columns.is_empty() {
                all
            } else {
                query.columns.iter().filter_map(|place| all.get(*place).copied()).collect()
            },
        }
    }

    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.columns.iter().map(|column| &column.info).collect()
    }

    fn has(&self, names: &[&str]) -> bool {
        let looked_at = self.filtered.iter().map(|(_, column)| column);
        self.columns.iter().chain(looked_at).any(|column| names.contains(&column.info.name))
    }

    /// Whether the query's filter holds of the row.
    fn fits(&self, query: &Query, row: &F::Row<'_>) -> bool {
        query.filter.as_ref().is_none_or(|filter| {
            filter.holds(&|place| {
                let column = self.filtered.iter().find(|(at, _)| *at == place);
                column.map_or(Value::Null, |(_, column)| (column.get)(row))
            })
        })
    }

    fn wants(&self, query: &Query, row: &F::Row<'_>) -> bool {
        self.date.is_none_or(|column| match (column.get)(row) {
            Value::Date(days) => {
                query.from.is_none_or(|from| days >= from.days())
                    && query.to.is_none_or(|to| days < to.days())
            }
            _ => false,
        }) && self.status.is_none_or(|column| match (column.get)(row) {
            Value::Text(word) => query.statuses.iter().any(|wanted| *wanted == word),
            _ => false,
        }) && (query.territories.is_empty() || {
            let territory = F::territory(row).unwrap_or_default();
            query.territories.iter().any(|wanted| *wanted.as_bytes() == territory)
        }) && query.whom.as_ref().is_none_or(|whom| !self.is_about_clients || F::is_of(row, whom))
            && (query.reps.is_empty() || F::author(row).is_some_and(|author| query.reps.contains(&author)))
    }
}
