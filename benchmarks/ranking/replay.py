"""Author replay: readers are authors, and what they write next is what they would want to read.

Of the real daily stream. A profile is what an author had announced before a month, the candidates
are all papers of a week of it, relevant are the author's own among them; nothing that any statistic
rests on is younger than the week. May 2026 is for measuring, April for choosing (`tuning`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np

from benchmarks.ranking.authors import by_author, is_stranger, last_name
from benchmarks.ranking.corpora import Corpus, Embed, Record, corpus_of, read_announced
from benchmarks.ranking.tasks import Rows, Slate, Task, relevant_csr

__all__ = ["APRIL", "MAY", "PROFILES", "Author", "Replay", "Window", "replay_tasks", "tasks_of"]

PROFILES: dict[str, int | None] = {"last1": 1, "last5": 5, "all": None}
"""How many of an author's latest papers make the profile."""
MIN_PAPERS, MAX_PAPERS = 8, 25
AUTHORS = 400
BACKGROUND = 2_000
"""Latest papers before the month, for statistics: what an installation has after two weeks."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of which the weeks are replayed."""

    name: str
    first: date
    last: date
    seed: int = 5


MAY = Window("replay", date(2026, 5, 1), date(2026, 5, 31))
APRIL = Window("tuning", date(2026, 4, 1), date(2026, 4, 30))


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody's papers as numbers of records, in order."""

    name: str
    before: tuple[int, ...]
    during: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A window with the authors who are its readers; no vectors yet."""

    window: Window
    records: tuple[Record, ...]
    """All papers in the order of their announcement."""
    authors: tuple[Author, ...]

    @classmethod
    def of(cls, records: Sequence[Record], window: Window, n_authors: int = AUTHORS) -> Self:
        """Draw the readers: authors with enough papers before the window and one in it."""
        names = sorted(_authors(records, window).items())
        rng = np.random.default_rng(window.seed)
        chosen = rng.permutation(len(names))[:n_authors]
        return cls(window, tuple(records), tuple(names[n][1] for n in sorted(chosen)))

    @property
    def before(self) -> list[int]:
        """Numbers of the latest papers before the window: the background."""
        days = map(_day, self.records)
        return [n for n, day in enumerate(days) if day < self.window.first][-BACKGROUND:]

    @property
    def weeks(self) -> list[list[int]]:
        """Numbers of the papers of each week."""
        found: dict[tuple[int, int], list[int]] = {}
        for number, day in enumerate(map(_day, self.records)):
            if self.window.first <= day <= self.window.last:
                found.setdefault(day.isocalendar()[:2], []).append(number)
        return list(found.values())

    @property
    def needed(self) -> list[int]:
        """Numbers of all papers that the tasks need, in order."""
        profiles = {number for author in self.authors for number in author.before}
        return sorted(profiles.union(self.before, *self.weeks))

    def strangers(self, *, rare_only: bool = False) -> float:
        """Return the share of author-weeks with no coauthor in common, see `authors`.

        With `rare_only` of the authors whose last name nobody else here has: hardly two people in
        one, so that their share is what changing coauthors alone explains.
        """
        bearers = Counter(map(last_name, (author.name for author in self.authors)))
        apart = [
            is_stranger(
                author.name,
                [self.records[number] for number in author.before],
                [self.records[number] for number in during],
            )
            for week in self.weeks
            for author in self.authors
            if bearers[last_name(author.name)] == 1 or not rare_only
            if (during := sorted(set(week) & set(author.during)))
        ]
        return sum(apart) / max(len(apart), 1)


def replay_tasks(data: Path, embed: Embed, window: Window = MAY) -> dict[str, Task]:
    """Return the tasks of a window by name: `replay-last1`, `replay-last5` and `replay-all`.

    Raises:
        MissingDataError: the corpus is not there.
    """
    return tasks_of(Replay.of(read_announced(data), window), embed)


def tasks_of(replay: Replay, embed: Embed) -> dict[str, Task]:
    """Return the tasks of a replay, which differ in how much of a profile is known."""
    needed = replay.needed
    corpus = corpus_of("arxiv", (replay.records[number] for number in needed), embed)
    row_of = {number: row for row, number in enumerate(needed)}
    slates = _slates(replay, corpus, row_of)
    return {
        f"{replay.window.name}-{name}": _task(replay, name, slates, row_of) for name in PROFILES
    }


def _slates(replay: Replay, corpus: Corpus, row_of: dict[int, int]) -> tuple[Slate, ...]:
    earlier = {number for author in replay.authors for number in author.before}
    earlier_rows = _rows(sorted(earlier.union(replay.before)), row_of)
    return tuple(
        Slate(f"week of {_day(replay.records[week[0]])}", corpus, _rows(week, row_of), earlier_rows)
        for week in replay.weeks
    )


def _task(replay: Replay, name: str, slates: tuple[Slate, ...], row_of: dict[int, int]) -> Task:
    column_of = {
        row: column
        for column, row in enumerate(np.concatenate([s.candidates for s in slates]).tolist())
    }
    latest = PROFILES[name]
    profiles, numbers, readers, relevant = [], [], [], []
    for number, slate in enumerate(slates):
        there = set(slate.candidates.tolist())
        for author in replay.authors:
            own = [row for row in _rows(author.during, row_of).tolist() if row in there]
            if own:
                profiles.append(_rows(author.before[-(latest or MAX_PAPERS) :], row_of))
                numbers.append(number)
                readers.append(author.name)
                relevant.append(np.array([column_of[row] for row in own], dtype=np.int64))
    return Task(
        name=f"{replay.window.name}-{name}",
        told=_told(replay, name, len(profiles)),
        corpus=slates[0].corpus,
        slates=slates,
        profiles=tuple(profiles),
        slate=np.array(numbers, dtype=np.int64),
        readers=tuple(readers),
        relevant=relevant_csr(relevant, len(column_of)),
        background=_rows(replay.before, row_of),
    )


def _told(replay: Replay, name: str, n_queries: int) -> str:
    latest = PROFILES[name]
    return (
        f"author replay, {replay.window.first:%B %Y}, profile: "
        f"{f'the last {latest}' if latest else f'all {MIN_PAPERS} to {MAX_PAPERS}'} papers; "
        f"{n_queries} author-weeks of {len(replay.authors)} authors, "
        f"{replay.strangers():.0%} without a common coauthor"
    )


def _authors(records: Sequence[Record], window: Window) -> dict[str, Author]:
    found = {}
    for name, numbers in by_author(records).items():
        before = [n for n in numbers if _day(records[n]) < window.first]
        during = [n for n in numbers if window.first <= _day(records[n]) <= window.last]
        if MIN_PAPERS <= len(before) <= MAX_PAPERS and during:
            found[name] = Author(name, tuple(before), tuple(during))
    return found


def _rows(numbers: Sequence[int], row_of: dict[int, int]) -> Rows:
    return np.array([row_of[number] for number in numbers], dtype=np.int64)


def _day(record: Record) -> date:
    return record.announced_on or date.min
