"""A day's work of two people on two devices."""

import pytest
from cartera import records, ulid

LINES = [
    records.line("A-1", "12", "caja", "8.5", discounts=["5"], tax=("IVA10", "10"), description="Aceite"),
    records.line("A-2", "3.25", "kg", "4.123456", tax=("IVA21", "21")),
]


def test_work_of_one_is_seen_by_the_other(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar Núñez", "email": "bar@example.com", "visit_every": 14, "pref/terrace": True})
    [visit] = ana.add(bar, ("v", records.visit(outcome=1, notes="Pide más aceite")))
    [order] = ana.add(bar, ("p", records.purchase(LINES, visit=visit)))
    [wrong] = ana.add(bar, ("n", records.note("Cierra los lunes")))
    ana.add(bar, ("n", records.note("Cierra los martes")), amends=wrong)
    [gone] = ana.add(bar, ("n", records.note("De otro cliente")))
    ana.add(bar, ("n", records.void()), voids=gone)
    assert ana.sync() is True and not ana.state.outbox and not ana.state.refused

    assert luis.sync() is True
    assert luis.clients() == [bar]
    document = luis.document(bar)
    assert (
        document.value("name") == "Bar Núñez"
        and document.value("visit_every") == 14
        and document.value("pref/terrace") is True
    )
    assert luis.state.places[bar].territory == office.territory
    shown = {record.id: record for record in luis.records(bar)}
    assert set(shown) == {visit, order, wrong, gone}
    assert shown[visit].fields[12] == "Pide más aceite" and shown[visit].author == ana.state.person
    assert shown[order].fields[17] == {0: 11030, 1: 1250, 2: 12280}
    assert shown[wrong].fields[8] == "Cierra los martes" and len(shown[wrong].amendments) == 1
    assert shown[gone].void and not shown[order].void

    # He answers with a visit of his own, which arrives at hers as one change.
    luis.add(bar, ("v", records.visit(outcome=2)))
    assert luis.sync() is True and ana.sync() is True
    assert ana.digest() == luis.digest()
    assert [record.author for record in ana.records(bar) if record.kind == "v"] == [ana.state.person, luis.state.person]


def test_a_colleagues_record_is_not_a_reps_to_correct(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    [note] = ana.add(bar, ("n", records.note("x")))
    ana.sync()
    luis.sync()
    luis.add(bar, ("n", records.note("y")), amends=note)
    luis.add(bar, ("v", records.visit(outcome=2)))
    assert luis.sync() is True
    [refused] = luis.state.refused
    assert refused.code == 2
    assert [record.kind for record in luis.records(bar)] == ["n", "v"]  # the visit after it arrived
    assert ana.sync() is True and [record.kind for record in ana.records(bar)] == ["n", "v"]

    boss = office.phone("Eva", role="manager")
    boss.add(bar, ("n", records.note("z")), amends=note)
    assert boss.sync() is True and not boss.state.refused
    ana.sync()
    assert ana.records(bar)[0].fields[8] == "z"


def test_two_edits_of_one_field_are_both_there_until_somebody_chooses(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar", "sector": "bar"})
    ana.sync()
    luis.sync()
    ana.edit(bar, {"name": "Bar Lola", "sector": None})
    luis.edit(bar, {"name": "Bar Paco", "sector": "restaurante"})
    assert ana.sync() is True and luis.sync() is True and ana.sync() is True
    for client in (ana, luis):
        assert sorted(client.document(bar).conflict("name")) == ["Bar Lola", "Bar Paco"]
        assert client.document(bar).value("sector") == "restaurante"  # deleting leaves a concurrent put
        assert len(client.document(bar).heads()) == 2
    assert ana.document(bar).value("name") == luis.document(bar).value("name")
    luis.edit(bar, {"name": "Bar Paco y Lola"})
    assert luis.sync() is True and ana.sync() is True
    for client in (ana, luis):
        assert client.document(bar).conflict("name") == [] and client.document(bar).value("name") == "Bar Paco y Lola"
        assert len(client.document(bar).heads()) == 1


def test_choosing_the_value_in_use_deletes_the_others(office):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    ana.sync()
    luis.sync()
    ana.edit(bar, {"name": "A"})
    luis.edit(bar, {"name": "B"})
    ana.sync(), luis.sync(), ana.sync()
    value = ana.document(bar).value("name")
    author, _ = ana.document(bar).values("name")[-1]
    ana.edit(bar, {"name": value})
    assert ana.sync() is True and luis.sync() is True
    assert luis.document(bar).values("name") == [(author, value)]


def test_a_person_has_a_document_of_his_own(office):
    ana = office.phone("Ana")
    [absence] = ana.add(ana.state.person, ("absence", {8: 20_800, 9: 20_805, 10: 1}))
    assert ana.sync() is True and not ana.state.refused
    luis = office.phone("Luis")
    assert ana.state.person not in luis.state.documents
    again = office.phone("Ana", new=False)
    assert [record.id for record in again.records(again.state.person)] == [absence]


def test_a_client_proposed_for_a_foreign_territory_is_lent_to_its_creator(office):
    elsewhere = office.relay.territory(office.name("Sur"))
    ana, boss = office.phone("Ana"), office.phone("Eva", role="manager")
    bar = ana.create({"name": "Bar"}, territory=elsewhere)
    assert ana.sync() is True
    assert ana.state.places[bar].territory is None and bar in ana.clients()
    assert [lent[0] for lent in ana.state.scope[3]] == [bar]
    office.relay.run("client", "move", ulid.text(bar), "--to", office.territory_name)
    assert ana.sync() is True and ana.state.places[bar].territory == office.territory
    assert boss.sync() is True and boss.state.places[bar].territory == office.territory


@pytest.mark.parametrize("kind", ["zz", "abcdefgh"])
def test_kinds_that_nobody_knows_are_carried(office, kind):
    ana, luis = office.phone("Ana"), office.phone("Luis")
    bar = ana.create({"name": "Bar", "unknown_field/a/b/c": b"\x83\x01\x02\xf6"})
    [record] = ana.add(bar, (kind, {8: [1, -1, {5: "x"}], 99: b"y"}))
    assert ana.sync() is True and luis.sync() is True
    assert luis.document(bar).value("unknown_field/a/b/c") == b"\x83\x01\x02\xf6"
    assert [shown.fields[99] for shown in luis.records(bar) if shown.id == record] == [b"y"]
