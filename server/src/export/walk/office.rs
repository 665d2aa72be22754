//! Office records of a kind, and the lists inside them.

use std::ops::ControlFlow;

use cartera_core::model::ClientId;

use super::records::{lines_of, wanted};
use super::{Chosen, Page, Place};
use crate::export::column::ColumnInfo;
use crate::export::fields::Fields;
use crate::export::rows::{Line, Office, OfficeLines, Offices};
use crate::storage::Result;
use crate::storage::export::{Exports, OfficePlace, Span};

#[derive(Debug)]
pub(super) struct Walk {
    kind: &'static str,
    chosen: Chosen<Offices>,
    place: OfficePlace,
}

#[derive(Debug)]
pub(super) struct Lines {
    kind: &'static str,
    list: usize,
    chosen: Chosen<OfficeLines>,
    place: OfficePlace,
}

impl Walk {
    pub(super) fn new(kind: &'static str, chosen: Chosen<Offices>) -> Self {
        Self { kind, chosen, place: OfficePlace::Start }
    }
}

impl Lines {
    pub(super) fn new(kind: &'static str, list: usize, chosen: Chosen<OfficeLines>) -> Self {
        Self { kind, list, chosen, place: OfficePlace::Start }
    }
}

fn place(at: &OfficePlace) -> Option<Place> {
    match at {
        OfficePlace::Key { source, key } => Some(Place::Office(source.clone(), key.clone())),
        OfficePlace::Start | OfficePlace::Log(_) | OfficePlace::Moved { .. } | OfficePlace::End => None,
    }
}

fn resume(at: &mut OfficePlace, from: Place) -> bool {
    let Place::Office(source, key) = from else { return false };
    *at = OfficePlace::Key { source, key };
    true
}

impl super::Walk for Walk {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { kind, chosen, place } = self;
        let wanted = wanted(chosen, page);
        *place = store.export_office(kind, span, wanted, place, &mut |stored| {
            if stored.value.is_none() {
                return page.write(chosen, &Office::gone(stored));
            }
            page.tell(chosen, &Office::new(stored), || Office::gone(stored))
        })?;
        Ok(*place == OfficePlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(&self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        page.write(&self.chosen, &Office::erased(client, &client.to_string(), number))
    }
}

impl super::Walk for Lines {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { kind, list, chosen, place } = self;
        let wanted = wanted(chosen, page);
        *place = store.export_office(kind, span, wanted, place, &mut |stored| {
            let of = Office::new(stored);
            let lines = of.fields.maps(*list);
            lines_of(page, chosen, &of, lines, |of, number, fields| Line { of, number, fields })
        })?;
        Ok(*place == OfficePlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(&self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        let id = client.to_string();
        let of = Office::erased(client, &id, number);
        page.write(&self.chosen, &Line { of: &of, number: 0, fields: Fields::EMPTY })
    }
}
