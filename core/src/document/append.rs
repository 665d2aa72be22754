//! Making changes from stored facts, without loading the document.
//!
//! A record has no predecessors, and the first change of a document has nothing at all, so the bytes depend on five
//! numbers only: heads, largest counter, and the actor's last change. They are the same bytes that an Automerge
//! transaction on the loaded document would make; a test proves it.

use automerge::{ActorId, ChangeHash};

use super::admit::{Refusal, RefusalCode, schema};
use super::change::{Body, Change, Draft};
use super::facts::Facts;
use super::header::Header;
use super::keys::RecordKey;
use super::limits::{MAX_DEPS, MAX_TIME_S};
use crate::model::DocumentId;

/// A change was not made; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The stored facts could not be read.
    #[error("the document's stored state could not be read: {0}")]
    Facts(#[source] E),
    /// The document has no first change yet.
    #[error("the document has not begun: create it first")]
    NotBegun,
    /// Admission would refuse what was asked for.
    #[error(transparent)]
    Refused(Refusal),
}

impl<E> WriteError<E> {
    /// Stable, for logs and for front ends.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Facts(_) => "document_facts",
            Self::NotBegun => "document_not_begun",
            Self::Refused(refusal) => refusal.code.as_str(),
        }
    }
}

impl<E> From<Refusal> for WriteError<E> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The first change of `document`, at the device's time `time_ms`.
///
/// # Errors
/// Only for an actor that is not 16 bytes long.
pub fn create(actor: &ActorId, document: DocumentId, time_ms: i64) -> Result<Change, Refusal> {
    finish(Draft {
        actor: actor.clone(),
        seq: 1,
        start_op: 1,
        time_s: seconds(time_ms),
        deps: Vec::new(),
        origin: None,
        bodies: vec![Body::Create(document)],
    })
}

/// A change that puts one record: deterministic CBOR under a key that nobody has used.
///
/// # Errors
/// [`WriteError`]; a key that is taken is `record_exists`.
pub fn record<F: Facts + ?Sized>(
    actor: &ActorId,
    facts: &F,
    key: RecordKey,
    bytes: Vec<u8>,
    time_ms: i64,
) -> Result<Change, WriteError<F::Error>> {
    records(actor, facts, vec![(key, bytes)], time_ms)
}

/// A change that puts several records, all or none.
///
/// # Errors
/// As [`record`]; no records at all is `malformed`.
pub fn records<F: Facts + ?Sized>(
    actor: &ActorId,
    facts: &F,
    records: Vec<(RecordKey, Vec<u8>)>,
    time_ms: i64,
) -> Result<Change, WriteError<F::Error>> {
    let mut bodies = Vec::with_capacity(records.len());
    for (key, bytes) in records {
        if facts.record(&key).map_err(WriteError::Facts)?.is_some() {
            return Err(Refusal::new(RefusalCode::RecordExists, "the record's key is taken").into());
        }
        let header = Header::read(&bytes).map_err(Refusal::from)?;
        bodies.push(Body::Record { key, header, bytes });
    }
    let place = Place::next(actor, facts)?;
    Ok(place.change(actor, bodies, time_ms)?)
}

/// Where an actor's next change stands in its document.
pub(super) struct Place {
    pub seq: u64,
    pub start_op: u64,
    pub deps: Vec<ChangeHash>,
    /// Bytes of the document so far.
    size: u64,
    /// Some heads had to be left out of `deps`.
    pub partial: bool,
}

impl Place {
    pub(super) fn next<F: Facts + ?Sized>(actor: &ActorId, facts: &F) -> Result<Self, WriteError<F::Error>> {
        let mut deps = facts.heads().map_err(WriteError::Facts)?;
        if deps.is_empty() {
            return Err(WriteError::NotBegun);
        }
        let last = facts.last_of(actor).map_err(WriteError::Facts)?;
        let own = last.as_ref().map(|last| last.hash);
        let own_is_head = own.is_none_or(|own| deps.binary_search(&own).is_ok());
        let partial = deps.len() + usize::from(!own_is_head) > MAX_DEPS;
        if partial {
            deps.retain(|head| Some(*head) != own);
            deps.truncate(MAX_DEPS - usize::from(own.is_some()));
        }
        if let Some(own) = own
            && let Err(place) = deps.binary_search(&own)
        {
            deps.insert(place, own);
        }
        let max_op = if partial {
            let mut max_op = 0;
            for dep in &deps {
                let change = facts.change(dep).map_err(WriteError::Facts)?;
                max_op = max_op.max(change.map_or(0, |change| change.max_op));
            }
            max_op
        } else {
            facts.max_op().map_err(WriteError::Facts)?
        };
        let size = facts.size().map_err(WriteError::Facts)?;
        Ok(Self { seq: last.map_or(1, |last| last.seq + 1), start_op: max_op + 1, deps, size, partial })
    }

    pub(super) fn change(self, actor: &ActorId, bodies: Vec<Body>, time_ms: i64) -> Result<Change, Refusal> {
        let change = finish(Draft {
            actor: actor.clone(),
            seq: self.seq,
            start_op: self.start_op,
            time_s: seconds(time_ms),
            deps: self.deps,
            origin: None,
            bodies,
        })?;
        schema::check_document_size(self.size, change.bytes.len())?;
        Ok(change)
    }
}

/// Encodes a draft that admission would pass.
pub(super) fn finish(draft: Draft) -> Result<Change, Refusal> {
    schema::check(&draft)?;
    let change =
        draft.encode().ok_or(Refusal::new(RefusalCode::Malformed, "the change cannot be encoded"))?;
    schema::check_size(change.bytes.len())?;
    Ok(change)
}

fn seconds(time_ms: i64) -> i64 {
    time_ms.div_euclid(1_000).clamp(-MAX_TIME_S, MAX_TIME_S)
}
