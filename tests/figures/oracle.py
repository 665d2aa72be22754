"""The relay's figures beside the same figures in SQL, from the files that it imported.

    oracle.py --relay PROGRAM --work FOLDER

The last line counts the checks.
"""

import argparse
import csv
import datetime
import json
import random
import subprocess
import sys
from pathlib import Path

import duckdb

START = datetime.date(2023, 1, 1)
END = datetime.date(2026, 6, 30)
# Before Easter, on a plain day, on the last day of a month that is longer than the one before, in a leap year.
AS_OF = ["2026-04-12", "2025-11-19", "2026-03-31", "2024-02-29"]
REGIONS = ["Navarra", "Álava", "La Rioja", "Gipuzkoa", None]
FAMILIES = [("café", "kg"), ("té", "kg"), ("cacao", "kg"), ("azúcar", "caja"), (None, None)]

passed = failed = 0


def check(name, ours, theirs):
    """Integers are equal; floats agree to the last digits that two orders of adding leave."""
    global passed, failed
    same = ours == theirs
    if not same and isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        same = abs(ours - theirs) <= 1e-9 * max(1.0, abs(theirs))
    if same:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: the relay says {ours}, SQL {theirs}")


def write(path, titles, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])


def files(work, seed):
    """Clients, sales with lines, due items: what an office's system sends."""
    dice = random.Random(seed)
    clients = []
    for n in range(400):
        group = f"G{dice.randrange(30)}" if dice.random() < 0.3 else None
        clients.append((f"C{n:03}", f"Bar {n}", dice.choice(REGIONS), dice.choice(["bar", "hotel", None]), group))
    write(work / "clients.csv", ["code", "name", "province", "sector", "fiscal group"], clients)

    lines, documents = [], []
    number = 0
    for code, *_ in clients[:360]:
        currency = "USD" if dice.random() < 0.1 else "EUR"
        first = START + datetime.timedelta(days=dice.randrange(900))
        gap = dice.choice([7, 14, 30, 60, 200])
        day, end = first, END - datetime.timedelta(days=dice.choice([0, 0, 0, 60, 400]))
        likes = dice.sample(FAMILIES, dice.randint(1, 4))
        while day <= end:
            number += 1
            key = f"F{number:05}"
            voided = dice.random() < 0.02
            kind = "delivery note" if dice.random() < 0.03 else "invoice"
            for family, unit in dice.sample(likes, dice.randint(1, len(likes))):
                quantity = dice.choice(["1", "2.5", "10", "0.125"]) if unit else None
                net = dice.choice([0, 250, 1_999, 12_000])
                lines.append((key, code, day, kind, None, "yes" if voided else None, family, quantity, unit, f"{net / 100:.2f}", currency))
            documents.append((key, code, day, currency))
            if dice.random() < 0.06:
                number += 1
                # It counts on the corrected document's day; one that corrects another client's counts on its own.
                corrected = dice.choice(documents)[0] if dice.random() < 0.2 else key
                back = day + datetime.timedelta(days=dice.randrange(40))
                family, unit = dice.choice(likes)
                quantity = "-1" if unit else None
                lines.append((f"A{number:05}", code, back, "credit note", corrected, None, family, quantity, unit, f"-{dice.randint(1, 20_000) / 100:.2f}", currency))
            day += datetime.timedelta(days=max(1, round(gap * dice.uniform(0.3, 1.7))))
    titles = ["document", "client", "date", "type", "corrects", "voided", "family", "quantity", "unit", "net", "currency"]
    write(work / "sales.csv", titles, lines)

    dues = []
    for key, code, day, currency in dice.sample(documents, 900):
        due = day + datetime.timedelta(days=dice.choice([0, 30, 60]))
        amount = dice.randint(100, 90_000)
        paid = due + datetime.timedelta(days=dice.randint(-20, 90)) if dice.random() < 0.8 else None
        returned = paid is not None and dice.random() < 0.05
        rest = 0 if paid else dice.choice([amount, amount // 2])
        dues.append((f"V{key}", code, day, due, f"{amount / 100:.2f}", f"{rest / 100:.2f}", paid, "yes" if returned else None, currency))
    write(work / "dues.csv", ["id", "client", "issued", "due", "amount", "open", "paid", "returned", "currency"], dues)


TABLES = """
CREATE TABLE clients AS SELECT code, nullif(province, '') AS region, nullif("fiscal group", '') AS part
  FROM read_csv('{work}/clients.csv', header = true, all_varchar = true);
CREATE TABLE lines AS SELECT document, client, date::DATE AS own, type, nullif(corrects, '') AS corrects,
    coalesce(voided, '') <> '' AS voided, nullif(family, '') AS family, nullif(unit, '') AS unit,
    round(coalesce(nullif(quantity, '')::DECIMAL(18, 4), 0) * 10000)::BIGINT AS steps,
    round(net::DECIMAL(18, 2) * 100)::BIGINT AS net, currency
  FROM read_csv('{work}/sales.csv', header = true, all_varchar = true);
CREATE TABLE heads AS SELECT DISTINCT document, client, own FROM lines;
CREATE TABLE revenue AS SELECT l.*, coalesce(h.own, l.own) AS day
  FROM lines l LEFT JOIN heads h
    ON l.type = 'credit note' AND h.document = l.corrects AND h.client = l.client AND h.document <> l.document
  WHERE NOT l.voided AND l.type IN ('invoice', 'credit note');
CREATE TABLE days AS SELECT client, currency, day, sum(net)::BIGINT AS net,
    sum(net) >= 0 AND bool_or(type = 'invoice') AS event
  FROM revenue GROUP BY ALL;
CREATE TABLE dues AS SELECT client, nullif(issued, '')::DATE AS issued, due::DATE AS due,
    round(amount::DECIMAL(18, 2) * 100)::BIGINT AS amount, round(open::DECIMAL(18, 2) * 100)::BIGINT AS open,
    nullif(paid, '')::DATE AS paid, coalesce(returned, '') <> '' AS returned, currency
  FROM read_csv('{work}/dues.csv', header = true, all_varchar = true);
"""


class Sql:
    def __init__(self, work):
        self.db = duckdb.connect()
        self.db.execute(TABLES.format(work=work))

    def rows(self, sql, **values):
        return self.db.execute(sql, values or None).fetchall()

    def one(self, sql, **values):
        return self.rows(sql, **values)[0]


def months_before(day, months):
    """The same day so many months earlier, or the last one of that month."""
    at = day.year * 12 + day.month - 1 - months
    year, month = divmod(at, 12)
    last = (datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))


def periods(as_of):
    end = as_of + datetime.timedelta(days=1)
    quarter = (as_of.month - 1) // 3 * 3 + 1
    return {
        "month_to_date": (as_of.replace(day=1), end),
        "quarter_to_date": (as_of.replace(month=quarter, day=1), end),
        "year_to_date": (as_of.replace(month=1, day=1), end),
        "twelve_months": (months_before(end, 12), end),
    }


def covered(window):
    return window[0] >= START


def value(figure):
    return figure["value"]


def movement(sql, found, currency, as_of):
    for name, window in periods(as_of).items():
        before = tuple(months_before(day, 12) for day in window)
        sums = []
        for window_ in (window, before):
            net, records = sql.one(
                "SELECT sum(net)::BIGINT, count(*) FROM days WHERE currency = $c AND day >= $a AND day < $b",
                c=currency, a=window_[0], b=window_[1],
            )
            sums.append((net if covered(window_) else None, records))
        ours = found["periods"][name]
        what = f"{as_of} {currency} {name}"
        check(f"{what} now", value(ours["now"]), sums[0][0])
        check(f"{what} year before", value(ours["year_before"]), sums[1][0])
        if covered(window) and sums[0][0] is not None:
            check(f"{what} records", ours["now"]["records"], sums[0][1])
        both = covered(window) and covered(before) and (sums[1][0] or 0) > 0
        check(f"{what} change", value(ours["change"]), (sums[0][0] or 0) / sums[1][0] if both else None)
        families = sql.rows(
            """SELECT family, sum(net) FILTER (day >= $a AND day < $b)::BIGINT FROM revenue
               WHERE currency = $c AND (day >= $a AND day < $b OR day >= $d AND day < $e) GROUP BY family""",
            c=currency, a=window[0], b=window[1], d=before[0], e=before[1],
        )
        theirs = {family: net for family, net in families}
        own = {of["family"]: value(of["now"]) for of in found["by_family"][name]}
        check(f"{what} families", own, theirs if covered(window) else dict.fromkeys(theirs))


def concentration(sql, found, currency, as_of):
    end = as_of + datetime.timedelta(days=1)
    now, before = (months_before(end, 12), end), (months_before(end, 24), months_before(end, 12))
    keys = {
        "group": "SELECT coalesce(c.part, d.client) AS part, d.client, d.net, d.day, d.currency FROM days d JOIN clients c ON c.code = d.client",
        "region": "SELECT c.region AS part, d.client, d.net, d.day, d.currency FROM days d JOIN clients c ON c.code = d.client",
        "family": "SELECT family AS part, client, net, day, currency FROM revenue",
    }
    for dimension, rows in keys.items():
        told = []
        for window in (now, before):
            told.append(
                sql.one(
                    f"""WITH parts AS (SELECT part, sum(net) AS net, list(DISTINCT client) AS clients FROM ({rows})
                          WHERE currency = $c AND day >= $a AND day < $b GROUP BY part),
                        good AS (SELECT * FROM parts WHERE part IS NOT NULL AND net > 0),
                        kept AS (SELECT DISTINCT unnest(clients) AS client FROM good),
                        everybody AS (SELECT DISTINCT unnest(clients) AS client FROM parts)
                        SELECT (SELECT max(net) / sum(net) FROM good),
                          (SELECT sum((100.0 * net / total) * (100.0 * net / total)) FROM good, (SELECT sum(net) AS total FROM good)),
                          (SELECT count(*) FROM good), (SELECT count(*) FROM kept),
                          (SELECT count(*) FROM everybody WHERE client NOT IN (SELECT client FROM kept)),
                          (SELECT coalesce(sum(net), 0)::BIGINT FROM parts WHERE part IS NULL)""",
                    c=currency, a=window[0], b=window[1],
                )
            )
        ours, what = found[dimension], f"{as_of} {currency} by {dimension}"
        if not covered(now):
            check(what, ours["why"], "before_history")
            continue
        (top, hhi, parts, clients, left_out, unassigned), then = told
        check(f"{what} top", value(ours["top_1"]["now"]), top)
        check(f"{what} HHI", value(ours["hhi"]["now"]), hhi)
        check(f"{what} without the first", value(ours["without_first"]), None if top is None else 1 - top)
        sizes = (ours["parts"], ours["clients"], ours["clients_left_out"], ours["unassigned"])
        check(f"{what} parts", sizes, (parts, clients, left_out, unassigned))
        moved = None if not covered(before) or top is None or then[0] is None else top - then[0]
        check(f"{what} moved", value(ours["top_1"]["moved"]), moved)


def easter(year):
    """Butcher's computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def falling(sql, found, currency, as_of):
    end = as_of + datetime.timedelta(days=1)
    days = datetime.timedelta
    this, last = easter(as_of.year), easter(as_of.year - 1)
    holy = lambda day: (day - days(7), day + days(1))
    inside = lambda span, start, stop: span[0] < stop and span[1] >= start
    year = days(364)
    if inside(holy(this), end - days(28), end) or inside(holy(last), end - days(28) - year, end - year):
        year = this - last
    rows = sql.rows(
        """WITH d AS (SELECT * FROM days WHERE currency = $c AND day < $to),
             own AS (SELECT client,
               sum(net) FILTER (day >= $from) AS now,
               sum(net) FILTER (day >= $from - $year AND day < $to - $year) AS year_ago,
               sum(net) FILTER (day >= $from - INTERVAL 84 DAY AND day < $from) AS three,
               count(*) FILTER (event AND day < $from) AS events FROM d GROUP BY client)
           SELECT client, coalesce(now, 0)::BIGINT, coalesce(year_ago, 0)::BIGINT, coalesce(three, 0)::BIGINT, events FROM own""",
        c=currency, to=end, **{"from": end - days(28)}, year=year,
    )
    compared = fallen = 0
    has_year, windows = end - days(28) - year >= START, 0
    while windows < 3 and end - days(28 * (windows + 2)) >= START:
        windows += 1
    assert windows in (0, 3)
    lost = []
    for _, now, then, three, events in rows:
        part, whole = (now, then) if has_year and then > 0 else (now * windows, three)
        if whole <= 0 or (windows == 0 and not (has_year and then > 0)):
            continue
        compared += 1
        if events >= 3 and part * 10 <= whole * 7:
            fallen += 1
            lost.append(part / whole)
    what = f"{as_of} {currency} falling"
    check(f"{what}: compared", found["falling"]["compared"], compared)
    check(f"{what}: clients", len(found["falling"]["clients"]), fallen)
    for ours, theirs in zip(sorted(of["ratio"] for of in found["falling"]["clients"]), sorted(lost)):
        check(f"{what}: ratio", ours, theirs)


def payment(sql, found, currency, as_of):
    end = as_of + datetime.timedelta(days=1)
    to_pay, late, open_, overdue, ages, returned = sql.one(
        """WITH known AS (SELECT *, CASE WHEN paid > $as_of OR returned AND open = 0 THEN amount ELSE open END AS rest
             FROM dues WHERE currency = $c AND (issued IS NULL OR issued <= $as_of)),
             paid_ AS (SELECT * FROM known WHERE rest = 0 AND paid >= $from AND paid <= $as_of),
             late_ AS (SELECT *, ($as_of - due) AS days FROM known WHERE rest > 0 AND due < $as_of)
           SELECT (SELECT sum(amount * (paid - issued)) / sum(amount) FROM paid_),
             (SELECT sum(amount * (paid - due)) / sum(amount) FROM paid_),
             (SELECT sum(rest)::BIGINT FROM known), (SELECT coalesce(sum(rest), 0)::BIGINT FROM late_),
             (SELECT [coalesce(sum(rest) FILTER (days <= 30), 0)::BIGINT, coalesce(sum(rest) FILTER (days > 30 AND days <= 60), 0)::BIGINT,
                coalesce(sum(rest) FILTER (days > 60 AND days <= 90), 0)::BIGINT, coalesce(sum(rest) FILTER (days > 90), 0)::BIGINT] FROM late_),
             (SELECT count(*) FROM known WHERE returned)""",
        c=currency, as_of=as_of, **{"from": months_before(end, 12)},
    )
    what = f"{as_of} {currency} payment"
    check(f"{what}: days to pay", value(found["days_to_pay"]), to_pay)
    check(f"{what}: days late", value(found["days_late"]), late)
    check(f"{what}: open", value(found["open"]), open_)
    check(f"{what}: overdue", value(found["overdue"]), overdue)
    check(f"{what}: by age", [of["amount"] for of in found["overdue_by_age"]], ages)
    check(f"{what}: returned", found["returned"], returned)


def reach(sql, found, as_of):
    end = as_of + datetime.timedelta(days=1)
    window = (months_before(end, 12), end)
    (new,) = sql.one(
        "SELECT count(*) FROM (SELECT client FROM days WHERE event GROUP BY client HAVING min(day) >= $a AND min(day) < $b)",
        a=window[0], b=window[1],
    )
    check(f"{as_of} new clients", value(found["new_clients"]), new if covered(window) else None)
    regions = sql.rows(
        """SELECT c.region, count(*), count(b.client) FROM clients c
           LEFT JOIN (SELECT DISTINCT client FROM days WHERE event AND day >= $a AND day < $b) b ON b.client = c.code
           WHERE c.region IS NOT NULL GROUP BY c.region""",
        a=window[0], b=window[1],
    )
    ours = {of["region"]: (of["known"], of["buying"], of["room"]) for of in found["regions"]}
    check(f"{as_of} regions", ours, {name: (known, buying, known - buying) for name, known, buying in regions})
    (leads,) = sql.one(
        "SELECT count(*) FROM clients WHERE code NOT IN (SELECT client FROM days WHERE event AND day <= $a)", a=as_of
    )
    check(f"{as_of} leads", found["leads"], leads)


def main():
    args = argparse.ArgumentParser()
    for name in ("relay", "work"):
        args.add_argument(f"--{name}", required=True)
    args = args.parse_args()
    work = Path(args.work)

    def run(*line):
        done = subprocess.run(
            [args.relay, *map(str, line), "--data-dir", str(work / "relay")], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:])
            sys.exit("the relay did not do as asked")
        return done.stdout

    # The first start makes the workspace.
    serving = subprocess.Popen(
        [args.relay, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(work / "relay")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    assert serving.stdout.readline(), "the relay did not start"
    serving.terminate()
    serving.communicate()
    files(work, 20261125)
    for kind, name in [("clients", "clients"), ("sales", "sales"), ("due_items", "dues")]:
        run("import", work / f"{name}.csv", "--kind", kind, "--language", "en")
    run("settings", f"history_start={START.isoformat()}")
    sql = Sql(work)
    for day in AS_OF:
        as_of = datetime.date.fromisoformat(day)
        told = json.loads(run("figures", "--as-of", day, "--json"))["overview"]
        for n, of in enumerate(told["movement"]["currencies"]):
            currency = of["currency"]
            movement(sql, of, currency, as_of)
            falling(sql, of, currency, as_of)
            concentration(sql, told["concentration"][n], currency, as_of)
            payment(sql, told["payment"][n], currency, as_of)
        reach(sql, told["acquisition"], as_of)
    print(f"passed {passed} failed {failed} skipped 0")
    sys.exit(1 if failed else 0)


main()
