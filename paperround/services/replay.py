"""Past days once more, in the order of time: what would be ranked how, knowing what was known then.

Only what was rated before a digest was due teaches its ranking, and only papers announced before
its window give the statistics. Scores and collects; `paperround.services.evaluate` judges.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from paperround.context import App
from paperround.services.day import DayPapers, load_day
from paperround.services.profiles import Profile, fitted_models, read_profile
from paperround.services.progress import Progress, no_progress
from paperround.store.shown import items_of, shown_papers
from paperround.store.verdicts import Verdict, vectors_announced, verdicts
from recommender.background import Background, Whitening, choose_background, shipped_background
from recommender.interests import InterestModel
from recommender.ranking import muted
from recommender.vectors import unpack_rows

__all__ = ["RANKERS", "PastQuery", "RatedScore", "replay"]

logger = logging.getLogger(__name__)

Column = NDArray[np.float64]
Mask = NDArray[np.bool_]

OURS, CENTROID, NEWEST, RANDOM = "Paper Round", "plain centroid", "newest first", "random"
RANKERS = (OURS, CENTROID, NEWEST, RANDOM)
"""What is compared; ours first."""


@dataclass(frozen=True, slots=True)
class RatedScore:
    """One rating with the total that the paper had before it."""

    day: date
    total: float
    """Standard deviations above the stream's mean, under the interest it was shown for, else the
    highest; NaN when no interest could judge it."""
    liked: bool


@dataclass(frozen=True, slots=True, eq=False)
class PastQuery:
    """One reader's day: its candidates, how each ranker scores them, and what was liked."""

    reader_id: int
    day: date
    scores: Mapping[str, Column]
    """By ranker (n,); the random one gives every paper the same."""
    liked: Mask
    """Rated thumbs up (n,)."""
    shown: Mask
    """In the digest that day (n,); everywhere false when none was sent."""
    rated: tuple[RatedScore, ...]
    """The ratings of the day's papers, up and down."""


def replay(
    app: App,
    *,
    since: date | None = None,
    at_most: int | None = None,
    on_progress: Progress = no_progress,
) -> Iterator[PastQuery]:
    """Yield every reader's past days that have ratings, the earliest day first.

    Left out are days on which a reader had not said anything yet, and ratings of papers that were
    no candidates of their day.

    Args:
        app: The application.
        since: Leave out earlier days.
        at_most: So many days of readers, spread evenly over time; None for all.
        on_progress: Told the number of days of readers after each.

    Raises:
        ModelMismatchError: The store holds vectors of another dimension than the model's.
    """
    with app.database.read() as session:
        found = verdicts(session, since)
    grouped: dict[tuple[date, int], list[Verdict]] = defaultdict(list)
    for verdict in found:
        grouped[verdict.day, verdict.reader_id].append(verdict)
    chosen = _spread(sorted(grouped), at_most)
    days = _Days(app)
    for done, (day, reader_id) in enumerate(chosen, start=1):
        query = _query(app, days.at(day), reader_id, grouped[day, reader_id])
        if query is not None:
            yield query
        on_progress(done, len(chosen))


def _spread(keys: Sequence[tuple[date, int]], at_most: int | None) -> Sequence[tuple[date, int]]:
    """Choose evenly from a sequence, its first and last among them."""
    if at_most is None or len(keys) <= at_most:
        return keys
    places = np.linspace(0, len(keys) - 1, at_most).round().astype(np.int64)
    return [keys[place] for place in places.tolist()]


