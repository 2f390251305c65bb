"""Rating by a link: the page preselects, the button stores (A34)."""

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.leaving import forget_reader
from paperround.services.linked_papers import DOWN, UP
from paperround.services.readers import NewReader, add_reader
from paperround.store.ratings import ratings_of
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import GRACE, everything, signed_path
from tests.paperround.web.mailed import Mailed

UP_CHECKED = 'value="up" required checked'
DOWN_CHECKED = 'value="down" required checked'


def path(app: App, sent: Mailed, place: int = 0, value: int = UP) -> str:
    """Return the digest's link that rates its paper at a place."""
    return signed_path(app, "rate", object_id=sent.paper_keys[place], value=value)


def verdicts(app: App, reader_id: int = 1) -> list[tuple[int, int]]:
    """Return what a reader rated and how."""
    with app.database.read() as session:
        return [(rating.paper_id, rating.value) for rating in ratings_of(session, reader_id)]


@pytest.mark.parametrize(
    ("value", "checked", "unchecked"),
    [(UP, UP_CHECKED, DOWN_CHECKED), (DOWN, DOWN_CHECKED, UP_CHECKED)],
)
def test_a_look_preselects_and_stores_nothing(
    stocked: App, client: TestClient, sent: Mailed, value: int, checked: str, unchecked: str
) -> None:
    """A34, A35: a scanner that opens both links of a paper has rated nothing."""
    before = everything(stocked)

    page = client.get(path(stocked, sent, value=value))
    client.head(path(stocked, sent, value=value))

    assert checked in page.text
    assert unchecked not in page.text
    assert ">Save</button>" in page.text
    assert everything(stocked) == before


@pytest.mark.parametrize(
    "body", [{}, {"data": {"value": "down"}}, {"files": {"value": (None, "down")}}]
)
def test_the_button_stores(
    stocked: App, client: TestClient, sent: Mailed, body: dict[str, object]
) -> None:
    """What the form says, or without one what the link suggests."""
    answer = client.post(path(stocked, sent, value=DOWN), **body)  # type: ignore[arg-type]

    assert answer.status_code == 200
    assert verdicts(stocked) == [(sent.paper_keys[0], -1)]
    assert "Thumbs down for" in answer.text


def test_the_form_beats_the_link(stocked: App, client: TestClient, sent: Mailed) -> None:
    """They chose the other one."""
    client.post(path(stocked, sent, value=UP), data={"value": "down"})

    assert verdicts(stocked) == [(sent.paper_keys[0], -1)]


def test_the_last_verdict_counts(stocked: App, client: TestClient, sent: Mailed) -> None:
    """T110: the same again is one rating; another one replaces it."""
    address = path(stocked, sent)
    for value in ("up", "up", "down"):
        client.post(address, data={"value": value})

    assert verdicts(stocked) == [(sent.paper_keys[0], -1)]
    assert "So far you gave it a thumbs down" in client.get(address).text


def test_one_verdict_leads_to_the_next(stocked: App, client: TestClient, sent: Mailed) -> None:
    """The page has buttons for the unrated papers of the digest, and they work without more."""
    answer = client.post(path(stocked, sent, 0))
    next_path = signed_path(stocked, "rate", object_id=sent.paper_keys[1])

    assert answer.text.count('<article class="story">') == len(sent.shown) - 1
    assert f'action="{next_path}"' in answer.text
    answer = client.post(next_path, data={"value": "up"})

    assert verdicts(stocked) == [(key, 1) for key in sent.paper_keys[:2]]
    assert answer.text.count('<article class="story">') == len(sent.shown) - 2


def test_after_the_last_verdict_nothing_waits(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """And the page says so."""
    answers = [client.post(path(stocked, sent, place)) for place in range(len(sent.shown))]

    assert "Nothing else of this digest waits" in answers[-1].text


@pytest.mark.parametrize("value", ["5", "UP", "", "1' OR 1=1"])
def test_an_answer_that_is_none_is_asked_again(
    stocked: App, client: TestClient, sent: Mailed, value: str
) -> None:
    """With the form, and without a word of what was sent."""
    answer = client.post(path(stocked, sent), data={"value": value})

    assert answer.status_code == 422
    assert "Nothing was saved" in answer.text
    assert UP_CHECKED in answer.text
    assert verdicts(stocked) == []


def test_a_page_without_a_suggestion_asks_again(
    stocked: App, client: TestClient, sent: Mailed
) -> None:
    """When nothing was chosen."""
    answer = client.post(path(stocked, sent, value=0))

    assert answer.status_code == 422
    assert verdicts(stocked) == []


def test_an_unknown_paper_is_a_clear_page(stocked: App, client: TestClient, sent: Mailed) -> None:
    """T110: 404, for looking and for posting."""
    address = signed_path(stocked, "rate", object_id=999, value=UP)

    answers = [client.get(address), client.post(address)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ["This paper is not here" in answer.text for answer in answers] == [True, True]
    assert verdicts(stocked) == []


def test_nobody_rates_for_somebody_else(stocked: App, client: TestClient, sent: Mailed) -> None:
    """T110: no field of the form names a reader or a paper."""
    add_reader(stocked, NewReader(GRACE))
    forged = {"value": "down", "reader": "2", "reader_id": "2", "paper_id": "7", "token": "x"}

    client.post(path(stocked, sent), data=forged)

    assert verdicts(stocked) == [(sent.paper_keys[0], -1)]
    assert verdicts(stocked, 2) == []


def test_an_erased_reader_rates_nothing(stocked: App, client: TestClient, sent: Mailed) -> None:
    """T107: the page is that of a broken link."""
    address = path(stocked, sent)
    forget_reader(stocked, ADA)

    answers = [client.get(address), client.post(address)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ["This link does not work" in answer.text for answer in answers] == [True, True]
