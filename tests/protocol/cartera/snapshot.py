"""Reading a snapshot: every change of a document in one chunk (document.md, section 12)."""

from .change import MAGIC, PUT, Change, Op, Refused, hash_of, read_origin, read_value
from .leb128 import Malformed, Reader, read_booleans, read_runs, read_text, sums

ROWS = 1_000_000
ACTOR, SEQ, MAX_OP, TIME, MESSAGE, DEPS, DEP, EXTRA, EXTRA_BYTES = 0x01, 0x03, 0x13, 0x23, 0x35, 0x40, 0x43, 0x56, 0x57
KEY, OP_ACTOR, OP_COUNTER, INSERT, ACTION, META, VALUE, SUCC, SUCC_ACTOR, SUCC_COUNTER, EXPAND = (
    0x15, 0x21, 0x23, 0x34, 0x42, 0x56, 0x57, 0x80, 0x81, 0x83, 0x94,
)  # fmt: skip


def read(data):
    """The changes, each after its ancestors, and the heads. Every change is still to be admitted."""
    try:
        return _read(data)
    except (Malformed, IndexError, StopIteration) as error:
        raise Refused("malformed", f"snapshot: {error}") from error


def _read(data):
    chunk = Reader(data)
    if chunk.take(4) != MAGIC:
        raise Malformed("no chunk")
    checksum, kind = chunk.take(4), chunk.take(1)
    if kind != b"\0":
        raise Malformed("no chunk of a document")
    body = chunk.take(chunk.uleb())
    if chunk.left or hash_of(0, body)[:4] != checksum:
        raise Malformed("length or checksum")

    reader = Reader(body)
    actors = [reader.take(reader.uleb()) for _ in range(_few(reader))]
    heads = [reader.take(32) for _ in range(_few(reader))]
    change_sizes, op_sizes = _sizes(reader), _sizes(reader)
    of_changes = {name: reader.take(size) for name, size in change_sizes}
    of_ops = {name: reader.take(size) for name, size in op_sizes}

    numbers = lambda table, name: read_runs(table.get(name, b""), Reader.uleb, ROWS)
    running = lambda table, name: sums(read_runs(table.get(name, b""), Reader.sleb, ROWS))
    authors, seqs, last_ops, times = (
        numbers(of_changes, ACTOR), running(of_changes, SEQ), running(of_changes, MAX_OP), running(of_changes, TIME),
    )  # fmt: skip
    if of_changes.get(EXTRA_BYTES):
        raise Refused("schema", "snapshot: bytes after the columns")
    messages = read_runs(of_changes.get(MESSAGE, b""), read_text, ROWS) or [None] * len(seqs)
    dep = iter(running(of_changes, DEP))
    deps = [[next(dep) for _ in range(count)] for count in numbers(of_changes, DEPS)]
    if not len(authors) == len(seqs) == len(last_ops) == len(times) == len(deps) == len(messages):
        raise Malformed("columns of changes of unlike length")

    # A row for each put, with those that replaced it. From these come its predecessors, and the deletes.
    keys = read_runs(of_ops.get(KEY, b""), read_text, ROWS)
    ids = list(zip(running(of_ops, OP_COUNTER), (actors[place] for place in numbers(of_ops, OP_ACTOR))))
    actions, metas, counts = numbers(of_ops, ACTION), numbers(of_ops, META), numbers(of_ops, SUCC)
    successors = iter(zip(running(of_ops, SUCC_COUNTER), (actors[place] for place in numbers(of_ops, SUCC_ACTOR))))
    if any(read_booleans(of_ops.get(INSERT, b""), ROWS)) or any(read_booleans(of_ops.get(EXPAND, b""), ROWS)):
        raise Refused("schema", "snapshot: insert or expand")
    if not len(keys) == len(ids) == len(actions) == len(metas) == len(counts):
        raise Malformed("columns of ops of unlike length")
    known = {KEY, OP_ACTOR, OP_COUNTER, INSERT, ACTION, META, VALUE, SUCC, SUCC_ACTOR, SUCC_COUNTER, EXPAND}
    if any(data for name, data in of_ops.items() if name not in known):
        raise Refused("schema", "snapshot: a column")
    puts, preds, values = {}, {}, Reader(of_ops.get(VALUE, b""))
    for key, op_id, action, meta, count in zip(keys, ids, actions, metas, counts):
        if action != PUT:
            raise Refused("schema", f"snapshot: action {action}")
        puts[op_id] = (key, read_value(meta, values))
        for _ in range(count):
            preds.setdefault((next(successors), key), []).append(op_id)
    ops = {op_id: Op(key, value, tuple(sorted(preds.pop((op_id, key), [])))) for op_id, (key, value) in puts.items()}
    for (op_id, key), replaced in preds.items():
        ops[op_id] = Op(key, None, tuple(sorted(replaced)))

    by_actor = {}
    for counter, actor in sorted(ops):
        by_actor.setdefault(actor, []).append(counter)
    changes, last = [], {}
    rows = zip(range(len(seqs)), authors, seqs, last_ops, times, deps, messages)
    for place, author, seq, last_op, time, of, message in rows:
        actor, before = actors[author], last.get(actors[author], 0)
        counters = [counter for counter in by_actor.get(actor, []) if before < counter <= last_op]
        if not counters or counters != list(range(counters[0], last_op + 1)) or any(not 0 <= dep < place for dep in of):
            raise Malformed("a change whose ops or deps are not there")
        last[actor] = last_op
        changes.append(
            Change(
                actor, seq, counters[0], time, tuple(sorted(changes[dep].hash for dep in of)),
                tuple(ops.pop((counter, actor)) for counter in counters), read_origin((message or "").encode()),
            )
        )  # fmt: skip
    if ops:
        raise Malformed("ops of no change")
    if sorted({change.hash for change in changes} - {dep for change in changes for dep in change.deps}) != sorted(
        heads
    ):
        raise Malformed("the heads are not those of its changes")
    return changes, sorted(heads)


def _few(reader):
    count = reader.uleb()
    if count > ROWS:
        raise Malformed("too many")
    return count


def _sizes(reader):
    return [(reader.uleb(), reader.uleb()) for _ in range(_few(reader))]
