"""Bodies (protocol.md, sections 3 and 4): one CBOR message, beyond 1,024 bytes as one zstd frame."""

import cbor2
import zstandard

VERSIONS = [1, 1]
MEDIA_TYPE = "application/vnd.cartera.sync"
BODY_BYTES = 8_388_608
MESSAGE_BYTES = 25_165_824
PLAIN_BYTES = 1_024
WINDOW_BYTES = 1 << 23
DEPTH = 12
ACCEPTED, DUPLICATE, HELD, REFUSED, QUARANTINED = range(5)  # verdicts
ZSTD = bytes.fromhex("28b52ffd")


class Unreadable(Exception):
    """Bytes that no sender of this protocol makes."""


def encode(message):
    return cbor2.dumps(message, canonical=True)


def decode(data, depth=DEPTH):
    """One item of the CBOR that the protocol uses, and nothing after it."""
    try:
        item, end = _item(data, 0, depth)
    except (IndexError, UnicodeDecodeError, RecursionError, TypeError) as error:
        raise Unreadable(f"CBOR: {error}") from error
    if end != len(data):
        raise Unreadable("CBOR: bytes after the item")
    return item


def decode_deterministic(data, depth):
    item = decode(data, depth)
    if encode(item) != data:
        raise Unreadable("CBOR: not the deterministic encoding")
    return item


def pack(message):
    body = encode(message)
    if len(body) <= PLAIN_BYTES:
        return body
    return compress(body)


def compress(body):
    return zstandard.ZstdCompressor(level=3).compress(body)


def unpack(body):
    if len(body) > BODY_BYTES:
        raise Unreadable("body: too long")
    if body[:4] != ZSTD:
        return decode(body)
    out, frame = bytearray(), zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES).decompressobj()
    try:
        for start in range(0, len(body), 64):  # little at a time, so that a bomb is seen while it is small
            if frame.eof:
                raise Unreadable("zstd: bytes after the frame")
            out += frame.decompress(body[start : start + 64])
            if len(out) > MESSAGE_BYTES:
                raise Unreadable("zstd: too much comes out")
    except zstandard.ZstdError as error:
        raise Unreadable(f"zstd: {error}") from error
    if not frame.eof or frame.unused_data:
        raise Unreadable("zstd: not one whole frame")
    return decode(bytes(out))


def _item(data, at, depth):
    """An own reader: libraries take tags, floats and indefinite lengths too, and allocate what a head claims."""
    major, small = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        return {20: False, 21: True, 22: None}[small] if small in (20, 21, 22) else _refuse("simple value or float"), at
    if small < 24:
        number = small
    elif small < 28:
        length = 1 << (small - 24)
        if at + length > len(data):
            _refuse("it ends early")
        number, at = int.from_bytes(data[at : at + length], "big"), at + length
    else:
        _refuse("indefinite length")
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        if number > len(data) - at:
            _refuse("a string longer than the bytes")
        raw = data[at : at + number]
        return (raw if major == 2 else raw.decode()), at + number
    if major == 6:
        _refuse("tag")
    if depth == 0:
        _refuse("too deep")
    if number * (1 if major == 4 else 2) > len(data) - at:
        _refuse("a list longer than the bytes")
    if major == 4:
        items = []
        for _ in range(number):
            item, at = _item(data, at, depth - 1)
            items.append(item)
        return items, at
    entries = {}
    for _ in range(number):
        key, at = _item(data, at, depth - 1)
        if key in entries:
            _refuse("a key twice")
        entries[key], at = _item(data, at, depth - 1)
    return entries, at


def _refuse(what):
    raise Unreadable(f"CBOR: {what}")


def member(choice, place):
    """A member of a choice: missing where the array ends early, or null stands."""
    return choice[place] if len(choice) > place else None


def without_absent(message):
    return {
        key: value
        for key, value in message.items()
        if value is not None and value != [] and value is not False and value != b""
    }
