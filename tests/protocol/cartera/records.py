"""Records: making them, amounts of a purchase, and how they read together (records.md; document.md, section 8)."""

from datetime import date
from fractions import Fraction

from . import ulid, wire

VOID_MISTAKE = 1
REP, MANAGER, BACK_OFFICE, ADMINISTRATOR = 1, 2, 3, 4


def days(day):
    return (day - date(1970, 1, 1)).days


def record(fields, *, at_ms, day, zone, trusted=True, amends=None, voids=None):
    header = {0: 1, 1: at_ms, 2: days(day), 3: zone, 4: 0 if trusted else 1}
    if amends:
        header[5] = amends
    if voids:
        header[6] = voids
    return wire.encode(header | {key: value for key, value in fields.items() if value not in (None, [], False)})


def visit(state=2, outcome=None, notes=None):
    return {8: state, 9: outcome, 12: notes}


def note(text):
    return {8: text}


def void(reason=VOID_MISTAKE):
    return {8: reason}


def decimal(text):
    """[mantissa, scale] without trailing zeros."""
    value, scale = Fraction(text), 0
    while value.denominator != 1:
        value, scale = value * 10, scale + 1
    return [int(value), scale]


def fraction(pair):
    return Fraction(pair[0], 10 ** pair[1])


def line(article, quantity, unit, price, *, discounts=(), tax=None, description=None, free=False):
    fields = {
        0: article, 1: description, 2: decimal(quantity), 3: unit, 4: price and decimal(price),
        6: [{0: decimal(percent)} for percent in discounts], 7: [{0: tax[0], 1: decimal(tax[1])}] if tax else [],
        9: free,
    }  # fmt: skip
    fields = {key: value for key, value in fields.items() if value not in (None, [], False)}
    return fields | {8: _line_amount(fields)}


def purchase(lines, *, sort=1, currency="EUR", discounts=(), visit=None, notes=None):
    whole = [{0: decimal(percent)} for percent in discounts]
    return {8: sort, 9: currency, 10: lines, 11: whole, 15: notes, 16: visit, 17: amounts(lines, whole)}


def amounts(lines, discounts=()):
    """Net, tax and total in minor units."""
    sets = {}
    for fields in lines:
        taxes = tuple(sorted((tax[0], tuple(tax[1])) for tax in fields.get(7, [])))
        sets[taxes] = sets.get(taxes, 0) + fields[8]
    bases = {}
    for taxes, amount in sets.items():
        value = Fraction(amount)
        for discount in discounts:
            value = _round(value * (100 - fraction(discount[0])) / 100, 10)
        bases[taxes] = int(_round(value, 0))
    by_tax = {}
    for taxes, base in bases.items():
        for tax in taxes:
            by_tax[tax] = by_tax.get(tax, 0) + base
    net = sum(bases.values())
    tax = sum(int(_round(base * fraction(rate) / 100, 0)) for (_, rate), base in by_tax.items())
    return {0: net, 1: tax, 2: net + tax}


def _line_amount(fields, minor_digits=2):
    if fields.get(9) or 4 not in fields:
        return 0
    amount = fraction(fields.get(11, fields[2])) * fraction(fields[4])
    for discount in fields.get(6, []):
        if 0 in discount:
            amount = _round(amount * (100 - fraction(discount[0])) / 100, 10)
        else:
            amount -= Fraction(discount[1], 10**minor_digits)
    cents = int(_round(amount * 10**minor_digits, 0))
    return -cents if 10 in fields else cents


def _round(value, decimals):
    """Half away from zero."""
    scaled = abs(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


class Folded:
    """What one record reads now."""

    def __init__(self, kind, id, fields, author, void, amendments, concurrent):
        self.kind, self.id, self.fields, self.author = kind, id, fields, author
        self.void, self.amendments, self.concurrent = void, amendments, concurrent


def fold(document, author, role):
    """Every record that is shown by itself. `author`: a person by actor; `role`: a role by person."""
    known = {}
    for op_id, key, data in document.records():
        kind, letters = key.split("/")
        known[(kind, ulid.parse(letters))] = (op_id, wire.decode(data, 8))

    def in_effect_on(name):
        """The record that this one amends or voids with effect on it, by its name; else nothing."""
        op_id, fields = known[name]
        target = fields.get(5, fields.get(6))
        target = target and (name[0], target)
        if target not in known or known[target][0] >= op_id:
            return None
        if 5 in fields and 6 in known[target][1]:
            return None
        who = author(op_id[1])
        if who is None or role(who) == REP and author(known[target][0][1]) != who:
            return None
        return target

    by_target = {}
    for name in known:
        target = in_effect_on(name)
        if target:
            by_target.setdefault(target, []).append(name)

    def void_of(name):
        voids = [by for by in by_target.get(name, []) if 6 in known[by][1] and not void_of(by)]
        return max(voids, key=lambda by: known[by][0], default=None)

    def amendments_of(name):
        found = []
        for by in by_target.get(name, []):
            if 5 in known[by][1] and not void_of(by):
                found += [by, *amendments_of(by)]
        return found

    shown = []
    for name, (op_id, fields) in sorted(known.items(), key=lambda item: item[1][0]):
        if in_effect_on(name):
            continue
        amendments = sorted(amendments_of(name), key=lambda by: known[by][0])
        ends = [by for by in amendments if not any(after in by_target.get(by, []) for after in amendments)]
        reads = known[amendments[-1]][1] if amendments else fields
        shown.append(Folded(*name, reads, author(op_id[1]), void_of(name), amendments, len(ends) > 1))
    return shown
