//! All changes of a snapshot, read from its columns without loading the document.
//!
//! Loading builds indices that nobody here asks for, and taking the changes out again encodes each of them to find its
//! hash. Of a flat document the columns say all that there is: an operation belongs to the change of its actor in whose
//! counters it lies, an operation that replaced others stands among their successors, and one that is nowhere but there
//! is a delete. A change's hash covers its bytes and the hashes of what it depends on; so where the hashes of the last
//! changes come out as the announced heads, every byte of every change is proven to be what its author wrote, whatever
//! this reader, or [`flat`](super::flat), thought of the columns.
//!
//! What the hashes do not prove is that Automerge could load these columns: so they must be in the order in which
//! Automerge writes them, nothing may stand in columns that a flat document leaves empty, and the chunk's checksum must
//! be right. `None` says that something is not as expected, and no more: Automerge then says what it is.

use automerge::{ActorId, ChangeHash};
use sha2::{Digest, Sha256};

use super::admit;
use super::admit::bounds::{Raw, RawOp};
use super::change::Change;
use super::chunk::{self, DOCUMENT, ReadError, Reader};
use super::flat::Writer;
use super::limits::{ACTOR_BYTES, MAX_OPS};

/// Column specifications of changes.
const ACTOR: u64 = 0x01;
const SEQ: u64 = 0x03;
const MAX_OP: u64 = 0x13;
const TIME: u64 = 0x23;
const MESSAGE: u64 = 0x35;
const DEPS_COUNT: u64 = 0x40;
const DEPS: u64 = 0x43;
const EXTRA_META: u64 = 0x56;
/// A value of no bytes.
const NO_EXTRA: u64 = 7;

/// Column specifications of operations.
const KEY: u64 = 0x15;
const ID_ACTOR: u64 = 0x21;
const ID_COUNTER: u64 = 0x23;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const SUCC_COUNT: u64 = 0x80;
const SUCC_ACTOR: u64 = 0x81;
const SUCC_COUNTER: u64 = 0x83;
/// Of list markers: false in every row, if it stands there.
const EXPAND: u64 = 0x94;

const DELETE: u64 = 3;

/// All changes, dependencies first, of a snapshot whose bounds were checked; `None`: ask Automerge.
pub(super) fn changes(bytes: &[u8], heads: &[ChangeHash]) -> Option<Vec<Change>> {
    let found = Chunk::read(bytes).ok()??;
    let meta = Changes::read(&found)?;
    let ops = Operations::read(&found)?;
    let places = Places::of(&meta, found.actors.len(), ops.keys.len() + ops.succs.len())?;
    let slots = places.fill(&ops)?;
    let mut writer = Writer::default();
    let mut hashes: Vec<ChangeHash> = Vec::with_capacity(meta.actors.len());
    let mut is_head = vec![true; meta.actors.len()];
    let mut changes = Vec::with_capacity(meta.actors.len());
    let mut preds = slots.preds.as_slice();
    for n in 0..meta.actors.len() {
        let mut deps: Vec<ChangeHash> = meta.deps(n).iter().map(|dep| hashes[*dep]).collect();
        deps.sort_unstable();
        meta.deps(n).iter().for_each(|dep| is_head[*dep] = false);
        let mut actors = vec![found.actors[meta.actors[n]].clone()];
        let first = places.first[n];
        let mut raw_ops = Vec::with_capacity(places.first[n + 1] - first);
        for slot in first..places.first[n + 1] {
            let count = preds.iter().take_while(|(of, _)| *of == slot).count();
            let (here, rest) = preds.split_at(count);
            preds = rest;
            let row = slots.row[slot];
            let key = *ops.keys.get(row.or_else(|| here.first().map(|(_, row)| *row))?)?;
            if here.iter().any(|(_, row)| ops.keys[*row] != key) {
                return None;
            }
            let pred = here.iter().map(|(_, row)| {
                let (actor, counter) = ops.ids[*row];
                let actor = &found.actors[actor];
                let known = actors.iter().position(|known| known == actor);
                (
                    counter,
                    known.unwrap_or_else(|| {
                        actors.push(actor.clone());
                        actors.len() - 1
                    }),
                )
            });
            let pred = pred.collect();
            raw_ops.push(match row {
                Some(row) => {
                    let (value_type, value) = ops.values[row];
                    RawOp { key, action: ops.actions[row], value_type, value, pred }
                }
                None => RawOp { key, action: DELETE, value_type: 0, value: &[], pred },
            });
        }
        let raw = Raw {
            deps,
            actors,
            seq: u64::try_from(meta.seqs[n]).ok()?,
            start_op: places.start[n],
            time_s: meta.times[n],
            origin: meta.messages[n]
                .map(|text| text.parse().ok())
                .map_or(Some(None), |hash| hash.map(Some))?,
            ops: raw_ops,
        };
        let change = admit::of_snapshot(raw, &mut writer).ok()?;
        hashes.push(change.hash);
        changes.push(change);
    }
    let last = (0_u64..).zip(&hashes).zip(is_head).filter(|(_, is_head)| *is_head);
    let mut last: Vec<(ChangeHash, u64)> = last.map(|((place, hash), _)| (*hash, place)).collect();
    last.sort_unstable();
    let mut expected = heads.to_vec();
    expected.sort_unstable();
    (last.iter().map(|(hash, _)| hash).eq(&expected) && found.heads == last).then_some(changes)
}

