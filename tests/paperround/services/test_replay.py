"""The replay: every past day ranked by what was known then, and by nothing else."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from paperround.context import App
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest
from paperround.services.rate import rate
from paperround.services.readers import NewReader, add_reader
from paperround.services.replay import RANKERS, PastQuery, replay
from paperround.services.send import send_due
from paperround.sources.testing import FakeSource
from paperround.store.deliveries import deliveries_of
from paperround.store.papers import papers_by_key
from paperround.store.readers import reader_at
from paperround.store.shown import items_of
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA, AUCTIONS, CODING, TODAY, paper

DAY = timedelta(days=1)
GRACE = "grace@example.org"


def _replayed(app: App, since: date | None = None, at_most: int | None = None) -> list[PastQuery]:
    return list(replay(app, since=since, at_most=at_most))


def _news(app: App, first: int) -> None:
    """Bring in two papers on coding and two on auctions, announced today."""
    topics = [CODING, AUCTIONS, CODING, AUCTIONS]
    on = app.clock().date()
    ingest(app, FakeSource([paper(n, topic, on) for n, topic in enumerate(topics, start=first)]))
    embed(app)


def _shown_numbers(app: App) -> list[int]:
    """Return the numbers of all papers in Ada's latest digest."""
    with app.database.read() as session:
        reader = reader_at(session, ADA)
        assert reader.id is not None
        latest = deliveries_of(session, reader.id)[0]
        assert latest.id is not None
        keys = [item.paper_id for item in items_of(session, latest.id)]
        papers = papers_by_key(session, keys, model=app.settings.model)
    return [int(papers[key].paper_id[-5:]) for key in keys]


@pytest.fixture
def lived(stocked: App, clock: FrozenClock) -> App:
    """Let Ada get two digests; she rates every paper: coding (odd) up, auctions down."""
    for first in (201, 301):
        clock.advance(DAY)
        _news(stocked, first)
        send_due(stocked)
        clock.advance(timedelta(hours=1))
        for number in _shown_numbers(stocked):
            rate(stocked, ADA, f"2605.{number:05d}", 1 if number % 2 else -1)
    return stocked


def test_there_is_one_query_for_each_digest_with_ratings(lived: App) -> None:
    """The earliest first."""
    assert [query.day for query in _replayed(lived)] == [TODAY + DAY, TODAY + 2 * DAY]


def test_liked_papers_are_those_with_a_thumbs_up(lived: App) -> None:
    """And all of them were shown."""
    for query in _replayed(lived):
        assert query.liked.any()
        assert not (query.liked & ~query.shown).any()
        assert query.liked.sum() == sum(score.liked for score in query.rated)


def test_our_ranking_puts_the_readers_topic_first(lived: App) -> None:
    """Known from the three papers that she named."""
    first, _ = _replayed(lived)
    scores = first.scores["Paper Round"]

    assert scores[first.liked].min() > np.nanmedian(scores)


def test_every_ranker_scores_every_candidate(lived: App) -> None:
    """In the same order of papers; the random one gives all the same."""
    for query in _replayed(lived):
        assert tuple(query.scores) == RANKERS
        assert {len(column) for column in query.scores.values()} == {len(query.liked)}
        assert len(set(query.scores["random"])) == 1


def test_the_newest_stand_first_by_announcement(lived: App) -> None:
    """Four papers are of the digest's own day."""
    first, _ = _replayed(lived)
    newest = first.scores["newest first"]

    assert (newest == newest.max()).sum() == 4
    assert newest.max() == (TODAY + DAY).toordinal()


def test_what_was_rated_or_shown_before_is_no_candidate(lived: App) -> None:
    """The second day chooses from what the first left."""
    first, second = _replayed(lived)

    assert len(second.liked) == len(first.liked) - first.shown.sum() + 4


def test_later_ratings_change_nothing_about_earlier_days(lived: App, clock: FrozenClock) -> None:
    """Neither do later papers: only the past is used."""
    before = _replayed(lived)[0]
    clock.advance(3 * DAY)
    _news(lived, 401)
    for number in (2, 4, 6, 401, 402, 403, 404):
        rate(lived, ADA, f"2605.{number:05d}", 1)

    after = _replayed(lived)[0]

    np.testing.assert_array_equal(before.scores["Paper Round"], after.scores["Paper Round"])
    np.testing.assert_array_equal(before.liked, after.liked)


