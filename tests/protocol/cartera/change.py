"""A change, byte by byte (document.md, sections 5, 9 and 10)."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from . import keys, wire
from .leb128 import Malformed, Reader, deltas, read_booleans, read_runs, read_text, runs, sleb, sums, text, uleb

MAGIC = bytes.fromhex("856f4a83")
CHANGE_BYTES, OPERATIONS, DEPENDENCIES, PREDECESSORS, ACTORS = 262_144, 1_000, 1_024, 4_096, 4_096
COUNTER, TIME_S = 2_147_483_647, 8_640_000_000_000
VALUE_BYTES, RECORD_BYTES = 8_192, 65_536
PUT, DELETE = 1, 3
COLUMNS = (KEY, INSERT, ACTION, META, VALUE, PREDS, PRED_ACTOR, PRED_COUNTER) = (
    0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73,
)  # fmt: skip


class Refused(Exception):
    """Admission did not take it; `code` is that of section 9."""

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Timestamp:
    ms: int


@dataclass(frozen=True)
class Op:
    key: str
    value: object = None  # None deletes
    preds: tuple = ()  # ids (counter, actor), ascending

    @property
    def record(self):
        return keys.is_record(self.key)


@dataclass(frozen=True)
class Change:
    actor: bytes
    seq: int
    start_op: int
    time: int
    deps: tuple
    ops: tuple
    rewrites: bytes = b""  # hash of the change that it is, written anew

    @cached_property
    def bytes(self):
        return encode(self)

    @cached_property
    def hash(self):
        return hash_of(1, self.body)

    @cached_property
    def body(self):
        return body_of(self)

    @property
    def origin(self):
        return self.rewrites or self.hash

    @property
    def last_op(self):
        return self.start_op + len(self.ops) - 1

    def __deepcopy__(self, memo):
        return self

    def numbered(self):
        """(id, op) in order."""
        return [((self.start_op + place, self.actor), op) for place, op in enumerate(self.ops)]


def hash_of(kind, body):
    return hashlib.sha256(bytes([kind]) + uleb(len(body)) + body).digest()


def encode(change):
    return MAGIC + change.hash[:4] + b"\x01" + uleb(len(change.body)) + change.body


def body_of(change):
    others = sorted({actor for op in change.ops for _, actor in op.preds} - {change.actor})
    index = {change.actor: 0} | {actor: place for place, actor in enumerate(others, 1)}
    values = [value_bytes(op.value) for op in change.ops]
    preds = [pred for op in change.ops for pred in op.preds]
    columns = {
        KEY: runs([op.key for op in change.ops], text),
        INSERT: uleb(len(change.ops)),
        ACTION: runs([DELETE if op.value is None else PUT for op in change.ops], uleb),
        META: runs([len(raw) << 4 | kind for kind, raw in values], uleb),
        VALUE: b"".join(raw for _, raw in values),
        PREDS: runs([len(op.preds) for op in change.ops], uleb),
        PRED_ACTOR: runs([index[actor] for _, actor in preds], uleb),
        PRED_COUNTER: runs(deltas([counter for counter, _ in preds]), sleb),
    }
    columns = {name: data for name, data in columns.items() if data}
    return b"".join([
        uleb(len(change.deps)), *change.deps, uleb(16), change.actor, uleb(change.seq), uleb(change.start_op),
        sleb(change.time), text(change.rewrites.hex()), uleb(len(others)), *(uleb(16) + actor for actor in others),
        uleb(len(columns)), *(uleb(name) + uleb(len(data)) for name, data in columns.items()), *columns.values(),
    ])  # fmt: skip


def value_bytes(value):
    match value:
        case None:
            return 0, b""
        case bool():
            return (2 if value else 1), b""
        case int():
            return 4, sleb(value)
        case str():
            return 6, value.encode()
        case bytes():
            return 7, value
        case Timestamp(ms):
            return 9, sleb(ms)
    raise TypeError(f"no scalar of a document: {value!r}")


def read_value(meta, values):
    kind, raw = meta & 15, values.take(meta >> 4)
    if kind in (0, 1, 2):
        if raw:
            raise Malformed("bytes for a value that has none")
        return {0: None, 1: False, 2: True}[kind]
    if kind in (4, 9):
        number = Reader(raw)
        value = number.sleb()
        if number.left or not -(2**63) <= value < 2**63:
            raise Malformed("an integer of the wrong length")
        return value if kind == 4 else Timestamp(value)
    if kind == 6:
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise Malformed("text that is not UTF-8") from error
    if kind == 7:
        return raw
    raise Refused("schema", f"value of type {kind}")


def decode(data):
    """The form of a change: everything of section 9 that needs no document."""
    if len(data) > CHANGE_BYTES:
        raise Refused("too_large", "change")
    try:
        change = _read(data)
    except Malformed as error:
        raise Refused("malformed", str(error)) from error
    _check(change)
    if change.bytes != data:
        raise Refused("malformed", "not the bytes that this change has")
    return change


def _read(data):
    reader = Reader(data)
    if reader.take(4) != MAGIC:
        raise Malformed("no chunk")
    reader.take(4)
    if reader.take(1) != b"\x01":
        raise Malformed("no chunk of a change")
    if reader.uleb() != reader.left:
        raise Malformed("the length is not that of the body")
    deps = tuple(reader.take(32) for _ in range(_most(reader.uleb(), DEPENDENCIES, "deps")))
    actor = _actor(reader)
    seq, start_op, time = reader.uleb(), reader.uleb(), reader.sleb()
    size = reader.uleb()
    if size not in (0, 64):
        raise Refused("schema", "message")
    rewrites = read_origin(reader.take(size))
    actors = [actor] + [_actor(reader) for _ in range(_most(reader.uleb(), ACTORS, "actors"))]
    sizes = {}
    for _ in range(reader.uleb()):
        name, size = reader.uleb(), reader.uleb()
        if name not in COLUMNS:
            raise Refused("schema", f"column {name:x}")
        if name in sizes:
            raise Malformed("a column twice")
        sizes[name] = size
    column = {name: reader.take(size) for name, size in sizes.items()}
    if reader.left:
        raise Refused("schema", "bytes after the columns")

    rows = lambda name, read, most=OPERATIONS: _rows(column.get(name, b""), read, most)
    names, actions, metas, counts = (
        rows(KEY, read_text), rows(ACTION, Reader.uleb), rows(META, Reader.uleb), rows(PREDS, Reader.uleb),
    )  # fmt: skip
    if any(read_booleans(column.get(INSERT, b""), OPERATIONS)):
        raise Refused("schema", "insert")
    if not len(names) == len(actions) == len(metas) == len(counts):
        raise Malformed("columns of unlike length")
    of_actor = rows(PRED_ACTOR, Reader.uleb, PREDECESSORS)
    counters = sums(rows(PRED_COUNTER, Reader.sleb, PREDECESSORS))
    if not len(of_actor) == len(counters) == sum(counts):
        raise Malformed("predecessors of unlike length")
    if any(place >= len(actors) for place in of_actor):
        raise Malformed("an actor that is not listed")
    preds = iter([(counter, actors[place]) for counter, place in zip(counters, of_actor)])
    values, ops = Reader(column.get(VALUE, b"")), []
    for name, action, meta, count in zip(names, actions, metas, counts):
        value = read_value(meta, values)
        if action not in (PUT, DELETE) or (value is None) != (action == DELETE):
            raise Refused("schema", "action")
        ops.append(Op(name, value, tuple(next(preds) for _ in range(count))))
    if values.left:
        raise Malformed("bytes after the values")
    return Change(actor, seq, start_op, time, deps, tuple(ops), rewrites)


def read_origin(message):
    if message and not re.fullmatch(b"[0-9a-f]{64}", message):
        raise Refused("schema", "message")
    return bytes.fromhex(message.decode())


def _check(change):
    if not change.ops or change.seq < 1 or change.start_op < 1:
        raise Refused("malformed", "no ops, or numbers below 1")
    if change.seq > COUNTER or change.last_op > COUNTER:
        raise Refused("too_large", "counter")
    if abs(change.time) > TIME_S:
        raise Refused("malformed", "time")
    if list(change.deps) != sorted(set(change.deps)):
        raise Refused("malformed", "deps out of order")
    names = [op.key for op in change.ops]
    if len(set(names)) != len(names):
        raise Refused("schema", "a key twice")
    for op in change.ops:
        if list(op.preds) != sorted(set(op.preds)) or any(
            not 1 <= counter < change.start_op for counter, _ in op.preds
        ):
            raise Refused("malformed", "predecessors")
        keys.check(op.key)
        if op.key == "id":
            if not isinstance(op.value, bytes) or op.preds:
                raise Refused("schema", "id")
        elif op.record:
            if not isinstance(op.value, bytes) or op.preds:
                raise Refused("schema", "a record is put once, as bytes")
            if len(op.value) > RECORD_BYTES:
                raise Refused("too_large", "record")
            check_record(op.value)
        elif op.value is None:
            if not op.preds:
                raise Refused("schema", "a delete of nothing")
        elif isinstance(op.value, (str, bytes)):
            if len(value_bytes(op.value)[1]) > VALUE_BYTES:
                raise Refused("too_large", "value")
            if isinstance(op.value, bytes):
                _cbor(op.value)
    first = names == ["id"]
    if not change.deps and not first or change.deps and "id" in names:
        raise Refused("schema", "`id` is put by the first change, alone")
    if first and (change.seq, change.start_op) != (1, 1):
        raise Refused("malformed", "numbers of a first change")


def check_record(data):
    record = _cbor(data)
    if not isinstance(record, dict) or any(
        not isinstance(key, int) or isinstance(key, bool) or key < 0 for key in record
    ):
        raise Refused("schema", "a record is a map with unsigned keys")
    number = lambda key, low, high: (
        isinstance(record.get(key), int) and not isinstance(record.get(key), bool) and low <= record[key] <= high
    )
    zone = record.get(3)
    if not (
        number(0, 1, 2**32 - 1)
        and number(1, -8_640_000_000_000_000, 8_640_000_000_000_000)
        and number(2, -719_162, 2_932_896)
        and isinstance(zone, str) and 1 <= len(zone.encode()) <= 64
        and number(4, 0, 2**64 - 1)
        and not (5 in record and 6 in record)
        and all(isinstance(record[key], bytes) and len(record[key]) == 16 for key in (5, 6) if key in record)
    ):  # fmt: skip
        raise Refused("schema", "header of a record")
    return record


def _cbor(data):
    try:
        return wire.decode_deterministic(data, depth=8)
    except wire.Unreadable as error:
        raise Refused("schema", str(error)) from error


def _rows(data, read, most):
    try:
        values = read_runs(data, read, most)
    except Malformed as error:
        if "more rows" in str(error):
            raise Refused("too_large", "rows") from error
        raise
    if None in values:
        raise Refused("schema", "null row")
    return values


def _most(count, limit, what):
    if count > limit:
        raise Refused("too_large", what)
    return count


def _actor(reader):
    if reader.uleb() != 16:
        raise Refused("schema", "actor")
    return reader.take(16)
