//! Reads a change chunk within bounds: framing, header, and the columns of a flat document.
//!
//! ```text
//! body     uleb count, dependencies of 32 bytes | uleb length, actor | uleb seq | uleb start op | sleb time
//!          | uleb length, message: nothing, or the origin in hexadecimal | uleb count, (uleb length, actor)... | columns
//! columns  uleb count, (uleb specification, uleb length)... | the columns' bytes, one after the other
//! ```
//!
//! No column of a flat document holds a null. Reading is lenient about anything that
//! [`canonical`](super::canonical) settles (padded numbers, split runs, column order) and strict about sizes.

use automerge::{ActorId, ChangeHash};

use super::Refusal;
use crate::document::chunk::{CHANGE, ReadError, Reader};
use crate::document::limits::{
    ACTOR_BYTES, MAX_CHANGE_BYTES, MAX_DEPS, MAX_KEY_BYTES, MAX_OPS, MAX_OTHER_ACTORS, MAX_PREDS,
};

/// Column specifications: column id * 16 + type.
const KEY: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_COUNTER: u64 = 0x73;
const COLUMNS: [u64; 8] = [KEY, INSERT, ACTION, VALUE_META, VALUE, PRED_COUNT, PRED_ACTOR, PRED_COUNTER];

/// Of a hash in hexadecimal.
const HASH_DIGITS: u64 = 64;

/// A change as read, nothing interpreted.
pub(in crate::document) struct Raw<'a> {
    pub deps: Vec<ChangeHash>,
    /// Its own first, then the others that predecessors name.
    pub actors: Vec<ActorId>,
    pub seq: u64,
    pub start_op: u64,
    pub time_s: i64,
    pub origin: Option<ChangeHash>,
    pub ops: Vec<RawOp<'a>>,
}

pub(in crate::document) struct RawOp<'a> {
    pub key: &'a str,
    pub action: u64,
    /// Automerge's type code of the value.
    pub value_type: u8,
    pub value: &'a [u8],
    /// Counter, and index into [`Raw::actors`].
    pub pred: Vec<(u64, usize)>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Raw<'_>, Refusal> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(Refusal::too_large(format!("a change has at most {MAX_CHANGE_BYTES} bytes")));
    }
    let mut body = Reader::body(bytes, CHANGE)?;
    let deps = count(&mut body, MAX_DEPS, "dependencies")?;
    let deps = (0..deps).map(|_| Ok(ChangeHash(body.array()?))).collect::<Result<Vec<_>, Refusal>>()?;
    let mut actors = vec![actor(&mut body)?];
    let seq = body.unsigned()?;
    let start_op = body.unsigned()?;
    let time_s = body.signed()?;
    let origin = origin(&mut body)?;
    for _ in 0..count(&mut body, MAX_OTHER_ACTORS, "actors")? {
        actors.push(actor(&mut body)?);
    }
    let columns = Columns::read(&mut body)?;
    if !body.is_empty() {
        return Err(Refusal::schema("a change carries nothing after its operations"));
    }
    let ops = columns.operations(actors.len())?;
    Ok(Raw { deps, actors, seq, start_op, time_s, origin, ops })
}

#[derive(Default)]
struct Columns<'a> {
    found: [&'a [u8]; COLUMNS.len()],
}

impl<'a> Columns<'a> {
    fn read(body: &mut Reader<'a>) -> Result<Self, Refusal> {
        let count = count(body, COLUMNS.len(), "columns")?;
        let mut declared = Vec::with_capacity(count);
        for _ in 0..count {
            declared.push((body.unsigned()?, body.unsigned()?));
        }
        let mut columns = Self::default();
        for (specification, length) in declared {
            let place = COLUMNS.iter().position(|known| *known == specification).ok_or_else(|| {
                Refusal::schema(format!("column {specification:#x} is none of a flat document's"))
            })?;
            columns.found[place] = body.take(length)?;
        }
        Ok(columns)
    }

