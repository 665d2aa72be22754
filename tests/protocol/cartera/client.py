"""A whole client (protocol.md, sections 6 to 14 and 20)."""

import hmac
import time

from . import digest, wire
from .change import Refused, decode
from .device import INSTALLATION, REBASE, RESTORE, Device, new_actor
from .document import Document, Duplicate, Held
from .state import Office, Place, RefusedWork, Unsent
from .wire import VERSIONS, member, without_absent

PUSHED_CHANGES, PUSHED_BYTES, PURGED, EXCLUDED, ASKED, PROOFS = 1_000, 1_000_000, 10_000, 1_000, 5_000, 1_000
ERASED, REVOKED, EQUIVOCATION, GENERATION = 5, 6, 7, 8
CHANGE, OFFICE, ENTER, LEAVE, MOVED, MERGE, ERASE, REFOUND = range(8)
ROUNDS = 100


class Unfit(Exception):
    """A reply that is not to be taken, or a defect on one side."""


class Client(Device):
    offered = False  # in this session, before a repair

    # Sync

    def sync(self, **options):
        """Everything there and back; whether the digests were alike (nothing where there was none)."""
        rebased, self.offered = self._rebase(None), False
        for _ in range(ROUNDS):
            reply = self.sync_once(**options)
            if self.state.wiped:
                return None
            rebased = self._rebase(rebased)
            if self.state.to_fetch or self.state.by_id or self.state.office_of:
                self.fetch()
                continue
            if self.state.doubtful and not reply.get(8):
                self._offer()
                continue
            if reply.get(8) or self._to_push() or self.state.purged or self.state.new_actors:
                continue
            if 9 not in reply:
                continue
            alike = reply[9] == self.digest()
            if alike or not self.repair():
                return alike
        raise Unfit("it does not come to an end")

    def sync_once(self, want_bytes=None):
        push, request = self._to_push(), self._sync_request(want_bytes)
        reply = self.transport.post("/v1/sync", request, self.state.token)
        verdicts, actors = reply.get(5, []), reply.get(6, [])
        if len(verdicts) != len(push) or len(actors) != len(request.get(3, [])):
            raise Unfit("not one verdict for each change and actor")
        with self.store.transaction() as state:
            self._take(state, reply, push, request)
        self.clock = (reply[2], time.monotonic())
        for order in reply.get(12, []):
            self._obey(order)
        return reply

    def _to_push(self):
        """Nothing whose ancestor was refused: those documents are rebased first."""
        state, push, size = self.state, [], 0
        for unsent in state.outbox:
            change = state.documents[unsent.document].changes[unsent.hash]
            if unsent.document in state.to_rebase or unsent.hash in state.quarantined:
                continue
            size += len(change.bytes)
            if push and (size > PUSHED_BYTES or len(push) == PUSHED_CHANGES):
                break
            push.append((unsent, change))
        return push

    def _sync_request(self, want_bytes):
        state, push = self.state, self._to_push()
        return without_absent({
            0: VERSIONS,
            1: state.cursor,
            2: state.scope.get(0) or None,
            3: [{0: actor, 1: reason} for actor, reason in state.new_actors[:16]],
            4: sorted(state.purged)[:PURGED],
            5: [
                without_absent({
                    0: unsent.document, 2: change.bytes, 3: unsent.territory, 5: unsent.offered,
                    4: state.documents[unsent.document].receipts.get(unsent.hash) if unsent.offered else None,
                })
                for unsent, change in push
            ],
            6: want_bytes,
            7: self._excluded()[:EXCLUDED],
            8: self._proofs(push),
            9: time.time_ns() // 1_000_000 if push else None,
            10: len(state.outbox) - len(push) or None,
            11: bool(state.to_fetch),
        })  # fmt: skip

    def _excluded(self):
        return sorted(self.state.left | self.state.by_id | set(self.state.failures))

    def _take(self, state, reply, push, request):
        told, another_epoch = list(state.new_actors[:16]), False
        if 1 in reply and reply[1] != state.epoch:
            if state.cursor is not None:
                state.doubtful = another_epoch = True
                state.quarantined.clear()
                known = {actor for actor, _ in state.new_actors}
                state.new_actors += [[actor, INSTALLATION] for actor in sorted(state.actors - known)]
            state.epoch = reply[1]
        for actor, verdict in zip(told, reply.get(6, [])):
            state.new_actors.remove(actor)
            if verdict[0] != 0:
                state.attention.append(("actor", member(verdict, 1), member(verdict, 2)))
        for (unsent, change), verdict in zip(push, reply.get(5, [])):
            if another_epoch and verdict[0] not in (wire.ACCEPTED, wire.DUPLICATE):
                continue  # it may have forgotten the actor: that is told again, and this pushed again
            self._take_verdict(state, unsent, change, verdict)
        if 10 in reply:
            state.scope = reply[10]
            self._drop_lost_territories(state)
        state.scope = {**state.scope, 0: reply.get(4, 0)}
        if 11 in reply:
            state.to_fetch += [dict(page) for page in reply[11].get(0, [])]
            if reply[11].get(1):
                state.replace, state.brought = True, set()
        for entry in reply.get(7, []):
            self._take_entry(state, entry[0], entry[1])
        if 3 in reply:
            state.cursor = reply[3]
        state.purged -= set(request.get(4, []))
        self._purge(state)

    # Verdicts

    def _take_verdict(self, state, unsent, change, verdict):
        document = state.documents[unsent.document]
        match verdict[0]:
            case wire.ACCEPTED | wire.DUPLICATE if member(verdict, 3) is None:
                _acknowledge(state, document, change.hash, verdict[1], verdict[2])
            case wire.DUPLICATE:
                state.replaced[change.hash] = verdict[3]
                state.to_rebase.add(document.id)
            case wire.HELD:  # what is missing here comes first next time; what is acknowledged is offered
                missing = set(member(verdict, 1) or [])
                if missing & set(document.acknowledged):
                    state.doubtful = True
            case wire.REFUSED:
                self._take_refusal(state, unsent, change, verdict[1], member(verdict, 2) or "")
            case wire.QUARANTINED:
                state.quarantined.add(change.hash)
            case other:
                raise Unfit(f"verdict {other}")

    def _take_refusal(self, state, unsent, change, code, detail):
        if code == REVOKED:
            state.attention.append(("revoked", unsent.document, detail))
        elif code == ERASED:
            state.left.add(unsent.document)
        elif code == EQUIVOCATION:
            state.restored = True  # another one is taken, and all that is unsent is written anew
        elif code == GENERATION:
            state.attention.append(("generation", unsent.document, detail))
            state.failures[unsent.document] = 2
        else:
            state.refused.append(RefusedWork(unsent.document, change.hash, change.bytes, code, detail))
            state.to_rebase.add(unsent.document)

    def _rebase(self, fresh):
        """Documents with work that the relay did not take, written anew by one fresh actor for the whole sync."""
        restored = self.state.restored
        if not restored and not self._can_rebase():
            return fresh
        with self.store.transaction() as state:
            if restored:
                fresh, state.restored = new_actor(state, RESTORE), False
                state.to_rebase |= {unsent.document for unsent in state.outbox}
            for id in self._can_rebase():
                fresh = fresh or new_actor(state, REBASE)
                self._rebase_document(state, id, fresh)
        return fresh

    def _can_rebase(self):
        """A change that stands for one of ours must be here before ours can go."""
        return [
            id
            for id in sorted(self.state.to_rebase)
            if all(
                self.state.replaced.get(own) is None
                or self.state.replaced[own] in self.state.documents[id].acknowledged
                for own in self.state.documents[id].changes
            )
        ]

    def _rebase_document(self, state, id, actor):
        old = state.documents[id]
        new = old.rebased(actor, {work.hash for work in state.refused}, state.replaced)
        mine = [unsent for unsent in state.outbox if unsent.document == id]
        territory = next((unsent.territory for unsent in mine if unsent.territory), None)
        state.documents[id] = new
        state.outbox = [unsent for unsent in state.outbox if unsent.document != id]
        state.outbox += [Unsent(id, change.hash, None if change.deps else territory) for change in new.unsent()]
        state.replaced = {own: other for own, other in state.replaced.items() if own not in old.changes}
        state.to_rebase.discard(id)

    # Entries

    def _take_entry(self, state, number, body):
        kind, about = body[0], body[1]
        if kind == CHANGE:
            self._take_change(state, number, about)
        elif kind == OFFICE:
            _put_office(state, about, number)
        elif kind == ENTER:
            self._take_document(state, about[0])
            for record in about.get(1, []):
                _put_office(state, record, number)
            if about.get(2):
                state.office_of.add(about[0][0])
        elif kind == LEAVE:
            state.left.add(about)
        elif kind == MOVED:
            state.places[about] = Place(member(body, 2))
        elif kind == MERGE:
            state.places[about] = Place(member(body, 3), member(body, 2))
        elif kind == ERASE:
            state.left.add(about)
            document = state.documents.get(about)
            if document and not document.unsent():
                _forget(state, about)
        elif kind == REFOUND:
            state.attention.append(("refound", about[0][0]))
            state.failures[about[0][0]] = 2
        else:
            raise Unfit(f"entry {kind}")

    def _take_change(self, state, number, entry):
        id = entry[0]
        document = state.documents.get(id)
        try:
            change = decode(entry[2])
            if document and change.hash in document.changes:
                _acknowledge(state, document, change.hash, number, entry.get(3))
                return
            if document and number <= document.number:
                return
            if not document and not change.deps:
                document = state.documents[id] = Document(id)
            if not document:
                if not state.to_fetch:
                    state.by_id.add(id)
                return
            if change.actor in state.actors:
                state.restored = True  # this device wrote it and does not know it: it was restored or cloned
            document.admit(change)
            document.acknowledged[change.hash] = number
            if 3 in entry:
                document.receipts[change.hash] = entry[3]
        except Held:
            if not state.to_fetch:
                state.by_id.add(id)
        except (Duplicate, Refused):
            state.by_id.add(id)  # perhaps it is at odds with what is unsent here: its snapshot will show

    # Fetch

    def fetch(self):
        while self.state.to_fetch:
            if not self.fetch_page():
                return  # a sync tells what has changed
        if self.state.by_id or self.state.office_of:
            self.fetch_by_name(sorted(self.state.by_id), [], sorted(self.state.office_of))

    def fetch_page(self, want_bytes=None):
        """Whether it was taken."""
        page = self.state.to_fetch[0]
        reply = self._fetch({2: page, 6: want_bytes})
        if reply is None:
            return False
        with self.store.transaction() as state:
            self._take_items(state, reply)
            if reply.get(5):
                state.to_fetch[0] = {**page, 2: reply[5]}
            else:
                state.to_fetch.pop(0)
            if not state.to_fetch and state.replace:
                self._drop_what_no_page_brought(state)
        return True

    def fetch_by_name(self, documents, office, office_of=()):
        documents = set(documents)
        while documents or office:
            reply = self._fetch({3: sorted(documents)[:ASKED], 4: office[:ASKED]})
            if reply is None:
                return
            with self.store.transaction() as state:
                self._take_items(state, reply)
                had = {item[1][0] for item in reply.get(4, []) if item[0] == 1} | set(reply.get(6, []))
                state.by_id -= had
                for id in reply.get(6, []):
                    state.left.add(id)
                self._purge(state)
            if documents and not had:
                raise Unfit("fetched nothing that was asked for")
            documents, office = documents - had, office[ASKED:]
        for client in office_of:
            reply = self._fetch({5: [client]})
            if reply is None:
                return
            with self.store.transaction() as state:
                self._take_items(state, reply)
                state.office_of.discard(client)

    def _fetch(self, what):
        request = without_absent({0: VERSIONS, 1: self.state.scope.get(0) or None, **what})
        reply = self.transport.post("/v1/fetch", request, self.state.token)
        present = self.state.epoch, self.state.scope.get(0, 0)
        return reply if (reply[1], reply.get(3, 0)) == present else None

    def _take_items(self, state, reply):
        for item in reply.get(4, []):
            kind, about = item[0], item[1]
            if kind == 0:
                state.rows[about[0]] = about
            elif kind == 1:
                self._take_document(state, about)
                state.brought.add(about[0])
            elif kind == 2:
                state.brought.add(_put_office(state, about, reply[2]))

    def _take_document(self, state, page):
        id = page[0]
        state.places[id] = Place(page.get(5), page.get(6))
        state.left.discard(id)
        state.purged.discard(id)
        state.rows.pop(id, None)
        try:
            new = Document.from_snapshot(id, page[3], page.get(7, []))
        except (Refused, Held, Duplicate) as refused:
            state.failures[id] = state.failures.get(id, 0) + 1
            state.by_id.add(id)
            if state.failures[id] > 1:
                state.by_id.discard(id)
                state.attention.append(("document", id, str(refused)))
            return
        new.generation, new.number = page.get(1, 0), page[2]
        state.failures.pop(id, None)
        old = state.documents.get(id)
        state.documents[id] = new
        for head, receipt in zip(page.get(7, []), page.get(4, [])):
            new.receipts[head] = receipt
        if old is None:
            return
        new.receipts = old.receipts | new.receipts
        offers = (
            []
            if not state.doubtful
            else [hash for hash in old.changes if hash in old.acknowledged and hash not in new.changes]
        )
        unsent = {unsent.hash: unsent for unsent in state.outbox if unsent.document == id}
        state.outbox = [unsent for unsent in state.outbox if unsent.document != id]
        for hash, change in old.changes.items():
            if hash in new.changes or hash not in unsent and hash not in offers:
                continue
            try:
                new.admit(change)
            except (Duplicate, Held, Refused) as unlike:
                new.changes[hash] = change  # beside the others until it is rebased
                state.to_rebase.add(id)
                if isinstance(unlike, Duplicate):
                    state.replaced[hash] = unlike.hash
            state.outbox.append(unsent.get(hash) or Unsent(id, hash, offered=True))

    def _drop_what_no_page_brought(self, state):
        for id, document in list(state.documents.items()):
            if id not in state.brought and not document.unsent():
                _forget(state, id)
        for name in [name for name in state.office if name not in state.brought]:
            del state.office[name]
        state.replace, state.brought = False, set()

    # Leaving

    def _purge(self, state):
        if state.doubtful:
            return
        for id in sorted(state.left):
            document = state.documents.get(id)
            if not document or not document.unsent():
                _forget(state, id)
                state.left.discard(id)
                state.purged.add(id)

    def _drop_lost_territories(self, state):
        if not state.scope.get(1):
            seen = set(state.scope.get(2, []))
            lost = [
                name
                for name, record in state.office.items()
                if record.territory and not record.client and record.territory not in seen
            ]
            for name in lost:
                del state.office[name]

    def _obey(self, order):
        """Orders under the device's key: the only things that delete unsent work."""
        bare = {key: value for key, value in order.items() if key != 2}
        mac = hmac.digest(self.state.device_key, wire.encode(bare), "sha256")
        if not hmac.compare_digest(mac, order.get(2, b"")):
            with self.store.transaction() as state:
                state.attention.append(("an order that is not the administrator's",))
            return
        if 0 not in order:
            self.store.wipe()
            return
        with self.store.transaction() as state:
            _forget(state, order[0])
            state.outbox = [unsent for unsent in state.outbox if unsent.document != order[0]]
            state.refused = [work for work in state.refused if work.document != order[0]]
            state.left.discard(order[0])
            state.purged.add(order[0])

    # Digest

    def terms(self):
        """({document: term}, {name of an office record: term})."""
        state, excluded = self.state, set(self._excluded())
        documents = {}
        for id, document in state.documents.items():
            place = state.places.get(id, Place())
            if id not in excluded and document.acknowledged:
                heads = document.acknowledged_heads()
                documents[id] = digest.document_term(id, document.generation, place.territory, place.alias_of, heads)
        office = {
            name: digest.office_term(name, record.value)
            for name, record in state.office.items()
            if record.value is not None and record.client not in excluded
        }
        return documents, office

    def digest(self):
        documents, office = self.terms()
        return digest.total([*documents.values(), *office.values()])

    def repair(self):
        """What differs from the relay: once in a session offered to it, since it may have lost it; then fetched or dropped.
        Whether anything was done."""
        documents, office = self.terms()
        names = {digest.office_name(name): name for name in office}
        by_bucket = [{}, {}]
        for id, term in documents.items():
            by_bucket[0].setdefault(id[-1], {})[id] = term
        for short, name in names.items():
            by_bucket[1].setdefault(short[0], {})[short] = office[name]
        reply = self._digest_step([0])
        unlike = []
        for own, theirs in zip(by_bucket, (reply[1].get(0, []), reply[1].get(1, []))):
            unlike.append(
                [bucket for bucket in range(256) if digest.total(own.get(bucket, {}).values()) != theirs[bucket]]
            )
        if not any(unlike):
            return False
        self.repairs += 1
        wanted, surplus, left = [[], []], [[], []], unlike
        while any(left):
            reply = self._digest_step([1, *left])
            whole = [set(member(reply, place) or []) for place in (3, 4)]
            for side, own in enumerate(by_bucket):
                theirs = dict(map(tuple, member(reply, side + 1) or []))
                told = [bucket for bucket in left[side] if bucket in whole[side]]
                here = {name: term[:8] for bucket in told for name, term in own.get(bucket, {}).items()}
                wanted[side] += [name for name in theirs if here.get(name) != theirs[name]]
                surplus[side] += [name for name in here if name not in theirs]
            rest = [[bucket for bucket in left[side] if bucket not in whole[side]] for side in (0, 1)]
            if rest == left:
                break  # more in each of them than an answer holds: nothing is known of these
            left = rest
        lacking = [id for id in (*surplus[0], *wanted[0]) if id in documents]
        lacking += [id for bucket in left[0] for id in by_bucket[0].get(bucket, {})]
        if lacking and not self.offered:
            self.offered = True
            with self.store.transaction() as state:
                for id in lacking:
                    self._offer_whole(state, id)
            return True
        with self.store.transaction() as state:
            state.left.update(surplus[0])
            for short in surplus[1]:
                state.office.pop(names[short])
            self._purge(state)
        self.fetch_by_name(wanted[0], wanted[1])
        return True

    def _digest_step(self, step):
        request = without_absent(
            {0: VERSIONS, 1: self.state.scope.get(0) or None, 2: step, 3: self._excluded()[:EXCLUDED]}
        )
        return self.transport.post("/v1/digest", request, self.state.token)[4]

    # Another epoch (section 12)

    def _offer(self):
        self.repair()
        with self.store.transaction() as state:
            state.doubtful = False

    def _offer_whole(self, state, id):
        """The relay may have nothing of this document any more: then, to it, this is a new client."""
        document, place = state.documents[id], state.places.get(id, Place())
        document.acknowledged = {}
        state.outbox = [unsent for unsent in state.outbox if unsent.document != id]
        for hash, change in document.changes.items():
            state.outbox.append(Unsent(id, hash, None if change.deps else place.territory, offered=True))

    def _proofs(self, push):
        """Receipts of heads prove what has none of its own."""
        documents = {unsent.document for unsent, _ in push if unsent.offered}
        return [
            without_absent({0: id, 1: self.state.documents[id].generation or None, 2: hash, 3: receipt})
            for id in sorted(documents)
            for hash, receipt in self.state.documents[id].receipts.items()
        ][:PROOFS]

    def live(self):
        return self.transport.live(self.state.token)


def _acknowledge(state, document, hash, number, receipt):
    document.acknowledged.setdefault(hash, number)
    if receipt:
        document.receipts[hash] = receipt
    state.outbox = [unsent for unsent in state.outbox if (unsent.document, unsent.hash) != (document.id, hash)]


def _put_office(state, record, carried_by):
    name, number = (record.get(0, ""), record.get(1, ""), record.get(2, "")), record.get(6, carried_by)
    old = state.office.get(name)
    if not old or old.number <= number:
        state.office[name] = Office(record.get(5), number, record.get(3), record.get(4))
    return name


def _forget(state, id):
    state.documents.pop(id, None)
    state.places.pop(id, None)
    state.rows.pop(id, None)
    state.failures.pop(id, None)
    state.by_id.discard(id)
    for name in [name for name, record in state.office.items() if record.client == id]:
        del state.office[name]
