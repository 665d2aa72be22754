"""What the office writes, as a device gets it: rows with one writer, the last value counts."""

import json

import pytest
from cartera import records, ulid, wire


@pytest.fixture
def put(office):
    token = office.relay.token(office.name("erp"), "office_write")

    def put(kind, key, value=None, **about):
        item = {"key": key, **about, **({"deleted": True} if value is None else {"value": value})}
        answer = office.relay.request("PUT", f"/v1/office/{kind}?all_or_nothing=true", token, {"items": [item]})
        assert json.loads(answer)

    return put


def value(client, kind, key):
    record = client.state.office.get((kind, "erp", key))
    return record and record.value and wire.decode(record.value)


def test_office_records_come_change_and_go(office, put):
    ana = office.phone("Ana")
    key = office.name("n")
    put("notice", key, {"title": "Hoy", "text": "x"}, territory_id=ulid.text(office.territory))
    assert ana.sync() is True and value(ana, "notice", key) == {0: 1, 1: "Hoy", 2: "x"}
    assert ana.state.office[("notice", "erp", key)].territory == office.territory
    put("notice", key, {"title": "Mañana", "text": "x"}, territory_id=ulid.text(office.territory))
    luis = office.phone("Luis")  # in a page
    assert ana.sync() is True and value(ana, "notice", key)[1] == value(luis, "notice", key)[1] == "Mañana"
    put("notice", key, territory_id=ulid.text(office.territory))
    assert ana.sync() is True and luis.sync() is True
    assert value(ana, "notice", key) is None and value(luis, "notice", key) is None


def test_office_records_of_a_territory_go_with_it(office, put):
    ana = office.phone("Ana")
    sur = office.relay.territory(office.name("Sur"))
    keys = [office.name("norte"), office.name("sur")]
    for key, territory in zip(keys, (office.territory, sur)):
        put("notice", key, {"title": key, "text": "x"}, territory_id=ulid.text(territory))
    assert ana.sync() is True and value(ana, "notice", keys[0]) and not value(ana, "notice", keys[1])
    office.relay.run("people", "change", office.name("Ana"), "--territory", office.name("Sur"))
    assert ana.sync() is True and value(ana, "notice", keys[1]) and not value(ana, "notice", keys[0])


def test_costs_never_reach_a_rep(office, put):
    ana, boss = office.phone("Ana"), office.phone("Eva", role="manager")
    key = office.name("article")
    put("cost", key, {"cost": "1.25", "currency": "EUR"})
    put("article", key, {"name": "Aceite", "price": "2.50", "currency": "EUR"})
    assert ana.sync() is True and boss.sync() is True
    assert value(ana, "cost", key) is None and value(boss, "cost", key) == {0: 1, 1: [125, 2], 2: "EUR"}
    assert value(ana, "article", key) == {0: 1, 1: "Aceite", 7: [25, 1], 8: "EUR"} == value(boss, "article", key)
    assert value(office.phone("Luis"), "cost", key) is None


def test_what_the_office_knows_of_a_client_comes_and_goes_with_it(office, put):
    office.relay.territory(office.name("Sur"))
    ana = office.phone("Ana")
    bar = ana.create({"name": "Bar"})
    assert ana.sync() is True
    key = office.name("due")
    put(
        "due_item",
        key,
        {"due": "2026-10-01", "amount": "10.00", "open": "10.00", "currency": "EUR"},
        client_id=ulid.text(bar),
    )
    assert ana.sync() is True and value(ana, "due_item", key)[4] == [1000, "EUR"]
    office.relay.run("client", "move", ulid.text(bar), "--to", office.name("Sur"))
    assert ana.sync() is True and ("due_item", "erp", key) not in ana.state.office
    office.relay.run("client", "move", ulid.text(bar), "--to", office.territory_name)
    assert ana.sync() is True and value(ana, "due_item", key)[4] == [1000, "EUR"]


def test_an_orders_state_comes_back_to_who_wrote_it(office, put):
    ana = office.phone("Ana")
    bar = ana.create({"name": "Bar"})
    [order] = ana.add(bar, ("p", records.purchase([records.line("A-1", "1", "caja", "8.5")])))
    assert ana.sync() is True
    put("order_state", ulid.text(order), {"stage": "registered", "at_ms": 1, "number": "P-7"})
    assert ana.sync() is True
    states = [
        wire.decode(record.value)
        for name, record in ana.state.office.items()
        if name[0] == "order_state" and name[2] == ulid.text(order)
    ]
    assert [state for state in states if state[1] == 3 and state[3] == "P-7"]