    fn reader(&self, specification: u64) -> Reader<'a> {
        let place = COLUMNS.iter().position(|known| *known == specification);
        Reader::new(place.map_or(&[], |place| self.found[place]))
    }

    fn operations(&self, actors: usize) -> Result<Vec<RawOp<'a>>, Refusal> {
        let actions = rows(self.reader(ACTION), MAX_OPS, "operations", Reader::unsigned)?;
        let count = actions.len();
        if count == 0 {
            return Err(Refusal::malformed("a change without operations"));
        }
        if self.reader(INSERT).unsigned() != Ok(count as u64) {
            return Err(Refusal::schema("every operation is on a map, none inserts into a list"));
        }
        let keys = rows(self.reader(KEY), count, "keys", key)?;
        let meta = rows(self.reader(VALUE_META), count, "values", Reader::unsigned)?;
        let pred_counts = rows(self.reader(PRED_COUNT), count, "predecessor counts", Reader::unsigned)?;
        if keys.len() != count || meta.len() != count || pred_counts.len() != count {
            return Err(Refusal::malformed("the columns do not have the same number of rows"));
        }
        let mut preds = self.predecessors(actors)?.into_iter();
        let mut values = self.reader(VALUE);
        let mut ops = Vec::with_capacity(count);
        for (((key, action), meta), preds_here) in keys.into_iter().zip(actions).zip(meta).zip(pred_counts) {
            let preds_here = usize::try_from(preds_here).unwrap_or(usize::MAX);
            if preds_here > preds.len() {
                return Err(Refusal::malformed("predecessors are announced that are not there"));
            }
            ops.push(RawOp {
                key,
                action,
                value_type: (meta & 15) as u8,
                value: values.take(meta >> 4)?,
                pred: preds.by_ref().take(preds_here).collect(),
            });
        }
        if preds.len() > 0 || !values.is_empty() {
            return Err(Refusal::malformed("predecessors or value bytes are left over"));
        }
        Ok(ops)
    }

    fn predecessors(&self, actors: usize) -> Result<Vec<(u64, usize)>, Refusal> {
        let indices = rows(self.reader(PRED_ACTOR), MAX_PREDS, "predecessors", Reader::unsigned)?;
        let deltas = rows(self.reader(PRED_COUNTER), MAX_PREDS, "predecessors", Reader::signed)?;
        if indices.len() != deltas.len() {
            return Err(Refusal::malformed("predecessors' counters and actors do not match in number"));
        }
        let mut counter = 0_i64;
        let mut preds = Vec::with_capacity(indices.len());
        for (index, delta) in indices.into_iter().zip(deltas) {
            counter = counter
                .checked_add(delta)
                .filter(|counter| *counter > 0)
                .ok_or_else(|| Refusal::malformed("a predecessor's counter is not positive"))?;
            let index = usize::try_from(index).ok().filter(|index| *index < actors);
            let index =
                index.ok_or_else(|| Refusal::malformed("a predecessor names an actor that is not listed"))?;
            preds.push((counter as u64, index));
        }
        Ok(preds)
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Type(_) => Self::malformed("only uncompressed change chunks (type 1) are taken"),
            other => Self::malformed(other.to_string()),
        }
    }
}

fn count(body: &mut Reader<'_>, limit: usize, of: &str) -> Result<usize, Refusal> {
    match usize::try_from(body.unsigned()?) {
        Ok(count) if count <= limit => Ok(count),
        _ => Err(Refusal::too_large(format!("a change has at most {limit} {of}"))),
    }
}

/// Capital digits are settled by the canonical check.
fn origin(body: &mut Reader<'_>) -> Result<Option<ChangeHash>, Refusal> {
    let text = match body.unsigned()? {
        0 => return Ok(None),
        HASH_DIGITS => std::str::from_utf8(body.take(HASH_DIGITS)?).ok(),
        _ => None,
    };
    let hash = text.and_then(|text| text.parse().ok());
    let refusal = "a change carries no message but the hash of the change that it is, written anew";
    hash.map(Some).ok_or_else(|| Refusal::schema(refusal))
}

fn actor(body: &mut Reader<'_>) -> Result<ActorId, Refusal> {
    if body.unsigned()? != ACTOR_BYTES as u64 {
        return Err(Refusal::schema(format!("an actor has {ACTOR_BYTES} bytes")));
    }
    Ok(ActorId::from(body.array::<ACTOR_BYTES>()?))
}

fn key<'a>(column: &mut Reader<'a>) -> Result<&'a str, Refusal> {
    let length = column.unsigned()?;
    if length > MAX_KEY_BYTES as u64 {
        return Err(Refusal::schema(format!("a key has at most {MAX_KEY_BYTES} bytes")));
    }
    std::str::from_utf8(column.take(length)?).map_err(|_| Refusal::malformed("a key is not UTF-8"))
}

/// All rows of a run-length encoded column, of which there are at most `limit`.
fn rows<'a, T: Copy, E>(
    mut column: Reader<'a>,
    limit: usize,
    of: &str,
    item: impl Fn(&mut Reader<'a>) -> Result<T, E>,
) -> Result<Vec<T>, Refusal>
where
    Refusal: From<E>,
{
    let mut rows = Vec::new();
    while !column.is_empty() {
        let run = column.signed()?;
        if run == 0 {
            return Err(Refusal::schema("a row is null"));
        }
        let length = usize::try_from(run.unsigned_abs()).unwrap_or(usize::MAX);
        if length > limit - rows.len() {
            return Err(Refusal::too_large(format!("a change has at most {limit} {of}")));
        }
        if run > 0 {
            let value = item(&mut column)?;
            rows.resize(rows.len() + length, value);
        } else {
            for _ in 0..length {
                rows.push(item(&mut column)?);
            }
        }
    }
    Ok(rows)
}
