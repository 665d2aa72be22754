//! Pages of what is: after enrolment, after a territory was gained, and for single documents that did not apply.
//!
//! Each page is one transaction together with the key after which the next one goes on, so a cut costs one page.

use rusqlite::Transaction;

use super::entries::{put_office, take_document};
use super::{Line, MAX_ROUNDS, Report, SyncError};
use crate::env::Env;
use crate::rows::client;
use crate::store::{Store, meta, scope};
use crate::sync::wire::{Bytes, FetchItem, FetchReply, FetchRequest, Stage, StillToFetch, Versions, limits};

pub(super) fn all(
    store: &Store,
    env: &dyn Env,
    line: &Line<'_>,
    report: &mut Report,
) -> Result<(), SyncError> {
    for _ in 0..MAX_ROUNDS {
        let Some(request) = next(store)? else { return Ok(()) };
        let reply: FetchReply = line.exchange("/v1/fetch", &request.message, report)?;
        let mut counted = report.clone();
        store.write(|tx| take(tx, env, &request, reply, &mut counted))?;
        *report = counted;
    }
    Ok(())
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
            return Ok(None);
        }
        message.documents = documents.into();
        Ok(Some(Request { message, position: None }))
    })
}

fn take(
    tx: &Transaction<'_>,
    env: &dyn Env,
    request: &Request,
    reply: FetchReply,
    report: &mut Report,
) -> Result<(), SyncError> {
    let number = reply.number;
    for item in reply.items {
        match item {
            FetchItem::Row(row) => client::show_before_arrival(tx, &row_of(row)?)?,
            FetchItem::Document(page) => take_document(tx, env, &page, report)?,
            FetchItem::Office(record) => {
                put_office(tx, record, number)?;
                report.office += 1;
            }
        }
    }
    for document in &reply.gone {
        scope::refetched(tx, document)?;
    }
    match request.position {
        Some(position) => scope::advance_stage(tx, position, &reply.next)?,
        // Asked for by name and answered: what came and did not apply stays on its own list.
        None => {
            for document in &request.message.documents {
                scope::refetched(tx, document)?;
            }
        }
    }
    Ok(())
}

fn row_of(row: crate::sync::wire::ListRow) -> Result<client::BeforeArrival, SyncError> {
    Ok(client::BeforeArrival {
        id: row.client.ok_or(SyncError::Nonsense("a list row without its client"))?,
        name: row.name.0,
        city: row.city.0,
        place: row.latitude_e7.zip(row.longitude_e7),
        territory: row.territory,
    })
}
