"""Keys of a document's root map (document.md, section 2)."""

import re
import unicodedata

RECORD = re.compile(r"([a-z]{1,8})/([0-7][0-9A-HJKMNP-TV-Z]{25})")
NO_KINDS = {"tag", "pref", "contact", "date", "place", "erased"}
KEY_BYTES, PART_BYTES = 160, 64


def is_record(key):
    match = RECORD.fullmatch(key)
    return bool(match) and match[1] not in NO_KINDS


def of_record(kind, ulid_text):
    return f"{kind}/{ulid_text}"


def check(key):
    from .change import Refused

    name, *parts = key.split("/")
    legal = (
        len(key.encode()) <= KEY_BYTES
        and len(name) <= PART_BYTES
        and re.fullmatch(r"[a-z][a-z0-9_]*", name)
        and len(parts) <= 3
        and all(map(_part, parts))
        and name != "erased"
    )
    could_be_kind = re.fullmatch(r"[a-z]{1,8}", name) and name not in NO_KINDS
    if not legal or len(parts) == 1 and could_be_kind and not is_record(key):
        raise Refused("schema", "key")


def _part(part):
    return (
        1 <= len(part.encode()) <= PART_BYTES
        and part == part.strip()
        and not any(unicodedata.category(letter) == "Cc" for letter in part)
    )