/// A document chunk, taken apart.
struct Chunk<'a> {
    actors: Vec<ActorId>,
    /// Sorted, each with the place of its change.
    heads: Vec<(ChangeHash, u64)>,
    changes: Columns<'a>,
    ops: Columns<'a>,
}

impl<'a> Chunk<'a> {
    fn read(bytes: &'a [u8]) -> Result<Option<Self>, ReadError> {
        let mut body = Reader::body(bytes, DOCUMENT)?;
        let head =
            chunk::HASHED + 1 + (usize::BITS - body.left().leading_zeros()).div_ceil(7).max(1) as usize;
        if bytes.len() - body.left() != head {
            return Ok(None);
        }
        let checksum = &Sha256::digest(&bytes[chunk::HASHED..])[..4];
        if bytes[chunk::CHECKSUM] != *checksum {
            return Ok(None);
        }
        let mut actors = Vec::new();
        for _ in 0..body.short_unsigned()? {
            if body.short_unsigned()? != ACTOR_BYTES as u64 {
                return Ok(None);
            }
            actors.push(ActorId::from(body.array::<ACTOR_BYTES>()?));
        }
        let mut heads = Vec::new();
        for _ in 0..body.short_unsigned()? {
            heads.push((ChangeHash(body.array()?), 0));
        }
        let (mut changes, mut ops) = (Columns::declared(&mut body)?, Columns::declared(&mut body)?);
        changes.take(&mut body)?;
        ops.take(&mut body)?;
        for (_, place) in &mut heads {
            *place = body.short_unsigned()?;
        }
        heads.sort_unstable();
        let is_whole = body.is_empty() && actors.is_sorted_by(|a, b| a < b);
        Ok(is_whole.then_some(Self { actors, heads, changes, ops }))
    }
}

/// Columns by their specifications.
struct Columns<'a>(Vec<(u64, u64, &'a [u8])>);

impl<'a> Columns<'a> {
    fn declared(body: &mut Reader<'a>) -> Result<Self, ReadError> {
        let mut columns = Vec::new();
        for _ in 0..body.short_unsigned()? {
            columns.push((body.short_unsigned()?, body.short_unsigned()?, &[][..]));
        }
        Ok(Self(columns))
    }

    fn take(&mut self, body: &mut Reader<'a>) -> Result<(), ReadError> {
        self.0.iter_mut().try_for_each(|(_, length, bytes)| body.take(*length).map(|taken| *bytes = taken))
    }

    fn get(&self, specification: u64) -> Reader<'a> {
        let found = self.0.iter().find(|(found, _, _)| *found == specification);
        Reader::new(found.map_or(&[], |(_, _, bytes)| bytes))
    }

    /// Nothing stands in any other column, and they are in order.
    fn are_only(&self, known: &[u64]) -> bool {
        self.0.is_sorted_by(|a, b| a.0 < b.0)
            && self.0.iter().all(|(found, _, bytes)| bytes.is_empty() || known.contains(found))
    }
}

/// What the columns say of changes, one after the other.
struct Changes<'a> {
    /// Indices of actors.
    actors: Vec<usize>,
    seqs: Vec<i64>,
    max_ops: Vec<i64>,
    times: Vec<i64>,
    messages: Vec<Option<&'a str>>,
    /// Of all changes, earlier ones by their place.
    deps: Vec<usize>,
    /// Where a change's begin in `deps`; one more than there are changes.
    deps_from: Vec<usize>,
}

