"""Snapshots as core/docs/document.md describes them, without any library of Automerge's: a document chunk is taken
apart into its changes, and each change is encoded again, byte for byte (sections 5 and 12 of that page)."""

from hashlib import sha256

MAGIC = bytes.fromhex("856f4a83")


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        piece = self.data[self.at : self.at + count]
        assert len(piece) == count, "the bytes end too early"
        self.at += count
        return piece

    def leb(self):
        """A number without its sign, its sign bit, and how many bits it has."""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value, byte & 0x40, shift

    def uleb(self):
        return self.leb()[0]

    def sleb(self):
        value, negative, shift = self.leb()
        return value - (1 << shift) if negative else value

    def done(self):
        return self.at == len(self.data)


def leb(value, is_last):
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        if is_last(value, byte):
            return bytes(out) + bytes([byte])
        out.append(byte | 0x80)


def uleb(value):
    return leb(value, lambda rest, _: rest == 0)


def sleb(value):
    return leb(value, lambda rest, byte: rest == (-1 if byte & 0x40 else 0))


def read_runs(data, value):
    """The rows of a column of runs; None for nulls."""
    reader, rows = Reader(data), []
    while not reader.done():
        count = reader.sleb()
        if count > 0:
            rows += [value(reader)] * count
        elif count < 0:
            rows += [value(reader) for _ in range(-count)]
        else:
            rows += [None] * reader.uleb()
    return rows


def text(reader):
    return reader.take(reader.uleb()).decode()


def read_deltas(data):
    at, rows = 0, []
    for step in read_runs(data, Reader.sleb):
        if step is not None:
            at += step
        rows.append(None if step is None else at)
    return rows


def write_runs(rows, value):
    """Groups of equal neighbours, and groups of single rows between them."""
    out, at, singles = b"", 0, []

    def flush():
        nonlocal singles, out
        if singles:
            out += sleb(-len(singles)) + b"".join(map(value, singles))
        singles = []

    while at < len(rows):
        end = at
        while end < len(rows) and rows[end] == rows[at]:
            end += 1
        if end - at > 1:
            flush()
            out += sleb(end - at) + value(rows[at])
        else:
            singles.append(rows[at])
        at = end
    flush()
    return out


def hash_of(body):
    return sha256(b"\x01" + uleb(len(body)) + body).digest()


def write_change(change):
    """A change chunk: section 5."""
    actor, ops = change["actor"], change["ops"]
    others = sorted({by for op in ops for _, by in op["preds"]} - {actor})
    index = {by: n for n, by in enumerate([actor, *others])}
    preds = [pred for op in ops for pred in op["preds"]]
    steps = [counter - before for (counter, _), before in zip(preds, [0, *[counter for counter, _ in preds]])]
    columns = [
        (0x15, write_runs([op["key"] for op in ops], lambda key: uleb(len(key.encode())) + key.encode())),
        (0x34, uleb(len(ops))),
        (0x42, write_runs([op["action"] for op in ops], uleb)),
        (0x56, write_runs([op["meta"] for op in ops], uleb)),
        (0x57, b"".join(op["value"] for op in ops)),
        (0x70, write_runs([len(op["preds"]) for op in ops], uleb)),
        (0x71, write_runs([index[by] for _, by in preds], uleb)),
        (0x73, write_runs(steps, sleb)),
    ]
    columns = [(spec, data) for spec, data in columns if data]
    body = uleb(len(change["deps"])) + b"".join(sorted(change["deps"]))
    body += uleb(16) + actor + uleb(change["seq"]) + uleb(change["start"]) + sleb(change["time"])
    body += uleb(len(change["message"])) + change["message"].encode()
    body += uleb(len(others)) + b"".join(uleb(16) + by for by in others)
    body += uleb(len(columns)) + b"".join(uleb(spec) + uleb(len(data)) for spec, data in columns)
    body += b"".join(data for _, data in columns)
    return MAGIC + hash_of(body)[:4] + b"\x01" + uleb(len(body)) + body, hash_of(body)


def read_document(chunk):
    """The heads of a document chunk, and its changes as (bytes, hash, change), ancestors first: section 12."""
    outer = Reader(chunk)
    assert outer.take(4) == MAGIC
    checksum, kind = outer.take(4), outer.take(1)
    assert kind == b"\x00", "a document chunk"
    body = outer.take(outer.uleb())
    assert outer.done() and sha256(kind + uleb(len(body)) + body).digest()[:4] == checksum
    reader = Reader(body)
    actors = [reader.take(reader.uleb()) for _ in range(reader.uleb())]
    heads = [reader.take(32) for _ in range(reader.uleb())]
    change_columns = [(reader.uleb(), reader.uleb()) for _ in range(reader.uleb())]
    op_columns = [(reader.uleb(), reader.uleb()) for _ in range(reader.uleb())]
    c = {spec: reader.take(length) for spec, length in change_columns}
    o = {spec: reader.take(length) for spec, length in op_columns}
    assert not any(spec & 8 for spec in [*c, *o]), "no column is compressed"

    ops, values = {}, Reader(o.get(0x57, b""))
    succ_actors, succ_counters = iter(read_runs(o.get(0x81, b""), Reader.uleb)), iter(read_deltas(o.get(0x83, b"")))
    replaced_by = []
    for key, by, counter, action, meta, count in zip(
        read_runs(o[0x15], text), read_runs(o[0x21], Reader.uleb), read_deltas(o[0x23]),
        read_runs(o[0x42], Reader.uleb), read_runs(o[0x56], Reader.uleb), read_runs(o[0x80], Reader.uleb), strict=True,
    ):
        id = (counter, actors[by])
        ops[id] = {"key": key, "action": action, "meta": meta, "value": values.take(meta >> 4), "preds": []}
        replaced_by += [(id, (next(succ_counters), actors[next(succ_actors)])) for _ in range(count)]
    for id, later in replaced_by:
        # A delete has no row: it is only named by what it deletes.
        op = ops.setdefault(later, {"key": ops[id]["key"], "action": 3, "meta": 0, "value": b"", "preds": []})
        op["preds"].append(id)

    rows = list(zip(read_runs(c[0x01], Reader.uleb), read_deltas(c[0x03]), read_deltas(c[0x13]), read_deltas(c[0x23]),
                    read_runs(c[0x40], Reader.uleb), strict=True))
    messages = read_runs(c.get(0x35, b""), text) or [None] * len(rows)
    deps, changes, last = iter(read_deltas(c.get(0x43, b""))), [], {}
    for (by, seq, largest, time, count), message in zip(rows, messages, strict=True):
        actor = actors[by]
        start = last.get(actor, 0) + 1
        own = sorted((id for id in ops if id[1] == actor and start <= id[0] <= largest))
        last[actor] = largest
        change = {"actor": actor, "seq": seq, "time": time, "start": own[0][0], "message": message or "",
                  "deps": [changes[next(deps)][1] for _ in range(count)],
                  "ops": [ops[id] | {"preds": sorted(ops[id]["preds"])} for id in own]}
        changes.append((*write_change(change), change))
    return heads, changes
