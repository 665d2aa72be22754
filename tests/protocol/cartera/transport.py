"""HTTP to one relay (protocol.md, sections 2 and 15)."""

import hashlib
import http.client
import json
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

from . import wire

CONNECT_S, EXCHANGE_S, SILENCE_S = 15, 120, 90


class Item(NamedTuple):
    tag: int
    content: bytes
    whole: bytes


class NotTheRelay(Exception):
    """A foreign answer, or another key than the pinned one: keep everything, try later."""


class Problem(Exception):
    def __init__(self, status, members, retry_after=None):
        super().__init__(f"{status} {members.get('code')}: {members.get('detail', members.get('title'))}")
        self.status, self.code, self.members, self.retry_after = status, members.get("code"), members, retry_after


class Transport:
    def __init__(self, address, pin=None, language="en"):
        self.url, self.pin, self.language = urlsplit(address), pin, language

    def post(self, path, message, token=None):
        status, headers, body = self.exchange(path, wire.pack(message), token)
        media = headers.get("Content-Type", "")
        if media == "application/problem+json" and status >= 400:
            raise Problem(status, json.loads(body), headers.get("Retry-After"))
        if status != 200 or media != wire.MEDIA_TYPE:
            raise NotTheRelay(f"{status} {media}")
        try:
            return wire.unpack(body)
        except wire.Unreadable as error:
            raise NotTheRelay(str(error)) from error

    def exchange(self, path, body, token=None, media_type=wire.MEDIA_TYPE):
        connection = self._connect(EXCHANGE_S)
        try:
            headers = {"Content-Type": media_type, "Accept-Language": self.language}
            if token:
                headers["Authorization"] = f"Bearer {token}"
            try:
                connection.request("POST", path, body, headers)
            except OSError:
                pass  # a body that is too long is answered before it is read: see whether there is an answer
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read(wire.BODY_BYTES + 1)
        except http.client.HTTPException as error:
            raise NotTheRelay(str(error)) from error
        finally:
            connection.close()

    def live(self, token):
        """Numbers of the log up to which there is something, for as long as the connection lasts."""
        connection = self._connect(SILENCE_S)
        try:
            connection.request("GET", "/v1/live", headers={"Authorization": f"Bearer {token}"})
            reply = connection.getresponse()
            if reply.status != 200:
                raise Problem(reply.status, json.loads(reply.read(65_536)))
            event = data = None
            while line := reply.readline(4_096):
                line = line.rstrip(b"\r\n")
                if line.startswith(b"event:"):
                    event = line[6:].strip()
                elif line.startswith(b"data:"):
                    data = line[5:].strip()
                elif not line:
                    if event == b"reached" and data:
                        yield int(data)
                    event = data = None
        finally:
            connection.close()

    def _connect(self, timeout):
        host, port = self.url.hostname, self.url.port
        if self.url.scheme == "http":
            connection = http.client.HTTPConnection(host, port, timeout=CONNECT_S)
            connection.connect()
        else:
            context = ssl.create_default_context()
            if self.pin:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection(host, port, timeout=CONNECT_S, context=context)
            connection.connect()
            if self.pin and key_hash(connection.sock.getpeercert(binary_form=True)) != self.pin:
                connection.close()
                raise NotTheRelay("another key than the pinned one")
        connection.sock.settimeout(timeout)
        return connection


def key_hash(certificate):
    """SHA-256 of the SubjectPublicKeyInfo: the seventh part of what is signed, or the sixth without a version."""
    signed = _parts(_parts(certificate)[0].content)[0]
    parts = _parts(signed.content)
    return hashlib.sha256(parts[6 if parts[0].tag == 0xA0 else 5].whole).digest()


def _parts(der):
    """The items of DER, one after the other."""
    items, at = [], 0
    while at < len(der):
        tag, length, head = der[at], der[at + 1], at + 2
        if length & 128:
            length, head = int.from_bytes(der[head : head + (length & 127)], "big"), head + (length & 127)
        items.append(Item(tag, der[head : head + length], der[at : head + length]))
        at = head + length
    return items
