//! Where the two sides' digests differ: which documents and office records, and how they come to agree again. What is
//! acknowledged here was offered before ([`epoch`](super::epoch)), so that nothing is replaced or dropped of which this
//! phone has the only copy.
//!
//! Never a full reset: sums of buckets, then names and fingerprints of what lies in those that differ, then exactly
//! that is fetched. What the relay does not have in this scope leaves, unless something unsent is in it. It answers for as
//! many whole buckets as fit; the others are asked for again, and nothing leaves that lies in a bucket for which it has
//! not answered. Each thing put right is counted: it means a defect somewhere.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction};

use super::entries::{Arrived, put_office, take_document};
use super::{Line, Report, SyncError, fetch, kept};
use crate::env::Env;
use crate::model::{ClientId, DocumentId};
use crate::rows::documents::heads_from_blob;
use crate::rows::office;
use crate::store::{Store, meta, scope};
use crate::sync::digest::{DocumentTerm, Sum, document_bucket, office_bucket, office_name, office_term};
use crate::sync::wire::{
    Buckets, DigestAnswer, DigestBytes, DigestReply, DigestRequest, DigestStep, Epoch, FetchItem, FetchReply,
    FetchRequest, Fingerprint, List, Versions, limits,
};

/// The terms of all that this device holds acknowledged.
#[derive(Debug, Default)]
pub(super) struct Terms {
    documents: BTreeMap<DocumentId, Sum>,
    office: BTreeMap<Fingerprint, Sum>,
}

impl Terms {
    pub(super) fn sum(&self) -> Sum {
        let mut sum = Sum::default();
        self.documents.values().chain(self.office.values()).for_each(|term| sum += *term);
        sum
    }

    /// The buckets whose sums are others than `theirs`.
    fn differing(&self, theirs: &Buckets) -> Result<InBuckets, SyncError> {
        let mut documents = vec![Sum::default(); limits::BUCKETS];
        let mut office = documents.clone();
        self.documents.iter().for_each(|(id, term)| documents[usize::from(document_bucket(id))] += *term);
        self.office.iter().for_each(|(name, term)| office[usize::from(office_bucket(name))] += *term);
        let differ = |ours: &[Sum], theirs: &[DigestBytes]| {
            if theirs.len() != limits::BUCKETS {
                return Err(SyncError::Nonsense("a digest has 256 buckets"));
            }
            let pairs = (0u8..=255).zip(ours.iter().zip(theirs));
            Ok(pairs.filter(|(_, (ours, theirs))| ours.to_bytes() != **theirs).map(|(n, _)| n).collect())
        };
        Ok(InBuckets {
            documents: differ(&documents, &theirs.documents)?,
            office: differ(&office, &theirs.office)?,
        })
    }
}

/// Buckets of documents, and of office records.
#[derive(Debug, Default)]
struct InBuckets {
    documents: BTreeSet<u8>,
    office: BTreeSet<u8>,
}

impl InBuckets {
    fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.office.is_empty()
    }

    /// Takes those of `others` out that are in here.
    fn split_off(&mut self, others: &Self) -> Self {
        let taken = Self {
            documents: self.documents.intersection(&others.documents).copied().collect(),
            office: self.office.intersection(&others.office).copied().collect(),
        };
        self.documents.retain(|bucket| !taken.documents.contains(bucket));
        self.office.retain(|bucket| !taken.office.contains(bucket));
        taken
    }
}

/// Whether this device's digest is another than the relay's, which leaves `left_out` out. Where they agree, the sum is
/// kept for the next time.
pub(super) fn is_needed(
    store: &Store,
    theirs: DigestBytes,
    left_out: &[DocumentId],
    report: &mut Report,
) -> Result<bool, SyncError> {
    let mut is_wrongly_kept = false;
    let differ = store.read::<_, SyncError>(|conn| {
        // What the request left out, and what its answer has put aside since.
        let excluded = scope::excluded(conn, limits::EXCLUDED)?;
        let both: BTreeSet<DocumentId> = left_out.iter().chain(&excluded).copied().collect();
        let kept = kept_but(conn, &both)?;
        if kept.is_some_and(|sum| sum.to_bytes() == theirs) {
            return Ok(false);
        }
        let both: Vec<_> = both.into_iter().collect();
        let differ = terms(conn, &both)?.sum().to_bytes() != theirs;
        is_wrongly_kept = !differ && kept.is_some();
        Ok(differ)
    })?;
    if !differ {
        report.repaired += u64::from(is_wrongly_kept);
        keep(store, theirs, left_out, is_wrongly_kept)?;
    }
    Ok(differ)
}

