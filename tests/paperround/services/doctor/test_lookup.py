"""Asking the DNS, with a real server on loopback."""

import socket
from collections.abc import Iterator
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from paperround.services.doctor.lookup import dns_lookup

RECORDS = {"uni.edu.": ('"v=spf1 mx -all"', '"v=DKIM1; p=MIGf" "MA0G"'), "empty.edu.": ()}


class _Server:
    """Answers questions about texts over UDP, until it is closed."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.asked = 0
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            data, sender = self._socket.recvfrom(4096)
            if data == b"stop":
                return
            self.asked += 1
            self._socket.sendto(_answer(data), sender)

    def close(self) -> None:
        self._socket.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()


def _answer(data: bytes) -> bytes:
    question = dns.message.from_wire(data)
    reply = dns.message.make_response(question)
    reply.flags |= dns.flags.RA
    name = question.question[0].name.to_text()
    if name == "broken.edu.":
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif name not in RECORDS:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif RECORDS[name]:
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *RECORDS[name]))
    return reply.to_wire()


@pytest.fixture
def server() -> Iterator[_Server]:
    """Serve a few names."""
    server = _Server()
    yield server
    server.close()


def test_texts_come_whole(server: _Server) -> None:
    """A record of several pieces is one text (RFC 7208, section 3.3)."""
    look_up = dns_lookup(("127.0.0.1",), server.port)

    assert sorted(look_up("uni.edu") or ()) == ["v=DKIM1; p=MIGfMA0G", "v=spf1 mx -all"]


@pytest.mark.parametrize("name", ["empty.edu", "nobody.edu"])
def test_a_name_without_texts_has_none(server: _Server, name: str) -> None:
    """Whether it exists or not: that is an answer."""
    assert dns_lookup(("127.0.0.1",), server.port)(name) == ()


def test_a_resolver_that_cannot_say_is_asked_once(server: _Server) -> None:
    """Whoever runs the doctor waits for one answer, not for all of them."""
    look_up = dns_lookup(("127.0.0.1",), server.port, lifetime_s=0.3)

    assert look_up("broken.edu") is None
    asked = server.asked
    assert look_up("uni.edu") is None
    assert server.asked == asked
