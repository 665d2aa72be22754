"""Bytes against the documents' own examples, and against Automerge."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from cartera import change, digest, records, snapshot, ulid, wire
from cartera.change import Timestamp, decode
from cartera.document import Document, Duplicate

DOCS = Path(__file__).parents[2] / "core/docs"
NODE_MODULES = os.environ.get("CARTERA_NODE_MODULES")
AA, BB, CC, DD = (bytes([byte]) * 16 for byte in (0xAA, 0xBB, 0xCC, 0xDD))
NOTE = wire.encode({0: 1, 1: 1790000060000, 2: 20717, 3: "Europe/Madrid", 4: 0, 8: "Prefers mornings"})


def examples_of_changes():
    for block in re.findall(r"```\nexample \d\n(.*?)```", (DOCS / "document.md").read_text(), re.S):
        hash = re.search(r"^hash +(\w+)$", block, re.M)[1]
        yield hash, bytes.fromhex("".join(re.findall(r"^([0-9a-f]{2,64})$", block, re.M)))


def test_the_examples_of_changes_come_out_of_the_facts():
    """Written anew through `Document`, as a device would, not only decoded and encoded."""
    first, note, paco, lola, both, anew = examples_of_changes()
    here = Document(ulid.parse("01JC0000000000000000000001"))
    there = Document(here.id)
    assert here.create(AA, 1790000000).bytes == first[1]
    assert here.append(AA, 1790000060, [("n/01JC0000000000000000000002", NOTE)]).bytes == note[1]
    there.admit(decode(first[1]))
    there.acknowledged = {bytes.fromhex(first[0]): 1}
    assert there.edit(BB, 1790000120, {"name": "Bar Paco"}).bytes == paco[1]
    restored = there.rebased(CC)
    [written_anew] = restored.unsent()
    assert (written_anew.hash.hex(), written_anew.bytes) == anew
    for document, other in ((there, written_anew), (restored, decode(paco[1]))):
        with pytest.raises(Duplicate):
            document.admit(other)
    assert here.edit(AA, 1790000180, {"name": "Bar Lola"}).bytes == lola[1]
    for data in (note[1], lola[1]):
        there.admit(decode(data))
    assert there.conflict("name") == ["Bar Paco", "Bar Lola"] and there.value("name") == "Bar Lola"
    chosen = there.edit(BB, 1790000240, {"name": "Bar Paco y Lola"})
    assert (chosen.hash.hex(), chosen.bytes) == both
    assert there.conflict("name") == [] and there.value("name") == "Bar Paco y Lola"


def test_the_examples_of_bodies_are_what_this_client_writes():
    page = (DOCS / "protocol.md").read_text()
    section = page[page.index("## 21. Examples") :]
    bodies = [
        bytes.fromhex(block.replace("\n", "")) for block in re.findall(r"^\{.*\}\n((?:[0-9a-f]+\n)+)", section, re.M)
    ]
    assert len(bodies) >= 12
    for body in bodies:
        assert wire.encode(wire.unpack(body)) == body
    assert wire.unpack(bytes.fromhex("28b52ffd2005290000a100820101")) == {0: [1, 1]}


def test_the_examples_of_digests():
    client, territory = ulid.parse("01JC0000000000000000000001"), b"\x44" * 16
    head = bytes.fromhex("d8f38f55bdd7e2ed6854134a8712e980dc5fe767a9bc0e648bbbb689fc052266")
    document = digest.document_term(client, 0, territory, None, [head])
    tax = digest.office_term(("tax", "erp", "21"), bytes.fromhex("a300010168495641203231202502821500"))
    assert document.hex() == "5fb55b9031e11d983ab19dd5fd2f2aa5"
    assert tax.hex() == "9862a771383d775e0407e7747196c9e6"
    assert digest.office_name(("tax", "erp", "21")).hex() == "ec862c22c79234a7"
    assert digest.total([document, tax]).hex() == "f81803016a1e94f63eb9854a6ec5f48b"


def test_every_byte_of_a_change_counts():
    _, data = list(examples_of_changes())[4]
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1
        with pytest.raises(change.Refused):
            decode(bytes(broken))
        with pytest.raises(change.Refused):
            decode(data[:place])


def test_other_actors_are_listed_ascending():
    chosen = change.Change(DD, 1, 5, 0, (bytes(32),), (change.Op("name", "x", ((2, CC), (3, AA), (3, BB))),))
    assert b"\x03" + b"".join(b"\x10" + actor for actor in (AA, BB, CC)) in chosen.bytes
    assert decode(chosen.bytes) == chosen


def test_amounts_of_a_purchase():
    lines = [
        records.line("A1", "3", "caja", "12.345", discounts=["10", "2.5"], tax=("IVA21", "21")),
        records.line("A2", "1.5", "kg", "0.333333", tax=("IVA10", "10")),
        records.line("A3", "1", "ud", "9.99", tax=("IVA21", "21"), free=True),
        records.line("A4", "2", "ud", None, tax=("IVA21", "21")),
    ]
    assert [line[8] for line in lines] == [3250, 50, 0, 0]  # 37.035 * .9 * .975 = 32.4982..., 0.4999995
    assert records.line("A5", "1", "ud", "0.333333", discounts=["50", "50"])[8] == 8  # not 0.17, then 0.09
    assert records.amounts(lines) == {0: 3300, 1: 683 + 5, 2: 3988}  # 682.5 rounds away from zero
    assert records.amounts(lines, [{0: records.decimal("5")}])[0] == 3088 + 48  # 3087.5, 47.5


def test_what_is_written_anew_has_seen_what_it_had_seen_before():
    document = Document(ulid.new())
    document.acknowledged = {document.create(AA, 0).hash: 1}
    refused = document.append(AA, 1, [(f"n/{ulid.text(ulid.new())}", NOTE)])
    edit = document.edit(AA, 2, {"name": "Own", "web": "x"})
    undo = document.edit(AA, 3, {"web": None})
    other = Document(document.id)
    other.admit(next(iter(document.changes.values())))
    foreign = other.edit(BB, 4, {"name": "Foreign"})
    document.admit(foreign)
    document.acknowledged[foreign.hash] = 2

    new = document.rebased(CC, {refused.hash})
    first, second = new.unsent()
    assert (first.actor, first.seq, first.start_op, first.time) == (CC, 1, 2, 2)
    assert first.deps == tuple(other.past([foreign.hash]) - {foreign.hash}) and second.deps == (first.hash,)
    assert [op.preds for op in first.ops] == [(), ()] and [op.preds for op in second.ops] == [((3, CC),)]
    assert sorted(new.conflict("name")) == ["Foreign", "Own"] and new.records() == [] and "web" not in new.keys()
    # Without what the second one deletes, nothing is left of it.
    again = document.rebased(CC, {refused.hash, edit.hash})
    assert again.unsent() == [] and undo.hash not in again.changes and again.conflict("name") == []


AUTOMERGE = """
import * as Automerge from '@automerge/automerge'
import { readFileSync } from 'node:fs'
const plain = value => value instanceof Uint8Array ? 'bytes:' + Buffer.from(value).toString('hex')
  : typeof value == 'bigint' ? 'int:' + value : value instanceof Date ? 'ms:' + value.getTime() : Automerge.isImmutableString(value) ? 'text:' + value.val : value