/// Finds out where the two sides differ, and takes the relay's.
pub(super) fn run(
    store: &Store,
    env: &dyn Env,
    line: &Line<'_>,
    report: &mut Report,
) -> Result<(), SyncError> {
    let (ours, scope_version, excluded) = store.read::<_, SyncError>(|conn| {
        let excluded = scope::excluded(conn, limits::EXCLUDED)?;
        let version = meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0);
        Ok((terms(conn, &excluded)?, version, excluded))
    })?;
    let asked = Asked { ours: &ours, scope_version, excluded: &excluded };
    let mut left = asked.differing(line, report)?;
    while let Some(plan) = asked.next(line, &mut left, report)? {
        // What differs for another scope or epoch the next sync tells.
        let is_present = store.read(|conn| fetch::is_present(conn, plan.epoch, plan.scope_version))?;
        if !is_present || !carry_out(store, env, line, scope_version, &plan, report)? {
            return Ok(());
        }
    }
    Ok(())
}

/// The kept sum without some documents.
fn kept_but(conn: &Connection, excluded: &BTreeSet<DocumentId>) -> Result<Option<Sum>, SyncError> {
    let Some(mut sum) = kept::digest(conn)? else { return Ok(None) };
    for document in excluded {
        sum -= document_term(conn, document)?;
    }
    Ok(Some(sum))
}

/// The digests agree: this device's is kept for the next time, if that is due or has to be.
fn keep(store: &Store, theirs: DigestBytes, left_out: &[DocumentId], must: bool) -> Result<(), SyncError> {
    if !must && !store.read(kept::is_due)? {
        return Ok(());
    }
    store.write(|tx| {
        let whole = terms(tx, &[])?.sum();
        // Somebody may have gone on since it was compared: then it is compared and kept the next time.
        let mut excluded: BTreeSet<_> = scope::excluded(tx, limits::EXCLUDED)?.into_iter().collect();
        excluded.extend(left_out);
        let mut compared = whole;
        for document in &excluded {
            compared -= document_term(tx, document)?;
        }
        if compared.to_bytes() == theirs { kept::keep(tx, whole) } else { kept::forget(tx) }
    })
}

/// Documents of which the relay lacks something that is acknowledged here, or that it has otherwise.
pub(super) fn differing(
    store: &Store,
    line: &Line<'_>,
    report: &mut Report,
) -> Result<Vec<DocumentId>, SyncError> {
    let (ours, scope_version) = store.read::<_, SyncError>(|conn| {
        Ok((terms(conn, &[])?, meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0)))
    })?;
    let asked = Asked { ours: &ours, scope_version, excluded: &[] };
    let buckets = asked.differing(line, report)?;
    let mut left = InBuckets { office: BTreeSet::new(), ..buckets };
    let mut differing = Vec::new();
    while let Some(plan) = asked.next(line, &mut left, report)? {
        differing.extend(plan.fetch_documents.into_iter().filter(|id| ours.documents.contains_key(id)));
        differing.extend(plan.drop_documents);
    }
    // Where the relay does not answer it may lack anything.
    let unknown = ours.documents.keys().filter(|id| left.documents.contains(&document_bucket(id)));
    differing.extend(unknown);
    Ok(differing)
}

/// What the relay is asked about.
struct Asked<'a> {
    ours: &'a Terms,
    scope_version: u64,
    excluded: &'a [DocumentId],
}

