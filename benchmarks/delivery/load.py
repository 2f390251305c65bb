"""Workers under load, each a process of its own that tells what it took: time, CPU, memory.

They run the product's own `send_due` until nothing is open. What can be exchanged is the ranking:
for papers that were chosen beforehand, so that what is measured is delivery.
"""

import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.measure import peak_mb
from paperround.bootstrap import open_app
from paperround.cli.logs import configure_logging
from paperround.context import App
from paperround.services.day import DayPapers
from paperround.services.digests import Rank
from paperround.services.enqueue import is_idle
from paperround.services.mails import Mails
from paperround.services.recommend import Recommendation, recommend
from paperround.services.send import send_due
from paperround.settings import load_settings
from paperround.store.models import Interest, Reader
from recommender.ranked import Counts, DayRanking, Ranked, RankedSection, Reasons
from recommender.text import sentences

__all__ = ["Load", "Prepared", "Rooms", "run_workers"]

INTERESTS = ("First interest", "Second interest")


@dataclass(frozen=True, slots=True)
class Rooms:
    """How many papers a digest has in which section."""

    interest: int
    """Each of two."""
    trending: int
    outside: int

    @property
    def all(self) -> int:
        """How many it has."""
        return len(INTERESTS) * self.interest + self.trending + self.outside


@dataclass(frozen=True, slots=True)
class Load:
    """What one worker took."""

    began: float
    """Seconds since the epoch, when everything was imported and open."""
    ended: float
    cpu_s: float
    peak_mb: float


class Prepared:
    """Stands for the ranking: each reader's papers were chosen beforehand, at random.

    What it returns has everything that a real one has, and is made in some microseconds.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._interests = tuple(_interest(name, rooms.interest) for name in INTERESTS)
        self._split: dict[int, list[str]] = {}

    def __call__(self, app: App, reader: Reader, day: DayPapers) -> Recommendation:
        """Return papers in two interests, trending, and a little outside."""
        rng, rooms = random.Random(reader.id), self._rooms
        rows = rng.sample(range(len(day.papers)), rooms.all)
        chosen = iter([self._ranked(row, day, rng) for row in rows])
        sections = tuple(
            RankedSection(number, name, tuple(next(chosen) for _ in range(rooms.interest)), 0, 99.0)
            for number, name in enumerate(INTERESTS)
        )
        trending = tuple(next(chosen) for _ in range(rooms.trending))
        n = len(day.papers)
        return Recommendation(
            reader=reader,
            day=day.day,
            interests=self._interests,
            papers=day.papers,
            papers_read=n,
            ranking=DayRanking(
                sections, tuple(chosen), Counts(n, 0, 0, 0, 0, 0), 99.0, frozenset()
            ),
            trending=trending,
            attention=day.attention,
            known={paper.key: paper for paper in day.papers[:1]},
        )

    def _ranked(self, row: int, day: DayPapers, rng: random.Random) -> Ranked:
        paper = day.papers[row]
        if row not in self._split:
            self._split[row] = sentences(paper.abstract) or [paper.title]
        reasons = Reasons(
            nearest=((day.papers[0].key, 0.5),),
            words=(paper.title.split()[0],),
            sentence=rng.choice(self._split[row]),
        )
        score = rng.uniform(30, 99)
        return Ranked(paper.key, row, 1, score, 1.0, 0, {"match": 1.0}, reasons)


def run_workers(
    environments: Sequence[Mapping[str, str]], folder: Path, rooms: Rooms | None
) -> list[Load]:
    """Let workers send everything that is due, all at once, and return what each took.

    Args:
        environments: of each worker.
        folder: for their logs.
        rooms: of the digests whose papers were chosen beforehand; None ranks them on the way.
    """
    context = get_context("spawn")
    with ProcessPoolExecutor(len(environments), mp_context=context) as pool:
        futures = [
            pool.submit(_work, environment, folder, number, rooms)
            for number, environment in enumerate(environments)
        ]
        return [future.result() for future in futures]


def _work(environment: Mapping[str, str], folder: Path, number: int, rooms: Rooms | None) -> Load:
    settings = load_settings(environment, folder).settings
    rank: Rank = Prepared(rooms) if rooms else recommend
    app = open_app(settings)
    with (folder / f"worker{number}.log").open("w", encoding="utf-8") as log:
        configure_logging(settings.log_format, log, verbose=False)
        mails = Mails(app, rank=rank)
        began, cpu_s = time.time(), time.process_time()
        while not is_idle(app):
            send_due(app, mails=mails)
        load = Load(began, time.time(), time.process_time() - cpu_s, peak_mb())
    app.database.dispose()
    return load


def _interest(name: str, quota: int) -> Interest:
    """Return an interest that everybody shares and no database knows."""
    return Interest(
        reader_id=0,
        name=name,
        prose="",
        keywords=[],
        muted_words=[],
        muted_authors=[],
        muted_categories=[],
        followed_authors=[],
        quota=quota,
        threshold=0.0,
        added_at=datetime.min.replace(tzinfo=UTC),
    )
