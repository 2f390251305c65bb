"""Learns the forecast of attention and measures novelty, as papers come in, and keeps both.

What takes seconds is done here, when papers are embedded; a digest only looks it up. Everything
looks back: see `recommender.forecast` and `recommender.novelty` for the formulas.
"""

import logging
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from paperround.context import App
from paperround.services.embed import read_background
from paperround.store.attention import (
    AnnouncedPaper,
    DatedVector,
    count_listed,
    dated_vectors,
    settled_papers,
)
from paperround.store.learned import load_learned, save_learned
from paperround.store.papers import latest_announcement
from recommender.background import MIN_OWN_PAPERS
from recommender.errors import BlobError
from recommender.forecast import MIN_LISTED, SETTLED_DAYS, Announcement, Forecast
from recommender.novelty import DatedPapers, Neighbours, nearest_earlier
from recommender.vectors import unpack_rows

__all__ = ["read_forecast", "read_novelty", "update_attention", "update_forecast", "update_novelty"]

logger = logging.getLogger(__name__)

FORECAST = "forecast"
NOVELTY = "novelty"
"""Names under which the store keeps them."""

TAUGHT_DAYS = 400
"""Learned from so far back: four months instead of a year cost .013 of AUC."""
UNLISTED_PER_LISTED = 10
"""Unlisted papers to learn from for each listed one; all of them add .001."""
RELEARNED_AFTER_DAYS = 7
"""A month's forecast is as good on its last day as on its first; a week is cheap."""

FIRST_DAYS = 14
"""Whose novelty is measured when there is none yet, or when papers came late."""
KEPT_DAYS = 60
"""How far back novelty is kept: the stream that a percentile speaks of."""


def update_attention(app: App) -> None:
    """Learn and measure what came since the last time; done in a moment when nothing did."""
    update_forecast(app)
    update_novelty(app)


def update_forecast(app: App) -> Forecast | None:
    """Learn the forecast anew when the last one is a week old, and return what holds.

    Only days count on which at least one paper was listed: of others the votes were never asked
    for. None means that there is too little to learn from.
    """
    with app.database.read() as session:
        latest = latest_announcement(session)
    known = read_forecast(app)
    if latest is None:
        return known
    last = latest - timedelta(days=SETTLED_DAYS)
    if known and known.last_day > (last - timedelta(days=RELEARNED_AFTER_DAYS)).toordinal():
        return known
    papers = _lessons(app, last - timedelta(days=TAUGHT_DAYS), last)
    forecast = Forecast.fit(
        [_announcement(paper) for paper in papers],
        [paper.listed for paper in papers],
        last_day=last.toordinal(),
    )
    if forecast is None:
        return known
    with app.database.write() as session:
        save_learned(session, FORECAST, app.settings.model, forecast.to_bytes(), app.clock())
    logger.info("forecast_learned papers=%d listed=%d", forecast.n_papers, forecast.n_listed)
    return forecast


def update_novelty(app: App) -> Neighbours:
    """Measure the novelty of papers that have a vector since the last time, and return all kept."""
    known = read_novelty(app)
    with app.database.read() as session:
        latest = latest_announcement(session)
    background = read_background(app)
    if latest is None or background is None or background.count < MIN_OWN_PAPERS:
        return known
    fresh = _unmeasured(app, known, latest - timedelta(days=FIRST_DAYS))
    if len(fresh) == 0:
        return known
    with app.database.read() as session:
        blocks = dated_vectors(session, app.settings.model)
        stream = (_dated(block, background.dim) for block in blocks)
        found = nearest_earlier(fresh, stream, background.mean, least=MIN_OWN_PAPERS)
    both = known.followed_by(found)
    kept = both.take(both.days > (latest - timedelta(days=KEPT_DAYS)).toordinal())
    with app.database.write() as session:
        save_learned(session, NOVELTY, app.settings.model, kept.to_bytes(), app.clock())
    logger.info("novelty_measured papers=%d", len(found))
    return kept


def read_forecast(app: App) -> Forecast | None:
    """Return the forecast learned last; None before the first, or after one of another version."""
    blob = _kept(app, FORECAST)
    try:
        return Forecast.from_bytes(blob) if blob is not None else None
    except BlobError as error:
        logger.warning("forecast_unreadable problem=%s", error)
        return None


def read_novelty(app: App) -> Neighbours:
    """Return the novelty of the papers of the last weeks, as far as it was measured."""
    blob = _kept(app, NOVELTY)
    try:
        return Neighbours.from_bytes(blob) if blob is not None else Neighbours.none()
    except BlobError as error:
        logger.warning("novelty_unreadable problem=%s", error)
        return Neighbours.none()


def _lessons(app: App, first: date, last: date) -> list[AnnouncedPaper]:
    """Return papers whose fate is settled: every listed one, and a sample of the others."""
    with app.database.read() as session:
        listed, unlisted = count_listed(session, first, last)
        if listed < MIN_LISTED:
            return []
        every = max(1, unlisted // (UNLISTED_PER_LISTED * listed))
        papers = settled_papers(session, first, last, every=every)
    asked_for = {paper.announced_on for paper in papers if paper.listed}
    return [paper for paper in papers if paper.announced_on in asked_for]


def _announcement(paper: AnnouncedPaper) -> Announcement:
    return Announcement(
        title=paper.title,
        abstract=paper.abstract,
        comment=paper.comment,
        n_authors=paper.n_authors,
        categories=paper.categories,
    )


def _unmeasured(app: App, known: Neighbours, since: date) -> DatedPapers:
    """Return the papers announced since a day that have a vector and no novelty."""
    measured = set(known.keys.tolist())
    with app.database.read() as session:
        fresh = [
            paper
            for block in dated_vectors(session, app.settings.model, since=since)
            for paper in block
            if paper.key not in measured
        ]
    return _dated(fresh, len(fresh[0].vector) // 4 if fresh else 1)


def _dated(papers: Sequence[DatedVector], dim: int) -> DatedPapers:
    return DatedPapers(
        keys=np.array([paper.key for paper in papers], dtype=np.int64),
        days=np.array([paper.announced_on.toordinal() for paper in papers], dtype=np.int64),
        vectors=unpack_rows([paper.vector for paper in papers], dim),
    )


def _kept(app: App, name: str) -> bytes | None:
    with app.database.read() as session:
        lesson = load_learned(session, name, app.settings.model)
    return lesson.blob if lesson is not None else None
