"""Bodies and limits: each at the edge and one past it."""

import json
import os

import pytest
import zstandard
from cartera import records, ulid, wire
from cartera.change import Change, Op
from cartera.transport import Problem


def post(client, body, path="/v1/sync"):
    """A raw body; (status, the message or the problem's code)."""
    status, headers, reply = client.transport.exchange(path, body, client.state.token)
    if status == 200:
        assert headers["Content-Type"] == wire.MEDIA_TYPE
        return status, wire.unpack(reply)
    assert headers["Content-Type"] == "application/problem+json"
    return status, json.loads(reply)["code"]


def code(client, body):
    return post(client, body)[1]


def taken(client, body):
    return post(client, body)[0] == 200


@pytest.fixture
def ana(office):
    return office.phone("Ana")


def test_bodies_are_compressed_both_ways(office, ana):
    bar = ana.create({"name": "Bar"})
    ana.sync()
    for _ in range(20):
        ana.add(bar, ("n", records.note("una nota larga " * 20)))
    sent = wire.pack(ana._sync_request(None))
    assert sent[:4] == wire.ZSTD and len(wire.encode(ana._sync_request(None))) > 5 * len(sent)
    assert taken(ana, sent)
    luis = office.phone("Luis")
    body = wire.pack({0: [1, 1], 1: luis.state.scope[0], 3: [bar]})
    _, headers, reply = luis.transport.exchange("/v1/fetch", body, luis.state.token)
    assert reply[:4] == wire.ZSTD and "Content-Encoding" not in headers
    assert len(wire.encode(wire.unpack(reply))) > 1024
    assert ana.sync() is True


def test_a_request_may_be_compressed_however_short_and_plain_however_long(ana):
    small = wire.encode({0: [1, 1], 1: ana.state.cursor, 2: 1})
    long = wire.encode({0: [1, 1], 1: ana.state.cursor, 2: 1, 4: [ulid.new() for _ in range(200)]})
    for body in (small, wire.compress(small), long, wire.compress(long)):
        assert taken(ana, body)
    for level in (1, 19, -5):
        assert taken(
            ana, zstandard.ZstdCompressor(level=level, write_checksum=True, write_content_size=False).compress(long)
        )


def test_frames_that_are_not_one_whole_frame(ana):
    message = wire.encode({0: [1, 1], 1: ana.state.cursor, 2: 1, 4: [ulid.new() for _ in range(100)]})
    frame = wire.compress(message)
    skippable = bytes.fromhex("502a4d1800000000")
    for body in (
        frame[:-1],
        frame + b"\0",
        frame + frame,
        frame + skippable,
        skippable + frame,
        message + b"\0",
        message[:-1],
        b"",
    ):
        assert code(ana, body) == "malformed"
    lying = zstandard.ZstdCompressor().compressobj()
    assert taken(ana, lying.compress(message) + lying.flush())


def test_windows_and_bombs(ana):
    message = wire.encode({0: [1, 1], 1: ana.state.cursor, 2: 1})

    def with_window(log):
        parameters = zstandard.ZstdCompressionParameters(window_log=log, write_content_size=False)
        frame = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
        return frame.compress(message) + frame.flush()

    assert taken(ana, with_window(23))
    assert code(ana, with_window(24)) == "malformed"
    # 24 MiB of zeros, as an unknown member, in a few kB
    head = b"\xa3\x00\x82\x01\x01\x02\x01\x18\x63\x5a"
    full = lambda size: wire.compress(head + (size - len(head) - 4).to_bytes(4, "big") + bytes(size - len(head) - 4))
    assert taken(ana, full(wire.MESSAGE_BYTES))
    assert code(ana, full(wire.MESSAGE_BYTES + 1)) == "too_large"


def test_the_body_that_travels(ana):
    head = b"\xa3\x00\x82\x01\x01\x02\x01\x18\x63\x5a"
    body = lambda size: head + (size - len(head) - 4).to_bytes(4, "big") + bytes(size - len(head) - 4)
    assert taken(ana, body(wire.BODY_BYTES))
    status, problem = post(ana, body(wire.BODY_BYTES + 1))
    assert (status, problem) == (413, "too_large")


def test_cbor_that_the_protocol_does_not_use(ana):
    cursor = b"\x58" + bytes([len(ana.state.cursor)]) + ana.state.cursor
    request = lambda extra: b"\xa3\x00\x82\x01\x01\x01" + cursor + b"\x18\x63" + extra
    nested = lambda depth: b"\x81" * depth + b"\x00"
    for good in (b"\x00", b"\xf6", b"\x18\x05", nested(11)):  # also a head that is not the shortest
        assert taken(ana, request(good)), good
    for bad in (
        nested(12),
        b"\xc0\x00",
        b"\xf9\x00\x00",
        b"\x9f\xff",
        b"\xf7",
        b"\x62\xff\xfe",
        b"\x5b" + b"\xff" * 8,
        b"\x9a\xff\xff\xff\xff",
    ):
        assert code(ana, request(bad)) == "malformed", bad
    assert taken(ana, b"\xa2\x01" + cursor + b"\x00\x82\x01\x01")  # keys in another order


