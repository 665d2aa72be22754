"""What goes wrong on the way, and must not lose or double anything."""

import copy
import shutil

import pytest
from cartera import records, ulid, wire
from cartera.change import Change, Op
from cartera.client import Client, Unfit
from cartera.transport import NotTheRelay, Problem, Transport


def push(client, *items):
    """One raw request that pushes these items; the verdicts."""
    request = {0: [1, 1], 1: client.state.cursor, 2: client.state.scope[0], 5: list(items)}
    return client.transport.post("/v1/sync", request, client.state.token)[5]


def item(document, data):
    return {0: document, 2: data}


def unsent(client):
    """The items that the client would push now."""
    return client._sync_request(None).get(5, [])


def test_a_change_pushed_twice_stands_once(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.add(bar, ("v", records.visit(outcome=2)))
    work = unsent(ana)
    first, second = push(ana, *work), push(ana, *work)
    assert [verdict[0] for verdict in first] == [0, 0, 0] and [verdict[0] for verdict in second] == [1, 1, 1]
    assert [verdict[1:3] for verdict in first] == [verdict[1:3] for verdict in second]
    assert push(ana, work[0], work[0])[1][0] == 1
    assert ana.sync() is True and ana.document(bar).unsent() == []
    assert luis.sync() is True and len(luis.document(bar).records()) == 1


def test_a_reply_that_is_lost_or_cut_changes_nothing(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.add(bar, ("v", records.visit(outcome=2)))
    ana.sync()

    class Cuts(Transport):
        at = None

        def exchange(self, *arguments, **options):
            status, headers, body = super().exchange(*arguments, **options)
            self.length = len(body)
            return status, headers, body if self.at is None else body[: self.at]

    luis.transport = Cuts(luis.transport.url.geturl(), luis.transport.pin)
    luis.transport.at = 0
    with pytest.raises(NotTheRelay):
        luis.sync_once()
    other = luis.create({"name": "Otro"})
    before = copy.deepcopy(luis.state)
    for at in range(0, luis.transport.length, 7):
        luis.transport.at = at
        with pytest.raises(NotTheRelay):
            luis.sync_once()
        assert luis.state == before
    luis.transport.at = None
    assert luis.sync() is True
    assert set(luis.clients()) == {bar, other} and luis.document(other).unsent() == []
    assert ana.sync() is True and ana.document(other).changes.keys() == luis.document(other).changes.keys()


def test_a_reply_without_a_known_verdict_for_each_change_is_not_taken(office):
    ana = office.phone("Ana")
    ana.create({"name": "Bar"})

    class Spoils(Transport):
        def post(self, *arguments):
            reply = super().post(*arguments)
            return {**reply, 5: self.spoil(reply[5])}

    honest, ana.transport = ana.transport, Spoils(ana.transport.url.geturl(), ana.transport.pin)
    before = copy.deepcopy(ana.state)
    for spoil in (lambda verdicts: verdicts[1:], lambda verdicts: [*verdicts[:-1], [99]]):
        ana.transport.spoil = spoil
        with pytest.raises(Unfit):
            ana.sync_once()
        assert ana.state == before
    ana.transport = honest
    assert ana.sync() is True and not ana.state.outbox


def test_broken_bytes_are_refused_and_the_rest_arrives(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    one, two, three = (ana.create({"name": name}) for name in ("Uno", "Dos", "Tres"))
    work = unsent(ana)
    broken = bytearray(work[3][2])
    broken[-3] ^= 1
    work[3] = item(two, bytes(broken))
    verdicts = push(ana, *work)
    assert [verdict[0] for verdict in verdicts] == [0, 0, 0, 3, 0, 0]
    assert verdicts[3][1] == 0 and len(verdicts[3][2].encode()) <= 240 and "Dos" not in verdicts[3][2]
    assert [verdict[0] for verdict in push(ana, *work[:3], item(ulid.new(), b""))] == [1, 1, 1, 3]
    assert ana.sync() is True and luis.sync() is True
    assert [luis.document(id).value("name") for id in (one, two, three)] == ["Uno", "Dos", "Tres"]


def test_a_forged_actor_is_refused(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.sync(), luis.sync()
    hers = copy.deepcopy(ana.document(bar)).edit(ana.state.actor, 0, {"name": "Forged"})
    nobodys = copy.deepcopy(ana.document(bar)).edit(b"\x07" * 16, 0, {"name": "Forged"})
    own = copy.deepcopy(luis.document(bar)).edit(luis.state.actor, 0, {"name": "Own"})
    verdicts = push(luis, item(bar, hers.bytes), item(bar, nobodys.bytes), item(bar, own.bytes))
    assert [verdict[:2] for verdict in verdicts[:2]] == [[3, 2], [3, 2]] and verdicts[2][0] == 0
    assert ana.sync() is True and ana.document(bar).value("name") == "Own"
    reply = luis.transport.post(
        "/v1/sync", {0: [1, 1], 1: luis.state.cursor, 3: [{0: ana.state.actor, 1: 0}]}, luis.state.token
    )
    assert reply[6][0][:2] == [1, 2]


def test_another_generation_and_others_documents_are_refused(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.sync()
    change = copy.deepcopy(ana.document(bar)).edit(ana.state.actor, 0, {"name": "x"})
    assert push(ana, {**item(bar, change.bytes), 1: 1})[0][:2] == [3, 8]
    own = Change(luis.state.actor, 1, 1, 0, (), (Op("id", ana.state.person),))
    assert push(luis, item(ana.state.person, own.bytes))[0][:2] == [3, 2]
    # A change for another document than its own
    assert push(ana, item(ulid.new(), Change(ana.state.actor, 1, 1, 0, (), (Op("id", bar),)).bytes))[0][:2] == [3, 0]


def test_a_record_key_is_used_once_in_the_workspace(office):
    ana = office.phone("Ana")
    one, two = ana.create({"name": "Uno"}), ana.create({"name": "Dos"})
    [note] = ana.add(one, ("n", records.note("x")))
    assert ana.sync() is True
    key = f"n/{ulid.text(note)}"
    [(_, _, data)] = ana.document(one).records()
    with ana.store.transaction() as state:
        ana._send(state, two, state.documents[two].append(state.actor, 0, [(key, data)]))
        ana._send(state, two, state.documents[two].edit(state.actor, 0, {"name": "Dos y medio"}))
    assert ana.sync() is True
    assert [(work.document, work.code) for work in ana.state.refused] == [(two, 3)]
    assert ana.document(two).value("name") == "Dos y medio" and ana.document(two).records() == []


def test_what_comes_before_its_ancestors_is_held(office):
    ana = office.phone("Ana")
    bar = ana.create({"name": "Bar"})
    first, second = unsent(ana)
    assert push(ana, second) == [[2, [ana.document(bar).unsent()[0].hash]]]
    assert [verdict[0] for verdict in push(ana, first, second)] == [0, 0]
    assert ana.sync() is True


def test_a_device_restored_from_a_backup_takes_another_actor(office, tmp_path):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.sync()
    shutil.copy(ana.store.path, tmp_path / "backup")
    ana.add(bar, ("n", records.note("before the loss")))
    ana.sync()

    restored = Client(tmp_path / "backup")
    old_actor = restored.state.actor
    restored.add(bar, ("n", records.note("after it")))  # the same seq again
    assert restored.sync() is True
    assert restored.state.actor != old_actor and not restored.state.refused
    luis.sync()
    for client in (restored, luis):
        assert sorted(record.fields[8] for record in client.records(bar)) == ["after it", "before the loss"]
        assert {record.author for record in client.records(bar)} == {ana.state.person}


def test_records_that_a_rebase_sent_twice_stand_once(office, tmp_path):
    """The answer to a rebased push is lost, and the device knows nothing of it: it was restored."""
    ana = office.phone("Ana")
    bar = ana.create({"name": "Bar"})
    ana.sync()
    ana.add(bar, ("v", records.visit(outcome=2, notes="x")))
    ana.edit(bar, {"name": "After the visit"})
    shutil.copy(ana.store.path, tmp_path / "backup")
    with ana.store.transaction() as state:
        state.restored = True
    ana.sync()  # written anew by another actor

    restored = Client(tmp_path / "backup")
    assert restored.sync() is True
    assert restored.state.outbox == [] and restored.state.replaced == {} and restored.document(bar).unsent() == []
    assert len(restored.document(bar).records()) == 1
    assert [value for _, value in restored.document(bar).values("name")] == ["After the visit"]
    assert ana.sync() is True


def test_fields_beside_records_that_stand_already_are_not_lost(office):
    ana = office.phone("Ana")
    bar = ana.create({"name": "Bar"})
    [note] = ana.add(bar, ("n", records.note("x")))
    assert ana.sync() is True
    [(_, key, data)] = ana.document(bar).records()
    own = copy.deepcopy(ana.document(bar))
    with ana.store.transaction() as state:  # a copy that does not know its note, and writes it again beside a field
        first = list(own.changes.values())[:2]
        state.documents[bar] = document = type(own)(bar)
        for change in first:
            document.admit(change)
            document.acknowledged[change.hash] = 0
        state.restored = True
    ana._rebase(None)
    with ana.store.transaction() as state:
        change = state.documents[bar]._write(state.actor, 0, [Op(key, data), Op("warning", "beside it")])
        ana._send(state, bar, change)
    assert ana.sync() is True
    office.repairs = 2  # the cursor of the copy was past the note
    assert len(ana.document(bar).records()) == 1 and ana.document(bar).value("warning") == "beside it"
    assert not ana.document(bar).unsent() and not ana.state.outbox


def test_an_older_cursor_is_harmless_and_a_foreign_one_is_not_taken(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    old = ana.state.cursor
    bar = ana.create({"name": "Bar"})
    ana.sync()
    with ana.store.transaction() as state:
        state.cursor = old
    assert ana.sync() is True and len(ana.document(bar).changes) == 2
    for cursor in (luis.state.cursor, b"x" * 27, ana.state.cursor[:-1] + bytes([ana.state.cursor[-1] ^ 1])):
        with pytest.raises(Problem) as problem:
            ana.transport.post("/v1/sync", {0: [1, 1], 1: cursor}, ana.state.token)
        assert (problem.value.status, problem.value.code) == (400, "cursor_invalid")


def test_nothing_new_costs_one_small_exchange(office):
    ana = office.phone("Ana")
    request = {0: [1, 1], 1: ana.state.cursor, 2: ana.state.scope[0]}
    reply = ana.transport.post("/v1/sync", request, ana.state.token)
    assert set(reply) == {0, 2, 4, 9} and len(wire.encode(request)) + len(wire.encode(reply)) < 150


def test_live_tells_that_there_is_something(office):
    """After the first event, which says where the scope stands, one for what a colleague sent."""
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.sync()
    events = luis.live()
    first = next(events)
    luis.sync()
    ana.edit(bar, {"name": "Bar Lola"})
    ana.sync()
    assert next(events) > first
    assert luis.sync() is True and luis.document(bar).value("name") == "Bar Lola"
    events.close()
    with pytest.raises(Problem):
        next(luis.transport.live("0" * 64))


def test_orders_are_obeyed_under_the_devices_key_only(office):
    import hmac

    ana = office.phone("Ana")
    bar, other = ana.create({"name": "Bar"}), ana.create({"name": "Otro"})
    order = {0: bar, 1: 1}
    ana._obey({**order, 2: bytes(32)})
    ana._obey(order)
    assert ana.document(bar).unsent() and len(ana.state.attention) == 2
    ana._obey({**order, 2: hmac.digest(ana.state.device_key, wire.encode(order), "sha256")})
    assert bar not in ana.state.documents and ana.document(other).unsent()
    assert {unsent.document for unsent in ana.state.outbox} == {other} and ana.state.purged == {bar}
    everything = {1: 2}
    ana._obey({**everything, 2: hmac.digest(ana.state.device_key, wire.encode(everything), "sha256")})
    assert ana.state.wiped and not ana.state.token


def test_the_documents_example_of_an_order():
    import hmac

    bare = bytes.fromhex("a2005001930000000000000000000000000001011b000001a0c451f2a0")
    mac = hmac.digest(b"\x66" * 32, bare, "sha256")
    assert mac.hex() == "42dcfd0d491fc138ff853144b4c9ec0f95aa8ae4eb3fa68370e24a422e95579f"