impl<'a> Changes<'a> {
    fn read(chunk: &Chunk<'a>) -> Option<Self> {
        let columns = &chunk.changes;
        let known = [ACTOR, SEQ, MAX_OP, TIME, MESSAGE, DEPS_COUNT, DEPS, EXTRA_META];
        if !columns.are_only(&known) {
            return None;
        }
        let actors = indices(columns.get(ACTOR), chunk.actors.len())?;
        let count = actors.len();
        let mut messages = rows(columns.get(MESSAGE), Some(None), |column| text(column).map(Some))?;
        if messages.is_empty() {
            messages = vec![None; count];
        }
        let extras = numbers(columns.get(EXTRA_META))?;
        let counts = numbers(columns.get(DEPS_COUNT))?;
        let deps = indices_by_delta(columns.get(DEPS), count)?;
        let deps_from = ends(&counts, deps.len())?;
        let read = Self {
            actors,
            seqs: deltas(columns.get(SEQ))?,
            max_ops: deltas(columns.get(MAX_OP))?,
            times: deltas(columns.get(TIME))?,
            messages,
            deps,
            deps_from,
        };
        let lengths = [
            read.seqs.len(),
            read.max_ops.len(),
            read.times.len(),
            read.messages.len(),
            extras.len(),
            counts.len(),
        ];
        let is_even = lengths.iter().all(|length| *length == count);
        let is_plain = extras.iter().all(|extra| *extra == NO_EXTRA);
        let is_causal = (0..count).all(|n| is_even && read.deps(n).iter().all(|dep| *dep < n));
        (is_even && is_plain && is_causal).then_some(read)
    }

    fn deps(&self, change: usize) -> &[usize] {
        &self.deps[self.deps_from[change]..self.deps_from[change + 1]]
    }
}

/// What the columns say of operations, one after the other.
struct Operations<'a> {
    keys: Vec<&'a str>,
    /// Index of the actor, and counter.
    ids: Vec<(usize, u64)>,
    actions: Vec<u64>,
    /// Automerge's code of the type, and the bytes.
    values: Vec<(u8, &'a [u8])>,
    /// Of all operations.
    succs: Vec<(usize, u64)>,
    /// Where an operation's begin in `succs`; one more than there are operations.
    succs_from: Vec<usize>,
}

impl<'a> Operations<'a> {
    fn read(chunk: &Chunk<'a>) -> Option<Self> {
        let columns = &chunk.ops;
        let known = [
            KEY,
            ID_ACTOR,
            ID_COUNTER,
            INSERT,
            ACTION,
            VALUE_META,
            VALUE,
            SUCC_COUNT,
            SUCC_ACTOR,
            SUCC_COUNTER,
            EXPAND,
        ];
        if !columns.are_only(&known) {
            return None;
        }
        let keys = rows(columns.get(KEY), None, text)?;
        let count = keys.len();
        let none_true = |specification| all_false(columns.get(specification), count);
        let actions = numbers(columns.get(ACTION))?;
        let metas = numbers(columns.get(VALUE_META))?;
        let counts = numbers(columns.get(SUCC_COUNT))?;
        let ids = ids(columns.get(ID_ACTOR), columns.get(ID_COUNTER), chunk.actors.len())?;
        let succs = self::ids(columns.get(SUCC_ACTOR), columns.get(SUCC_COUNTER), chunk.actors.len())?;
        let succs_from = ends(&counts, succs.len())?;
        if !none_true(INSERT)
            || !none_true(EXPAND)
            || [actions.len(), metas.len(), counts.len(), ids.len()].iter().any(|length| *length != count)
        {
            return None;
        }
        let mut bytes = columns.get(VALUE);
        let mut value = |meta: u64| Some(((meta & 15) as u8, bytes.take(meta >> 4).ok()?));
        let values = metas.into_iter().map(&mut value).collect::<Option<Vec<_>>>()?;
        let read = Self { keys, ids, actions, values, succs, succs_from };
        (bytes.is_empty() && read.is_in_order()).then_some(read)
    }

    fn succs(&self, row: usize) -> &[(usize, u64)] {
        &self.succs[self.succs_from[row]..self.succs_from[row + 1]]
    }

    /// By key and then by id, and so are the successors of each.
    fn is_in_order(&self) -> bool {
        let id = |(actor, counter): (usize, u64)| (counter, actor);
        let pairs = || (1..self.keys.len()).map(|row| (row - 1, row));
        pairs().all(|(a, b)| (self.keys[a], id(self.ids[a])) < (self.keys[b], id(self.ids[b])))
            && (0..self.keys.len()).all(|row| self.succs(row).is_sorted_by(|a, b| id(*a) < id(*b)))
    }
}

