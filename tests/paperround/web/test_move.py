"""Moving to another address: both confirm, each by the button behind its own link."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from paperround.context import App
from paperround.services.readers import NewReader, add_reader, show_reader
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA
from tests.paperround.web.links import GRACE, everything, move_paths

NEW = "ada.lovelace@example.com"


@pytest.fixture
def paths(app: App) -> tuple[str, str]:
    """Add Ada, who wants another address, and return the links for the old and the new one."""
    add_reader(app, NewReader(ADA, "Ada"))
    return move_paths(app, NEW)


def test_looking_moves_nothing(app: App, client: TestClient, paths: tuple[str, str]) -> None:
    """T100: GET and HEAD of both links."""
    before = everything(app)

    pages = [client.get(path) for path in paths]
    heads = [client.head(path) for path in paths]

    assert [page.text.count("<button") for page in pages] == [1, 1]
    assert [head.status_code for head in heads] == [200, 200]
    assert everything(app) == before


def test_the_new_address_is_not_told_the_old_one(
    client: TestClient, paths: tuple[str, str]
) -> None:
    """It may have been mistyped, and belong to a stranger."""
    page = client.get(paths[1]).text

    assert NEW in page
    assert ADA not in page


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_addresses_confirm(
    app: App, client: TestClient, paths: tuple[str, str], order: tuple[int, int]
) -> None:
    """In any order; after the first one nothing has moved yet, and its page says so."""
    first = client.post(paths[order[0]])
    again = client.post(paths[order[0]])
    look = client.get(paths[order[0]])
    between = show_reader(app, ADA).reader.address
    second = client.post(paths[order[1]])

    assert between == ADA
    assert [it.text.count("Confirmed here") for it in (first, again, look)] == [1, 1, 1]
    assert "from now on" in second.text
    assert show_reader(app, NEW).reader.id == 1
    assert [client.get(path).text.count("from now on") for path in paths] == [1, 1]


def test_an_old_link_moves_nothing(
    app: App, client: TestClient, clock: FrozenClock, paths: tuple[str, str]
) -> None:
    """T104: the page says to ask anew."""
    clock.advance(timedelta(days=8))

    answer = client.post(paths[0])

    assert answer.status_code == 410
    assert "Ask for the new address once more" in answer.text


def test_a_wish_that_was_replaced_moves_nothing(
    app: App, client: TestClient, clock: FrozenClock, paths: tuple[str, str]
) -> None:
    """Its links are over, as if their time were."""
    clock.advance(timedelta(hours=1))
    move_paths(app, GRACE)

    assert client.post(paths[0]).status_code == 410


def test_an_address_with_a_subscription_is_not_taken_over(
    app: App, client: TestClient, paths: tuple[str, str]
) -> None:
    """Both owners have agreed by then, so both may know."""
    add_reader(app, NewReader(NEW))

    client.post(paths[0])
    answer = client.post(paths[1])

    assert "a subscription of its own" in answer.text
    assert show_reader(app, ADA).reader.id == 1
