"""Beside real phones: the demo's three write a day's work with the engine itself; this client reads and adds to it."""

import os
import subprocess

import pytest
from cartera import records, wire
from conftest import Office
from relay import RELAY, Relay


@pytest.fixture
def demo(tmp_path):
    folder = tmp_path / "demo"
    subprocess.run(
        [RELAY, "demo", "--once", "--language", "en", "--customers", "300", "--folder", folder],
        check=True, capture_output=True, env={**os.environ, "CARTERA_TLS": "off"},
    )  # fmt: skip
    relay = Relay(folder / "relay")
    yield relay
    relay.stop()


def test_work_of_real_phones_is_read_whole_and_added_to(demo, tmp_path):
    office = Office(demo, tmp_path)
    office.name = lambda name: name  # the demo's people
    ana, luis, boss = (
        office.phone("Ana", new=False),
        office.phone("Luis", new=False),
        office.phone("Eva", role="manager"),
    )
    assert len(boss.clients()) >= 300 and set(ana.clients()) | set(luis.clients()) < set(boss.clients())

    # Every change was admitted here, byte for byte, and every record reads.
    folded = [record for client in boss.clients() for record in boss.records(client)]
    visits = [record for record in folded if record.kind == "v"]
    orders = [record for record in folded if record.kind == "p"]
    assert len(visits) > 30 and len(orders) > 10 and all(record.author for record in folded)
    for order in orders:  # the engine's cents are those of the rule
        lines = [dict(line) for line in order.fields[10]]
        assert [line[8] for line in lines] == [records._line_amount(line) for line in lines]
        assert order.fields[17] == records.amounts(lines, order.fields.get(11, []))

    # Two real phones changed one number without knowing of each other; a manager chooses.
    [(client, key)] = [
        (id, key) for id in boss.clients() for key in boss.document(id).keys() if boss.document(id).conflict(key)
    ]
    values = [wire.decode(value) for value in boss.document(client).conflict(key)]
    assert key in ("phone", "mobile") and len(values) == 2
    boss.edit(client, {key: boss.document(client).values(key)[0][1]})
    boss.add(client, ("v", records.visit(outcome=2, notes="by Python")))
    assert boss.sync() is True and not boss.state.refused
    other = ana if client in ana.clients() else luis
    assert other.sync() is True and other.document(client).conflict(key) == []
    assert other.document(client).changes.keys() == boss.document(client).changes.keys()
    office.check()
