"""What the ranking is worth on this installation, and whether its scores come true.

Replays the ledger and compares with what readers could have had without any of it. Its judges are
the readers' own ratings: papers that no digest showed were hardly rated, whoever would have ranked
them high. So the order within what was shown is measured too, where that favours nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from paperround.context import App
from paperround.services.progress import Progress, no_progress
from paperround.services.replay import RANKERS, PastQuery, RatedScore, replay
from recommender.calibration import PRIOR, Calibration, fit_calibration
from recommender.evaluation import Cutoffs, Evaluation, evaluate_lists, join
from recommender.reliability import Reliability, reliability

__all__ = ["CalibrationCheck", "LedgerEvaluation", "check_calibration", "evaluate"]

CUTOFFS = Cutoffs(recall=(20,), ndcg=(10,), precision=(10,))
EARLIER = 2 / 3
"""Share of the ratings that a calibration is learned from; the later ones tell what it is worth."""
MIN_READERS = 10
"""From here on standard errors allow for days of one reader being alike; with fewer readers they
are of these readers' days, and say nothing about other readers."""


@dataclass(frozen=True, slots=True)
class CalibrationCheck:
    """What the ratings teach, and whether it holds for later ratings."""

    learned: Calibration
    """From all ratings: what `--calibrate` keeps."""
    taught: int
    """Earlier ratings, from which the calibration that is judged was learned."""
    before: Reliability
    """Of the prior, on the later ratings."""
    after: Reliability
    """Of the calibration learned from the earlier ratings, on the later ones."""


@dataclass(frozen=True, slots=True)
class LedgerEvaluation:
    """What a replay of the ledger shows."""

    first: date | None
    last: date | None
    digests: int
    """Readers' days that were replayed."""
    readers: int
    ratings: int
    """Of papers that were candidates of their day."""
    window: Mapping[str, Evaluation]
    """By ranker: liked papers among all that each day's digest chose from."""
    shown: Mapping[str, Evaluation]
    """By ranker: liked papers among those that the digest showed."""
    calibration: CalibrationCheck


def evaluate(
    app: App,
    *,
    since: date | None = None,
    at_most: int | None = None,
    on_progress: Progress = no_progress,
) -> LedgerEvaluation:
    """Replay the ledger and measure what each ranker makes of it.

    Args:
        app: The application.
        since: Leave out earlier days.
        at_most: So many days of readers, spread evenly over time; None for all.
        on_progress: Told the number of days of readers after each.

    Raises:
        ModelMismatchError: The store holds vectors of another dimension than the model's.
    """
    # Scores of a day are megabytes: they are measured at once and forgotten.
    past = [
        _measured(query)
        for query in replay(app, since=since, at_most=at_most, on_progress=on_progress)
    ]
    days = [each.day for each in past]
    rated = [score for each in past for score in each.rated]
    return LedgerEvaluation(
        first=min(days, default=None),
        last=max(days, default=None),
        digests=len(past),
        readers=len({each.reader_id for each in past}),
        ratings=len(rated),
        window=_joined(past, [each.window for each in past]),
        shown=_joined(past, [each.shown for each in past]),
        calibration=check_calibration(rated),
    )


def check_calibration(rated: Sequence[RatedScore]) -> CalibrationCheck:
    """Learn from the earlier ratings and judge by the later ones, which are of later days."""
    known = sorted((each for each in rated if np.isfinite(each.total)), key=lambda each: each.day)
    # A day is not torn apart: its ratings are of one mood.
    border = known[int(EARLIER * len(known))].day if known else date.min
    earlier = [each for each in known if each.day < border]
    later = [each for each in known if each.day >= border]
    return CalibrationCheck(
        learned=_fitted(known),
        taught=len(earlier),
        before=_judged(PRIOR, later),
        after=_judged(_fitted(earlier), later),
    )


def _fitted(rated: Sequence[RatedScore]) -> Calibration:
    return fit_calibration([each.total for each in rated], [each.liked for each in rated])


def _judged(calibration: Calibration, rated: Sequence[RatedScore]) -> Reliability:
    percent = calibration.percent([each.total for each in rated])
    return reliability(percent, [each.liked for each in rated])


@dataclass(frozen=True, slots=True, eq=False)
class _PastDay:
    """What is kept of one reader's day: by ranker what it reached, and the ratings."""

    reader_id: int
    day: date
    rated: tuple[RatedScore, ...]
    window: Mapping[str, Evaluation]
    shown: Mapping[str, Evaluation]


def _measured(query: PastQuery) -> _PastDay:
    def among(kept: NDArray[np.bool_]) -> Mapping[str, Evaluation]:
        return {
            ranker: evaluate_lists([(scores[kept], query.liked[kept])], cutoffs=CUTOFFS)
            for ranker, scores in query.scores.items()
        }

    everything = np.ones(len(query.liked), dtype=np.bool_)
    return _PastDay(query.reader_id, query.day, query.rated, among(everything), among(query.shown))


def _joined(
    past: Sequence[_PastDay], found: Sequence[Mapping[str, Evaluation]]
) -> Mapping[str, Evaluation]:
    readers = [each.reader_id for each in past]
    groups = readers if len(set(readers)) >= MIN_READERS else list(range(len(readers)))
    nothing = evaluate_lists([], cutoffs=CUTOFFS)
    return MappingProxyType(
        {
            ranker: replace(
                join([nothing, *(each[ranker] for each in found)]),
                groups=np.array(groups, dtype=np.int64),
            )
            for ranker in RANKERS
        }
    )
