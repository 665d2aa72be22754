//! What there are at most some thousand of: always told as a whole, in one page.

use std::ops::ControlFlow;

use cartera_core::model::ClientId;

use super::{Chosen, Page};
use crate::export::column::ColumnInfo;
use crate::export::rows;
use crate::storage::Result;
use crate::storage::export::{Exports, Span};

#[derive(Debug)]
pub(super) struct People(Chosen<rows::People>);

#[derive(Debug)]
pub(super) struct Territories(Chosen<rows::Territories>);

impl People {
    pub(super) fn new(chosen: Chosen<rows::People>) -> Self {
        Self(chosen)
    }
}

impl Territories {
    pub(super) fn new(chosen: Chosen<rows::Territories>) -> Self {
        Self(chosen)
    }
}

impl super::Walk for People {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.0.infos()
    }

    fn page(&mut self, store: &dyn Exports, _: &Span, page: &mut Page<'_>) -> Result<bool> {
        for person in store.people()? {
            let _ = page.write(&self.0, &person); // bounded by `PEOPLE_MAX`
        }
        Ok(true)
    }

    fn erased(&self, _: ClientId, _: u64, _: &mut Page<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl super::Walk for Territories {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.0.infos()
    }

    fn page(&mut self, store: &dyn Exports, _: &Span, page: &mut Page<'_>) -> Result<bool> {
        for territory in store.territories()? {
            let _ = page.write(&self.0, &territory); // bounded by `TERRITORIES_MAX`
        }
        Ok(true)
    }

    fn erased(&self, _: ClientId, _: u64, _: &mut Page<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
