"""A device: how it joins, what it reads, and what it writes before any relay knows (protocol.md, section 5)."""

import hashlib
import os
import re
import secrets
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from . import records, ulid, wire
from .document import Document
from .state import Store, Unsent
from .transport import Transport
from .wire import VERSIONS, without_absent

INVITATION_BYTES = 512
INSTALLATION, RESTORE, REBASE = range(3)  # why an actor is taken


def parse_invitation(text):
    """(address, code, pin or nothing)."""
    text = text.strip()
    address, mark, rest = text.partition("/enrol#")
    match = re.fullmatch(r"([0-9A-Za-z]+)(?:\.([0-9a-fA-F]{64}))?", rest)
    if (
        len(text.encode()) > INVITATION_BYTES
        or not mark
        or not re.fullmatch(r"https?://[^/]+", address)
        or re.search(r'[@?"<>\\]', address)
        or not match
    ):
        raise ValueError("no invitation")
    return address, match[1], match[2] and bytes.fromhex(match[2])


class Device:
    def __init__(self, path, transport=None, zone="Europe/Madrid"):
        self.store, self.zone, self.transport = Store(path), ZoneInfo(zone), transport
        self.repairs = 0
        self.clock = None  # (the relay's ms, monotonic s) of the last reply
        if not transport and self.state.invitation:
            self.transport = self._transport()

    @property
    def state(self):
        return self.store.state

    # Enrolment

    def enrol(self, invitation, name="Python"):
        address, code, _ = parse_invitation(invitation)
        if self.state.invitation != invitation.strip():
            with self.store.transaction() as state:  # kept before it is told to anybody
                state.invitation, state.token = invitation.strip(), secrets.token_hex(32)
        self.transport = self.transport or self._transport()
        reply = self.transport.post(
            "/v1/enrol",
            without_absent({
                0: VERSIONS, 1: code, 2: hashlib.sha256(self.state.token.encode()).digest(), 3: name,
                4: self.state.workspace or None,
            }),
        )  # fmt: skip
        with self.store.transaction() as state:
            if state.device not in (b"", reply[2]):
                state.restored = (
                    True  # actors are a device's: what is unsent is written anew by one of the new device's
                )
            elif not state.actor:
                new_actor(state, INSTALLATION)
            state.workspace, state.device, state.person, state.device_key = reply[1], reply[2], reply[3], reply[4]
            state.workspace_key, state.epoch, state.scope, state.policy = reply.get(5, ""), reply[6], reply[7], reply[8]
            state.cursor = None
        self.clock = (reply[9], time.monotonic())

    def _transport(self):
        address, _, pin = parse_invitation(self.state.invitation)
        return Transport(address, pin)

    # Reading

    def document(self, id):
        return self.state.documents[id]

    def clients(self):
        return sorted(id for id in self.state.documents if id != self.state.person and id not in self.state.left)

    def author(self, actor):
        if actor in self.state.actors:
            return self.state.person
        record = self.state.office.get(("actor", "", actor.hex()))
        return record and wire.decode(record.value).get(1)

    def role(self, person):
        record = self.state.office.get(("person", "", ulid.text(person)))
        return record and wire.decode(record.value).get(2)

    def records(self, id):
        return records.fold(self.document(id), self.author, self.role)

    # Writing: a change and its place in the outbox in one transaction

    def create(self, fields, territory=None):
        id = ulid.new()
        with self.store.transaction() as state:
            state.documents[id] = document = Document(id)
            territory = territory or next(iter(state.scope.get(2, [])), None)
            self._send(state, id, document.create(state.actor, self._seconds()), territory)
            self._send(state, id, document.edit(state.actor, self._seconds(), fields))
        return id

    def edit(self, id, fields):
        with self.store.transaction() as state:
            self._send(state, id, state.documents[id].edit(state.actor, self._seconds(), fields))

    def add(self, id, *new, amends=None, voids=None):
        """Records `(kind, fields)` in one change; their ids."""
        ids, rows = [ulid.new() for _ in new], []
        true_ms, trusted = self._true_time()
        for record_id, (kind, fields) in zip(ids, new):
            data = records.record(
                fields, at_ms=time.time_ns() // 1_000_000, day=datetime.fromtimestamp(true_ms / 1000, self.zone).date(),
                zone=self.zone.key, trusted=trusted, amends=amends, voids=voids,
            )  # fmt: skip
            rows.append((f"{kind}/{ulid.text(record_id)}", data))
        with self.store.transaction() as state:
            if id not in state.documents and id == state.person:
                state.documents[id] = Document(id)
                self._send(state, id, state.documents[id].create(state.actor, self._seconds()))
            self._send(state, id, state.documents[id].append(state.actor, self._seconds(), rows))
        return ids

    def _send(self, state, id, change, territory=None):
        if change:
            state.outbox.append(Unsent(id, change.hash, territory))

    def _true_time(self):
        if self.clock is None:
            return time.time_ns() // 1_000_000, False
        now_ms, at = self.clock
        return now_ms + int((time.monotonic() - at) * 1000), True

    def _seconds(self):
        return self._true_time()[0] // 1000


def new_actor(state, reason):
    state.actor = os.urandom(16)
    state.actors.add(state.actor)
    state.new_actors.append([state.actor, reason])
    return state.actor
