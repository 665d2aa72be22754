//! Clients, what is inside their profiles, and which of them were merged.

use std::ops::ControlFlow;

use cartera_core::model::ClientId;

use super::{Chosen, Page, Place};
use crate::export::column::ColumnInfo;
use crate::export::rows::{self, Client, Clients, Part};
use crate::storage::Result;
use crate::storage::export::{ClientPlace, ClientSet, Exports, Span, StoredClient};

#[derive(Debug)]
pub(super) struct Walk {
    chosen: Chosen<Clients>,
    place: ClientPlace,
}

#[derive(Debug)]
pub(super) struct Aliases {
    chosen: Chosen<rows::Aliases>,
    place: ClientPlace,
}

#[derive(Debug)]
pub(super) struct Parts {
    sort: &'static str,
    chosen: Chosen<rows::Parts>,
    place: ClientPlace,
}

impl Walk {
    pub(super) fn new(chosen: Chosen<Clients>) -> Self {
        Self { chosen, place: ClientPlace::Start }
    }
}

impl Aliases {
    pub(super) fn new(chosen: Chosen<rows::Aliases>) -> Self {
        Self { chosen, place: ClientPlace::Start }
    }
}

impl Parts {
    pub(super) fn new(sort: &'static str, chosen: Chosen<rows::Parts>) -> Self {
        Self { sort, chosen, place: ClientPlace::Start }
    }
}

fn place(at: ClientPlace) -> Option<Place> {
    match at {
        ClientPlace::After(doc) => Some(Place::Client(doc)),
        ClientPlace::Start | ClientPlace::End => None,
    }
}

fn resume(at: &mut ClientPlace, from: &Place) -> bool {
    let Place::Client(doc) = *from else { return false };
    *at = ClientPlace::After(doc);
    true
}

impl super::Walk for Walk {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { chosen, place } = self;
        *place = store.export_clients(span, ClientSet::Touched, *place, &mut |stored| {
            let row = Client { stored: *stored };
            page.tell(chosen, &row, || Client { stored: StoredClient { profile: None, ..*stored } })
        })?;
        Ok(*place == ClientPlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, &from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        page.write(&self.chosen, &Client { stored: StoredClient::erased(client, number) })
    }
}

impl super::Walk for Aliases {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { chosen, place } = self;
        *place = store.export_clients(span, ClientSet::Moved, *place, &mut |stored| {
            if stored.alias_of.is_none() && !page.is_incremental() {
                return ControlFlow::Continue(());
            }
            let row = Client { stored: *stored };
            if chosen.wants(page.query, &row) { page.write(chosen, &row) } else { ControlFlow::Continue(()) }
        })?;
        Ok(*place == ClientPlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, &from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        page.write(&self.chosen, &Client { stored: StoredClient::erased(client, number) })
    }
}

impl super::Walk for Parts {
    fn infos(&self) -> Vec<&'static ColumnInfo> {
        self.chosen.infos()
    }

    fn page(&mut self, store: &dyn Exports, span: &Span, page: &mut Page<'_>) -> Result<bool> {
        let Self { sort, chosen, place } = self;
        *place = store.export_clients(span, ClientSet::Touched, *place, &mut |stored| {
            parts(page, chosen, stored, sort)
        })?;
        Ok(*place == ClientPlace::End)
    }

    fn place(&self) -> Option<Place> {
        place(self.place)
    }

    fn resume(&mut self, from: Place) -> bool {
        resume(&mut self.place, &from)
    }

    fn erased(&self, client: ClientId, number: u64, page: &mut Page<'_>) -> ControlFlow<()> {
        let stored = StoredClient::erased(client, number);
        let row = Part { client: &stored, id: "", sort: self.sort, removed: true };
        page.write(&self.chosen, &row)
    }
}

/// The parts of one profile, by id; those that were removed only for who may hold them.
fn parts(
    page: &mut Page<'_>,
    chosen: &Chosen<rows::Parts>,
    client: &StoredClient<'_>,
    sort: &'static str,
) -> ControlFlow<()> {
    let mut flow = ControlFlow::Continue(());
    let Some(profile) = client.profile else { return flow };
    let mut last = "";
    for key in profile.fields.range(format!("{sort}/")..).map(|(key, _)| key) {
        let Some((id, _)) = key.strip_prefix(sort).and_then(|rest| rest.strip_prefix('/')?.split_once('/'))
        else {
            break;
        };
        if id == last {
            continue;
        }
        last = id;
        let removed = profile.fields.contains_key(&format!("{sort}/{id}/removed"));
        let row = |removed| Part { client, id, sort, removed };
        flow = match (removed, page.is_incremental()) {
            (false, _) => page.tell(chosen, &row(false), || row(true)),
            (true, true) => page.write(chosen, &row(true)),
            (true, false) => flow,
        };
    }
    flow
}