/// Where the operations of each change are, one slot each, in the order of changes.
struct Places {
    /// Counter of each change's first operation.
    start: Vec<u64>,
    /// Slot of each change's first operation; one more than there are changes.
    first: Vec<usize>,
    /// The changes of each actor, by counter.
    by_actor: Vec<Vec<usize>>,
}

/// What stands in the slots.
struct Slots {
    /// Row of the operation; `None`: a delete.
    row: Vec<Option<usize>>,
    /// Slots with the rows that they replace, ascending.
    preds: Vec<(usize, usize)>,
}

impl Places {
    /// `most`: operations that there can be.
    fn of(changes: &Changes<'_>, actors: usize, most: usize) -> Option<Self> {
        let mut places = Self { start: Vec::new(), first: vec![0], by_actor: vec![Vec::new(); actors] };
        let mut slots = 0;
        for (n, max_op) in changes.max_ops.iter().enumerate() {
            // The rule that admission keeps: a change counts on from all that it depends on.
            let before = changes.deps(n).iter().map(|dep| changes.max_ops[*dep]).max().unwrap_or(0);
            let count = usize::try_from(max_op.checked_sub(before)?).ok()?;
            slots += count;
            if !(1..=MAX_OPS).contains(&count) || slots > most {
                return None;
            }
            places.start.push(u64::try_from(before).ok()? + 1);
            places.first.push(slots);
            let own = &mut places.by_actor[changes.actors[n]];
            if own.last().is_some_and(|last| changes.max_ops[*last] > before) {
                return None;
            }
            own.push(n);
        }
        Some(places)
    }

    fn slot(&self, (actor, counter): (usize, u64)) -> Option<usize> {
        let own = &self.by_actor[actor];
        let n = own[own.partition_point(|n| self.start[*n] <= counter).checked_sub(1)?];
        let slot = self.first[n] + usize::try_from(counter - self.start[n]).ok()?;
        (slot < self.first[n + 1]).then_some(slot)
    }

    fn fill(&self, ops: &Operations<'_>) -> Option<Slots> {
        let slots = *self.first.last()?;
        let mut filled = Slots { row: vec![None; slots], preds: Vec::with_capacity(ops.succs.len()) };
        for row in 0..ops.keys.len() {
            if filled.row[self.slot(ops.ids[row])?].replace(row).is_some() {
                return None;
            }
            for succ in ops.succs(row) {
                filled.preds.push((self.slot(*succ)?, row));
            }
        }
        filled.preds.sort_unstable();
        Some(filled)
    }
}

/// All rows of a run-length encoded column, if it is written as Automerge writes it; `null` stands for rows that are
/// null, where there may be any.
fn rows<'a, T: Copy + PartialEq>(
    mut column: Reader<'a>,
    null: Option<T>,
    item: impl Fn(&mut Reader<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut rows: Vec<T> = Vec::new();
    let (mut after_literal, mut after_null) = (false, false);
    while !column.is_empty() {
        let run = column.short_signed().ok()?;
        if run == 0 {
            let count = usize::try_from(column.short_unsigned().ok()?).ok()?;
            if count == 0 || after_null {
                return None;
            }
            rows.resize(rows.len() + count, null?);
        } else if run > 0 {
            let value = item(&mut column)?;
            if run == 1 || rows.last().is_some_and(|last| !after_null && *last == value) {
                return None;
            }
            rows.resize(rows.len() + usize::try_from(run).ok()?, value);
        } else {
            if after_literal {
                return None;
            }
            for n in 0..run.unsigned_abs() {
                let value = item(&mut column)?;
                if rows.last().is_some_and(|last| (n > 0 || !after_null) && *last == value) {
                    return None;
                }
                rows.push(value);
            }
        }
        (after_literal, after_null) = (run < 0, run == 0);
    }
    Some(rows)
}

fn numbers(column: Reader<'_>) -> Option<Vec<u64>> {
    rows(column, None, |column| column.short_unsigned().ok())
}

fn text<'a>(column: &mut Reader<'a>) -> Option<&'a str> {
    let length = column.short_unsigned().ok()?;
    std::str::from_utf8(column.take(length).ok()?).ok()
}

/// Numbers below `bound`.
fn indices(column: Reader<'_>, bound: usize) -> Option<Vec<usize>> {
    let index = |number: u64| usize::try_from(number).ok().filter(|index| *index < bound);
    numbers(column)?.into_iter().map(index).collect()
}

/// Each number as what it adds to the one before.
fn deltas(column: Reader<'_>) -> Option<Vec<i64>> {
    let mut last = 0_i64;
    let deltas = rows(column, None, |column| column.short_signed().ok())?;
    let mut sum = |delta| {
        last = last.checked_add(delta)?;
        Some(last)
    };
    deltas.into_iter().map(&mut sum).collect()
}

