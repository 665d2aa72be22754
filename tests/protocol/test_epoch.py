"""The relay comes back from a copy that is older than what it acknowledged (protocol.md, section 12)."""

from cartera import records


def test_what_a_restored_relay_lost_is_offered_again(plain_office, tmp_path):
    relay = plain_office.relay
    ana, luis = plain_office.phone("Ana"), plain_office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    assert ana.sync() is True and luis.sync() is True
    relay.copy(tmp_path / "copy")
    ana.add(bar, ("v", records.visit(outcome=2, notes="lost at the relay")))
    with ana.store.transaction() as state:
        state.restored = True  # another actor from here, of which the restored relay knows nothing
    assert ana.sync() is True
    new = ana.create({"name": "Lost too"})
    assert ana.sync() is True and luis.sync() is True
    epoch = ana.state.epoch
    relay.restored(tmp_path / "copy")

    ana.add(bar, ("n", records.note("after it")))
    assert ana.sync() is True
    assert ana.state.epoch != epoch and not ana.state.refused and not ana.state.quarantined
    plain_office.repairs = 3  # both compare, to find what is to be offered, and Ana once more after it
    assert ana.state.attention == []  # its actors were registered again
    assert luis.sync() is True
    for client in (ana, luis):
        assert set(client.clients()) == {bar, new}
        assert [record.kind for record in client.records(bar)] == ["v", "n"] and not client.document(bar).unsent()


def test_what_is_acknowledged_is_offered_before_a_digest_s_difference_is_repaired(plain_office, tmp_path):
    """Rolled back to between a device's cursor and what it acknowledged to it: no cursor shows that."""
    relay = plain_office.relay
    ana, luis = plain_office.phone("Ana"), plain_office.phone("Luis")
    bar, other = ana.create({"name": "Bar"}), luis.create({"name": "Other"})
    assert ana.sync() is True and luis.sync() is True and ana.sync() is True
    for number in range(120):
        luis.add(other, ("n", records.note(f"{number} " + "more than fits into one reply " * 30)))
    assert luis.sync() is True
    relay.copy(tmp_path / "copy")
    ana.add(bar, ("v", records.visit(outcome=2, notes="Ana has the only copy")))
    assert ana.sync_once(want_bytes=65_536)[8] is True, "there is more, so the cursor stands before the visit"
    assert not ana.document(bar).unsent(), "the visit was acknowledged"
    epoch = ana.state.epoch
    relay.restored(tmp_path / "copy")

    assert ana.sync() is True
    assert ana.state.epoch == epoch
    plain_office.repairs = 1
    assert [record.kind for record in ana.records(bar)] == ["v"]
    assert luis.sync() is True
    assert [record.kind for record in luis.records(bar)] == ["v"]
