"""A panic in any call of any object is an error with its code, and the next call goes through."""

import enum
import inspect
import typing

import cartera
import pytest

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
# Calls that ask nothing of the engine, or begin by ending what goes on in the background.
ASK_NOTHING = {"hurry", "stop"}
# What is read before the engine is asked.
TEXTS = {"ulid": ULID, "currency": "EUR", "text": "1", "subject": "0" * 64}


class Deaf(cartera.ChangeListener, cartera.SyncListener):
    def changed(self, changes):
        pass

    def stands(self, state):
        pass


def made(kind, name):
    """Some value of a type."""
    origin = typing.get_origin(kind)
    if origin is typing.Union:
        return None
    if origin in (list, dict):
        return origin()
    if kind is str:
        return TEXTS.get(name, "x")
    if kind in (int, float, bool, bytes):
        return kind(1)
    if inspect.isclass(kind) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    if kind in (cartera.ChangeListener, cartera.SyncListener):
        return Deaf()
    if kind is cartera.SegmentKey:
        return cartera.SegmentKey.PRIVATE(id=cartera.RecordId(ulid=ULID))
    return kind(**arguments(kind.__init__))


def arguments(call):
    hints = typing.get_type_hints(call, vars(cartera.cartera_ffi))
    needed = [name for name in inspect.signature(call).parameters if name != "self"]
    return {name: made(hints[name], name) for name in needed}


def calls(phone):
    """Every call of every object, by name."""
    for noun, make in public(phone):
        if noun in ("open", "shut", "panic_at_next_call", "listen", "business_date"):
            continue
        made = make()
        yield from ((f"{noun}.{name}", call) for name, call in public(made))
    yield from ((name, getattr(phone, name)) for name in ("listen", "business_date"))


def public(of):
    return [(name, call) for name, call in inspect.getmembers(of, inspect.ismethod) if not name.startswith("_")]


def test_a_panic_in_any_call_is_an_error_and_the_next_call_goes_through(tmp_path):
    with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
        phone.clients().create(cartera.NewClient(fields=[cartera.text("name", "Bar")]))
        tried = 0
        for name, call in calls(phone):
            if name.split(".")[-1] in ASK_NOTHING:
                continue
            phone.panic_at_next_call()
            with pytest.raises(cartera.CarteraError.Broken) as caught:
                call(**arguments(call))
            assert (caught.value.code, caught.value.must_reopen) == ("panicked", False), name
            assert phone.clients().count() == 1, name
            tried += 1
        assert tried > 125, "every call of every object"
