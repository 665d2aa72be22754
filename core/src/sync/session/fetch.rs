//! Pages of what is: after enrolment, after a territory was gained, and for single documents that did not apply.
//!
//! Each page is one transaction together with the key after which the next one goes on, so a cut costs one page. Where
//! the transport allows it, the next page of the stage is fetched and read on another thread while this one is written:
//! reading documents and writing their rows take about as long as each other.

use rusqlite::{Connection, Transaction};

use super::entries::{Arrived, put_office, take_document};
use super::{Line, MAX_ROUNDS, Report, SyncError};
use crate::env::Env;
use crate::model::DocumentId;
use crate::rows::{client, office};
use crate::store::{Store, meta, scope};
use crate::sync::identity::Identity;
use crate::sync::wire::{
    Bytes, Epoch, FetchItem, FetchReply, FetchRequest, ListRow, OfficeRecord, Stage, StillToFetch, Versions,
    limits,
};

/// Fetches what is still to be fetched. False: the relay's epoch or this device's scope is another one by now, of which
/// a sync tells; the rest is to be fetched after it.
pub(super) fn all(
    store: &Store,
    env: &dyn Env,
    line: &Line<'_>,
    report: &mut Report,
) -> Result<bool, SyncError> {
    let mut ahead = None;
    for _ in 0..MAX_ROUNDS {
        let page = match ahead.take() {
            Some(page) => page,
            None => match next(store)? {
                Some(request) => Page::get(line, request)?,
                None => return Ok(true),
            },
        };
        report.add_exchanges(&page.exchanges);
        let following = page.following().filter(|_| line.transport.runs_beside());
        let mut counted = report.clone();
        let (taken, fetched) = std::thread::scope(|scope| {
            let fetching = following.map(|request| scope.spawn(|| Page::get(line, request)));
            let taken = store.write(|tx| take(tx, env, page, &mut counted));
            (taken, fetching.map(|thread| thread.join()))
        });
        let is_present = taken?;
        *report = counted;
        ahead = match fetched {
            None => None,
            Some(Ok(page)) => Some(page?),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        };
        if !is_present {
            if let Some(page) = ahead {
                report.add_exchanges(&page.exchanges);
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether something was read in the epoch and under the scope that this device knows.
pub(super) fn is_present(conn: &Connection, epoch: Epoch, scope_version: u64) -> Result<bool, SyncError> {
    let known = Identity::load(conn)?.map(|identity| identity.epoch);
    Ok(known == Some(epoch) && meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0) == scope_version)
}

struct Request {
    message: FetchRequest,
    position: Option<i64>,
}

fn next(store: &Store) -> Result<Option<Request>, SyncError> {
    store.read(|conn| {
        let mut message = FetchRequest {
            versions: Versions::SPOKEN,
            scope_version: meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0),
            ..FetchRequest::default()
        };
        if let Some(part) = scope::next_stage(conn)? {
            let stage = Stage::ALL
                .into_iter()
                .find(|stage| *stage as u8 == part.stage)
                .ok_or(SyncError::Nonsense("a stage that nobody knows"))?;
            message.page = Some(StillToFetch { stage, territory: part.territory, after: Bytes(part.after) });
            return Ok(Some(Request { message, position: Some(part.position) }));
        }
        let documents = scope::to_refetch(conn, limits::ASKED)?;
        if documents.is_empty() {
            // One at a time, so that it is certain to be answered.
            let Some(client) = scope::office_to_fetch(conn)? else { return Ok(None) };
            message.office_of = vec![client].into();
        }
        message.documents = documents.into();
        Ok(Some(Request { message, position: None }))
    })
}

/// A page that arrived, read as far as that needs no store.
struct Page {
    request: Request,
    epoch: Epoch,
    scope_version: u64,
    number: u64,
    items: Vec<Item>,
    next: Vec<u8>,
    gone: Vec<DocumentId>,
    exchanges: Report,
}

enum Item {
    Row(ListRow),
    Document(Box<Arrived>),
    Office(OfficeRecord),
}

impl Page {
    fn get(line: &Line<'_>, request: Request) -> Result<Self, SyncError> {
        let mut exchanges = Report::default();
        let reply: FetchReply = line.exchange("/v1/fetch", &request.message, &mut exchanges)?;
        let read = |item| match item {
            FetchItem::Row(row) => Item::Row(row),
            FetchItem::Document(page) => Item::Document(Box::new(Arrived::read(page))),
            FetchItem::Office(record) => Item::Office(record),
        };
        let items = reply.items.0.into_iter().map(read).collect();
        Ok(Self {
            request,
            epoch: reply.epoch,
            scope_version: reply.scope_version,
            number: reply.number,
            items,
            next: reply.next.0,
            gone: reply.gone.0,
            exchanges,
        })
    }

    /// The request that goes on after this page, unless it is the last of its stage.
    fn following(&self) -> Option<Request> {
        let page = self.request.message.page.as_ref().filter(|_| !self.next.is_empty())?;
        let page = StillToFetch { after: Bytes(self.next.clone()), ..page.clone() };
        let message = FetchRequest { page: Some(page), ..self.request.message.clone() };
        Some(Request { message, position: self.request.position })
    }
}

/// False: it was not taken.
fn take(tx: &Transaction<'_>, env: &dyn Env, page: Page, report: &mut Report) -> Result<bool, SyncError> {
    if !is_present(tx, page.epoch, page.scope_version)? {
        return Ok(false);
    }
    for client in &page.request.message.office_of {
        office::forget_client(tx, client)?;
        scope::office_fetched(tx, client)?;
    }
    for item in page.items {
        match item {
            Item::Row(row) => client::show_before_arrival(tx, &row_of(row)?)?,
            Item::Document(arrived) => take_document(tx, env, &arrived, report)?,
            Item::Office(record) => {
                put_office(tx, record, page.number)?;
                report.office += 1;
            }
        }
    }
    // Asked for by name, it is on the list until it came and applied, or is not to be had; what did not fit into this
    // answer is asked for again.
    for document in &page.gone {
        scope::refetched(tx, document)?;
    }
    if let Some(position) = page.request.position {
        scope::advance_stage(tx, position, &page.next, env.now_ms())?;
    }
    Ok(true)
}

fn row_of(row: ListRow) -> Result<client::BeforeArrival, SyncError> {
    Ok(client::BeforeArrival {
        id: row.client.ok_or(SyncError::Nonsense("a list row without its client"))?,
        name: row.name.0,
        city: row.city.0,
        place: row.latitude_e7.zip(row.longitude_e7),
        territory: row.territory,
    })
}