@pytest.mark.parametrize(
    ("key", "most", "make"),
    [
        (3, 16, lambda number: {0: os.urandom(16), 1: 2}),
        (4, 10_000, lambda number: ulid.new()),
        (5, 1_000, lambda number: {0: ulid.new(), 2: b"x"}),
        (7, 1_000, lambda number: ulid.new()),
    ],
)
def test_lists_of_a_request(ana, key, most, make):
    items = [make(number) for number in range(most + 1)]
    request = {0: [1, 1], 1: ana.state.cursor, 2: ana.state.scope[0]}
    status, reply = post(ana, wire.pack(request | {key: items[:most]}))
    assert status == 200
    if key == 5:
        assert [verdict[:2] for verdict in reply[5]] == [[3, 0]] * most
    if key == 3:
        assert reply[6] == [[0]] * most
    assert code(ana, wire.pack(request | {key: items})) == "malformed"


def test_limits_of_changes(office, ana):
    luis = office.phone("Luis")
    bar = ana.create({"name": "Bar"})
    assert ana.sync() is True

    def verdict(ops):
        """Of one change with these ops, pushed raw; a change that was taken is known here then."""
        document = ana.document(bar)
        last, heads = document.seqs[ana.state.actor], document.heads()
        start_op = 1 + max(known.last_op for known in document.changes.values())
        data = Change(ana.state.actor, last.seq + 1, start_op, 0, tuple(heads), tuple(ops))
        request = {0: [1, 1], 1: ana.state.cursor, 2: ana.state.scope[0], 5: [{0: bar, 2: data.bytes}]}
        [answer] = ana.transport.post("/v1/sync", request, ana.state.token)[5]
        if answer[0] == 3:
            return answer[:2]
        with ana.store.transaction() as state:
            state.documents[bar].admit(data)
            state.documents[bar].acknowledged[data.hash] = answer[1]
        return answer[0]

    def record(size):
        header = {0: 1, 1: 0, 2: 20_000, 3: "Europe/Madrid", 4: 0}
        empty = len(wire.encode(header | {8: "x" * (size - 100)})) - (size - 100)
        return Op(f"zz/{ulid.text(ulid.new())}", wire.encode(header | {8: "x" * (size - empty)}))

    at = record(65_536)
    assert len(at.value) == 65_536
    assert verdict([at]) == 0
    assert verdict([record(65_537)]) == [3, 4]
    assert verdict([Op("warning", "x" * 8_192)]) == 0
    assert verdict([Op("web", "x" * 8_193)]) == [3, 4]
    assert verdict([Op(f"pref/a{number}", number) for number in range(1_000)]) == 0
    assert verdict([Op(f"pref/b{number}", number) for number in range(1_001)]) == [3, 4]
    assert verdict([Op("zz/a", b"\xa0")]) == [3, 1]  # a key that could be a record's and is none
    assert verdict([Op("a" * 60 + "/" + "b" * 64 + "/" + "c" * 34, 1)]) == 0  # 160 bytes
    assert verdict([Op("a" * 60 + "/" + "b" * 64 + "/" + "c" * 35, 1)]) == [3, 1]
    assert verdict([Op("erased/x", 1)]) == [3, 1]
    assert verdict([Op("field", b"\x81" * 8 + b"\x00")]) == 0
    assert verdict([Op("field", b"\x81" * 9 + b"\x00")]) == [3, 1]
    assert verdict([Op("field", b"\x18\x05")]) == [3, 1]  # not deterministic
    bare = [record(60_000) for _ in range(4)]
    assert verdict([*bare, record(20_000)]) == 0
    assert verdict([record(65_536) for _ in range(4)]) == [3, 4]  # past 262,144 bytes
    assert ana.sync() is True and luis.sync() is True
    assert luis.document(bar).changes.keys() == ana.document(bar).changes.keys()


def test_a_change_past_what_travels_is_a_problem_of_the_request(ana):
    request = {0: [1, 1], 1: ana.state.cursor, 2: 1, 5: [{0: ulid.new(), 2: bytes(4_194_304)}]}
    assert post(ana, wire.pack(request))[1][5][0][:2] in ([3, 0], [3, 4])
    request[5][0][2] += b"\0"
    assert code(ana, wire.pack(request)) == "malformed"


def test_problems_speak_the_language_asked_for(ana):
    titles = set()
    for language in ("es", "en"):
        ana.transport.language = language
        with pytest.raises(Problem) as problem:
            ana.transport.post("/v1/sync", {0: [1, 1], 1: b"x"}, ana.state.token)
        titles.add(problem.value.members["title"])
        assert problem.value.members["request_id"]
    assert len(titles) == 2