impl Asked<'_> {
    fn ask(&self, line: &Line<'_>, step: DigestStep, report: &mut Report) -> Result<DigestReply, SyncError> {
        let request = DigestRequest {
            versions: Versions::SPOKEN,
            scope_version: self.scope_version,
            step,
            excluded: self.excluded.to_vec().into(),
        };
        line.exchange("/v1/digest", &request, report)
    }

    fn differing(&self, line: &Line<'_>, report: &mut Report) -> Result<InBuckets, SyncError> {
        let DigestAnswer::Buckets(buckets) = self.ask(line, DigestStep::Buckets, report)?.answer else {
            return Err(SyncError::Nonsense("buckets were asked for"));
        };
        self.ours.differing(&buckets)
    }

    /// What differs in those of the buckets for which the relay answers, which it takes out of them; `None` once it
    /// answers for none of them.
    fn next(
        &self,
        line: &Line<'_>,
        left: &mut InBuckets,
        report: &mut Report,
    ) -> Result<Option<Plan>, SyncError> {
        if left.is_empty() {
            return Ok(None);
        }
        let step = DigestStep::Items {
            documents: left.documents.iter().copied().collect(),
            office: left.office.iter().copied().collect(),
        };
        let reply = self.ask(line, step, report)?;
        let DigestAnswer::Items { documents, office, whole_documents, whole_office } = reply.answer else {
            return Err(SyncError::Nonsense("items were asked for"));
        };
        let whole = left.split_off(&InBuckets {
            documents: whole_documents.into_iter().collect(),
            office: whole_office.into_iter().collect(),
        });
        if whole.is_empty() {
            return Ok(None);
        }
        let in_documents = |id: &DocumentId| whole.documents.contains(&document_bucket(id));
        let in_office = |name: &Fingerprint| whole.office.contains(&office_bucket(name));
        let documents: BTreeMap<_, _> =
            documents.into_iter().map(|item| (item.document, item.fingerprint)).collect();
        let office: BTreeMap<_, _> = office.into_iter().collect();
        Ok(Some(Plan {
            epoch: reply.epoch,
            scope_version: reply.scope_version,
            fetch_documents: missing(&self.ours.documents, &documents),
            fetch_office: missing(&self.ours.office, &office),
            drop_documents: surplus(&self.ours.documents, &documents, in_documents),
            drop_office: surplus(&self.ours.office, &office, in_office),
        }))
    }
}

struct Plan {
    /// In which the relay looked.
    epoch: Epoch,
    scope_version: u64,
    fetch_documents: Vec<DocumentId>,
    fetch_office: Vec<Fingerprint>,
    drop_documents: Vec<DocumentId>,
    drop_office: Vec<Fingerprint>,
}

/// What they have and we lack or have otherwise.
fn missing<K: Ord + Copy>(ours: &BTreeMap<K, Sum>, theirs: &BTreeMap<K, Fingerprint>) -> Vec<K> {
    let same =
        |name: &K, theirs: &Fingerprint| ours.get(name).is_some_and(|term| term.fingerprint() == *theirs);
    theirs.iter().filter(|(name, print)| !same(name, print)).map(|(name, _)| *name).collect()
}

/// What we have, in the buckets of which they told all, and they do not.
fn surplus<K: Ord + Copy>(
    ours: &BTreeMap<K, Sum>,
    theirs: &BTreeMap<K, Fingerprint>,
    is_told: impl Fn(&K) -> bool,
) -> Vec<K> {
    ours.keys().filter(|name| is_told(name) && !theirs.contains_key(name)).copied().collect()
}

/// Whether all of it could be done; not where scope or epoch became others meanwhile.
fn carry_out(
    store: &Store,
    env: &dyn Env,
    line: &Line<'_>,
    scope_version: u64,
    plan: &Plan,
    report: &mut Report,
) -> Result<bool, SyncError> {
    store.write::<_, SyncError>(|tx| {
        for document in &plan.drop_documents {
            scope::leave(tx, &ClientId::from_bytes(*document.as_bytes()), env.now_ms())?;
        }
        drop_office(tx, &plan.drop_office)
    })?;
    report.repaired += (plan.drop_documents.len() + plan.drop_office.len()) as u64;
    let mut documents = plan.fetch_documents.chunks(limits::ASKED / 10);
    let mut office = plan.fetch_office.chunks(limits::ASKED);
    loop {
        let (some_documents, some_office) = (documents.next(), office.next());
        if some_documents.is_none() && some_office.is_none() {
            return Ok(true);
        }
        let request = FetchRequest {
            versions: Versions::SPOKEN,
            scope_version,
            documents: List(some_documents.unwrap_or_default().to_vec()),
            office: List(some_office.unwrap_or_default().to_vec()),
            ..FetchRequest::default()
        };
        let reply: FetchReply = line.exchange("/v1/fetch", &request, report)?;
        let mut counted = report.clone();
        if !store.write(|tx| take(tx, env, reply, &mut counted))? {
            return Ok(false);
        }
        *report = counted;
    }
}

