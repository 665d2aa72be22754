//! A document as one Automerge document chunk: what compaction keeps, and what a first sync brings.
//!
//! Automerge can write a document that it cannot load again, so a snapshot is trusted only after it was reloaded and
//! its heads, its changes (by hash, which covers every byte of each) and its contents were compared. One from outside
//! comes from a relay that admitted every change in it; it is still read within bounds (no compressed column, run
//! lengths counted) and under `catch_unwind`, and the heads must be those announced.
//!
//! Two snapshots of one document differ in bytes when changes arrived in another order. Compare heads.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, ChangeHash, ROOT, ReadDoc};

use super::admit::{self, Refusal};
use super::change::Change;
use super::chunk::{DOCUMENT, ReadError, Reader};
use super::limits::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOT_ROWS};
use super::unpack;

/// A snapshot cannot be made or is not to be trusted. What it was made of stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("a snapshot has at most {MAX_SNAPSHOT_BYTES} bytes and {MAX_SNAPSHOT_ROWS} rows a column")]
    TooLarge,
    #[error("the bytes are no uncompressed Automerge document: {0}")]
    Malformed(&'static str),
    #[error("Automerge cannot read it: {0}")]
    Automerge(#[from] automerge::AutomergeError),
    #[error("Automerge panicked over it")]
    Panic,
    #[error("a change depends on one that is neither in the earlier snapshot nor given")]
    Incomplete,
    #[error("its heads are not those expected")]
    Heads,
    #[error("what was saved is not what was loaded again")]
    Unfaithful,
    #[error("a change in it would not be admitted: {0}")]
    Refused(#[from] Refusal),
}

impl SnapshotError {
    /// Stable, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "snapshot_too_large",
            Self::Malformed(_) => "snapshot_malformed",
            Self::Automerge(_) => "snapshot_unreadable",
            Self::Panic => "snapshot_panic",
            Self::Incomplete => "snapshot_incomplete",
            Self::Heads => "snapshot_heads",
            Self::Unfaithful => "snapshot_unfaithful",
            Self::Refused(_) => "snapshot_refused",
        }
    }
}

/// Snapshot bytes that were checked, with the heads of what is in them, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub bytes: Vec<u8>,
    pub heads: Vec<ChangeHash>,
}

/// A document loaded from a snapshot.
#[derive(Debug)]
pub struct Loaded {
    doc: Automerge,
}

impl Loaded {
    pub fn automerge(&self) -> &Automerge {
        &self.doc
    }

    /// All changes, dependencies first, each inspected as if it had come alone.
    ///
    /// # Errors
    /// When one of them would not be admitted.
    pub fn changes(&self) -> Result<Vec<Change>, SnapshotError> {
        let changes = guarded(|| Ok(self.doc.get_changes(&[])))?;
        changes.iter().map(|change| Ok(admit::inspect(change.raw_bytes())?)).collect()
    }
}

/// A document from its store: its snapshot and the admitted changes after it, in causal order. What the snapshot has
/// already may come again.
///
/// # Errors
/// [`SnapshotError`]: what is stored is not what was.
pub fn load<'b>(
    snapshot: Option<&[u8]>,
    changes: impl IntoIterator<Item = &'b [u8]>,
) -> Result<Automerge, SnapshotError> {
    let changes: Vec<&[u8]> = changes.into_iter().collect();
    guarded(|| {
        let mut doc = match snapshot {
            Some(bytes) => Automerge::load(bytes)?,
            None => Automerge::new(),
        };
        let changes = changes.iter().map(|bytes| {
            automerge::Change::try_from(*bytes)
                .map_err(|_| SnapshotError::Malformed("a change cannot be read"))
        });
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        let hashes: Vec<_> = changes.iter().map(automerge::Change::hash).collect();
        doc.apply_changes(changes)?;
        // Automerge queues what lacks a dependency without a word.
        if !doc.get_missing_deps(&hashes).is_empty() {
            return Err(SnapshotError::Incomplete);
        }
        Ok(doc)
    })
}

/// The bytes of one change of a loaded document; `None` if it has none with this hash.
///
/// # Errors
/// [`SnapshotError::Panic`].
pub fn change_of(doc: &Automerge, hash: &ChangeHash) -> Result<Option<Vec<u8>>, SnapshotError> {
    guarded(|| Ok(doc.get_change_by_hash(hash).map(|change| change.raw_bytes().to_vec())))
}

/// Makes one snapshot of an earlier one and the admitted changes after it, in causal order. Never give it a change
/// that is still unsent: a snapshot cannot be taken apart again.
///
/// # Errors
/// [`SnapshotError`]; nothing is to be dropped then.
pub fn compact<'b>(
    earlier: Option<&[u8]>,
    changes: impl IntoIterator<Item = &'b [u8]>,
) -> Result<Snapshot, SnapshotError> {
    let doc = load(earlier, changes)?;
    guarded(|| {
        let bytes = doc.save_nocompress();
        let heads = sorted_heads(&doc);
        let reloaded = Automerge::load(&bytes)?;
        // The heads' hashes, where they come out of the columns, prove every change.
        let proven = unpack(&bytes, &heads)?.is_some();
        if !(proven || hashes_of(&doc) == hashes_of(&reloaded)) || !same(&doc, &reloaded) {
            return Err(SnapshotError::Unfaithful);
        }
        Ok(Snapshot { bytes, heads })
    })
}