const { changes } = JSON.parse(readFileSync(0))
let [document] = Automerge.applyChanges(Automerge.init(), changes.map(hex => Uint8Array.from(Buffer.from(hex, 'hex'))))
const values = Object.fromEntries(Object.entries(document).map(([key, value]) => [key, plain(value)]))
const conflicts = Object.fromEntries(Object.keys(document).map(key =>
  [key, Object.values(Automerge.getConflicts(document, key) ?? {}).map(plain)]))
process.stdout.write(JSON.stringify({ values, conflicts, heads: Automerge.getHeads(document),
  saved: Buffer.from(Automerge.save(document)).toString('hex') }))
"""


@pytest.fixture
def automerge(tmp_path):
    if not NODE_MODULES:
        pytest.skip("no Automerge in JavaScript here")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    script = tmp_path / "automerge.mjs"
    script.write_text(AUTOMERGE)

    def run(changes):
        request = json.dumps({"changes": [change.bytes.hex() for change in changes]})
        done = subprocess.run(["node", script], input=request, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_automerge_takes_these_changes_and_its_snapshot_is_read_here(automerge):
    here = Document(ulid.new())
    here.create(AA, 0)
    here.edit(AA, 1, {"name": "Bar Núñez", "visit_every": -14, "pref/vip": True, "pref/no": False})
    there = Document(here.id)
    for known in here.changes.values():
        there.admit(known)
    here.edit(AA, 2, {"seen": Timestamp(-1), "big": 2**63 - 1, "small": -(2**63), "name": "Bar 1", "warning": "x"})
    there.edit(BB, 3, {"name": "Bar 2", "pref/no": None, "web": "y" * 20})
    there.edit(BB, 4, {"web": None})
    for known in there.changes.values():
        if known.hash not in here.changes:
            here.admit(known)
    theirs = automerge(here.changes.values())
    assert theirs["heads"] == [head.hex() for head in here.heads()]
    assert sorted(theirs["conflicts"]["name"]) == ["Bar 1", "Bar 2"]
    assert sorted(here.conflict("name")) == ["Bar 1", "Bar 2"]
    assert theirs["values"]["name"] == f"text:{here.value('name')}"
    assert theirs["values"]["seen"] == "ms:-1" and theirs["values"]["visit_every"] == -14
    assert "pref/no" not in theirs["values"] and "web" not in theirs["values"]
    assert sorted(theirs["values"]) == here.keys()
    changes, heads = snapshot.read(bytes.fromhex(theirs["saved"]))
    assert heads == here.heads() and {known.hash for known in changes} == set(here.changes)

    # One choice between three, by a fourth actor.
    third = Document(here.id)
    third.admit(next(iter(here.changes.values())))
    here.admit(third.edit(CC, 6, {"name": "Bar 3"}))
    here.edit(DD, 7, {"name": "Bar 4"})
    assert len(list(here.changes.values())[-1].ops[0].preds) == 3
    theirs = automerge(here.changes.values())
    assert theirs["conflicts"]["name"] == [] and theirs["heads"] == [here.heads()[0].hex()]
