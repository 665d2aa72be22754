"""The export as other programs read it. Each check prints `ok` or `FAILED`; the last line counts them."""

import argparse
import csv
import gzip
import io
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
import xml.etree.ElementTree as xml
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import cbor2
import duckdb
import zstandard

from snapshot import read_document

HOSTILE = [
    "'; DROP TABLE clients; --",
    'Robert"); DELETE FROM visits;',
    "<script>alert(1)</script>",
    "&lt;b&gt; & <b>",
    '=HYPERLINK("http://evil.example";"click")',
    "+34+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "  =1+1",
    "بقالة السعادة",
    "\u202eesrever",
    "Añó Ünïçødé €",
    'say "hi"; a,b',
    "0123456789" * 20,
    "true",
    "NULL",
    "1e5",
    "#REF!",
]

passed, failures = 0, []


def check(name, holds, detail=""):
    global passed
    if holds:
        passed += 1
        print("ok", name)
    else:
        failures.append(name)
        print("FAILED", name, str(detail)[:600])


class Relay:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def get(self, path, **headers):
        headers = {"Authorization": f"Bearer {self.token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def text(self, path):
        status, _, body = self.get(path)
        assert status == 200, (path, status, body[:300])
        return body.decode("utf-8")

    def json(self, path):
        return json.loads(self.text(path))


def command(*args):
    done = subprocess.run([str(arg) for arg in args], capture_output=True, text=True)
    assert done.returncode == 0, (args, done.stdout[-1000:], done.stderr[-1000:])
    return done.stdout


def value_of(cell, quoted_empty, kind):
    """A cell of the machine's CSV by its column's type; None for nothing between two separators."""
    if cell == "" and not quoted_empty:
        return None
    match kind:
        case "integer":
            return int(cell)
        case "degrees" | "number":
            return float(cell)
        case "boolean":
            return {"true": True, "false": False}[cell]
        case "date":
            date.fromisoformat(cell)
        case "instant":
            datetime.strptime(cell, "%Y-%m-%dT%H:%M:%S.%fZ")
        case "decimal":
            Decimal(cell)
    return cell


def duck(sql):
    """The one row of a query."""
    return duckdb.connect().execute(sql).fetchone()


DUCK = {"integer": "BIGINT", "decimal": "DECIMAL(38,10)", "degrees": "DOUBLE", "number": "DOUBLE", "boolean": "BOOLEAN",
        "date": "DATE", "instant": "TIMESTAMPTZ"}


def tables(relay, work, catalogue):
    """Every resource: the same rows in JSON, NDJSON and CSV; counts, sums and ends by DuckDB's own reading."""
    found = {}
    for resource in catalogue["resources"]:
        name, columns = resource["name"], resource["columns"]
        whole = relay.json(f"/v1/export/{name}.json")
        rows = found[name] = whole["rows"]
        path = work / f"{name}.csv"
        path.write_text(relay.text(f"/v1/export/{name}.csv"), encoding="utf-8", newline="")
        lines = relay.text(f"/v1/export/{name}.ndjson").split("\n")
        check(f"{name}: NDJSON has JSON's rows", [json.loads(line) for line in lines if line] == rows)
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            head = next(reader)
            check(f"{name}: CSV's titles are the catalogue's", head == [column["name"] for column in columns], head)
            wrong, count = None, 0
            for cells, row in zip(reader, rows):
                count += 1
                for cell, column in zip(cells, columns, strict=True):
                    expected = row[column["name"]]
                    # The module does not tell `""` from nothing; JSON does.
                    got = value_of(cell, expected == "", column["type"])
                    if got != expected:
                        wrong = wrong or (row["id"], column["name"], cell, expected)
            rest = sum(1 for _ in reader)
        check(f"{name}: CSV's cells are JSON's", wrong is None and rest == 0 and count == len(rows) == whole["count"],
              (wrong, rest, count, len(rows)))
        missing = {c["name"] for c in columns if not c["nullable"] for row in rows if row[c["name"]] is None}
        check(f"{name}: what is promised is there", not missing, missing)
        ids = [row["id"] for row in rows]
        check(f"{name}: ids are unique", len(set(ids)) == len(ids))
        types = ", ".join(f"'{c['name']}': '{DUCK.get(c['type'], 'VARCHAR')}'" for c in columns)
        table = (f"read_csv('{path}', header=true, delim=',', quote='\"', escape='\"', nullstr='', "
                 f"allow_quoted_nulls=false, auto_detect=false, columns={{{types}}})")
        count = duck(f"SELECT count(*) FROM {table}")[0]
        check(f"{name}: DuckDB counts as many", count == len(rows), (count, len(rows)))
        for column in columns:
            cells = [row[column["name"]] for row in rows if row[column["name"]] is not None]
            quoted = '"' + column["name"] + '"'
            if column["type"] in ("integer", "decimal"):
                got = duck(f"SELECT sum({quoted}) FROM {table}")[0] or 0
                expected = sum((Decimal(cell) for cell in cells), Decimal(0))
                check(f"{name}.{column['name']}: DuckDB's sum", Decimal(got) == expected, (got, expected))
            elif column["type"] in ("date", "instant") and cells:
                low, counted = duck(f"SELECT min({quoted})::VARCHAR, count({quoted}) FROM {table}")
                check(f"{name}.{column['name']}: DuckDB's first", low[:10] == min(cells)[:10] and counted == len(cells),
                      (low, min(cells), counted))
    return found


PARQUET = DUCK | {"decimal": "DECIMAL(38,12)", "instant": "TIMESTAMP WITH TIME ZONE"}


def parquet(relay, work, catalogue, found):
    """Every resource as Parquet, by DuckDB: the types that are promised, and count, sums, ends and texts of JSON."""
    for resource in catalogue["resources"]:
        name, columns, rows = resource["name"], resource["columns"], found[resource["name"]]
        path = work / f"{name}.parquet"
        status, headers, body = relay.get(f"/v1/export/{name}.parquet", Accept_Encoding="gzip")
        path.write_bytes(body)
        check(f"{name}: Parquet is sent as it is", status == 200 and "content-encoding" not in headers
              and headers["content-type"] == "application/vnd.apache.parquet", (status, headers.items()))
        described = duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
        expected = [(column["name"], PARQUET.get(column["type"], "VARCHAR")) for column in columns]
        check(f"{name}: Parquet's types are the catalogue's", [row[:2] for row in described] == expected, described)
        count = duck(f"SELECT count(*) FROM '{path}'")[0]
        check(f"{name}: Parquet has as many", count == len(rows), (count, len(rows)))
        wrong = []
        for column in columns:
            cells = [row[column["name"]] for row in rows if row[column["name"]] is not None]
            quoted = '"' + column["name"] + '"'
            if column["type"] in ("integer", "decimal"):
                got = duck(f"SELECT coalesce(sum({quoted}), 0), count({quoted}) FROM '{path}'")
                expected = sum((Decimal(cell) for cell in cells), Decimal(0)), len(cells)
                got = Decimal(got[0]), got[1]
            elif column["type"] in ("date", "instant"):
                zone = " AT TIME ZONE 'UTC'" if column["type"] == "instant" else ""
                got = duck(f"SELECT min({quoted}{zone})::VARCHAR, max({quoted}{zone})::VARCHAR, count({quoted}) FROM '{path}'")
                expected = (min(cells, default=None), max(cells, default=None), len(cells))
                same = lambda a, b: a == b or a and b and a[:19].replace("T", " ") == b[:19].replace("T", " ")
                if got[2] == expected[2] and same(got[0], expected[0]) and same(got[1], expected[1]):
                    got = expected
            else:
                found_cells = duckdb.connect().execute(f"SELECT {quoted} FROM '{path}' WHERE {quoted} IS NOT NULL").fetchall()
                got, expected = sorted(cell[0] for cell in found_cells), sorted(cells)
            if got != expected:
                wrong.append((column["name"], str(got)[:80], str(expected)[:80]))
        check(f"{name}: DuckDB reads in Parquet what JSON says", not wrong, wrong[:3])


def workbook(relay, work, soffice, catalogue, found):
    """A workbook of several resources in LibreOffice: a sheet each, converted to CSV by it; counts, sums, texts."""
    sheets = ["clients", "visits", "purchases", "sales", "due_items", "sales_days",
              "figures", "portfolio", "cohorts", "coverage", "open_items", "segments", "orders_to_deliver"]
    status, headers, body = relay.get(f"/v1/export/{','.join(sheets)}.xlsx", Accept_Encoding="gzip")
    check("a workbook is sent as it is", status == 200 and "content-encoding" not in headers, headers.items())
    (work / "book.xlsx").write_bytes(body)
    # Every sheet to a file of its own; values as they are, not as they are shown.
    options = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false,false,false,-1'
    command(soffice, f"-env:UserInstallation=file://{work}/office", "--headless", "--convert-to", options,
            "--outdir", work / "sheets", work / "book.xlsx")
    for name in sheets:
        rows = found[name]
        with (work / "sheets" / f"book-{name}.csv").open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        check(f"workbook: as many {name}", len(read) == len(rows), (len(read), len(rows)))
        by_id = {row["id"]: row for row in rows}
        sums, expected = {}, {}
        types = {c["name"]: c["type"] for r in catalogue["resources"] if r["name"] == name for c in r["columns"]}
        wrong = []
        for row in read:
            for key, kind in types.items():
                cell, wanted = row[key], by_id[row["id"]][key]
                if wanted is None or kind in ("integer", "decimal"):
                    sums[key] = sums.get(key, 0) + Decimal(cell or 0)
                    expected[key] = expected.get(key, 0) + Decimal(wanted or 0)
                elif kind == "boolean":
                    wrong += [] if cell == str(wanted).upper() else [(key, cell, wanted)]
                elif kind in ("degrees", "number"):
                    near = abs(float(cell) - wanted) <= 1e-7 * max(1, abs(wanted))
                    wrong += [] if near else [(key, cell, wanted)]
                elif kind == "instant":
                    whole = wanted[:19].replace("T", " ")
                    wrong += [] if abs((datetime.fromisoformat(cell) - datetime.fromisoformat(whole)).total_seconds()) <= 1 else [(key, cell, wanted)]
                else:
                    # Its CSV says line ends in its own way.
                    wrong += [] if cell.replace("\r\n", "\n") == wanted.replace("\r\n", "\n") else [(key, cell, wanted)]
        check(f"workbook: sums of {name}", sums == expected, (sums, expected))
        check(f"workbook: texts, dates and truths of {name}", not wrong, wrong[:3])
    command(soffice, f"-env:UserInstallation=file://{work}/office", "--headless", "--convert-to", "fods",
            "--outdir", work, work / "book.xlsx")
    formulas = [cell.get(f"{TABLE}formula") for cell in xml.parse(work / "book.fods").iter(f"{TABLE}table-cell")
                if cell.get(f"{TABLE}formula") not in (None, "of:=FALSE()", "of:=TRUE()")]  # its way to say a truth
    check("workbook: no cell is a formula", not formulas, formulas[:3])


def person(run, work, found):
    """One contact's file by Python's own readers: what is the contact's, and no other contact."""
    contact = next((row for row in found["contacts"] if row["name"] or row["email"]), None)
    if contact is None:
        found["contacts"] or print("no contact to disclose")
        return
    path = work / "person.zip"
    run("client", "disclose", contact["client_id"], "--contact", contact["part_id"], "--out", path)
    with zipfile.ZipFile(path) as file:
        check("a person's file is sound, and has data and two summaries",
              file.testzip() is None and sorted(file.namelist()) == ["data.json", "resumen.html", "summary.html"])
        texts = {name: file.read(name).decode("utf-8") for name in file.namelist()}
    data = json.loads(texts["data.json"])
    rows = {part["name"]: part["rows"] for part in data["resources"]}
    check("a person's file has the contact", [row["id"] for row in rows["contacts"]] == [contact["id"]], rows.keys())
    others = [row["id"].split("/")[1] for row in found["contacts"] if row["id"] != contact["id"]]
    named = [other for other in others if any(other in text for text in texts.values())]
    check("a person's file names no other contact", not named, named)


def report(run, work, soffice):
    """The portfolio report: its figures are those of the JSON, and LibreOffice draws its charts."""
    path = work / "report.xlsx"
    run("figures", "--workbook", path, "--language", "en")
    figures = json.loads(run("figures", "--json"))["currencies"][0]
    for kind in ("pdf", "fods"):
        command(soffice, f"-env:UserInstallation=file://{work}/office", "--headless", "--convert-to", kind, "--outdir", work, path)
    sheet = xml.parse(work / "report.fods").getroot()
    cells = ["".join(p.itertext()) for p in sheet.iter(f"{TEXT}p")]
    values = [cell.get(f"{OFFICE}value") for cell in sheet.iter(f"{TABLE}table-cell")]
    check("the report's net revenue is the figures'", any(v and Decimal(v) * 100 == figures["net"] for v in values), figures["net"])
    check("the report names every segment", sum(str(segment["clients"]) in values for segment in figures["segments"]) > 3)
    charts = [e for e in sheet.iter("{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}chart")]
    check("LibreOffice has four charts for each currency", len(charts) >= 4 and "HHI" in " ".join(cells), len(charts))
    check("LibreOffice prints it", (work / "report.pdf").read_bytes().startswith(b"%PDF"))


def odata(relay, classes, catalogue, found):
    """Every set by Apache Olingo's client, page by page, with the token as a password: counts and sums of the export."""
    said = [json.loads(line) for line in command("java", "-cp", classes, "OData", relay.url + "/v1/odata", relay.token).splitlines()]
    resources = {resource["name"]: resource["columns"] for resource in catalogue["resources"]}
    check("OData: the sets are the catalogue's", sorted(said[0]["sets"]) == sorted(resources) and said[0]["described"] == list(resources), said[0])
    for line in (line for line in said if "set" in line):
        name, rows = line["set"], found[line["set"]]
        check(f"OData: as many {name}", line["count"] == line["told"] == line["ids"] == len(rows), (line, len(rows)))
        check(f"OData: {name} in pages", line["pages"] >= -(-len(rows) // 700) or name in ("people", "territories"), line["pages"])
        numbers = [c["name"] for c in resources[name] if c["type"] in ("integer", "decimal")]
        expected = {key: sum((Decimal(row[key]) for row in rows if row[key] is not None), Decimal(0))
                    for key in numbers if any(row[key] is not None for row in rows)}
        check(f"OData: sums of {name}", {key: Decimal(sum) for key, sum in line["sums"].items()} == expected,
              (line["sums"], expected))
    answers = {line["question"]: line["ids"] for line in said if "question" in line}
    ids = lambda name, rule: [row["id"] for row in found[name] if rule(row)]
    check("OData: a truth", answers["closed"] == ids("clients", lambda row: row["closed"]))
    check("OData: a text in a name", answers["named"] == ids("clients", lambda row: "DROP TABLE" in (row["name"] or "")) != [])
    check("OData: numbers and words", answers["large"] == ids(
        "sales", lambda row: row["net_minor"] > 5000 and row["sort"] != "credit_note") != [], len(answers["large"]))
    check("OData: what is missing", answers["missing"] == ids(
        "clients", lambda row: row["territory_id"] is None or row["phone"] is not None))
    latest = sorted(found["sales"], key=lambda row: row["id"])
    latest.sort(key=lambda row: row["date"], reverse=True)
    check("OData: the latest", answers["latest"] == [row["id"] for row in latest[:10]], answers["latest"])
    first = sorted(found["visits"], key=lambda row: (row["date"], row["id"]))
    check("OData: some passed over", answers["second"] == [row["id"] for row in first[2:5]], answers["second"])
    refused = [line["code"] for line in said if "refused" in line]
    check("OData: refused with the code that the relay has for it", refused == ["400 malformed"] * 3, refused)


def names(relay, work, found):
    """Names made of SQL, HTML, formulas, right-to-left text come back as they went in."""
    here = {row["name"] for row in found["clients"]}
    for name in HOSTILE:
        check(f"a name comes back: {name[:24]!r}", name.strip() in here)
    guessed = duck(f"SELECT count(*) FROM read_csv('{work / 'clients.csv'}', sample_size=-1)")[0]
    check("DuckDB guesses the file right without being told", guessed == len(found["clients"]), guessed)


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def sheet(soffice, work, name):
    """A CSV of the profile excel-es as LibreOffice reads it in Spanish: rows of (type, value, text, formula)."""
    # Semicolons, UTF-8, Spanish, numbers and dates recognised, formulas evaluated: as trusting as it can be asked.
    options = 'CSV:59,34,76,1,,1034,false,true,false,false,false,-1,true'
    command(soffice, f"-env:UserInstallation=file://{work}/office", "--headless", f"--infilter={options}",
            "--convert-to", "fods", "--outdir", work, work / f"{name}.excel.csv")
    path = next(work.glob(f"{name}.excel*.fods"))
    rows = []
    for row in xml.parse(path).iter(f"{TABLE}table-row"):
        cells = []
        for cell in row.iter(f"{TABLE}table-cell"):
            text = "\n".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p"))
            kind = cell.get(f"{OFFICE}value-type")
            value = cell.get(f"{OFFICE}value") or cell.get(f"{OFFICE}date-value") or cell.get(f"{OFFICE}boolean-value")
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            cells += [(kind, value, text, cell.get(f"{TABLE}formula"))] * min(repeated, 200)
        rows += [cells] * (1 if any(cell[0] for cell in cells) else 0)
    return rows


def spreadsheet(relay, work, soffice, found):
    """excel-es in LibreOffice: decimals with a comma are numbers, accents stand, nothing is run."""
    path = "/v1/export/clients.csv?profile=excel-es&columns=id,name,phone,email,latitude,deleted"
    (work / "clients.excel.csv").write_bytes(relay.get(path)[2])
    rows = sheet(soffice, work, "clients")
    by_id = {row["id"]: row for row in found["clients"]}
    check("LibreOffice: as many clients", len(rows) - 1 == len(by_id), (len(rows), len(by_id)))
    run = [cell for row in rows for cell in row if cell[3]]
    check("LibreOffice: no cell is a formula", not run, run[:3])
    names = {row[0][2]: row[1] for row in rows[1:]}
    risky = re.compile(r"^[ \t']*[=+\-@\t\r]")
    wrong = []
    for id, row in by_id.items():
        kind, _, text, _ = names[id]
        expected = "'" + row["name"] if risky.match(row["name"]) else row["name"]
        numeric = kind != "string"
        # What looks like a number or a truth is shown as one; what could run, and everything else, is text.
        if (numeric and risky.match(row["name"])) or (not numeric and " ".join(text.split()) != " ".join(expected.split())):
            wrong.append((kind, text, row["name"]))
    check("LibreOffice: names are the text that they were", not wrong, wrong[:3])
    degrees = [(row[0][2], row[4]) for row in rows[1:] if by_id[row[0][2]]["latitude"] is not None]
    check("LibreOffice: degrees with a comma are numbers",
          degrees and all(cell[0] == "float" and abs(float(cell[1]) - by_id[id]["latitude"]) < 1e-7 for id, cell in degrees),
          degrees[:2])
    phones = [(row[0][2], row[2][2]) for row in rows[1:] if by_id[row[0][2]]["phone"]]
    digits = lambda text: re.sub(r"\D", "", text)
    check("LibreOffice: phone numbers keep their digits",
          phones and all(digits(text) == digits(by_id[id]["phone"]) for id, text in phones), phones[:2])

    columns = "id,date,net,total,currency"
    (work / "purchases.excel.csv").write_bytes(relay.get(f"/v1/export/purchases.csv?profile=excel-es&columns={columns}")[2])
    rows = sheet(soffice, work, "purchases")
    by_id = {row["id"]: row for row in found["purchases"]}
    wrong = []
    for id, day, net, total, _ in (row[:5] for row in rows[1:]):
        row = by_id[id[2]]
        if day[0] != "date" or day[1][:10] != row["date"] or net[0] != "float" or Decimal(net[1]) != Decimal(row["net"]):
            wrong.append((day, net, total, row["date"], row["net"]))
    check("LibreOffice: amounts and dates are numbers and dates", by_id and not wrong, wrong[:2])


def lines(relay, jq, work, found):
    """NDJSON by jq."""
    path = work / "sales.ndjson"
    path.write_text(relay.text("/v1/export/sales.ndjson"), encoding="utf-8")
    count, net = json.loads(command(jq, "-n", "-c", "[inputs] | [length, (map(.net_minor) | add)]", path))
    expected = sum(row["net_minor"] for row in found["sales"])
    check("jq: sales and their sum", (count, net) == (len(found["sales"]), expected), (count, net, expected))


def words(kind):
    """Words of an enumeration, from the page that other implementers have."""
    page = (Path(__file__).parents[2] / "core/docs/records.md").read_text(encoding="utf-8")
    section = page.split(f"\n### {kind}\n")[1].split("\n#")[0]
    return {int(code): word for code, word in re.findall(r"^- (\d+) `([a-z_]+)`", section, re.M)}


def documents(relay, work, modules, found):
    """Documents in JavaScript's Automerge; their records by cbor2 and the written page; both against the export."""
    visited = sorted({row["client_id"] for row in found["visits"]} | {row["client_id"] for row in found["purchases"]})
    clients = {row["id"]: row for row in found["clients"]}
    files = []
    for client in visited:
        status, headers, body = relay.get(f"/v1/clients/{client}/document")
        assert status == 200 and headers["content-type"] == "application/octet-stream", (status, client)
        files.append(work / f"{client}.automerge")
        files[-1].write_bytes(body)
    script = Path(__file__).with_name("document.mjs")
    read = json.loads(command("node", script, modules, *files))
    check("Automerge (JavaScript) loads every document", len(read) == len(visited) > 3, len(read))
    apart = []
    for file, document in zip(files, read):
        heads, changes = read_document(file.read_bytes())
        hashes = [hash.hex() for _, hash, _ in changes]
        if hashes != [c["hash"] for c in document["changes"]] or sorted(h.hex() for h in heads) != document["heads"]:
            apart.append(file.name)
    check("document.md is enough to take a snapshot apart into its very changes", not apart, apart)
    outcomes, clocks = words("Outcome"), words("Clock")
    heads, changes, fields, records, conflicts = [], [], [], [], 0
    for client, document in zip(visited, read):
        history = relay.json(f"/v1/clients/{client}/history")
        if sorted(history["heads"]) != document["heads"]:
            heads.append(client)
        told = {(c["hash"], c["actor"], c["seq"], tuple(sorted(c["dependencies"]))) for c in history["changes"]}
        theirs = {(c["hash"], c["actor"], c["seq"], tuple(sorted(c["deps"]))) for c in document["changes"]}
        times = {c["hash"]: c["time"] for c in document["changes"]}
        late = [c for c in history["changes"]
                if datetime.fromisoformat(c["device_time"]).timestamp() != times[c["hash"]] or not c["received_at"]]
        if told != theirs or len(told) != history["count"] or late:
            changes.append((client, late[:1]))
        row = clients[client]
        if document["fields"].get("name", {}).get("text") != row["name"]:
            fields.append((client, document["fields"].get("name"), row["name"]))
        conflicts += len(document["conflicts"])
        for visit in (v for v in found["visits"] if v["client_id"] == client):
            record = cbor2.loads(bytes.fromhex(document["fields"]["v/" + visit["revision_id"]]["bytes"]))
            day = date.fromordinal(date(1970, 1, 1).toordinal() + record[2]).isoformat()
            read_as = (day, record[3], clocks[record[4]], outcomes.get(record.get(9)), record.get(12))
            if read_as != (visit["date"], visit["zone"], visit["clock"], visit["outcome"], visit["notes"]):
                records.append((read_as, visit))
        for purchase in (p for p in found["purchases"] if p["client_id"] == client):
            record = cbor2.loads(bytes.fromhex(document["fields"]["p/" + purchase["revision_id"]]["bytes"]))
            own = [line for line in found["purchase_lines"] if line["purchase_id"] == purchase["id"]]
            if len(record[10]) != len(own) or record[9] != purchase["currency"]:
                records.append((len(record[10]), len(own), purchase))
    check("Automerge's heads are the history's", not heads, heads)
    check("Automerge's changes are the history's: hash, actor, seq, dependencies, time", not changes, changes[:2])
    check("a name in the document is the export's", not fields, fields[:2])
    check("records read with cbor2 and the written page are the export's", not records, records[:2])
    check("two values of a field are there for Automerge too", conflicts > 0, conflicts)


def reading_on(relay, run, work):
    """since=CURSOR: what changed and nothing else, then the next cursor; too old or foreign: 410."""
    status, headers, body = relay.get("/v1/export/clients.ndjson?since=start")
    cursor = headers["cartera-cursor"]
    last = json.loads(body.decode().strip().split("\n")[-1])
    check("an export that goes on ends with its cursor", last["cursor"] == cursor and status == 200, last)
    (work / "one.csv").write_text("Código;Nombre comercial;Correo electrónico\nNEW-1;Bar del Cursor;nuevo@example.com\n", encoding="utf-8")
    run("import", work / "one.csv", "--kind", "clients", "--source", "formats", "--language", "en")
    status, headers, body = relay.get(f"/v1/export/clients.ndjson?since={cursor}")
    rows = [json.loads(line) for line in body.decode().strip().split("\n")]
    check("one new client is one row", [row.get("name") for row in rows[:-1]] == ["Bar del Cursor"], rows)
    again = relay.get(f"/v1/export/clients.ndjson?since={rows[-1]['cursor']}")[2].decode().strip().split("\n")
    check("nothing new is no row", len(again) == 1 and json.loads(again[0])["count"] == 0, again)
    foreign = ("1" if cursor[3] == "0" else "0").join([cursor[:3], cursor[4:]])
    status, headers, body = relay.get(f"/v1/export/visits.csv?since={foreign}", Accept_Language="es")
    problem = json.loads(body)
    check("a cursor of another log is 410, with what to do",
          status == 410 and problem["code"] == "expired" and problem["advice"] and "since" in problem["detail"], problem)


def transfer(relay):
    plain = relay.get("/v1/export/clients.csv")
    for encoding, unpack in (("gzip", gzip.decompress),
                             ("zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body))):
        status, headers, body = relay.get("/v1/export/clients.csv", Accept_Encoding=encoding)
        check(f"{encoding}: smaller, and the same",
              headers["content-encoding"] == encoding and unpack(body) == plain[2] and len(body) < len(plain[2]) / 2)
    status, _, body = relay.get("/v1/export/clients.csv", If_None_Match=plain[1]["etag"])
    check("unchanged is 304", status == 304 and not body, status)


def operations(relay):
    from openapi_spec_validator import validate
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    description = relay.json("/openapi.json")
    try:
        validate(description)
        wrong = ""
    except Exception as error:  # whatever the validator raises is what it found
        wrong = error
    check("OpenAPI's own validator takes the description", not wrong, wrong)
    undocumented = [f"{method} {path}" for path, methods in description["paths"].items()
                    for method, operation in methods.items()
                    if not operation.get("responses") or not (operation.get("summary") or operation.get("description"))]
    check("every operation says what it does", not undocumented, undocumented)
    request = urllib.request.Request(relay.url + "/metrics")
    text = urllib.request.urlopen(request, timeout=30).read().decode()
    families = list(text_string_to_metric_families(text))
    check("Prometheus's own reader takes the figures", len(families) > 3, len(families))
    wrong = []
    for family in families:
        legal = re.fullmatch(r"cartera_[a-z][a-z0-9_]*", family.name) and family.documentation
        unit = family.type != "histogram" or family.name.endswith(("_seconds", "_bytes"))
        total = family.type != "counter" or all(s.name.endswith(("_total", "_created")) for s in family.samples)
        base = not re.search(r"_(ms|milliseconds|us|kb|mb|minutes)$", family.name)
        if not (legal and unit and total and base):
            wrong.append((family.name, family.type))
    check("figures are named by Prometheus's conventions", not wrong, wrong)
    health = relay.json("/health")
    check("health", health["status"] == "ok", health)


def main():
    args = argparse.ArgumentParser()
    for name in ("url", "token", "relay", "data", "work"):
        args.add_argument(f"--{name}", required=True)
    for name in ("node", "jq", "soffice", "java"):
        args.add_argument(f"--{name}")
    args = args.parse_args()
    work = Path(args.work)
    relay = Relay(args.url, args.token)
    run = lambda *line: command(args.relay, *line, "--data-dir", args.data)

    with (work / "hostile.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Código", "Nombre comercial", "Correo electrónico"])
        writer.writerows([f"H-{n}", name, f"h{n}@example.com"] for n, name in enumerate(HOSTILE))
    run("import", work / "hostile.csv", "--kind", "clients", "--source", "formats", "--language", "en")

    catalogue = relay.json("/v1/export")
    found = tables(relay, work, catalogue)
    check("the demo's customers and their sales are there", len(found["clients"]) > 500 < len(found["sales"]))
    parquet(relay, work, catalogue, found)
    names(relay, work, found)
    transfer(relay)
    operations(relay)
    shown = run("export", "clients", "--columns", "id,name")
    check("the command line gives what HTTP gives", shown == relay.text("/v1/export/clients.csv?columns=id,name"))
    person(run, work, found)
    skipped = 0
    for tool, part in (
        (args.jq, lambda: lines(relay, args.jq, work, found)),
        (args.soffice, lambda: spreadsheet(relay, work, args.soffice, found)),
        (args.soffice, lambda: report(run, work, args.soffice)),
        (args.soffice, lambda: workbook(relay, work, args.soffice, catalogue, found)),
        (args.java, lambda: odata(relay, args.java, catalogue, found)),
        (args.node, lambda: documents(relay, work, args.node, found)),
    ):
        if tool:
            part()
        else:
            skipped += 1
    reading_on(relay, run, work)
    print(f"passed {passed} failed {len(failures)} skipped {skipped}")
    sys.exit(1 if failures else 0)


main()
