"""What readers of an installation lend each other."""

from datetime import timedelta

import pytest

from paperround.context import App
from paperround.services.coreaders import read_coreaders
from paperround.services.day import load_day
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.recommend import recommend
from paperround.sources.testing import FakeSource
from paperround.store.papers import paper_ids
from paperround.store.ratings import save_rating
from paperround.store.readers import reader_at
from recommender.coreaders import MIN_READERS
from recommender.kernel import MIN_LANDMARKS
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, TODAY, paper
from tests.paperround.store.rows import NOW, saved_reader


def _crowd(app: App, n_readers: int) -> int:
    """Add readers who like three papers each; return the dimension of vectors."""
    with app.database.write() as session:
        keys = list(
            paper_ids(session, [f"arxiv:2605.{number:05d}" for number in range(1, 13)]).values()
        )
        for number in range(n_readers):
            reader = saved_reader(session, f"reader{number}@example.org")
            for step in range(3):
                key = keys[(number + step) % len(keys)]
                save_rating(session, reader, key, 1, interest_id=None, now=NOW)
    return load_day(app, TODAY).candidates.papers.dim


def test_a_few_readers_lend_nothing(stocked: App) -> None:
    """Who likes what would be plain, and say little."""
    dim = _crowd(stocked, 20)

    assert read_coreaders(stocked, dim) is None


def test_enough_readers_lend(stocked: App) -> None:
    """Ada is one of them: she named three papers."""
    dim = _crowd(stocked, MIN_READERS)

    found = read_coreaders(stocked, dim)

    assert found is not None
    assert found.rows.shape == (MIN_READERS + 1, 12 + 3)


def test_a_day_with_too_short_a_stream_goes_without(stocked: App) -> None:
    """Without a kernel there is nothing to lend through."""
    _crowd(stocked, MIN_READERS)

    day = load_day(stocked, TODAY)

    assert day.candidates.kernel is None
    assert day.candidates.lent is None


@pytest.mark.slow
def test_what_is_lent_is_a_part_of_the_score(stocked: App) -> None:
    """With a stream that is long enough; the parts add up to the total."""
    yesterday = TODAY - timedelta(days=20)
    earlier = [
        paper(number, (CODING, AUCTIONS)[number % 2], yesterday)
        for number in range(1_000, 1_000 + MIN_LANDMARKS)
    ]
    ingest(stocked, FakeSource(earlier))
    embed(stocked)
    _crowd(stocked, MIN_READERS)
    with stocked.database.write() as session:
        ada = reader_at(session, ADA)
        assert ada.id is not None
        liked = paper_ids(session, ["arxiv:2605.00001"])
        save_rating(session, ada.id, liked["arxiv:2605.00001"], 1, interest_id=None, now=NOW)

    day = load_day(stocked, TODAY)
    first = recommend(stocked, ada, day).ranking.sections[0].entries[0]

    assert {"kernel", "coreaders"} <= first.parts.keys()
    assert sum(first.parts.values()) == pytest.approx(first.total)
