"""Values of the library as stories tell them."""

import datetime

import cartera as c


def word(value):
    """The stable word of a value from a fixed list."""
    return value.name.lower()


def of(enumeration, text):
    return None if text is None else enumeration[text.upper()]


def money(amount):
    return f"{c.money_text(amount)} {amount.currency}"


def value_text(value):
    return value.text if value.is_TEXT() else value.raw if value.is_PHONE() else type(value).__name__.lower()


def day(text):
    return c.day(datetime.date.fromisoformat(text))


def told(body):
    """What a record says."""
    if body.is_VISIT():
        return " ".join(filter(None, [word(body.visit.outcome), body.visit.notes]))
    if body.is_PURCHASE():
        return money(body.total)
    if body.is_NOTE():
        return body.text
    if body.is_TASK():
        return body.what
    if body.is_TASK_SETTLED():
        return word(body.state)
    if body.is_AGREEMENT():
        return body.agreement.title
    if body.is_SURVEY():
        return f"{word(body.answer.survey)} {body.answer.answers[0].score}"
    if body.is_NOT_NOW():
        return f"{word(body.subject)} {word(body.reason)}"
    if body.is_CLOSED():
        return word(body.reason)
    return "other"
