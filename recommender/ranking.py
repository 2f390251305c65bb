"""Scores to an order: what one reader gets on one day.

Decides and returns what it decided; renders, stores and sends nothing. A given seed, day and
reader always give the same ranking, in whatever order the papers come.
"""

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.background import Whitening
from recommender.calibration import PRIOR, Calibration
from recommender.cores import one_core
from recommender.interests import InterestModel, Scores
from recommender.papers import Candidates, Mutes
from recommender.phrases import has_author, has_category
from recommender.ranked import Counts, DayRanking, Policy, Ranked, RankedSection
from recommender.selection import best_first, diversify, explore, lesser_twins
from recommender.uncertainty import Uncertainty
from recommender.vectors import Matrix

__all__ = [
    "Counts",
    "DayRanking",
    "Policy",
    "Ranked",
    "RankedSection",
    "muted",
    "rank_day",
    "rank_trending",
]

DEFAULT_POLICY = Policy()
MIN_OUTSIDE = 8
"""Papers outside the usual are chosen from at least so many, on small days too."""

Mask = NDArray[np.bool_]
Table = NDArray[np.float64]


def rank_day(
    models: Sequence[InterestModel],
    candidates: Candidates,
    *,
    rng: np.random.Generator,
    seen: frozenset[int] = frozenset(),
    policy: Policy = DEFAULT_POLICY,
    whitening: Whitening | None = None,
    calibration: Calibration = PRIOR,
) -> DayRanking:
    """Choose and order a day's papers for one reader.

    Mutes of an interest hold for its section, and every mute for papers outside the usual. A paper
    that several interests want goes to the one where it ranks highest.

    Args:
        models: the reader's interests, fitted.
        candidates: the papers of the day.
        rng: seeded by reader and day; decides between papers outside the usual that are equals.
        seen: keys of papers already sent to this reader; rated papers count as seen anyway.
        policy: how papers are chosen, beyond their scores.
        whitening: the one that the models were fitted with, which tells how much is known of a
            paper; without it all directions count alike.
        calibration: turns totals into the scores that thresholds are compared with and readers see.

    Returns:
        One section per model, the papers outside the usual, and what became of the rest.
    """
    with one_core():
        scores = [model.score(candidates) for model in models]
        day = _Day(models, candidates, scores, _seen(models, candidates, seen), calibration)
        sections = tuple(day.section(number, policy) for number in range(len(models)))
        chosen = [entry.row for section in sections for entry in section.entries]
        outside = day.outside(chosen, whitening, rng, policy)
    return DayRanking(sections, outside, day.counts(), day.best_score(), day.withheld())


def rank_trending(
    candidates: Candidates,
    mutes: Sequence[Mutes],
    *,
    exclude: frozenset[int] = frozenset(),
    slots: int = 3,
) -> tuple[Ranked, ...]:
    """Choose the papers with the highest trending percentiles; none where nothing is known.

    Args:
        candidates: of any window, with `trending`.
        mutes: of all the reader's interests; each of them holds.
        exclude: keys seen, withheld or already chosen (see `DayRanking`).
        slots: how many at most.
    """
    if candidates.trending is None or len(candidates) == 0:
        return ()
    keys = candidates.papers.keys
    barred = np.isin(keys, list(exclude))
    for mute in mutes:
        barred |= muted(candidates, mute)
    known = np.where(barred, np.nan, candidates.trending)
    known = np.where(lesser_twins(candidates.twins, known, keys), np.nan, known)
    order = [row for row in best_first(known, keys).tolist() if np.isfinite(known[row])]
    return tuple(
        Ranked(int(keys[row]), row, rank, float(known[row]), float("nan"))
        for rank, row in enumerate(order[:slots], start=1)
    )


def muted(candidates: Candidates, mutes: Mutes) -> Mask:
    """Tell which candidates (n,) a reader never wants to see."""
    barred = has_author(candidates.folded_authors, mutes.authors)
    for word in mutes.words:
        barred |= candidates.having(word)
    if mutes.categories:
        barred |= np.array(
            [has_category(f.categories, mutes.categories) for f in candidates.facts], dtype=np.bool_
        )
    return barred


def _seen(models: Sequence[InterestModel], candidates: Candidates, seen: frozenset[int]) -> Mask:
    rated = [part.keys for m in models for part in (m.interest_.liked, m.interest_.disliked)]
    known = np.concatenate([np.array(sorted(seen), dtype=np.int64), *rated])
    return np.isin(candidates.papers.keys, known)


