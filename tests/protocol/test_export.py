"""What the office reads of it: the export as CSV, with a program's token."""

import csv
import io

from cartera import records, ulid


def test_visit_and_order_are_in_the_export(office):
    token = office.relay.token(office.name("erp"), "export")
    ana = office.phone("Ana")
    bar = ana.create({"name": "Bar Núñez, S.L."})
    lines = [records.line("A-1", "12", "caja", "8.5", discounts=["5"], tax=("IVA10", "10"))]
    [visit] = ana.add(bar, ("v", records.visit(outcome=1, notes='Pide más; "mañana"')))
    [order] = ana.add(bar, ("p", records.purchase(lines, visit=visit)))
    assert ana.sync() is True

    def rows(resource):
        return list(csv.DictReader(io.StringIO(office.relay.request("GET", f"/v1/export/{resource}.csv", token))))

    [row] = [row for row in rows("visits") if ulid.text(visit) in row.values()]
    assert (
        ulid.text(bar) in row.values()
        and 'Pide más; "mañana"' in row.values()
        and ulid.text(ana.state.person) in row.values()
    )
    [row] = [row for row in rows("purchases") if ulid.text(order) in row.values()]
    assert "96.90" in row.values() and "106.59" in row.values(), row
    [row] = [row for row in rows("clients") if ulid.text(bar) in row.values()]
    assert "Bar Núñez, S.L." in row.values()
