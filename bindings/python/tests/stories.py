"""Runs a story of bindings/stories."""

import json
import pathlib
import re
from datetime import date, timedelta

import cartera as c
from portfolio import PortfolioCalls
from relay import Relay
from values import money, of, told, value_text, word


class Phone(PortfolioCalls):
    """The calls of a story on one phone. Each gives its outcome, and the id that it made."""

    def __init__(self, folder, name):
        self.path, self.name, self.cartera = f"{folder}/{name}.db", name, None

    def call(self, call, a):
        return getattr(self, call.replace(".", "_"))(**a)

    def open(self):
        self.cartera = c.Cartera.open(c.OpenOptions(path=self.path, zone="Europe/Madrid"))
        return None, None

    def shut(self):
        self.cartera.shut()
        return None, None

    def enrolment_identity(self):
        return {"linked": self.cartera.enrolment().identity() is not None}, None

    def enrolment_device(self):
        return None, self.cartera.enrolment().identity().device.ulid

    def enrolment_enrol(self, invitation):
        self.cartera.enrolment().enrol(invitation, self.name)
        return self.enrolment_identity()

    def clients_create(self, fields):
        edits = [c.text(key, value) for key, value in sorted(fields.items())]
        return None, self.cartera.clients().create(c.NewClient(fields=edits)).ulid

    def clients_edit(self, client, fields):
        edits = [c.text(key, value) for key, value in sorted(fields.items())]
        self.cartera.clients().edit(c.ClientId(ulid=client), edits)
        return None, None

    def clients_page(self):
        names, after = [], None
        while True:
            page = self.cartera.clients().page(after, 2)
            names += [row.name for row in page.rows]
            if page.next is None:
                return names, None
            after = page.next

    def clients_profile(self, client):
        fields = self.cartera.clients().profile(c.ClientId(ulid=client))
        return {field.key: value_text(field.value) for field in fields}, None

    def clients_conflicts(self, client):
        conflicts = self.cartera.clients().conflicts(c.ClientId(ulid=client))
        return {found.key: sorted(value_text(said.value) for said in found.values) for found in conflicts}, None

    def clients_timeline(self, client):
        lines, after = [], None
        while True:
            page = self.cartera.clients().timeline(c.ClientId(ulid=client), after, 2)
            lines += [f"{entry.kind} {word(entry.standing)}: {told(entry.body)}" for entry in page.entries]
            if page.next is None:
                return sorted(lines), None
            after = page.next

    def visit(self, outcome, no_order=None, notes=None):
        return c.Visit(outcome=of(c.Outcome, outcome), no_order=of(c.NoOrderReason, no_order), notes=notes)

    def visits_log(self, client, **visit):
        return None, self.cartera.visits().log(c.ClientId(ulid=client), self.visit(**visit)).id.ulid

    def visits_correct(self, client, record, **visit):
        saved = self.cartera.visits().correct(
            c.ClientId(ulid=client), c.RecordId(ulid=record), self.visit(**visit)
        )
        return None, saved.id.ulid

    def visits_void(self, client, kind, record, reason):
        saved = self.cartera.visits().void(
            c.ClientId(ulid=client), of(c.RecordKind, kind), c.RecordId(ulid=record), of(c.VoidReason, reason)
        )
        return None, saved.id.ulid

    def visits_note(self, client, text):
        return None, self.cartera.visits().add_note(c.ClientId(ulid=client), text, False).id.ulid

    def visits_task(self, client, what):
        return None, self.cartera.visits().add_task(c.ClientId(ulid=client), c.NewTask(what=what)).id.ulid

    def visits_settle(self, client, task, state):
        self.cartera.visits().settle_task(
            c.ClientId(ulid=client), c.RecordId(ulid=task), of(c.TaskState, state)
        )
        return None, None

    def visits_tasks(self, client):
        tasks = self.cartera.visits().tasks(c.ClientId(ulid=client))
        return [f"{word(task.state)} {task.what}" for task in tasks], None

    def catalogue_quote(self, client, article, quantity, currency):
        quote = self.cartera.catalogue().quote(
            c.ClientId(ulid=client), article, c.Decimal(text=quantity), currency
        )
        return {
            "name": quote.article.name,
            "unit": quote.article.unit,
            "price": quote.price and quote.price.text,
            "origin": word(quote.origin),
        }, None

    @staticmethod
    def purchase(currency, article, quantity, unit, price, tax):
        line = c.OrderLine(
            article=article, quantity=c.Decimal(text=quantity), unit=unit, price=c.Decimal(text=price),
            taxes=[c.Tax(code="T", percent=c.Decimal(text=tax))],
        )  # fmt: skip
        return c.Purchase(sort=c.PurchaseSort.ORDER, currency=currency, lines=[line])

    def orders_new_id(self):
        return None, self.cartera.orders().new_id().ulid

    def orders_amounts(self, **purchase):
        amounts = self.cartera.orders().amounts(self.purchase(**purchase))
        return {"net": money(amounts.net), "tax": money(amounts.tax), "total": money(amounts.total)}, None

    def orders_place(self, client, id, **purchase):
        saved = self.cartera.orders().place(
            c.ClientId(ulid=client), c.RecordId(ulid=id), self.purchase(**purchase)
        )
        return {"saved": saved.id.ulid}, None

    def orders_life(self, order):
        life = self.cartera.orders().life(c.RecordId(ulid=order))
        steps = ["saved" if step.stage is None else word(step.stage) for step in life.steps]
        return {"number": life.number, "steps": steps}, None

    def search_clients(self, typed):
        return [row.name for row in self.cartera.search().clients(typed, 10)], None

    def search_articles(self, typed):
        return [f"{row.code} {row.name}" for row in self.cartera.search().articles(typed, 10)], None

    def attention_list(self):
        items = self.cartera.attention().list(0, 50)
        return sorted(f"{item.what} {item.detail}" for item in items), None

    def refused(self):
        return next(item.subject for item in self.cartera.attention().list(0, 50) if item.what == "refused")

    def attention_retry(self):
        self.cartera.attention().retry_refused(self.refused())
        return None, None

    def attention_drop(self):
        return {"code": self.cartera.attention().drop_refused(self.refused()).code}, None

    def sync_now(self):
        report = self.cartera.sync().now()
        return {"sent": report.sent, "refused": report.refused, "conflicts": report.conflicts}, None

    def sync_state(self):
        state = self.cartera.sync().state()
        return {"linked": state.linked, "unsent": state.unsent, "refused": state.refused}, None


