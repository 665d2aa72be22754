//! Documents out of what was read of them.

use std::collections::{BTreeMap, HashMap};

use automerge::ChangeHash;
use rusqlite::{Transaction, params};

use super::damaged::{Damaged, StoredChange, StoredDocument, StoredUnsent};
use super::{Recovery, UNREADABLE_DOCUMENT};
use crate::document::admit::{self, Outcome};
use crate::document::{Body, Change, snapshot};
use crate::env::Env;
use crate::model::{ClientId, DocumentId, TerritoryId};
use crate::rows::documents::heads_from_blob;
use crate::rows::{self, Document, SqlFacts, client};
use crate::store::attention::{self, Refused};
use crate::store::{StoreError, scope};

/// All that was read of one document.
struct Read {
    id: Option<DocumentId>,
    stored: Option<StoredDocument>,
    changes: Vec<StoredChange>,
    /// In the order in which they were made.
    unsent: Vec<StoredUnsent>,
    place: (Option<TerritoryId>, Option<ClientId>),
}

pub(super) fn copy(
    damaged: &mut Damaged,
    tx: &Transaction<'_>,
    env: &dyn Env,
    recovery: &mut Recovery,
) -> Result<(), StoreError> {
    let mut unsent: BTreeMap<i64, Vec<StoredUnsent>> = BTreeMap::new();
    for work in damaged.outbox().into_values() {
        unsent.entry(work.doc).or_default().push(work);
    }
    let mut stored = damaged.documents();
    let ids = damaged.ids();
    let mut places = damaged.places();
    let mut docs = damaged.docs_with_changes();
    docs.extend(unsent.keys().chain(stored.keys()));
    for doc in docs {
        let read = Read {
            id: ids.get(&doc).copied(),
            stored: stored.remove(&doc),
            changes: damaged.changes(doc),
            unsent: unsent.remove(&doc).unwrap_or_default(),
            place: places.remove(&doc).unwrap_or_default(),
        };
        one(damaged, doc, read, tx, env, recovery)?;
    }
    Ok(())
}

fn one(
    damaged: &mut Damaged,
    doc: i64,
    read: Read,
    tx: &Transaction<'_>,
    env: &dyn Env,
    recovery: &mut Recovery,
) -> Result<(), StoreError> {
    let numbers: HashMap<ChangeHash, u64> =
        read.changes.iter().filter_map(|change| Some((change.hash, change.number?))).collect();
    let mut acknowledged: Vec<(Change, u64)> = Vec::new();
    let mut unsent_here: HashMap<ChangeHash, Change> = HashMap::new();
    for change in read.changes {
        let Some(bytes) = change.bytes else { continue };
        match (whole(&bytes, &change.hash), change.number) {
            (Some(whole), Some(number)) => acknowledged.push((whole, number)),
            (Some(whole), None) => drop(unsent_here.insert(whole.hash, whole)),
            (None, _) => damaged.note("changes"),
        }
    }
    let mut unsent = unsent(damaged, doc, read.unsent, unsent_here);
    let all = || acknowledged.iter().map(|(change, _)| change).chain(unsent.iter().map(|(_, change)| change));
    let founded_here = all().find_map(founded);
    let Some(id) = read.stored.as_ref().map(|stored| stored.id).or(read.id).or(founded_here) else {
        // Whose it was cannot be told any more, and nothing can be done with it but keep it.
        damaged.note("documents");
        for (work, change) in unsent {
            set_aside(tx, env, DocumentId::from_bytes([0; 16]), work, change)?;
        }
        return Ok(());
    };
    let (territory, alias) = read.place;
    if let Some((work, _)) = unsent.iter_mut().find(|(_, change)| founded(change).is_some()) {
        // Where the outbox could not be read it is not known any more where a new client was to belong.
        work.territory = work.territory.or(territory);
    }
    if Document::find(tx, &id)?.is_some() {
        damaged.note("documents");
        return Ok(());
    }
    let generation = read.stored.as_ref().map_or(0, |stored| stored.generation);
    let mut document = Document::create(tx, id, generation)?;
    install(damaged, doc, tx, &mut document, &numbers)?;

    // A change's operations are numbered past those of its dependencies.
    acknowledged.sort_by_key(|(change, _)| (change.start_op, change.hash));
    for (change, number) in &acknowledged {
        if let Outcome::Admit = judge(tx, &document, change)? {
            rows::apply(tx, &mut document, change, Some(*number))?;
        }
    }
    // Without anything acknowledged there is nobody to have it from. What founded it is unsent, or the relay has it.
    let known_to_relay = !numbers.is_empty()
        || read.stored.as_ref().map_or(founded_here.is_none() && damaged.is_whole("outbox"), |stored| {
            !stored.acknowledged.is_empty()
        });
    for (work, change) in unsent {
        let fits = match judge(tx, &document, &change)? {
            Outcome::Duplicate { .. } => continue,
            outcome => matches!(outcome, Outcome::Admit),
        };
        if fits {
            rows::apply(tx, &mut document, &change, None)?;
        } else if known_to_relay {
            recovery.unseen += 1;
        } else {
            set_aside(tx, env, id, work, change)?;
            continue;
        }
        queue(tx, document.row, &work)?;
    }
    let is = |now: &[ChangeHash], stored: &[u8]| heads_from_blob(stored).is_ok_and(|heads| heads == now);
    let whole = read.stored.as_ref().is_some_and(|stored| {
        is(&document.heads, &stored.heads) && is(&document.acknowledged, &stored.acknowledged)
    });
    for (hash, receipt) in damaged.receipts(doc) {
        if numbers.contains_key(&ChangeHash(hash)) {
            tx.prepare_cached("INSERT OR IGNORE INTO receipts (doc, hash, receipt) VALUES (?1, ?2, ?3)")?
                .execute(params![document.row, hash, receipt])?;
        }
    }
    client::set_territory(tx, document.row, territory.as_ref())?;
    client::set_alias(tx, document.row, alias.as_ref())?;
    if whole {
        recovery.documents += 1;
    } else {
        recovery.incomplete += 1;
        if known_to_relay {
            scope::refetch(tx, &id)?;
        }
        if document.heads.is_empty() && count_unsent(tx, document.row)? == 0 && !known_to_relay {
            document.delete(tx)?;
        }
    }
    Ok(())
}

