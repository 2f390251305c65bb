"""Readers whose days are replayed: where they begin, and what they meet day by day.

Made of what CiteULike's readers kept. Chooses nothing for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from benchmarks.ranking.tasks import Rows, Task
from recommender.background import Whitening
from recommender.papers import PaperFacts, Papers
from recommender.vectors import Matrix, unit_rows

__all__ = ["SEED", "Game", "Setting", "games_of", "topics_of"]

SEED = 11


@dataclass(frozen=True, slots=True)
class Setting:
    """The rules of the replay."""

    readers: int = 300
    days: int = 15
    others: int = 500
    """Papers of a day that the reader never kept."""
    start: int = 5
    """Liked papers to begin with, all of one topic."""
    shown: int = 10
    """Papers a day, those outside included."""
    answered: float = 0.5
    """Share of what is shown that is answered."""
    topics: int = 80
    """Into so many all papers are divided."""
    least: int = 40
    """Papers that a reader must have kept."""
    largest: float = 0.7
    """Share of them that are of one topic, at the most: the others have to be found."""


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """One reader and the papers that there are."""

    number: int
    papers: Papers
    facts: Sequence[PaperFacts]
    topic: Rows
    """Of every paper (n_papers,)."""
    kept: Rows
    """All that the reader likes in truth, rows of the papers."""
    start: Rows
    """What is known of it at the beginning."""
    days: tuple[Rows, ...]
    """Candidates of each day."""
    after: Rows
    """Candidates once all is over."""
    wanted: Rows
    """Which of those are liked."""


def games_of(task: Task, setting: Setting) -> list[Game]:
    """Return readers with several topics, as many as are asked for, always the same."""
    slate = task.slates[0]
    topic = topics_of(task.corpus.vectors, task.whitening, setting.topics)
    games: list[Game] = []
    for query in np.random.default_rng(SEED).permutation(len(task)).tolist():
        kept = task.profiles[query]
        counts = np.bincount(topic[kept], minlength=setting.topics)
        largest = int(counts.max())
        if len(kept) < setting.least or not setting.start < largest <= setting.largest * len(kept):
            continue
        rng = np.random.default_rng([SEED, query])
        start = rng.permutation(kept[topic[kept] == counts.argmax()])[: setting.start]
        wanted = task.relevant[[query]].indices
        games.append(
            Game(
                query,
                slate.papers,
                task.corpus.facts,
                topic,
                kept,
                start,
                _days(kept, start, task.background, setting, rng),
                slate.candidates,
                slate.candidates[wanted],
            )
        )
        if len(games) == setting.readers:
            break
    return games


def _days(
    kept: Rows, start: Rows, known: Rows, setting: Setting, rng: np.random.Generator
) -> tuple[Rows, ...]:
    """Spread what a reader kept and never kept over the days."""
    rest = rng.permutation(np.setdiff1d(kept, start))
    others = rng.permutation(np.setdiff1d(known, kept))
    return tuple(
        np.concatenate(
            [rest[day :: setting.days], others[day * setting.others :][: setting.others]]
        )
        for day in range(setting.days)
    )


def topics_of(vectors: Matrix, whitening: Whitening, count: int) -> Rows:
    """Divide papers into topics by what sets them apart from the stream: (n,)."""
    spread = np.sqrt(whitening.spectrum + np.float32(0.02))
    units = unit_rows((vectors - whitening.mean) @ whitening.axes / spread)
    found = MiniBatchKMeans(count, random_state=SEED, n_init=3).fit_predict(units)
    return np.asarray(found, dtype=np.int64)