class _Day:
    """The working table of one reader's day: interests in rows, papers in columns."""

    def __init__(
        self,
        models: Sequence[InterestModel],
        candidates: Candidates,
        scores: Sequence[Scores],
        seen: Mask,
        calibration: Calibration,
    ) -> None:
        n = len(candidates)
        self.models, self.candidates, self.scores, self.seen = models, candidates, scores, seen
        self.keys, self.percent = candidates.papers.keys, calibration.percent
        self.muted = np.array([muted(candidates, m.interest_.mutes) for m in models], np.bool_)
        self.muted = self.muted.reshape(len(models), n)
        judged = np.array([score.total for score in scores], np.float64).reshape(len(models), n)
        judged = np.where(self.muted | seen, np.nan, judged)
        self.twin = lesser_twins(candidates.twins, _best(judged), self.keys)
        self.total: Table = np.where(self.twin, np.nan, judged)  # (n_interests, n)
        self.order = [best_first(totals, self.keys) for totals in self.total]
        self.owner = self._owners()

    def _owners(self) -> NDArray[np.int64]:
        """Return the interest that gets each paper (n,), -1 where no threshold is cleared."""
        n_interests, n = self.total.shape
        rank = np.full((n_interests, n), np.inf)
        for number, model in enumerate(self.models):
            rank[number, self.order[number]] = np.arange(n)
            cleared = self.percent(self.total[number]) >= model.interest_.threshold
            rank[number, ~cleared] = np.inf
        if n_interests == 0:
            return np.full(n, -1, dtype=np.int64)
        # Equal ranks go to the higher total, then to the earlier interest.
        tied = rank == rank.min(axis=0)
        owner = np.argmax(np.where(tied, np.nan_to_num(self.total, nan=-np.inf), -np.inf), axis=0)
        return np.where(np.isfinite(rank.min(axis=0)), owner, -1).astype(np.int64)

    def section(self, number: int, policy: Policy) -> RankedSection:
        interest, totals = self.models[number].interest_, self.total[number]
        order = self.order[number]
        cleared = order[self.owner[order] == number]
        chosen = diversify(
            cleared,
            totals,
            self.candidates.papers.solid,
            size=max(interest.quota, 0),
            strength=policy.diversity,
        )
        entries = self._ranked(chosen.tolist(), number)
        best = self.peak(totals)
        return RankedSection(number, interest.name, entries, len(cleared) - len(entries), best)

    def outside(
        self,
        chosen: list[int],
        whitening: Whitening | None,
        rng: np.random.Generator,
        policy: Policy,
    ) -> tuple[Ranked, ...]:
        """Choose good papers of which least is known, what is sent today counting as known."""
        best = np.where(self.muted.any(axis=0), np.nan, _best(self.total))
        best[chosen] = np.nan
        free = int(np.isfinite(best).sum())
        if free == 0 or policy.outside_slots <= 0:
            return ()
        reach = min(free, max(MIN_OUTSIDE, round(policy.outside_share * free)))
        rows = best_first(best, self.keys)[:reach]
        vectors = self.candidates.papers.vectors
        known = np.vstack([_told(self.models, vectors.shape[1]), vectors[chosen]])
        space = _round(vectors.shape[1]) if whitening is None else whitening
        picked = explore(
            best[rows],
            Uncertainty().fit(known, space).doubts_along(self.candidates.directions(space)[rows]),
            size=policy.outside_slots,
            weight=policy.doubt_weight,
            rng=rng,
        )
        nearest = np.argmax(np.nan_to_num(self.total, nan=-np.inf), axis=0)
        entries = [
            self._ranked([row], int(nearest[row]), rank)
            for rank, row in enumerate(rows[picked].tolist(), start=1)
        ]
        return tuple(entry for single in entries for entry in single)

    def _ranked(self, rows: list[int], number: int, first: int = 1) -> tuple[Ranked, ...]:
        totals, parts = self.total[number], self.scores[number].parts
        percent = self.percent(totals[rows])
        return tuple(
            Ranked(
                key=int(self.keys[row]),
                row=row,
                rank=rank,
                score=float(percent[rank - first]),
                total=float(totals[row]),
                interest=number,
                parts=MappingProxyType({name: float(part[row]) for name, part in parts.items()}),
            )
            for rank, row in enumerate(rows, start=first)
        )

    def counts(self) -> Counts:
        judged = np.isfinite(_best(self.total))
        return Counts(
            candidates=len(self.candidates),
            seen=int(self.seen.sum()),
            muted=int(self.muted.any(axis=0).sum()),
            not_embedded=int((~self.candidates.papers.known).sum()),
            duplicates=int(self.twin.sum()),
            below_threshold=int((judged & (self.owner < 0)).sum()),
        )

    def best_score(self) -> float | None:
        return self.peak(self.total)

    def peak(self, totals: Table) -> float | None:
        """Return the score shown of the highest total; None when none is known."""
        known = totals[np.isfinite(totals)]
        return float(self.percent(known.max())) if len(known) else None

    def withheld(self) -> frozenset[int]:
        barred = self.seen | self.muted.any(axis=0) | self.twin
        return frozenset(self.keys[barred].tolist())


def _told(models: Sequence[InterestModel], dim: int) -> Matrix:
    """Return the vectors (n, dim) of all that a reader rated or said, NaN where unknown."""
    interests = [model.interest_ for model in models]
    rated = [part for interest in interests for part in (interest.liked, interest.disliked)]
    said = [i.prose_vector[None] for i in interests if i.prose_vector is not None]
    keys = np.concatenate([np.empty(0, dtype=np.int64), *(part.keys for part in rated)])
    rows = np.vstack([np.empty((0, dim), dtype=np.float32), *(part.vectors for part in rated)])
    # A rating that teaches several interests was given once.
    once = np.unique(keys, return_index=True)[1]
    told: Matrix = np.vstack([rows[once], *said])
    return told


def _round(dim: int) -> Whitening:
    """Return the whitening of a stream of which nothing is known: all directions count alike."""
    nothing = np.zeros(dim, dtype=np.float32)
    return Whitening(nothing, np.eye(dim, dtype=np.float32), nothing)


def _best(table: Table) -> NDArray[np.float64]:
    """Return the largest known total of every paper (n,), NaN where there is none."""
    if len(table) == 0:
        return np.full(table.shape[1], np.nan)
    best = np.nan_to_num(table, nan=-np.inf).max(axis=0)
    return np.where(np.isfinite(best), best, np.nan)
