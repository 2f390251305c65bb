"""What a reader gets and when, by the link of a digest."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.interests import NewInterest, add_interest
from paperround.services.leaving import forget_reader
from paperround.services.preference_links import Change
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.store.models import Reader, ReaderState
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import everything, signed_path


@pytest.fixture
def path(app: App) -> str:
    """Add Ada with an interest, and return her link."""
    add_reader(app, NewReader(ADA, "Ada", "Europe/Berlin", "07:30", "mon-fri"))
    add_interest(app, ADA, NewInterest("Parsing & trees", prose="treebanks", threshold=12.5))
    return signed_path(app, "preferences")


def ada(app: App) -> Reader:
    """Return Ada's row."""
    return show_reader(app, ADA).reader


def offered(page: str) -> set[str]:
    """Return which changes a page has a button for."""
    return {str(change) for change in Change if f'value="{change}"' in page}


def test_the_page_says_what_one_gets_and_when(app: App, client: TestClient, path: str) -> None:
    """Looking changes nothing, and the whole address is not told: digests are forwarded."""
    before = everything(app)

    page = client.get(path).text
    client.head(path)

    assert "from Monday to Friday at 07:30 (Europe/Berlin)" in page
    assert "Tuesday, May 5, 2026" in page
    assert "Parsing &amp; trees" in page
    assert "12.5" in page
    assert ADA not in page
    assert offered(page) == {"pause", "weekly", "unsubscribe"}
    assert everything(app) == before


def test_a_pause_of_thirty_days_and_its_end(app: App, client: TestClient, path: str) -> None:
    """Pressing the button twice does not make it longer."""
    page = client.post(path, data={"change": "pause"}).text
    client.post(path, data={"change": "pause"})
    paused = ada(app)
    client.post(path, data={"change": "resume"})

    assert offered(page) == {"resume", "weekly", "unsubscribe"}
    assert "Wednesday, June 3, 2026" in page
    assert (paused.paused_until, paused.next_due_on) == (date(2026, 6, 3), date(2026, 6, 3))
    assert (ada(app).paused_until, ada(app).next_due_on) == (None, date(2026, 5, 5))


def test_once_a_week_and_back(app: App, client: TestClient, path: str) -> None:
    """On Mondays; back is the days that new readers get."""
    page = client.post(path, data={"change": "weekly"}).text
    weekly = ada(app)
    client.post(path, data={"change": "daily"})

    assert "on Monday at 07:30" in page
    assert offered(page) == {"pause", "daily", "unsubscribe"}
    assert (weekly.weekdays, weekly.next_due_on) == ("1", date(2026, 5, 11))
    assert ada(app).weekdays == "12345"


def test_unsubscribing_and_coming_back(
    app: App, client: TestClient, clock: FrozenClock, path: str
) -> None:
    """T106: coming back is a new request, which a mail has to be answered for."""
    left = client.post(path, data={"change": "unsubscribe"}).text
    state = ada(app).state
    clock.advance(timedelta(hours=1))
    page = client.post(path, data={"change": "return"}).text

    assert offered(left) == {"return"}
    assert state == ReaderState.UNSUBSCRIBED
    assert "A mail is on its way" in page
    assert ada(app).state == ReaderState.UNSUBSCRIBED
    assert [delivery.stream for delivery in show_reader(app, ADA).deliveries] == ["confirm.1"]


@pytest.mark.parametrize("change", ["resume", "daily", "return"])
def test_a_change_that_is_not_offered_does_nothing(
    app: App, client: TestClient, path: str, change: str
) -> None:
    """A page that was open for long, or a button pressed twice."""
    before = everything(app)

    answer = client.post(path, data={"change": change})

    assert answer.status_code == 200
    assert everything(app) == before


@pytest.mark.parametrize("body", [{}, {"change": ""}, {"change": "delete"}])
def test_a_change_that_is_none_is_asked_again(
    app: App, client: TestClient, path: str, body: dict[str, str]
) -> None:
    """With all buttons there."""
    before = everything(app)

    answer = client.post(path, data=body)

    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert everything(app) == before


@pytest.mark.parametrize("state", list(ReaderState))
def test_every_state_has_its_page(
    app: App, client: TestClient, path: str, state: ReaderState
) -> None:
    """In words, and with what there is to do."""
    with app.database.write() as session:
        session.get_one(Reader, 1).state = state

    page = client.get(path)

    assert page.status_code == 200
    assert ("Come back" in page.text) is (state is not ReaderState.ACTIVE)


def test_an_erased_reader_has_no_preferences(app: App, client: TestClient, path: str) -> None:
    """T107."""
    forget_reader(app, ADA)

    answers = [client.get(path), client.post(path, data={"change": "pause"})]

    assert [answer.status_code for answer in answers] == [404, 404]
