"""The polite session gives XML or says in one line why not."""

from collections.abc import Callable

import httpx2
import pytest

from paperround.errors import SourceUnreachableError
from paperround.sources.http import PoliteSession, user_agent

ADDRESS = "https://rss.arxiv.org/rss/cs.CL"
Handler = Callable[[httpx2.Request], httpx2.Response]


def session(handler: Handler, *, max_bytes: int = 1000) -> PoliteSession:
    """Return a session that is answered by a function."""
    return PoliteSession(
        "paperround/0", max_bytes=max_bytes, transport=httpx2.MockTransport(handler)
    )


def answer(
    status: int = 200, body: bytes = b"<rss/>", headers: dict[str, str] | None = None
) -> Handler:
    """Return a handler that always gives the same answer."""
    return lambda request: httpx2.Response(status, content=body, headers=headers)


def test_the_body_is_returned_as_it_came() -> None:
    """White space and marks before it included."""
    with session(answer(body=b"\xef\xbb\xbf\n<rss/>")) as polite:
        assert polite.get(ADDRESS) == b"\xef\xbb\xbf\n<rss/>"


def test_the_request_says_who_asks_and_for_what() -> None:
    """A provider can write to us instead of blocking us."""
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=b"<rss/>")

    session(handler).get(ADDRESS)

    assert seen[0].headers["User-Agent"] == "paperround/0"
    assert "application/rss+xml" in seen[0].headers["Accept"]


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        (
            answer(429, headers={"Retry-After": "600"}),
            "answered 429 Too Many Requests; asks to",
        ),
        (answer(406), "answered 406"),
        (answer(204, b""), "answered 204"),
        (answer(200, b""), "not XML"),
        (answer(200, b"Rate exceeded."), "not XML"),
        (answer(200, b'{"error": 1}'), "not XML"),
        (answer(200, b"<" * 1001), "larger than 1000 bytes"),
        (answer(302, headers={"Location": ADDRESS}), "no answer"),
    ],
)
def test_any_other_answer_is_an_error_that_names_the_host(handler: Handler, why: str) -> None:
    """Status, size and content are all looked at, and redirects come to an end."""
    with pytest.raises(SourceUnreachableError) as caught:
        session(handler).get(ADDRESS)

    assert why in str(caught.value)
    assert caught.value.source == "rss.arxiv.org"


def test_silence_is_an_error() -> None:
    """A dead network is told like any other failure."""

    def handler(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectTimeout("timed out", request=request)

    with pytest.raises(SourceUnreachableError, match=r"no answer \(timed out\)"):
        session(handler).get(ADDRESS)


@pytest.mark.parametrize(
    "address", ["", "no address", "http://", "ftp://arxiv.org/x", "http://[::1"]
)
def test_nonsense_for_an_address_is_an_error(address: str) -> None:
    """It comes from a setting, so it is told like any other failure."""
    with pytest.raises(SourceUnreachableError):
        PoliteSession("paperround/0", timeout_s=0.1).get(address)


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", "paperround/1.0"),
        ("ada@example.org", "paperround/1.0 (+mailto:ada@example.org)"),
        ("https://papers.example.org/about", "paperround/1.0 (+https://papers.example.org/about)"),
        ("ada@example.org\r\nX: y", "paperround/1.0 (+mailto:ada@example.org X: y)"),
    ],
)
def test_the_user_agent_carries_the_contact(contact: str, agent: str) -> None:
    """One line, whatever the setting holds."""
    assert user_agent("1.0", contact) == agent
