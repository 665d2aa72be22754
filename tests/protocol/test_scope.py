"""What a device sees: first sync in pages, territories, leaving; digests and repairs."""

from cartera import records, ulid
from cartera.change import MAGIC
from cartera.client import Client
from cartera.digest import total
from cartera.document import Document
from cartera.state import Office as OfficeRecord

CLIENTS = 150


def test_the_first_sync_comes_in_pages_and_can_be_cut_at_any(office, tmp_path):
    ana = office.phone("Ana")
    with ana.store.transaction() as state:
        for number in range(CLIENTS):
            id = ulid.new()
            state.documents[id] = document = Document(id)
            ana._send(state, id, document.create(state.actor, 0), office.territory)
            ana._send(
                state, id, document.edit(state.actor, 0, {"name": f"Bar {number:04}", "warning": f"{number:04}" * 120})
            )
    assert ana.sync() is True and not ana.state.refused

    office.relay.person(office.name("Luis"), office.territory_name)
    luis = Client(tmp_path / "luis.state")
    luis.enrol(office.relay.invitation(office.name("Luis")))
    reply = luis.sync_once()
    assert reply.get(7) is None and 9 not in reply and [page[0] for page in luis.state.to_fetch] == [0, 1, 2, 3, 4]
    pages = 0
    while luis.state.to_fetch:
        luis.fetch_page(want_bytes=65_536)
        pages += 1
        luis = Client(tmp_path / "luis.state")  # a restart after each page
        if pages == 3:  # meanwhile the log goes on
            bar = ana.clients()[0]
            ana.edit(bar, {"name": "Bar de la esquina"})
            new = ana.create({"name": "Nuevo"})
            assert ana.sync() is True
    assert pages >= 6
    assert luis.sync() is True
    assert len(luis.clients()) == CLIENTS + 1 and luis.document(bar).value("name") == "Bar de la esquina"
    assert luis.document(new).value("name") == "Nuevo"


def test_a_client_that_is_moved_away_leaves_and_unsent_work_still_arrives(office):
    elsewhere = office.relay.territory(office.name("Sur"))
    ana, boss = office.phone("Ana"), office.phone("Eva", role="manager")
    bar, other = ana.create({"name": "Bar"}), ana.create({"name": "Otro"})
    assert ana.sync() is True and boss.sync() is True
    ana.add(bar, ("v", records.visit(outcome=2, notes="the last one")))
    office.relay.run("client", "move", ulid.text(bar), ulid.text(other), "--to", office.name("Sur"))

    assert ana.sync() is True
    assert ana.clients() == [] and bar not in ana.state.documents and not ana.state.purged and not ana.state.refused
    assert boss.sync() is True and boss.state.places[bar].territory == elsewhere
    assert [record.fields[12] for record in boss.records(bar)] == ["the last one"]

    # Back again: all that there is of it in one entry.
    office.relay.run("client", "move", ulid.text(bar), "--to", office.territory_name)
    assert ana.sync() is True
    assert ana.clients() == [bar] and len(ana.document(bar).records()) == 1
    # After it was reported purged, it is written to no more.
    stale = boss.document(other)
    change = Document.rebased(stale, ana.state.actor).edit(ana.state.actor, 0, {"name": "x"})
    request = {0: [1, 1], 1: ana.state.cursor, 2: ana.state.scope[0], 5: [{0: other, 2: change.bytes}]}
    assert ana.transport.post("/v1/sync", request, ana.state.token)[5][0][:2] == [3, 2]


def test_lending_and_taking_back(office):
    office.relay.territory(office.name("Sur"))
    office.relay.person(office.name("Luis"), office.name("Sur"))
    ana, luis = office.phone("Ana"), office.phone("Luis", new=False)
    bar = ana.create({"name": "Bar"})
    ana.sync()
    assert luis.sync() is True and luis.clients() == []
    office.relay.run("client", "lend", ulid.text(bar), "--to", office.name("Luis"))
    assert luis.sync() is True and luis.clients() == [bar]
    luis.add(bar, ("v", records.visit(outcome=1)))
    assert luis.sync() is True and not luis.state.refused
    office.relay.run("client", "return", ulid.text(bar), office.name("Luis"))
    assert luis.sync() is True and luis.clients() == [] and not luis.state.refused
    assert ana.sync() is True and len(ana.document(bar).records()) == 1


