//! What holds now: read as a whole, page by page.

use std::ops::ControlFlow;

use cartera_core::model::ClientId;

use super::{Chosen, Page, Place};
use crate::export::column::ColumnInfo;
use crate::export::fields::Fields;
use crate::export::rows::{self, Audience, Delivery};
use crate::storage::Result;
use crate::storage::export::{Exports, Span};

#[derive(Debug)]
pub(super) struct Deliveries {
    chosen: Chosen<rows::Deliveries>,
    after: (u64, [u8; 16]),
}

#[derive(Debug)]
pub(super) struct Audiences {
    chosen: Chosen<rows::Audiences>,
    after: i64,
}

impl Deliveries {
    pub(super) fn new(chosen: Chosen<rows::Deliveries>) -> Self {
        Self { chosen, after: Default::default() }
    }
}

impl Audiences {
    pub(super) fn new(chosen: Chosen<rows::Audiences>) -> Self {
        Self { chosen, after: 0 }
    }
}

impl super::Walk for Deliveries {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, _: &Span, page: &mut Page<'_>) -> Result<bool> {
        let chosen = &self.chosen;
        let next = store.export_deliveries(self.after, &mut |stored| {
            let row =
                Delivery { stored: *stored, fields: Fields::new(stored.value), as_of: page.query.as_of };
            if chosen.wants(page.query, &row) { page.write(chosen, &row) } else { ControlFlow::Continue(()) }
        })?;
        self.after = next.unwrap_or(self.after);
        Ok(next.is_none())
    }

    fn place(&self) -> Option<Place> {
        Some(Place::Order(self.after.0, self.after.1))
    }

    fn resume(&mut self, from: Place) -> bool {
        let Place::Order(number, id) = from else { return false };
        self.after = (number, id);
        true
    }

    fn erased(&self, _: ClientId, _: u64, _: &mut Page<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl super::Walk for Audiences {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, _: &Span, page: &mut Page<'_>) -> Result<bool> {
        let chosen = &self.chosen;
        let next = store.export_audiences(self.after, &mut |stored| {
            let row = Audience { stored: *stored };
            if row.address().is_some() && chosen.wants(page.query, &row) {
                page.write(chosen, &row)
            } else {
                ControlFlow::Continue(())
            }
        })?;
        self.after = next.unwrap_or(self.after);
        Ok(next.is_none())
    }

    fn place(&self) -> Option<Place> {
        Some(Place::Client(self.after))
    }

    fn resume(&mut self, from: Place) -> bool {
        let Place::Client(doc) = from else { return false };
        self.after = doc;
        true
    }

    fn erased(&self, _: ClientId, _: u64, _: &mut Page<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
