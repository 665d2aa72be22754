"""A document: its changes, what they make of it, and how to write to it (document.md, sections 6, 7, 9 and 11)."""

from dataclasses import dataclass, field

from . import keys, snapshot
from .change import DEPENDENCIES, Change, Op, Refused, decode

DOCUMENT_BYTES = 16_777_216


class Held(Exception):
    """Dependencies are missing."""

    def __init__(self, missing):
        super().__init__("held")
        self.missing = missing


class Duplicate(Exception):
    """It is here already, in the change `hash`."""

    def __init__(self, hash):
        super().__init__("duplicate")
        self.hash = hash


@dataclass
class Document:
    id: bytes
    changes: dict = field(default_factory=dict)  # by hash, each after its ancestors
    acknowledged: dict = field(default_factory=dict)  # hash: number in the log, or 0 where only the page's is known
    receipts: dict = field(default_factory=dict)
    number: int = 0  # of the page or `enter` that brought it
    generation: int = 0
    puts: dict = field(default_factory=dict)  # id of the op: (key, value)
    live: dict = field(default_factory=dict)  # key: ids of live puts
    seqs: dict = field(default_factory=dict)  # actor: its last change
    bytes: int = 0

    @classmethod
    def from_snapshot(cls, id, data, heads):
        changes, own_heads = snapshot.read(data)
        if own_heads != list(heads):
            raise Refused("malformed", "other heads than announced")
        document = cls(id)
        for change in changes:
            document.admit(decode(change.bytes))
            document.acknowledged[change.hash] = 0
        return document

    # What stands

    def heads(self, of=None):
        changes = self.changes if of is None else of
        return sorted(set(changes) - {dep for hash in changes for dep in self.changes[hash].deps})

    def acknowledged_heads(self):
        return self.heads(self.acknowledged)

    def unsent(self):
        return [change for hash, change in self.changes.items() if hash not in self.acknowledged]

    def values(self, key):
        """Live puts: [(id, value)], the one in use last."""
        return [(op_id, self.puts[op_id][1]) for op_id in sorted(self.live.get(key, ()))]

    def value(self, key):
        values = self.values(key)
        return values[-1][1] if values else None

    def conflict(self, key):
        """All values where people changed the field without knowing of each other, else nothing."""
        values = [value for _, value in self.values(key)]
        return values if len(set(map(repr, values))) > 1 else []

    def keys(self):
        return sorted(key for key, ids in self.live.items() if ids)

    def records(self):
        """[(id of the op, key, bytes)] in the order of ops."""
        return sorted((op_id, key, value) for op_id, (key, value) in self.puts.items() if keys.is_record(key))

    def past(self, hashes):
        seen, rest = set(), list(hashes)
        while rest:
            hash = rest.pop()
            if hash not in seen:
                seen.add(hash)
                rest += self.changes[hash].deps
        return seen

    # Taking in

    def admit(self, change):
        if change.hash in self.changes:
            raise Duplicate(change.hash)
        self._is_not_there_otherwise(change)
        self._records_are_new(change)
        last = self.seqs.get(change.actor)
        if last is not None and change.seq <= last.seq:
            raise Refused("equivocation", "seq")
        if not change.deps:
            if self.changes or change.ops[0].value != self.id:
                raise Refused("malformed", "a first change where there is one, or of another document")
        missing = [dep for dep in change.deps if dep not in self.changes]
        if missing:
            raise Held(missing)
        if change.deps:
            if change.seq != (last.seq + 1 if last else 1) or last and last.hash not in change.deps:
                raise Refused("malformed", "seq, or the actor's own change before it is no dep")
            if change.start_op != 1 + max(self.changes[dep].last_op for dep in change.deps):
                raise Refused("malformed", "start op")
        if self.bytes + len(change.bytes) > DOCUMENT_BYTES:
            raise Refused("too_large", "document")
        if any(op.preds for op in change.ops):
            past = {op_id: op for hash in self.past(change.deps) for op_id, op in self.changes[hash].numbered()}
            for op in change.ops:
                if any(pred not in past or past[pred].key != op.key or past[pred].value is None for pred in op.preds):
                    raise Refused("malformed", "a predecessor that is no put of this key in its past")
        self._apply(change)

    def _is_not_there_otherwise(self, change):
        """The same work by another hash, written anew on one of the ways here or on both."""
        puts = {(op.key, repr(op.value)) for op in change.ops if op.value is not None}
        for other in self.changes.values():
            if other.origin == change.origin and puts <= {(op.key, repr(op.value)) for op in other.ops}:
                raise Duplicate(other.hash)

    def _records_are_new(self, change):
        taken = {op.key for op in change.ops if op.record and self.live.get(op.key)}
        if not taken:
            return
        new = [op for op in change.ops if op.record]
        for other in self.changes.values():
            if all(op in other.ops for op in new):
                raise Duplicate(other.hash)
        raise Refused("record_exists", "")

    def _apply(self, change):
        self.changes[change.hash] = change
        self.seqs[change.actor] = change
        self.bytes += len(change.bytes)
        for op_id, op in change.numbered():
            live = self.live.setdefault(op.key, set())
            live.difference_update(op.preds)
            if op.value is not None:
                # Whoever replaces it depends on it, and so comes later.
                self.puts[op_id] = (op.key, op.value)
                live.add(op_id)

    # Writing

    def create(self, actor, time):
        return self._write(actor, time, [Op("id", self.id)])

    def append(self, actor, time, records):
        """Records: [(key, bytes)]."""
        return self._write(actor, time, [Op(key, value) for key, value in records])

    def edit(self, actor, time, fields):
        """Fields: {key: value, or None to delete}. Nothing where nothing would change."""
        return self._write(actor, time, [op for key, value in fields.items() if (op := self._edit(key, value))])

    def _edit(self, key, value):
        values = self.values(key)
        ids = tuple(op_id for op_id, _ in values)
        if value is None:
            return Op(key, None, ids) if ids else None
        if values and repr(values[-1][1]) == repr(value):  # repr: True is not 1
            return Op(key, None, ids[:-1]) if len(ids) > 1 else None
        return Op(key, value, ids)

    def _write(self, actor, time, ops):
        if not ops:
            return None
        last, deps = self.seqs.get(actor), set(self.heads())
        if last:
            deps.add(last.hash)
        if len(deps) > DEPENDENCIES:
            raise NotImplementedError("a document of more than 1,024 heads")
        start_op = 1 + max((change.last_op for change in self.changes.values()), default=0)
        change = Change(actor, last.seq + 1 if last else 1, start_op, time, tuple(sorted(deps)), tuple(ops))
        self.admit(decode(change.bytes))  # what one writes, one would take
        return change

    # Rebase

    def rebased(self, actor, leave_out=(), instead=None):
        """This document with every unsent change written anew, but those of `leave_out`; `instead` names the
        acknowledged change that stands for an unsent one."""
        instead = instead or {}
        new = Document(self.id, receipts=dict(self.receipts), number=self.number, generation=self.generation)
        for hash in self.changes:
            if hash in self.acknowledged:
                new._apply(self.changes[hash])
                new.acknowledged[hash] = self.acknowledged[hash]
        seen, moved = {}, {}  # unsent: the acknowledged changes that it had seen; puts: what stands for them now
        previous = None
        for old in self.unsent():
            seen[old.hash] = {
                ancestor
                for dep in old.deps
                for ancestor in (
                    new.past([dep])
                    if dep in new.acknowledged
                    else new.past([instead[dep]])
                    if dep in instead
                    else seen[dep]
                )
            }
            rest = old.numbered()
            if old.hash in instead:
                seen[old.hash] |= new.past([instead[old.hash]])
                there = {op.key: op_id for op_id, op in self.changes[instead[old.hash]].numbered()}
                moved |= {op_id: (there[op.key],) for op_id, op in rest if op.key in there}
                rest = [(op_id, op) for op_id, op in rest if op.key not in there and op.value is not None]
            if old.hash in leave_out:
                moved |= {op_id: op.preds for op_id, op in rest}
                continue
            if not new.changes and [op.key for op in old.ops] != ["id"]:
                previous = new.create(actor, old.time)
            ops, moved_from = [], []
            for op_id, op in rest:
                preds = tuple(sorted(_resolve(op.preds, moved)))
                if op.value is not None or preds:
                    ops.append(Op(op.key, op.value, preds))
                    moved_from.append(op_id)
            if not ops:
                continue
            of_previous = new.past([previous.hash]) if previous else set()
            deps = set(new.heads(seen[old.hash])) - of_previous
            if previous:
                deps.add(previous.hash)
            start_op = 1 + max((new.changes[dep].last_op for dep in deps), default=0)
            change = Change(
                actor, previous.seq + 1 if previous else 1, start_op, old.time, tuple(sorted(deps)), tuple(ops),
                old.origin,
            )
            new.admit(decode(change.bytes))
            moved |= {origin: (op_id,) for origin, (op_id, _) in zip(moved_from, change.numbered())}
            previous = change
        return new


def _resolve(preds, moved):
    """What stands for these puts now. Each step leads to an earlier put, or to one of the new changes."""
    return set().union(*(_resolve(moved[pred], moved) if pred in moved else {pred} for pred in preds))
