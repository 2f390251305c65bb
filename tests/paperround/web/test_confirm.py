"""Confirming a subscription by a link: the second half of double opt-in (A36)."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.leaving import forget_reader, unsubscribe_reader
from paperround.services.readers import show_reader
from paperround.store.models import ReaderState
from paperround.testing import FrozenClock
from tests.paperround.web.links import GRACE, confirm_path, everything


@pytest.fixture
def path(app: App) -> str:
    """Subscribe Grace, and return the link of the mail that asks her."""
    return confirm_path(app)


def state(app: App) -> str:
    """Return where Grace's subscription stands."""
    return show_reader(app, GRACE).reader.state


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_confirms_nothing(app: App, client: TestClient, path: str, method: str) -> None:
    """T109: still unconfirmed after any number of looks."""
    before = everything(app)

    answers = [client.request(method, path) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert everything(app) == before
    assert state(app) == ReaderState.UNCONFIRMED


def test_the_page_asks_with_one_button(client: TestClient, path: str) -> None:
    """A36: and says which address it is about."""
    page = client.get(path).text

    assert page.count("<form") == page.count("<button") == 1
    assert GRACE in page


def test_the_button_confirms(app: App, client: TestClient, path: str) -> None:
    """From then on digests are due; the log has when, how and from where, the last as a hash."""
    answer = client.post(path)

    reader = show_reader(app, GRACE).reader
    assert answer.status_code == 200
    assert "You are in" in answer.text
    assert (reader.state, reader.confirmed_at) == (ReaderState.ACTIVE, app.clock())
    assert "testclient" not in str(everything(app))


def test_confirming_twice_is_confirming(app: App, client: TestClient, path: str) -> None:
    """A36: idempotent, and a look says that it was done."""
    client.post(path)
    before = everything(app)

    again, look = client.post(path), client.get(path)

    assert (again.status_code, look.status_code) == (200, 200)
    assert "Already confirmed" in look.text
    assert "<button" not in look.text
    assert everything(app) == before


def test_an_old_link_confirms_nothing(
    app: App, client: TestClient, clock: FrozenClock, path: str
) -> None:
    """T104: after a week it is over, and the page says what to do."""
    clock.advance(timedelta(days=8))

    answers = [client.get(path), client.post(path)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert [answer.text.count("Subscribe once more") for answer in answers] == [1, 1]
    assert state(app) == ReaderState.UNCONFIRMED


def test_a_link_from_before_leaving_does_not_bring_anybody_back(
    app: App, client: TestClient, path: str
) -> None:
    """T106: coming back is a new request with a new link."""
    client.post(path)
    unsubscribe_reader(app, GRACE, how="command")

    answer = client.post(path)

    assert answer.status_code == 410
    assert state(app) == ReaderState.UNSUBSCRIBED


def test_an_erased_reader_gets_a_neutral_page(app: App, client: TestClient, path: str) -> None:
    """T107: the same as for a link whose time is over."""
    forget_reader(app, GRACE)
    before = everything(app)

    assert client.post(path).status_code == 410
    assert everything(app) == before
