//! Records of a kind, and the lists inside them.

use std::ops::ControlFlow;

use cartera_core::model::ClientId;

use super::{Chosen, Page, Place};
use crate::export::column::{ColumnInfo, Family};
use crate::export::fields::Fields;
use crate::export::rows::{Line, Record, RecordLines, Records};
use crate::storage::Result;
use crate::storage::export::{Authors, Exports, RecordPlace, Span, Wanted};

#[derive(Debug)]
pub(super) struct Walk {
    kind: &'static str,
    chosen: Chosen<Records>,
    place: RecordPlace,
    authors: Authors,
}

#[derive(Debug)]
pub(super) struct Lines {
    kind: &'static str,
    /// Key of the list in the record's map.
    list: usize,
    chosen: Chosen<RecordLines>,
    place: RecordPlace,
    authors: Authors,
}

impl Walk {
    pub(super) fn new(kind: &'static str, chosen: Chosen<Records>) -> Self {
        Self { kind, chosen, place: RecordPlace::Start, authors: Authors::default() }
    }
}

impl Lines {
    pub(super) fn new(kind: &'static str, list: usize, chosen: Chosen<RecordLines>) -> Self {
        Self { kind, list, chosen, place: RecordPlace::Start, authors: Authors::default() }
    }
}

fn place(at: RecordPlace) -> Option<Place> {
    match at {
        RecordPlace::Log { number, record } => Some(Place::Record(number, record)),
        RecordPlace::Start | RecordPlace::Moved { .. } | RecordPlace::End => None,
    }
}

fn resume(at: &mut RecordPlace, from: &Place) -> bool {
    let Place::Record(number, record) = *from else { return false };
    *at = RecordPlace::Log { number, record };
    true
}

/// What has to be read beside the records.
pub(super) fn wanted<F: Family>(chosen: &Chosen<F>, page: &Page<'_>) -> Wanted {
    Wanted {
        client: !page.query.territories.is_empty()
            || page.query.whom.is_some()
            || chosen.has(&[
                "client_id",
                "person_id",
                "client_code",
                "client_name",
                "kept_client_id",
                "territory_id",
            ]),
        received: chosen.has(&["received_at"]),
        author: !page.query.reps.is_empty() || chosen.has(&["author_id", "author_name"]),
    }
}

impl super::Walk for Walk {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { kind, chosen, place, authors } = self;
        let wanted = wanted(chosen, page);
        *place = store.export_records(kind, span, wanted, *place, authors, &mut |stored| {
            if stored.deleted {
                return page.write(chosen, &Record::gone(stored));
            }
            page.tell(chosen, &Record::new(stored), || Record::gone(stored))
        })?;
        Ok(*place == RecordPlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, &from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        page.write(&self.chosen, &Record::erased(client, number))
    }
}

impl super::Walk for Lines {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { kind, list, chosen, place, authors } = self;
        let wanted = wanted(chosen, page);
        *place = store.export_records(kind, span, wanted, *place, authors, &mut |stored| {
            let of = Record::new(stored);
            let lines = of.fields.maps(*list);
            lines_of(page, chosen, &of, lines, |of, number, fields| Line { of, number, fields })
        })?;
        Ok(*place == RecordPlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, &from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        let of = Record::erased(client, number);
        page.write(&self.chosen, &Line { of: &of, number: 0, fields: Fields::EMPTY })
    }
}

/// All lines of something, or the one that takes them out: those who read on replace them as a whole.
pub(super) fn lines_of<'r, F: Family, P>(
    page: &mut Page<'_>,
    chosen: &Chosen<F>,
    of: &'r P,
    lines: Vec<Fields<'r>>,
    line: impl Fn(&'r P, usize, Fields<'r>) -> F::Row<'r>,
) -> ControlFlow<()> {
    let none = line(of, 0, Fields::EMPTY);
    if lines.is_empty() || !chosen.wants(page.query, &none) {
        return if page.is_incremental() { page.write(chosen, &none) } else { ControlFlow::Continue(()) };
    }
    let mut flow = ControlFlow::Continue(());
    for (n, fields) in lines.into_iter().enumerate() {
        flow = page.write(chosen, &line(of, n + 1, fields));
    }
    flow
}