def day(name):
    """`ago_30` and `in_30`, as ISO 8601."""
    way, days = name.split("_")
    return (date.today() + timedelta({"ago": -1, "in": 1}[way] * int(days))).isoformat()


def canonical(outcome):
    return json.dumps(outcome, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def run(story, folder):
    """The transcript of a story; raises where an outcome is not the one that the story says."""
    steps = json.loads(pathlib.Path(story).read_text("utf-8"))["steps"]
    names, phones, lines = {"folder": str(folder)}, {}, []
    relay = Relay(folder)

    def filled(value):
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1]) or day(found[1]), value)
        if isinstance(value, dict):
            return {key: filled(part) for key, part in value.items()}
        return value

    def named(text):
        for name, value in names.items():
            if name != "folder":
                text = text.replace(value, "{" + name + "}")
        return text

    try:
        for number, step in enumerate(steps, 1):
            outcome = None
            if "file" in step:
                lines_of = "\n".join(filled(line) for line in step["lines"]) + "\n"
                pathlib.Path(folder, step["file"]).write_text(lines_of, "utf-8")
            elif step.get("relay") in ("start", "stop"):
                getattr(relay, step["relay"])()
            elif "relay" in step:
                out = relay.run(filled(step["relay"]))
                if "as" in step:
                    names[step["as"]] = re.search(step["find"], out)[0]
            else:
                phone = phones.setdefault(step["phone"], Phone(folder, step["phone"]))
                try:
                    outcome, made = phone.call(step["call"], filled(step.get("with", {})))
                    if "as" in step:
                        names[step["as"]] = made
                except c.CarteraError as error:
                    outcome = {"error": error.code}
                expected = {"error": step["error"]} if "error" in step else step.get("expect")
                told = named(canonical(outcome))
                if told != canonical(expected):
                    raise AssertionError(f"step {number}, {step}:\n  came {told}\n  for  {canonical(expected)}")
                outcome = json.loads(told)
            what = step.get("call") and f"{step['phone']} {step['call']}" or step.get("relay") or step["file"]
            lines.append(f"{number} {what} {canonical(outcome)}")
    finally:
        for phone in phones.values():
            phone.cartera and phone.cartera.shut()
        relay.stop()
    return "".join(line + "\n" for line in lines)
