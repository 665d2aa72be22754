"""Cartera's engine: an offline-first customer portfolio, for scripts and tests.

Everything of the library is here by its own name. `opened` closes what it opens::

    with cartera.opened("phone.db", zone="Europe/Madrid") as phone:
        phone.enrolment().enrol(invitation, "My script")
        phone.sync().now()
"""

from contextlib import contextmanager
from datetime import date

from .cartera_ffi import *  # noqa: F403
from .cartera_ffi import BusinessDate, Cartera, Edit, FieldValue, OpenOptions


@contextmanager
def opened(path, zone, key=None):
    """An open database, closed at the end."""
    cartera = Cartera.open(OpenOptions(path=str(path), zone=zone, key=key))
    try:
        yield cartera
    finally:
        cartera.shut()


def text(key, value):
    """The edit that puts a text at a field of a profile."""
    return Edit(key=key, value=FieldValue.TEXT(value))


def day(value: date):
    """A date of Python's as a business date."""
    return BusinessDate(year=value.year, month=value.month, day=value.day)
