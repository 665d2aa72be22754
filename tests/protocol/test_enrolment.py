import hashlib
import secrets
import socket

import pytest
from cartera import ulid, wire
from cartera.client import Client
from cartera.device import parse_invitation
from cartera.transport import NotTheRelay, Problem, Transport


class LosesReplies(Transport):
    """The relay does what it is asked, and the answer to the first `lose` requests does not arrive."""

    lose = 1

    def exchange(self, *arguments, **options):
        answer = super().exchange(*arguments, **options)
        if self.lose:
            self.lose -= 1
            raise ConnectionResetError("lost")
        return answer


def test_an_invitation_is_parsed_or_refused():
    example = "https://relay.example:8443/enrol#0123456789ABCDEFGHJKMNPQRS." + bytes(range(32)).hex()
    assert parse_invitation(f" {example}\n") == (
        "https://relay.example:8443",
        "0123456789ABCDEFGHJKMNPQRS",
        bytes(range(32)),
    )
    for bad in (
        "ftp://a/enrol#A",
        "https://a@b/enrol#A",
        "https://a?/enrol#A",
        "https://a/enrol#A-B",
        "https://a/enrol#A.00",
        "https://a",
    ):
        with pytest.raises(ValueError):
            parse_invitation(bad)


def test_a_lost_reply_is_asked_for_again_with_the_kept_token(office, tmp_path):
    relay = office.relay
    relay.person(office.name("Ana"), office.territory_name)
    invitation = relay.invitation(office.name("Ana"))
    address, _, pin = parse_invitation(invitation)
    client = Client(tmp_path / "ana.state", LosesReplies(address, pin))
    with pytest.raises(ConnectionResetError):
        client.enrol(invitation)
    assert client.state.device == b"" and client.state.token
    again = Client(tmp_path / "ana.state", Transport(address, pin))  # the program was restarted besides
    again.enrol(invitation)
    assert again.sync() is True
    assert relay.run("device", "list", "--person", office.name("Ana")).count("\n") == 1


def test_a_used_code_belongs_to_its_token(office, tmp_path):
    office.relay.person(office.name("Ana"), office.territory_name)
    invitation = office.relay.invitation(office.name("Ana"))
    Client(tmp_path / "ana.state").enrol(invitation)
    with pytest.raises(Problem) as problem:
        Client(tmp_path / "other.state").enrol(invitation)
    assert (problem.value.status, problem.value.code) == (409, "conflict")
    assert problem.value.members["type"] == "urn:cartera:problem:conflict"


def test_nothing_is_sent_to_another_key_than_the_pinned_one(office, tmp_path):
    office.relay.person(office.name("Ana"), office.territory_name)
    invitation = office.relay.invitation(office.name("Ana"))
    wrong = invitation[:-1] + ("0" if invitation[-1] != "0" else "1")
    with pytest.raises(NotTheRelay):
        Client(tmp_path / "wrong.state").enrol(wrong)
    Client(tmp_path / "ana.state").enrol(invitation)  # so the code was not used


def test_codes_as_people_type_them_and_names_at_the_limit(office, tmp_path):
    relay = office.relay
    relay.person(office.name("Ana"), office.territory_name)

    def ask(name, code=None, token=None, workspace=None):
        address, own, pin = parse_invitation(relay.invitation(office.name("Ana")))
        request = {
            0: [1, 1],
            1: code(own) if code else own,
            2: hashlib.sha256((token or secrets.token_hex(32)).encode()).digest(),
            3: name,
        }
        return Transport(address, pin).post("/v1/enrol", request | ({4: workspace} if workspace else {}))

    typed = lambda code: "-".join([code[:5], code[5:]]).lower().replace("0", "o").replace("1", "l")
    assert ask("x", typed)[0] == 1
    assert ask("é" * 80)[0] == 1  # 80 characters, 160 bytes
    for name in ("é" * 79 + "xyz", "x" * 81, "€" * 54, "a\nb", ""):
        with pytest.raises(Problem) as problem:
            ask(name)
        assert problem.value.code == "malformed", name
    with pytest.raises(Problem) as problem:
        ask("x", workspace=ulid.new())
    assert (problem.value.status, problem.value.code) == (409, "wrong_workspace")
    with pytest.raises(Problem) as problem:
        ask("x", lambda code: "0" * 26)
    assert (problem.value.status, problem.value.code) == (404, "not_found")
    with pytest.raises(Problem) as problem:
        ask("x", lambda code: code + "-" * 15)  # 41 bytes
    assert problem.value.code == "malformed"
    assert ask("x", lambda code: code + "-" * 14)[0] == 1


def test_a_plain_relay_on_loopback(plain_office):
    client = plain_office.phone("Ana")
    assert client.transport.url.scheme == "http" and client.transport.pin is None
    assert len(client.state.device_key) == 32
    assert client.state.workspace_key == "" or client.state.workspace_key.startswith("age1")


def test_enrolling_again_keeps_everything(office):
    client = office.phone("Ana")
    bar = client.create({"name": "Bar"})
    device = client.state.device
    office.relay.run("device", "revoke", ulid.text(device), "--salvage")
    with pytest.raises(Problem) as problem:
        client.sync()
    assert (problem.value.status, problem.value.code) == (403, "revoked")
    assert client.document(bar).unsent()
    client.enrol(office.relay.invitation(office.name("Ana")))
    assert client.state.cursor is None and client.state.device != device
    assert client.sync() is True
    assert client.document(bar).unsent() == [] and not client.state.refused


def test_what_is_no_relay_is_told_apart(tmp_path):
    import threading

    portal = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = portal.accept()
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi")
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    with pytest.raises(NotTheRelay):
        Client(tmp_path / "x.state").enrol(
            f"http://127.0.0.1:{portal.getsockname()[1]}/enrol#0123456789ABCDEFGHJKMNPQRS"
        )
    portal.close()


def test_a_device_with_an_unknown_token(office):
    client = office.phone("Ana")
    with pytest.raises(Problem) as problem:
        client.transport.post("/v1/sync", {0: [1, 1]}, secrets.token_hex(32))
    assert (problem.value.status, problem.value.code) == (401, "unauthenticated")


def test_versions_and_types_of_bodies(office):
    client = office.phone("Ana")
    with pytest.raises(Problem) as problem:
        client.transport.post("/v1/sync", {0: [2, 3]}, client.state.token)
    assert (problem.value.status, problem.value.code) == (426, "unsupported_version")
    assert client.transport.post("/v1/sync", {0: [1, 3]}, client.state.token)[0] == 1
    status, headers, _ = client.transport.exchange(
        "/v1/sync", wire.pack({0: [1, 1]}), client.state.token, "application/cbor"
    )
    assert (status, headers["Content-Type"]) == (415, "application/problem+json")
