"""Ratings: idempotent, and under the interest they belong to."""

from datetime import timedelta

import pytest

from paperround.context import App
from paperround.errors import IdentityError, UnknownInterestError, UnknownPaperError
from paperround.services.rate import rate
from paperround.services.readers import show_reader
from paperround.services.send import send_due
from paperround.store.ratings import ratings_of
from paperround.store.shown import items_of
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA


def _ratings(app: App) -> list[tuple[int, int | None]]:
    reader = show_reader(app, ADA).reader
    assert reader.id is not None
    with app.database.read() as session:
        return [(row.value, row.interest_id) for row in ratings_of(session, reader.id)]


def test_rating_again_replaces_the_first(stocked: App) -> None:
    """The last one counts; the same one again changes nothing."""
    rate(stocked, ADA, "2605.00001", 1)
    rate(stocked, ADA, "arXiv:2605.00001v2", -1)
    rate(stocked, ADA, "2605.00001", -1)

    assert _ratings(stocked) == [(-1, None)]


def test_a_rating_teaches_the_interest_the_paper_was_shown_under(
    stocked: App, clock: FrozenClock
) -> None:
    """The ledger knows which that was."""
    clock.advance(timedelta(days=1))
    send_due(stocked)
    shown = show_reader(stocked, ADA)
    (interest,) = shown.interests
    delivery = shown.deliveries[0]
    assert delivery.id is not None
    with stocked.database.read() as session:
        item = next(row for row in items_of(session, delivery.id) if row.section == "interest")

    rate(stocked, ADA, f"2605.{item.paper_id:05d}", 1)

    assert _ratings(stocked) == [(1, interest.id)]


def test_a_rating_can_name_its_interest(stocked: App) -> None:
    """One that is not there is told with those there are."""
    (interest,) = show_reader(stocked, ADA).interests
    rate(stocked, ADA, "2605.00001", 1, interest="Coding")

    assert _ratings(stocked) == [(1, interest.id)]
    with pytest.raises(UnknownInterestError, match="there is 'Coding'"):
        rate(stocked, ADA, "2605.00001", 1, interest="Cooking")


def test_an_unknown_paper_cannot_be_rated(stocked: App) -> None:
    """Nor can something that is no paper."""
    with pytest.raises(UnknownPaperError, match=r"arxiv:2401\.00001"):
        rate(stocked, ADA, "2401.00001", 1)
    with pytest.raises(IdentityError):
        rate(stocked, ADA, "a fine paper", 1)


def test_a_dry_run_rates_nothing(stocked: App) -> None:
    """It says which paper is meant."""
    assert rate(stocked, ADA, "2605.00001", 1, dry_run=True) == "arxiv:2605.00001"
    assert _ratings(stocked) == []