class _Days:
    """Days as they were: one is held at a time, and the statistics grow with time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._papers: DayPapers | None = None
        self._past: Background | None = None
        self._counted_to: date | None = None

    def at(self, day: date) -> DayPapers:
        """Return the papers of a day, with the statistics of all announced before its window."""
        if self._papers is None or self._papers.day != day:
            papers = load_day(self._app, day, with_coreaders=False)
            whitening = self._whitening(papers)
            self._papers = replace(papers, whitening=whitening)
        return self._papers

    def _whitening(self, papers: DayPapers) -> Whitening:
        app, rows = self._app, papers.candidates.papers
        last = papers.day - timedelta(days=app.settings.digest_lookback_days)
        past = self._past or Background.empty(rows.dim)
        first = self._counted_to + timedelta(days=1) if self._counted_to is not None else None
        with app.database.read() as session:
            for some in vectors_announced(session, app.settings.model, first, last):
                past = past.add(unpack_rows(some, rows.dim))
        self._past, self._counted_to = past, last
        known = past if past.count else None
        shipped = shipped_background(app.settings.model)
        return Whitening.of(choose_background(known, shipped, rows.vectors))


def _query(app: App, day: DayPapers, reader_id: int, judged: Sequence[Verdict]) -> PastQuery | None:
    """Rank one reader's past day; None when they had said nothing yet or nothing can be judged."""
    known_at = min(verdict.known_at for verdict in judged)
    sent = {verdict.delivery_id for verdict in judged if verdict.delivery_id is not None}
    with app.database.read() as session:
        profile = read_profile(session, app.settings.model, reader_id, before=known_at)
        earlier = shown_papers(session, reader_id, before=day.day)
        shown = {item.paper_id for number in sorted(sent) for item in items_of(session, number)}
    free = [
        row
        for row, paper in enumerate(day.papers)
        if paper.key not in profile.papers and paper.key not in earlier
    ]
    keys = day.candidates.papers.keys[free]
    known = {verdict.paper_key: verdict for verdict in judged}
    if not profile.interests or not known.keys() & set(keys.tolist()):
        logger.info("not_replayed reader=%d day=%s", reader_id, day.day)
        return None
    models = fitted_models(profile, day)
    totals = _totals(models, day)[:, free]  # (n_interests, n)
    return PastQuery(
        reader_id=reader_id,
        day=day.day,
        scores=_scores(day, models, totals, free),
        liked=np.array([key in known and known[key].liked for key in keys.tolist()]),
        shown=np.isin(keys, sorted(shown)),
        rated=_rated(profile, totals, keys, known),
    )


def _totals(models: Sequence[InterestModel], day: DayPapers) -> Column:
    """Return what each interest gives each paper (n_interests, n), NaN where it is muted."""
    return np.array(
        [
            np.where(
                muted(day.candidates, model.interest_.mutes),
                np.nan,
                model.score(day.candidates).total,
            )
            for model in models
        ]
    )


def _scores(
    day: DayPapers, models: Sequence[InterestModel], totals: Column, free: Sequence[int]
) -> Mapping[str, Column]:
    announced = [paper.announced_on or date.min for paper in day.papers]
    newest = np.array([on.toordinal() for on in announced], dtype=np.float64)
    return MappingProxyType(
        {
            OURS: _highest(totals),
            CENTROID: _centroid_cosines(day, models)[free],
            NEWEST: newest[free],
            RANDOM: np.zeros(len(free)),
        }
    )


def _centroid_cosines(day: DayPapers, models: Sequence[InterestModel]) -> Column:
    """Return the cosine of each paper to the mean of all liked papers (n,), else of the words."""
    papers = day.candidates.papers
    rows = np.concatenate([model.interest_.liked.vectors for model in models])
    if not np.isfinite(rows).all(axis=1).any():
        said = [model.interest_.prose_vector for model in models]
        rows = np.array([vector for vector in said if vector is not None]).reshape(-1, papers.dim)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if len(rows) == 0:
        return np.full(len(papers), np.nan)
    return np.where(papers.known, (papers.solid @ rows.mean(axis=0)).astype(np.float64), np.nan)


def _rated(
    profile: Profile, totals: Column, keys: NDArray[np.int64], known: Mapping[int, Verdict]
) -> tuple[RatedScore, ...]:
    numbers = {row.id: number for number, row in enumerate(profile.interests)}
    best = _highest(totals)

    def total(column: int, verdict: Verdict) -> float:
        number = numbers.get(verdict.interest_id)
        return float(best[column] if number is None else totals[number, column])

    return tuple(
        RatedScore(verdict.day, total(column, verdict), verdict.liked)
        for column, key in enumerate(keys.tolist())
        if (verdict := known.get(key)) is not None
    )


def _highest(totals: Column) -> Column:
    """Return the highest known total of each paper (n,), NaN where there is none."""
    best = np.where(np.isnan(totals), -np.inf, totals).max(axis=0)
    return np.where(np.isinf(best), np.nan, best)