fn take(
    tx: &Transaction<'_>,
    env: &dyn Env,
    reply: FetchReply,
    report: &mut Report,
) -> Result<bool, SyncError> {
    if !fetch::is_present(tx, reply.epoch, reply.scope_version)? {
        return Ok(false);
    }
    let number = reply.number;
    for item in reply.items {
        match item {
            FetchItem::Document(page) => take_document(tx, env, &Arrived::read(page), report)?,
            FetchItem::Office(record) => {
                // It differs under the number that it has here: that one says nothing.
                let at = record.number.unwrap_or(number);
                let there = office::get(tx, &record.kind, &record.source, &record.key)?;
                if there.is_some_and(|(_, here)| here <= at) {
                    office::forget_one(tx, &record.kind, &record.source, &record.key)?;
                }
                put_office(tx, record, number)?;
            }
            FetchItem::Row(_) => return Err(SyncError::Nonsense("no list rows were asked for")),
        }
        report.repaired += 1;
    }
    Ok(true)
}

fn drop_office(tx: &Transaction<'_>, names: &[Fingerprint]) -> Result<(), SyncError> {
    if names.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<&Fingerprint> = names.iter().collect();
    let mut statement = tx.prepare_cached("SELECT kind, source, key FROM office WHERE value IS NOT NULL")?;
    let keys = statement
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (kind, source, key) in keys {
        if names.contains(&office_name(&kind, &source, &key)) {
            office::forget_one(tx, &kind, &source, &key)?;
        }
    }
    Ok(())
}

/// A document's term as it is here; nought for one of which nothing is acknowledged.
pub(super) fn document_term(conn: &Connection, document: &DocumentId) -> Result<Sum, SyncError> {
    let mut statement = conn.prepare_cached(
        "SELECT d.generation, c.territory, c.alias_of, d.acked
         FROM documents d LEFT JOIN clients c ON c.doc = d.doc WHERE d.id = ?1",
    )?;
    let mut rows = statement.query([document])?;
    let Some(row) = rows.next()? else { return Ok(Sum::default()) };
    let heads = heads_from_blob(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?;
    if heads.is_empty() {
        return Ok(Sum::default());
    }
    let (generation, territory, alias_of) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(DocumentTerm { document: *document, generation, territory, alias_of, heads: &heads }.sum())
}

pub(super) fn terms(conn: &Connection, excluded: &[DocumentId]) -> Result<Terms, SyncError> {
    let mut terms = Terms::default();
    let mut statement = conn.prepare_cached(
        "SELECT d.id, d.generation, c.territory, c.alias_of, d.acked
         FROM documents d LEFT JOIN clients c ON c.doc = d.doc WHERE length(d.acked) > 0",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let document: DocumentId = row.get(0)?;
        if excluded.contains(&document) {
            continue;
        }
        let heads = heads_from_blob(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?)?;
        let term = DocumentTerm {
            document,
            generation: row.get(1)?,
            territory: row.get(2)?,
            alias_of: row.get(3)?,
            heads: &heads,
        };
        terms.documents.insert(document, term.sum());
    }
    let mut statement =
        conn.prepare_cached("SELECT kind, source, key, value FROM office WHERE value IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, source, key): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let value: Vec<u8> = row.get(3)?;
        terms
            .office
            .insert(office_name(&kind, &source, &key), office_term(&kind, &source, &key, Some(&value)));
    }
    Ok(terms)
}
