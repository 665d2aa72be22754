import itertools

import pytest
from cartera.client import Client
from relay import Relay

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def relay(tmp_path_factory):
    """One relay for most tests, with a key of its own making; each test has its own territory and people."""
    relay = Relay(tmp_path_factory.mktemp("relay") / "data", tls="own")
    yield relay
    relay.stop()


@pytest.fixture
def own_relay(tmp_path):
    """A relay that a test may stop, copy and restore; plain, on loopback."""
    relay = Relay(tmp_path / "relay")
    yield relay
    relay.stop()


class Office:
    """A territory, and people who work there, on a relay."""

    def __init__(self, relay, folder):
        self.relay, self.folder, self.suffix = relay, folder, next(NUMBERS)
        self.clients, self.repairs = [], 0
        self.territory_name = self.name("Norte")
        self.territory = relay.territory(self.territory_name)

    def name(self, name):
        return f"{name} {self.suffix}"

    def phone(self, person, new=True, role="rep"):
        """An enrolled device, that has synced. A rep has the territory, everybody else all of them."""
        if new:
            self.relay.person(self.name(person), *([self.territory_name] if role == "rep" else []), role=role)
        client = Client(self.folder / f"{person}-{next(NUMBERS)}.state")
        client.enrol(self.relay.invitation(self.name(person)), name=person)
        assert client.sync() is True
        self.clients.append(client)
        return client

    def check(self):
        """A digest that had to repair something hides a defect: only where a test broke a copy may it."""
        assert sum(client.repairs for client in self.clients) == self.repairs


@pytest.fixture
def office(relay, tmp_path):
    office = Office(relay, tmp_path)
    yield office
    office.check()


@pytest.fixture
def plain_office(own_relay, tmp_path):
    office = Office(own_relay, tmp_path)
    yield office
    office.check()
