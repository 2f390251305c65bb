"""Leaving by a link: in one click, by the page's button, and never by looking."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from paperround.context import App
from paperround.services.leaving import forget_reader
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.store.models import Consent, ReaderState
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import GRACE, everything, signed_path

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(app: App) -> str:
    """Add Ada, and return her link."""
    add_reader(app, NewReader(ADA, "Ada"))
    return signed_path(app, "unsubscribe")


def state(app: App, address: str = ADA) -> str:
    """Return where a subscription stands."""
    return show_reader(app, address).reader.state


def left_by(app: App) -> list[str]:
    """Return how Ada left, from the log of consents: once for each time."""
    with app.database.read() as session:
        query = select(Consent.how).where(col(Consent.what) == "unsubscribed")
        return list(session.exec(query))


@pytest.mark.parametrize(
    "sent",
    [
        {"data": ONE_CLICK},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {},
        {"content": b"", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        {"content": b"nonsense", "headers": {"Content-Type": "multipart/form-data"}},
        {
            "content": b"--x\r\nnonsense",
            "headers": {"Content-Type": "multipart/form-data; boundary=x"},
        },
        {
            "content": b"\xff\xfe=%zz&&&=",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
        {"data": ONE_CLICK, "headers": {"User-Agent": "", "Cookie": "a=b", "Origin": "https://x"}},
    ],
    ids=[
        "urlencoded",
        "multipart",
        "nothing",
        "empty form",
        "json",
        "no boundary",
        "broken multipart",
        "broken form",
        "no user agent",
    ],
)
def test_one_click_unsubscribes(
    app: App, client: TestClient, path: str, sent: dict[str, object]
) -> None:
    """A10, T101: whatever the body, without cookie, Referer or token of a form; no redirect."""
    answer = client.post(path, **sent)  # type: ignore[arg-type]

    assert answer.status_code == 200
    assert not {"location", "set-cookie"} & set(answer.headers)
    assert state(app) == ReaderState.UNSUBSCRIBED
    assert left_by(app) == ["one-click"]


def test_unsubscribing_twice_is_unsubscribing(app: App, client: TestClient, path: str) -> None:
    """T102: both are answered alike, and the log has one line."""
    answers = [client.post(path, data=ONE_CLICK) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert left_by(app) == ["one-click"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(app: App, client: TestClient, path: str, method: str) -> None:
    """A11: scanners look at everything, and more than once."""
    before = everything(app)

    for _ in range(3):
        client.request(method, path)

    assert everything(app) == before


def test_the_page_has_one_button(client: TestClient, path: str) -> None:
    """A11, A35: a form that posts to the same address, and no script."""
    page = client.get(path).text

    assert page.count("<form") == page.count("<button") == 1
    assert '<form method="post">' in page
    assert "<script" not in page
    assert "a…@example.org" in page
    assert ADA not in page


def test_the_button_unsubscribes(app: App, client: TestClient, path: str) -> None:
    """And is told from one click by its field, for the log of consents."""
    answer = client.post(path, data={"from": "page"})

    assert "You are unsubscribed" in answer.text
    assert left_by(app) == ["web"]


def test_after_unsubscribing_the_page_says_so(client: TestClient, path: str) -> None:
    """And has no button any more."""
    client.post(path)

    page = client.get(path).text

    assert "You are unsubscribed" in page
    assert "<button" not in page


def test_a_link_is_good_for_ever(
    app: App, client: TestClient, clock: FrozenClock, path: str
) -> None:
    """A12: a mail of five years ago is still a mail."""
    clock.advance(timedelta(days=5 * 365))

    assert client.post(path).status_code == 200
    assert state(app) == ReaderState.UNSUBSCRIBED


def test_a_link_of_another_stream_unsubscribes_from_none(
    app: App, client: TestClient, path: str
) -> None:
    """T105: there is one stream today, and a token that names another is none of ours."""
    other = signed_path(app, "unsubscribe", value=1)

    assert client.post(other, data=ONE_CLICK).status_code == 404
    assert state(app) == ReaderState.ACTIVE


def test_a_link_unsubscribes_its_own_reader_only(app: App, client: TestClient, path: str) -> None:
    """T110 for leaving: nobody leaves for somebody else."""
    add_reader(app, NewReader(GRACE))

    client.post(path, data=ONE_CLICK)

    assert (state(app), state(app, GRACE)) == (ReaderState.UNSUBSCRIBED, ReaderState.ACTIVE)


def test_an_erased_reader_gets_a_neutral_page(app: App, client: TestClient, path: str) -> None:
    """T107: for looking and for posting, and nothing comes back to life."""
    forget_reader(app, ADA)
    before = everything(app)

    answers = [client.get(path), client.post(path, data=ONE_CLICK)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.text.count("Nothing is sent to you") for answer in answers] == [1, 1]
    assert everything(app) == before
