"""What may come of a day's papers: which will be looked at, and how new they are.

The forecast is learned from the store's own past, a week old or older, and kept for a week: on
most days nothing is learned, and all of this takes well under a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from paperround.context import App
from paperround.store.learned import load_learned, save_learned
from paperround.store.papers import StoredPaper
from paperround.store.stream import first_listing, past_papers, stream_vectors
from recommender.errors import BlobError
from recommender.forecast import SETTLED_DAYS, Announcement, Forecast
from recommender.newness import Novelty, novelty
from recommender.trending import percentiles
from recommender.vectors import Matrix, unpack_rows

__all__ = ["Attention", "read_attention"]

Column = NDArray[np.float64]

FORECAST, READING = "forecast", "text"
"""Name of what is kept, and, in place of an embedding model, what it reads."""
KEPT_DAYS = 7
"""How long a forecast is used before another is learned."""
PAST_PAPERS = 12_000
"""The newest papers that are learned from; some seconds of work, once a week."""
STREAM_PAPERS = 5_000
"""The newest earlier papers that novelty is measured against; 8 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """What may come of some papers, in their order."""

    forecast: Column
    """Percentile of the chance to be listed on the Hugging Face daily page among those of the
    papers that nobody there has voted on, 0 to 100 (n,); NaN where votes are known, and for all
    while the past is too short."""
    novelty: Novelty
    """How far each lies from the papers announced before all of them."""


def read_attention(
    app: App, day: date, papers: Sequence[StoredPaper], vectors: Matrix
) -> Attention:
    """Forecast and measure the papers of a day's window.

    Args:
        app: The application.
        day: The day of the digests; what was announced later, or shortly before, teaches nothing.
        papers: Of the window.
        vectors: Their unit rows, float32 (n, dim); NaN where unknown.

    Raises:
        ModelMismatchError: The store holds vectors of another dimension.
    """
    return Attention(_forecast(app, day, papers), _novelty(app, papers, vectors))


def _forecast(app: App, day: date, papers: Sequence[StoredPaper]) -> Column:
    points = np.full(len(papers), np.nan)
    open_ = [row for row, paper in enumerate(papers) if paper.upvotes is None]
    forecast = _forecast_for(app, day) if open_ else None
    if forecast is not None:
        points[open_] = forecast.points([_announcement(papers[row]) for row in open_])
    return percentiles(points)


def _forecast_for(app: App, day: date) -> Forecast | None:
    """Return the forecast that is kept, or learn one; None while the past is too short."""
    with app.database.read() as session:
        kept = load_learned(session, FORECAST, READING)
    today = app.clock().date()
    # A reader's day may be one behind; a day further back must not be told by what came after it.
    is_current = kept is not None and abs((day - kept.learned_at.date()).days) <= KEPT_DAYS
    if kept is not None and is_current and day >= today - timedelta(days=1):
        try:
            return Forecast.from_bytes(kept.blob)
        except BlobError:
            pass  # Written by another version: what can be learned again is no error.
    forecast = _learn(app, day)
    if forecast is not None and day >= today - timedelta(days=1):
        with app.database.write() as session:
            save_learned(session, FORECAST, READING, forecast.to_bytes(), app.clock())
    return forecast


def _learn(app: App, day: date) -> Forecast | None:
    with app.database.read() as session:
        first = first_listing(session)
        if first is None:
            return None
        settled = day - timedelta(days=SETTLED_DAYS)
        past = past_papers(session, first, settled, limit=PAST_PAPERS)
    announced = [
        Announcement(
            title=paper.title,
            abstract=paper.abstract,
            n_authors=paper.n_authors,
            categories=paper.categories,
        )
        for paper in past
    ]
    return Forecast.fit(announced, [paper.is_listed for paper in past])


def _announcement(paper: StoredPaper) -> Announcement:
    # Without the comment, as when it was learned: authors change comments later.
    return Announcement(
        title=paper.title,
        abstract=paper.abstract,
        n_authors=len(paper.authors),
        categories=paper.categories,
    )


def _novelty(app: App, papers: Sequence[StoredPaper], vectors: Matrix) -> Novelty:
    days = [paper.announced_on for paper in papers if paper.announced_on is not None]
    with app.database.read() as session:
        rows = (
            stream_vectors(session, min(days), model=app.settings.model, limit=STREAM_PAPERS)
            if days
            else []
        )
    keys = np.array([key for key, _ in rows], dtype=np.int64)
    earlier = unpack_rows([vector for _, vector in rows], vectors.shape[1])
    return novelty(vectors, earlier, keys)
