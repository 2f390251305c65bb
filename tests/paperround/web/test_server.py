"""The pages over a real socket: old and odd clients, and an address that is taken."""

import socket
from collections.abc import Iterator

import pytest

from paperround.context import App
from paperround.errors import PaperRoundError
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.store.models import ReaderState
from paperround.web.server import listen
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import signed_path
from tests.paperround.web.serving import served


@pytest.fixture
def port(app: App) -> Iterator[int]:
    """Add Ada and serve the pages."""
    add_reader(app, NewReader(ADA, "Ada"))
    with served(app) as port:
        yield port


def spoken(port: int, *parts: bytes) -> bytes:
    """Return what the server says to raw bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def post(app: App, headers: str, version: str = "1.1") -> bytes:
    """Return the head of a POST to Ada's link to unsubscribe."""
    path = signed_path(app, "unsubscribe")
    return f"POST {path} HTTP/{version}\r\n{headers}\r\n".encode()


@pytest.mark.parametrize(
    "body", [b"List-Unsubscribe=One-Click", b"", b"\x00\xff"], ids=["one click", "empty", "noise"]
)
def test_a_client_of_http_1_0_unsubscribes(app: App, port: int, body: bytes) -> None:
    """T101: without Host, without User-Agent, on a connection that is closed afterwards."""
    form = "Content-Type: application/x-www-form-urlencoded\r\n"

    said = spoken(port, post(app, f"{form}Content-Length: {len(body)}\r\n", "1.0"), body)

    assert said.split(b" ", 2)[1] == b"200"
    assert b"\r\nlocation:" not in said.lower()
    assert b"\r\nserver:" not in said.lower()
    assert show_reader(app, ADA).reader.state == ReaderState.UNSUBSCRIBED


def test_a_body_in_pieces_is_read(app: App, port: int) -> None:
    """Chunked, and nobody said how long it would be."""
    head = post(app, "Host: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n")

    said = spoken(port, head, b"5\r\nList-\r\n", b"15\r\nUnsubscribe=One-Click\r\n0\r\n\r\n")

    assert said.split(b" ", 2)[1] == b"200"
    assert show_reader(app, ADA).reader.state == ReaderState.UNSUBSCRIBED


def test_a_body_without_end_is_cut_off(app: App, port: int) -> None:
    """413 as soon as it is too much, however it is sent."""
    head = post(app, "Host: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n")
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"

    said = spoken(port, head, *[chunk] * 5)

    assert said.split(b" ", 2)[1] == b"413"
    assert show_reader(app, ADA).reader.state == ReaderState.ACTIVE


def test_a_client_that_leaves_in_its_request_changes_nothing(app: App, port: int) -> None:
    """Half a request is none."""
    head = post(app, "Host: x\r\nContent-Length: 100\r\n")

    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head + b"List-Unsubscribe")
    spoken(port, b"GET /healthz HTTP/1.0\r\n\r\n")

    assert show_reader(app, ADA).reader.state == ReaderState.ACTIVE


def test_looking_by_head_has_no_body(app: App, port: int) -> None:
    """The headers are those of GET."""
    path = signed_path(app, "unsubscribe")
    request = f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    said = spoken(port, request.encode())

    head, _, body = said.partition(b"\r\n\r\n")
    assert head.split(b" ", 2)[1] == b"200"
    assert b"content-security-policy" in head.lower()
    assert body == b""


def test_a_taken_address_is_one_clear_line() -> None:
    """With what to do next."""
    with listen("127.0.0.1", 0) as first, pytest.raises(PaperRoundError) as refused:
        listen("127.0.0.1", first.getsockname()[1])

    assert "already in use" in str(refused.value)
    assert "--port" in str(refused.value)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.1", "::ffff"])
def test_an_address_that_is_not_here_is_one_clear_line(host: str) -> None:
    """A name that nobody has, or another machine's number."""
    with pytest.raises(PaperRoundError, match=f"cannot serve on {host} port 8000"):
        listen(host, 8000)


def test_answers_on_a_kept_connection_do_not_wait() -> None:
    """Without this option each takes 40 ms more, for want of an acknowledgement."""
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
