"""What a device keeps, written whole after each step: one file, replaced in one move."""

import copy
import os
import pickle
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Office:
    value: bytes | None
    number: int
    client: bytes | None
    territory: bytes | None


@dataclass
class Place:
    territory: bytes | None = None
    alias_of: bytes | None = None


@dataclass
class Unsent:
    document: bytes
    hash: bytes
    territory: bytes | None = None  # with the first change of a new client
    offered: bool = False


@dataclass
class RefusedWork:
    document: bytes
    hash: bytes
    bytes: bytes
    code: int
    detail: str


@dataclass
class State:
    invitation: str = ""
    token: str = ""
    # From the enrolment
    workspace: bytes = b""
    device: bytes = b""
    person: bytes = b""
    device_key: bytes = b""
    workspace_key: str = ""
    epoch: bytes = b""
    policy: dict = field(default_factory=dict)
    # Who writes
    actor: bytes = b""
    actors: set = field(default_factory=set)  # all that this device ever took
    restored: bool = False  # another actor is to be taken, and what is unsent written anew by it
    new_actors: list = field(default_factory=list)  # [actor, reason] without a verdict yet
    # Where it stands
    cursor: bytes | None = None
    scope: dict = field(default_factory=dict)
    to_fetch: list = field(default_factory=list)  # StillToFetch, in order
    replace: bool = False
    brought: set = field(default_factory=set)  # by pages, while `replace`
    by_id: set = field(default_factory=set)  # documents to be fetched by name
    office_of: set = field(default_factory=set)
    failures: dict = field(default_factory=dict)  # document: how often it could not be taken
    # What it holds
    documents: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)  # of clients, whose document may not be here yet
    office: dict = field(default_factory=dict)  # (kind, source, key): Office
    rows: dict = field(default_factory=dict)  # list rows, until the documents are here
    # What is on its way
    outbox: list = field(default_factory=list)  # Unsent, in order
    replaced: dict = field(default_factory=dict)  # own change: the relay's change with the same records
    to_rebase: set = field(default_factory=set)  # documents with work that the relay did not take
    refused: list = field(default_factory=list)
    quarantined: set = field(default_factory=set)
    left: set = field(default_factory=set)  # clients out of scope, to be purged once nothing about them is unsent
    purged: set = field(default_factory=set)  # and to be reported
    doubtful: bool = False  # another epoch began: compare and offer before anything is purged
    attention: list = field(default_factory=list)  # what a person should see
    wiped: bool = False


class Store:
    def __init__(self, path):
        self.path, self.state = path, State()
        if os.path.exists(path):
            with open(path, "rb") as file:
                self.state = pickle.load(file)

    @contextmanager
    def transaction(self):
        """The state to change; all of it is kept, or nothing."""
        state = copy.deepcopy(self.state)
        yield state
        with open(f"{self.path}.new", "wb") as file:
            pickle.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{self.path}.new", self.path)
        self.state = state

    def wipe(self):
        os.remove(self.path)
        self.state = State(wiped=True)