def test_territories_gained_and_lost(office):
    sur = office.relay.territory(office.name("Sur"))
    office.relay.person(office.name("Luis"), office.name("Sur"))
    ana, luis = office.phone("Ana"), office.phone("Luis", new=False)
    north, south = ana.create({"name": "Norte"}), luis.create({"name": "Sur"})
    assert ana.sync() is True and luis.sync() is True
    office.relay.run(
        "people", "change", office.name("Ana"), "--territory", office.territory_name, "--territory", office.name("Sur")
    )
    assert ana.sync() is True and set(ana.clients()) == {north, south}
    assert set(ana.state.scope[2]) == {office.territory, sur}
    office.relay.run("people", "change", office.name("Ana"), "--territory", office.name("Sur"))
    assert ana.sync() is True and ana.clients() == [south] and north not in ana.state.documents


def test_digests_are_equal_and_repair_what_broke(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bars = [ana.create({"name": f"Bar {number}"}) for number in range(5)]
    assert ana.sync() is True and luis.sync() is True
    assert ana.terms()[0] == luis.terms()[0] and ana.terms()[1].keys() == luis.terms()[1].keys()
    assert ana.digest() == luis.digest() == total([*ana.terms()[0].values(), *luis.terms()[1].values()])

    good = luis.digest()
    with luis.store.transaction() as state:
        del state.documents[bars[0]]  # lost
        broken = Document(bars[1])  # without its last change
        broken.admit(next(iter(state.documents[bars[1]].changes.values())))
        broken.acknowledged = {hash: 0 for hash in broken.changes}
        state.documents[bars[1]] = broken
        state.places[bars[2]].territory = None
        name = next(name for name in state.office if name[0] == "actor")
        del state.office[name]
        other = next(name for name in state.office if name[0] == "person")
        state.office[other] = OfficeRecord(b"\xa0", state.office[other].number, None, None)
        state.office[("setting", "", "made up")] = OfficeRecord(b"\xa0", 1, None, None)
        ghost = Document(ulid.new())
        ghost.create(b"\x01" * 16, 0)
        ghost.acknowledged = {hash: 0 for hash in ghost.changes}
        state.documents[ghost.id] = ghost
    assert luis.digest() != good
    assert luis.sync() is True
    office.repairs = 2  # what stood as acknowledged is offered first: it may be the only copy
    assert set(luis.clients()) == {*bars, ghost.id}
    assert ana.sync() is True
    assert luis.digest() == ana.digest() and luis.terms()[0] == ana.terms()[0]
    assert luis.terms()[1].keys() == ana.terms()[1].keys()
    assert luis.document(bars[1]).value("name") == "Bar 1" and luis.state.places[bars[2]].territory == office.territory


def test_what_is_excluded_counts_on_neither_side(office):
    ana = office.phone("Ana")
    one, two = ana.create({"name": "Uno"}), ana.create({"name": "Dos"})
    assert ana.sync() is True
    with ana.store.transaction() as state:
        state.failures[one] = 2
        del state.documents[one]
    assert ana.sync() is True and two in ana.state.documents


def test_documents_by_name_and_what_is_gone(office):
    ana = office.phone("Ana")
    bar, nobody = ana.create({"name": "Bar"}), ulid.new()
    assert ana.sync() is True
    reply = ana._fetch({3: sorted([bar, nobody])})
    assert [item[1][0] for item in reply[4] if item[0] == 1] == [bar] and reply[6] == [nobody]
    [page] = [item[1] for item in reply[4] if item[0] == 1]
    assert page[3][:4] == MAGIC and page[7] == ana.document(bar).heads() and len(page[4]) == len(page[7])
    assert page[4] == [ana.document(bar).receipts[head] for head in page[7]]