/// Reads a snapshot from outside, of which the `heads` are known.
///
/// # Errors
/// [`SnapshotError`].
pub fn read(bytes: &[u8], heads: &[ChangeHash]) -> Result<Loaded, SnapshotError> {
    check_bounds(bytes)?;
    let doc = guarded(|| Ok(Automerge::load(bytes)?))?;
    let mut expected = heads.to_vec();
    expected.sort_unstable();
    if sorted_heads(&doc) != expected {
        return Err(SnapshotError::Heads);
    }
    Ok(Loaded { doc })
}

/// All changes of a snapshot from outside, of which the `heads` are known: dependencies first, each inspected. It needs
/// nothing but the bytes and can run on any thread.
///
/// # Errors
/// [`SnapshotError`].
pub fn read_changes(bytes: &[u8], heads: &[ChangeHash]) -> Result<Vec<Change>, SnapshotError> {
    match unpack(bytes, heads)? {
        Some(changes) => Ok(changes),
        None => read(bytes, heads)?.changes(),
    }
}

/// The same where it can be had from the columns alone, proven by the heads; `None`: Automerge has to be asked.
///
/// # Errors
/// [`SnapshotError::TooLarge`], [`SnapshotError::Malformed`].
pub fn unpack(bytes: &[u8], heads: &[ChangeHash]) -> Result<Option<Vec<Change>>, SnapshotError> {
    check_bounds(bytes)?;
    Ok(unpack::changes(bytes, heads))
}

fn guarded<T>(work: impl FnOnce() -> Result<T, SnapshotError>) -> Result<T, SnapshotError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(SnapshotError::Panic))
}

pub fn sorted_heads(doc: &Automerge) -> Vec<ChangeHash> {
    let mut heads = doc.get_heads();
    heads.sort_unstable();
    heads
}

/// The hashes of all changes: each covers every byte of its change.
fn hashes_of(doc: &Automerge) -> HashSet<ChangeHash> {
    doc.get_changes(&[]).iter().map(automerge::Change::hash).collect()
}

/// Same heads, and at every key the same values by the same operations.
fn same(a: &Automerge, b: &Automerge) -> bool {
    let conflicts =
        |key: &str| matches!((a.get_all(ROOT, key), b.get_all(ROOT, key)), (Ok(a), Ok(b)) if a == b);
    sorted_heads(a) == sorted_heads(b)
        && a.length(ROOT) == b.length(ROOT)
        && a.map_range(ROOT, ..).zip(b.map_range(ROOT, ..)).all(|(a, b)| {
            (&a.key, &a.value, a.conflict, a.id()) == (&b.key, &b.value, b.conflict, b.id())
                && (!a.conflict || conflicts(&a.key))
        })
}

/// ```text
/// body     uleb count, (uleb length, actor)... | uleb count, heads of 32 bytes
///          | change columns: uleb count, (uleb specification, uleb length)... | operation columns, likewise
///          | the columns' bytes, one after the other | an index for each head
/// ```
fn check_bounds(bytes: &[u8]) -> Result<(), SnapshotError> {
    if bytes.len() > MAX_SNAPSHOT_BYTES {
        return Err(SnapshotError::TooLarge);
    }
    let mut body = Reader::body(bytes, DOCUMENT)?;
    for _ in 0..body.unsigned()? {
        let length = body.unsigned()?;
        body.take(length)?;
    }
    for _ in 0..body.unsigned()? {
        body.array::<32>()?;
    }
    let mut columns = Vec::new();
    for _ in 0..2 {
        let count = body.unsigned()?;
        if count > MAX_COLUMNS {
            return Err(SnapshotError::Malformed("it has more columns than a document"));
        }
        for _ in 0..count {
            columns.push((body.unsigned()?, body.unsigned()?));
        }
    }
    for (specification, length) in columns {
        if specification & COMPRESSED != 0 {
            return Err(SnapshotError::Malformed("a column is compressed"));
        }
        check_column(specification & COLUMN_TYPE, Reader::new(body.take(length)?))?;
    }
    Ok(())
}

/// Automerge writes fewer than half as many.
const MAX_COLUMNS: u64 = 64;
const COLUMN_TYPE: u64 = 7;
const COMPRESSED: u64 = 8;

/// Counts a column's rows without making any.
fn check_column(column_type: u64, mut column: Reader<'_>) -> Result<(), SnapshotError> {
    let (group, delta, boolean, text, raw) = (0, 3, 4, 5, 7);
    let mut rows = 0_u64;
    while column_type != raw && !column.is_empty() {
        // A row of a group column stands for as many rows of its members.
        let item = |column: &mut Reader<'_>| -> Result<u64, ReadError> {
            if column_type == delta {
                return column.signed().map(|_| 1);
            }
            let number = column.unsigned()?;
            if column_type == text {
                column.take(number)?;
            }
            Ok(if column_type == group { number.max(1) } else { 1 })
        };
        let length = if column_type == boolean {
            column.unsigned()?
        } else {
            match column.signed()? {
                0 => column.unsigned()?,
                run @ 1.. => item(&mut column)?.saturating_mul(run.unsigned_abs()),
                literal => {
                    let mut sum = 0_u64;
                    for _ in 0..literal.unsigned_abs() {
                        sum = sum.saturating_add(item(&mut column)?);
                    }
                    sum
                }
            }
        };
        rows = rows.saturating_add(length);
        if rows > MAX_SNAPSHOT_ROWS {
            return Err(SnapshotError::TooLarge);
        }
    }
    Ok(())
}

impl From<ReadError> for SnapshotError {
    fn from(error: ReadError) -> Self {
        Self::Malformed(match error {
            ReadError::Magic => "it begins with another magic number",
            ReadError::Type(_) => "it is a chunk of another type",
            ReadError::Length => "its length is not that of its body",
            ReadError::Short => "it ends too early",
            ReadError::Number => "a number has more than 63 bits, or is padded",
        })
    }
}