fn indices_by_delta(column: Reader<'_>, bound: usize) -> Option<Vec<usize>> {
    let index = |number: i64| usize::try_from(number).ok().filter(|index| *index < bound);
    deltas(column)?.into_iter().map(index).collect()
}

fn ids(actors: Reader<'_>, counters: Reader<'_>, bound: usize) -> Option<Vec<(usize, u64)>> {
    let actors = indices(actors, bound)?;
    let counters = deltas(counters)?;
    if actors.len() != counters.len() {
        return None;
    }
    let id = |(actor, counter)| Some((actor, u64::try_from(counter).ok()?));
    actors.into_iter().zip(counters).map(id).collect()
}

/// Where groups of these sizes begin among `all`, and the end of the last.
fn ends(counts: &[u64], all: usize) -> Option<Vec<usize>> {
    let mut end = 0_usize;
    let mut ends = Vec::with_capacity(counts.len() + 1);
    ends.push(0);
    for count in counts {
        end = usize::try_from(*count).ok().and_then(|count| end.checked_add(count))?;
        ends.push(end);
    }
    (end == all).then_some(ends)
}

/// A column of booleans, which counts false and true ones in turn, with nothing true in it.
fn all_false(mut column: Reader<'_>, count: usize) -> bool {
    column.is_empty() || (column.short_unsigned() == Ok(count as u64) && column.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Index of an actor, and counter.
    type Id = (usize, u64);

    /// Rows of these keys and ids, each with these successors.
    fn rows(rows: &[(&'static str, Id, &[Id])]) -> Operations<'static> {
        let mut operations = Operations {
            keys: Vec::new(),
            ids: Vec::new(),
            actions: Vec::new(),
            values: Vec::new(),
            succs: Vec::new(),
            succs_from: vec![0],
        };
        for (key, id, succs) in rows {
            operations.keys.push(key);
            operations.ids.push(*id);
            operations.succs.extend(*succs);
            operations.succs_from.push(operations.succs.len());
        }
        operations
    }

    #[test]
    fn rows_stand_by_key_counter_and_actor_and_none_stands_twice() {
        let is_in_order =
            |pair: [(&'static str, Id); 2]| rows(&pair.map(|(key, id)| (key, id, &[][..]))).is_in_order();
        assert!(is_in_order([("a", (0, 5)), ("b", (0, 1))]), "the key comes first");
        assert!(is_in_order([("a", (1, 1)), ("a", (0, 2))]), "then the counter");
        assert!(is_in_order([("a", (0, 2)), ("a", (1, 2))]), "then the actor");
        assert!(!is_in_order([("b", (0, 1)), ("a", (0, 5))]));
        assert!(!is_in_order([("a", (0, 2)), ("a", (1, 1))]));
        assert!(!is_in_order([("a", (1, 2)), ("a", (0, 2))]));
        assert!(!is_in_order([("a", (0, 2)), ("a", (0, 2))]), "the same row twice");
        assert!(rows(&[]).is_in_order());
    }

    #[test]
    fn successors_ascend_in_each_row_for_itself_and_none_stands_twice() {
        let is_in_order = |succs: &[Id]| {
            rows(&[("a", (0, 1), &[(1, 9)]), ("b", (0, 2), succs), ("c", (0, 3), &[(0, 4)])]).is_in_order()
        };
        assert!(is_in_order(&[(1, 5), (0, 6), (1, 6)]));
        assert!(is_in_order(&[]));
        assert!(!is_in_order(&[(0, 6), (1, 5)]));
        assert!(!is_in_order(&[(1, 6), (0, 6)]));
        assert!(!is_in_order(&[(0, 6), (0, 6)]), "the same successor twice");
    }

    #[test]
    fn columns_ascend_and_none_stands_twice() {
        let are = |columns: &[(u64, &'static [u8])]| {
            let columns =
                columns.iter().map(|(specification, bytes)| (*specification, bytes.len() as u64, *bytes));
            Columns(columns.collect()).are_only(&[1, 3])
        };
        assert!(are(&[(1, b"a"), (3, b"b")]) && are(&[(1, b"a"), (2, b""), (3, b"b")]));
        assert!(
            !are(&[(3, b"a"), (1, b"b")]) && !are(&[(1, b"a"), (1, b"b")]) && !are(&[(1, b""), (1, b"b")])
        );
        assert!(!are(&[(1, b"a"), (2, b"b")]), "an unknown one that is not empty");
    }
}
