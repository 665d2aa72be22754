"""Ids: 16 bytes, the first 6 of them milliseconds; as text 26 characters of Crockford's base 32."""

import os
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new():
    return (time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10)


def text(ulid):
    number = int.from_bytes(ulid, "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def parse(letters):
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(16, "big")