/// The snapshot in the document's place, if it can be read and is what it was.
fn install(
    damaged: &mut Damaged,
    doc: i64,
    tx: &Transaction<'_>,
    document: &mut Document,
    numbers: &HashMap<ChangeHash, u64>,
) -> Result<(), StoreError> {
    let Some(stored) = damaged.snapshot(doc) else { return Ok(()) };
    let heads = heads_from_blob(&stored.heads).unwrap_or_default();
    let Ok(changes) = snapshot::read_changes(&stored.bytes, &heads) else {
        damaged.note("snapshots");
        return Ok(());
    };
    let number = numbers.values().copied().max().unwrap_or(1).max(stored.number);
    let before = document.clone();
    tx.execute_batch("SAVEPOINT snapshot")?;
    let generation = document.generation;
    match rows::install_snapshot(tx, document, &stored.bytes, &changes, generation, number) {
        Ok(()) => {
            tx.execute_batch("RELEASE snapshot")?;
            let mut update =
                tx.prepare_cached("UPDATE changes SET number = ?3 WHERE doc = ?1 AND hash = ?2")?;
            for (hash, number) in numbers {
                update.execute(params![document.row, hash.0, number])?;
            }
        }
        // It is not the document that it says, or its records stand in another one.
        Err(_) => {
            tx.execute_batch("ROLLBACK TO snapshot; RELEASE snapshot")?;
            *document = before;
            damaged.note("snapshots");
        }
    }
    Ok(())
}

fn judge(tx: &Transaction<'_>, document: &Document, change: &Change) -> Result<Outcome, StoreError> {
    Ok(admit::causality(change, document.id, &SqlFacts::new(tx, document))?)
}

/// A change whose bytes have the hash under which they were kept.
fn whole(bytes: &[u8], hash: &ChangeHash) -> Option<Change> {
    admit::inspect(bytes).ok().filter(|change| change.hash == *hash)
}

/// Unsent work, causes first: what stands in the outbox and what stands in `changes`, each once. Where the bytes in
/// one of them are not whole, the other's count.
fn unsent(
    damaged: &mut Damaged,
    doc: i64,
    outbox: Vec<StoredUnsent>,
    mut here: HashMap<ChangeHash, Change>,
) -> Vec<(StoredUnsent, Change)> {
    let mut found = Vec::with_capacity(outbox.len());
    for mut row in outbox {
        let also = here.remove(&row.hash);
        if let Some(change) = whole(&row.bytes, &row.hash) {
            found.push((row, change));
            continue;
        }
        damaged.note("outbox");
        if let Some(change) = also {
            row.bytes = change.bytes.clone();
            found.push((row, change));
        }
    }
    found.extend(here.into_values().map(|change| (unsent_again(doc, &change), change)));
    // A change's operations are numbered past those of its dependencies.
    found.sort_by_key(|(_, change)| (change.start_op, change.hash));
    found
}

/// The document that a first change founds.
fn founded(change: &Change) -> Option<DocumentId> {
    change.ops.iter().find_map(|op| match &op.body {
        Body::Create(id) => Some(*id),
        _ => None,
    })
}

/// As it stood in the outbox, as far as the change itself can tell.
fn unsent_again(doc: i64, change: &Change) -> StoredUnsent {
    StoredUnsent {
        doc,
        hash: change.hash,
        bytes: change.bytes.clone(),
        saved_at: change.time_s.saturating_mul(1000),
        territory: None,
        state: 0,
        code: None,
        detail: None,
    }
}

fn queue(tx: &Transaction<'_>, doc: i64, work: &StoredUnsent) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO outbox (doc, hash, bytes, saved_at, territory, state, code, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        doc,
        work.hash.0,
        work.bytes,
        work.saved_at,
        work.territory,
        work.state,
        work.code,
        work.detail
    ])?;
    Ok(())
}

/// Work that can be sent no more is kept whole, to be seen and handed in otherwise.
fn set_aside(
    tx: &Transaction<'_>,
    env: &dyn Env,
    document: DocumentId,
    work: StoredUnsent,
    change: Change,
) -> Result<(), StoreError> {
    attention::keep_refused(
        tx,
        &Refused {
            document,
            generation: 0,
            hash: change.hash,
            bytes: work.bytes,
            key: None,
            code: UNREADABLE_DOCUMENT.to_owned(),
            detail: String::new(),
            refused_at: env.now_ms(),
        },
    )
}

fn count_unsent(tx: &Transaction<'_>, doc: i64) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE doc = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([doc], |row| row.get(0))?)
}