def test_ratings_of_earlier_days_teach(stocked: App, clock: FrozenClock) -> None:
    """Grace describes herself like Ada, but the day before she liked papers on auctions."""
    add_reader(stocked, NewReader(GRACE))
    likes = ("2605.00101", "2605.00102", "2605.00103")
    add_interest(stocked, GRACE, NewInterest("Coding", like=likes, threshold=0.0))
    clock.advance(DAY)
    for number in (2, 4, 6, 8):
        rate(stocked, GRACE, f"2605.{number:05d}", 1)
    clock.advance(DAY)
    for address in (ADA, GRACE):
        rate(stocked, address, "2605.00020", 1)

    queries = {(query.reader_id, query.day): query for query in _replayed(stocked)}
    above = [
        int((query.scores["Paper Round"] > query.scores["Paper Round"][query.liked]).sum())
        for query in (queries[reader, TODAY + 2 * DAY] for reader in (1, 2))
    ]

    assert above[0] > 20 > above[1]


def test_days_before_a_first_one_are_left_out(lived: App) -> None:
    """They still teach."""
    (query,) = _replayed(lived, since=TODAY + 2 * DAY)

    np.testing.assert_array_equal(
        query.scores["Paper Round"], _replayed(lived)[1].scores["Paper Round"]
    )


def test_so_many_days_are_spread_evenly(lived: App) -> None:
    """One of two is the first."""
    assert [query.day for query in _replayed(lived, at_most=1)] == [TODAY + DAY]
    assert len(_replayed(lived, at_most=2)) == 2


def test_progress_is_told_after_each_day(lived: App) -> None:
    """Out of how many."""
    told: list[tuple[float, float | None]] = []

    list(replay(lived, on_progress=lambda done, total: told.append((done, total))))

    assert told == [(1, 2), (2, 2)]


def test_a_rating_of_what_no_digest_showed_counts_on_its_own_day(
    stocked: App, clock: FrozenClock
) -> None:
    """Nothing was shown that day."""
    clock.advance(DAY)
    rate(stocked, ADA, "2605.00001", 1)

    (query,) = _replayed(stocked)

    assert query.day == TODAY + DAY
    assert query.liked.sum() == 1
    assert not query.shown.any()


def test_a_rating_of_an_old_paper_is_no_query(stocked: App, clock: FrozenClock) -> None:
    """It was no candidate of the day on which it was rated."""
    clock.advance(60 * DAY)
    rate(stocked, ADA, "2605.00001", 1)

    assert _replayed(stocked) == []


def test_a_day_before_the_first_interest_is_left_out(stocked: App, clock: FrozenClock) -> None:
    """There was nothing to rank by."""
    add_reader(stocked, NewReader(GRACE))
    clock.advance(DAY)
    rate(stocked, GRACE, "2605.00001", 1)
    add_interest(stocked, GRACE, NewInterest("Coding", prose=CODING))

    assert _replayed(stocked) == []


@pytest.mark.parametrize(
    ("describe", "known"),
    [
        (lambda app: add_interest(app, GRACE, NewInterest("A", prose=CODING)), False),
        (
            lambda app: (
                add_interest(app, GRACE, NewInterest("A", prose=CODING)),
                embed(app),
            ),
            True,
        ),
    ],
)
def test_words_stand_in_for_liked_papers(
    stocked: App, clock: FrozenClock, describe: Callable[[App], object], known: bool
) -> None:
    """The centroid of a reader without papers is their sentence, if it has a vector."""
    add_reader(stocked, NewReader(GRACE))
    describe(stocked)
    clock.advance(DAY)
    rate(stocked, GRACE, "2605.00001", 1)

    (query,) = _replayed(stocked)

    assert np.isfinite(query.scores["plain centroid"]).any() == known
    assert np.isfinite(query.scores["Paper Round"]).all()


def test_a_muted_paper_cannot_be_judged(stocked: App, clock: FrozenClock) -> None:
    """It is last whatever its score."""
    add_reader(stocked, NewReader(GRACE))
    muted = NewInterest("A", prose=CODING, mute_authors=("Grace Hopper 1",))
    add_interest(stocked, GRACE, muted)
    clock.advance(DAY)
    rate(stocked, GRACE, "2605.00001", 1)

    (query,) = _replayed(stocked)

    assert np.isnan(query.scores["Paper Round"][query.liked]).all()
    assert np.isnan([score.total for score in query.rated]).all()
