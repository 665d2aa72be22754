//! Pages of what is: after enrolment, after a territory was gained, and for single documents that did not apply.
//!
//! Pages are written in one transaction together with the key after which the next one goes on, so a cut costs the pages
//! of one transaction, and a connection that breaks none. Where the transport allows it, the next few are fetched and
//! read on another thread while these are written.

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
    let mut ahead = Batch::default();
    for _ in 0..MAX_ROUNDS {
        let mut batch = std::mem::take(&mut ahead);
        if batch.pages.is_empty() {
            if let Some(failed) = batch.failed {
                return Err(failed);
            }
            match next(store)? {
                Some(request) => batch.pages.push(Page::get(line, request)?),
                None => return Ok(true),
            }
        }
        let pages = batch.pages;
        pages.iter().for_each(|page| report.add_exchanges(&page.exchanges));
        let following = match (&batch.failed, pages.last()) {
            (None, Some(last)) if line.transport.runs_beside() => last.following(store)?,
            _ => None,
        };
        let mut counted = report.clone();
        let (taken, fetched) = std::thread::scope(|scope| {
            let fetching = following.map(|request| scope.spawn(|| Batch::get(store, line, request)));
            let taken = store.write::<_, SyncError>(|tx| {
                for page in pages {
                    if !take(tx, env, page, &mut counted)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            });
            (taken, fetching.map(|thread| thread.join()))
        });
        let is_present = taken?;
        *report = counted;
        ahead = match fetched {
            None => Batch { pages: Vec::new(), failed: batch.failed },
            Some(Ok(batch)) => batch,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        };
        if !is_present {
            ahead.pages.iter().for_each(|page| report.add_exchanges(&page.exchanges));
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

/// Pages of one stage that are written in one transaction: each writes most pages of the indices by record and by key,
/// in which what belongs together lies scattered. Twice as many lie in memory at a time: each takes some 6 MB, read.
const TOGETHER: usize = 2;

/// Pages that were fetched ahead, and why there are not more of them.
#[derive(Default)]
struct Batch {
    pages: Vec<Page>,
    failed: Option<SyncError>,
}

impl Batch {
    fn get(store: &Store, line: &Line<'_>, first: Request) -> Self {
        let mut batch = Self::default();
        let stage = first.stage();
        let mut request = Some(first);
        // What a screen waits for is written as it comes.
        let most = if stage < Some(Stage::Documents) { 1 } else { TOGETHER };
        while let Some(asked) = request.take().filter(|asked| asked.stage() == stage) {
            let got = Page::get(line, asked).and_then(|page| {
                request = page.following(store)?;
                batch.pages.push(page);
                Ok(())
            });
            batch.failed = got.err();
            if batch.failed.is_some() || batch.pages.len() == most {
                break;
            }
        }
        batch
    }
}

struct Request {
    message: FetchRequest,
    position: Option<i64>,
}

impl Request {
    fn stage(&self) -> Option<Stage> {
        self.message.page.as_ref().map(|page| page.stage)
    }
}

fn next(store: &Store) -> Result<Option<Request>, SyncError> {
    store.read(|conn| {
        let mut message = FetchRequest {
            versions: Versions::SPOKEN,
            scope_version: meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0),
            ..FetchRequest::default()
        };
        if let Some(part) = scope::next_stage(conn)? {
            let (page, position) = part_of(part)?;
            message.page = Some(page);
            return Ok(Some(Request { message, position: Some(position) }));
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

fn part_of(part: scope::ToFetch) -> Result<(StillToFetch, i64), SyncError> {
    let stage = Stage::ALL.into_iter().find(|stage| *stage as u8 == part.stage);
    let stage = stage.ok_or(SyncError::Nonsense("a stage that nobody knows"))?;
    Ok((StillToFetch { stage, territory: part.territory, after: Bytes(part.after) }, part.position))
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

    /// The request for the page that comes after this one, in its stage or the next, if there is one.
    fn following(&self, store: &Store) -> Result<Option<Request>, SyncError> {
        let (Some(page), Some(position)) = (&self.request.message.page, self.request.position) else {
            return Ok(None);
        };
        let (page, position) = if self.next.is_empty() {
            match store.read::<_, SyncError>(|conn| Ok(scope::stage_after(conn, position)?))? {
                // The list is not to share its line with what it does not need.
                Some(part) if part.stage != Stage::Documents as u8 || page.stage >= Stage::Documents => {
                    part_of(part)?
                }
                _ => return Ok(None),
            }
        } else {
            (StillToFetch { after: Bytes(self.next.clone()), ..page.clone() }, position)
        };
        let message = FetchRequest { page: Some(page), ..self.request.message.clone() };
        Ok(Some(Request { message, position: Some(position) }))
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
