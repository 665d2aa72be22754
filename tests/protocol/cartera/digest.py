"""One number over all that is held (protocol.md, section 11)."""

import hashlib

ZEROS = bytes(16)


def _sized(text):
    return len(text.encode()).to_bytes(4, "big") + text.encode()


def document_term(id, generation, territory, alias_of, heads):
    content = [b"d", id, generation.to_bytes(4, "big"), territory or ZEROS, alias_of or ZEROS]
    return _first(16, *content, len(heads).to_bytes(4, "big"), *sorted(heads))


def office_term(name, value):
    return _first(16, b"o", *map(_sized, name), hashlib.sha256(value).digest())


def office_name(name):
    return _first(8, b"n", *map(_sized, name))


def total(terms):
    return (sum(int.from_bytes(term, "big") for term in terms) % 2**128).to_bytes(16, "big")


def _first(count, *parts):
    return hashlib.sha256(b"".join(parts)).digest()[:count]
