"""What may come of a day's papers: learned from the store's past, and kept for a week."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from paperround.context import App
from paperround.records import PaperRecord
from paperround.services.attention import Attention, read_attention
from paperround.services.embed import embed
from paperround.services.ingest import ingest
from paperround.sources.testing import FakeSource
from paperround.store.learned import load_learned, save_learned
from paperround.store.papers import papers_announced
from paperround.testing import FrozenClock
from recommender.vectors import unpack_rows
from tests.paperround.services.conftest import AUCTIONS, CODING, TODAY, paper

PAST = 240
"""Papers of the past, half of them on coding, which were listed."""


def past_record(number: int, upvotes: bool = True) -> PaperRecord:
    """Return a paper of the past month and a half."""
    is_coding = number % 2 == 0
    announced = TODAY - timedelta(days=8 + number % 40)
    record = paper(number, CODING if is_coding else AUCTIONS, announced)
    return replace(record, upvotes=3 if is_coding and upvotes else None)


def today_records(n: int) -> list[PaperRecord]:
    """Return papers of today, in turns of both topics."""
    return [paper(1_000 + k, AUCTIONS if k % 2 else CODING) for k in range(n)]


def attention_on(app: App, day: date = TODAY) -> Attention:
    """Return what may come of the papers of one day."""
    with app.database.read() as session:
        papers = papers_announced(session, day, day, model=app.settings.model)
    packed = [stored.vector for stored in papers]
    dim = next((len(vector) // 4 for vector in packed if vector), 1)
    return read_attention(app, day, papers, unpack_rows(packed, dim))


@pytest.fixture
def past(app: App) -> App:
    """Bring in a past to learn from and ten papers of today, without vectors."""
    ingest(app, FakeSource([*map(past_record, range(PAST)), *today_records(10)]))
    return app


def test_papers_like_those_that_were_listed_stand_high(past: App) -> None:
    """Those on coding; percentiles spread over the day."""
    forecast = attention_on(past).forecast

    assert forecast.shape == (10,)
    assert forecast[::2].min() > 50 > forecast[1::2].max()


def test_a_paper_with_votes_needs_no_forecast(past: App) -> None:
    """Its trending percentile is known; the others share the scale among themselves."""
    ingest(past, FakeSource([replace(today_records(1)[0], upvotes=0)]))

    forecast = attention_on(past).forecast

    assert np.isnan(forecast).sum() == 1
    assert np.nanmax(forecast) == pytest.approx(100 * 8.5 / 9, abs=0.05)


def test_a_short_past_says_nothing(app: App) -> None:
    """Without votes, with a few votes, and on an empty day."""
    assert attention_on(app).forecast.shape == (0,)
    ingest(app, FakeSource([*(past_record(n, upvotes=False) for n in range(9)), *today_records(4)]))
    assert np.isnan(attention_on(app).forecast).all()
    ingest(app, FakeSource([past_record(n) for n in range(9)]))
    found = attention_on(app)
    assert np.isnan(found.forecast).all()
    assert np.isnan(found.novelty.percentile).all()


def test_a_forecast_is_kept_for_a_week(past: App, clock: FrozenClock) -> None:
    """Then another one is learned."""
    learned: list[datetime] = []
    for days in (0, 1, 7, 8):
        now = clock() if days == 0 else learned[0] + timedelta(days=days)
        later = replace(past, clock=FrozenClock(now))
        ingest(later, FakeSource([paper(2_000 + days, CODING, now.date())]))
        attention_on(later, now.date())
        with later.database.read() as session:
            kept = load_learned(session, "forecast", "text")
        assert kept is not None
        learned.append(kept.learned_at)

    assert learned[0] == learned[1] == learned[2] == clock()
    assert learned[3] == clock() + timedelta(days=8)


def test_a_past_day_is_forecast_by_what_came_before_it(past: App) -> None:
    """What was learned since is not asked, nor replaced: of that day too little was known."""
    attention_on(past)

    assert np.isnan(attention_on(past, TODAY - timedelta(days=40)).forecast).all()


def test_bytes_of_another_version_are_learned_again(past: App) -> None:
    """They are no error: nothing is lost with them."""
    with past.database.write() as session:
        save_learned(session, "forecast", "text", b"{", past.clock())

    assert np.isfinite(attention_on(past).forecast).all()


def test_novelty_names_the_nearest_papers_before_the_day(past: App) -> None:
    """Never one of the day itself."""
    embed(past)

    novelty = attention_on(past).novelty

    assert ((novelty.percentile >= 0) & (novelty.percentile <= 100)).all()
    with past.database.read() as session:
        today = papers_announced(session, TODAY, TODAY, model=past.settings.model)
    assert not np.isin(novelty.keys, [stored.key for stored in today]).any()
    assert (novelty.keys > 0).all()
