"""How well it can be told from its text which of a day's papers people will look at.

Rolls through the stream month by month: everybody learns from what was announced a week before the
month and earlier, by what was known of it on the month's first day, and ranks the month's papers.
"""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranking.corpora import Embed, MissingDataError, Record, read_announced
from benchmarks.report import Goal, Report, Row
from recommender.evaluation import evaluate_lists
from recommender.forecast import SETTLED_DAYS, Announcement, Forecast
from recommender.metrics import Cutoffs

__all__ = ["LISTED", "Month", "Stream", "months_of", "run", "stream_of"]

Column = NDArray[np.float64]

LISTED = "hf/upvotes.tsv.gz"
RANKERS = ("forecast", "category base rates", "newest first", "random")
AUC, PRECISION = "auc", "precision@10"
GOAL = 0.80
"""AUC in months that were not seen."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PRIOR_PAPERS = 20.0
"""Papers of the average rate that every category is taken to have had: rare ones need it."""


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """All papers in the order of their announcement, with when they were listed."""

    records: tuple[Record, ...]
    day: Column
    """Day number of the announcement (n,)."""
    listed: Column
    """Day number of the first listing (n,); infinite where there was none."""


@dataclass(frozen=True, slots=True)
class Month:
    """What a month that was not seen says of everybody, in the order of `RANKERS`."""

    name: str
    n_papers: int
    n_listed: int
    auc: tuple[float, ...]
    """Over all papers of the month."""
    precision: tuple[float, ...]
    """Of the first ten papers of a day, mean of the days with a listed paper."""


def run(data: Path, embed: Embed) -> Report:
    """Forecast every month from the ones before it.

    Raises:
        MissingDataError: the papers or the listings are not in the folder.
    """
    del embed  # Words, form and categories alone: the stream need not be embedded.
    stream = stream_of(read_announced(data), _read_listings(data / LISTED))
    months = list(months_of(stream))
    apart = [month.auc[0] - month.auc[1] for month in months]
    return Report(
        title="attention: which papers will be listed on the Hugging Face daily page",
        columns=("month", "papers", "listed", *_headings(AUC), *_headings(PRECISION)),
        rows=(*map(_row, months), _mean_row(months)) if months else (),
        goals=(
            Goal("AUC, worst month", min((m.auc[0] for m in months), default=0.0), GOAL, True),
            Goal("AUC above category base rates, worst month", min(apart, default=0.0), 0.0, True),
        ),
        notes=(
            f"Learned from papers announced at least {SETTLED_DAYS} days before the month, listed "
            "if they were by its first day; ranks papers by title, abstract, number of authors and "
            "categories, without comments, which authors change later.",
            f"{PRECISION}: of each day's first ten, mean of the days with a listed paper. Base "
            "rates: share of the listed among the past papers of the primary category. Newest "
            "first: by number, descending. Random, and ties: in expectation.",
        ),
    )


def stream_of(records: Sequence[Record], listings: dict[str, date]) -> Stream:
    """Join the papers with the days they were first listed on."""
    dated = [record for record in records if record.announced_on is not None]
    day = [record.announced_on.toordinal() for record in dated if record.announced_on]
    listed = [
        listings[record.paper_id].toordinal() if record.paper_id in listings else np.inf
        for record in dated
    ]
    return Stream(tuple(dated), np.array(day, dtype=np.float64), np.array(listed, dtype=np.float64))


def months_of(stream: Stream) -> Iterator[Month]:
    """Rank the papers of every month with enough of a past to learn from.

    A paper that was listed before the day of its announcement needs no forecast and is left out.
    """
    names = np.array([date.fromordinal(int(day)).isoformat()[:7] for day in stream.day])
    for name in np.unique(names):
        first = stream.day[names == name].min()
        past = np.flatnonzero(stream.day <= first - SETTLED_DAYS)
        rows = np.flatnonzero((names == name) & (stream.listed >= stream.day))
        known = stream.listed[past] < first
        announced = [_announcement(stream.records[row]) for row in past]
        forecast = Forecast.fit(announced, known)
        wanted = np.isfinite(stream.listed[rows])
        if forecast is None or not wanted.any():
            continue
        papers = [stream.records[row] for row in rows]
        scores = (
            forecast.points([_announcement(paper) for paper in papers]),
            _base_rates([stream.records[row] for row in past], known, papers),
            np.arange(len(rows), dtype=np.float64),
            np.zeros(len(rows)),
        )
        yield Month(
            str(name),
            len(rows),
            int(wanted.sum()),
            tuple(_measured([(column, wanted)], AUC) for column in scores),
            tuple(_daily(column, wanted, stream.day[rows]) for column in scores),
        )


def _daily(scores: Column, wanted: NDArray[np.bool_], day: Column) -> float:
    days = [day == one for one in np.unique(day)]
    return _measured([(scores[here], wanted[here]) for here in days], PRECISION)


def _measured(lists: Sequence[tuple[Column, NDArray[np.bool_]]], metric: str) -> float:
    return evaluate_lists(lists, cutoffs=Cutoffs(precision=(10,))).mean(metric)


def _announcement(record: Record) -> Announcement:
    return Announcement(
        title=record.title,
        abstract=record.abstract,
        n_authors=len(record.authors),
        categories=record.categories,
    )


def _base_rates(
    past: Sequence[Record], known: NDArray[np.bool_], papers: Sequence[Record]
) -> Column:
    """Return the share of the listed among the past papers of each paper's primary category."""
    seen = Counter(map(_primary, past))
    listed = Counter(
        _primary(paper) for paper, is_listed in zip(past, known, strict=True) if is_listed
    )
    average = float(known.mean())
    rates = {
        code: (listed[code] + PRIOR_PAPERS * average) / (n + PRIOR_PAPERS)
        for code, n in seen.items()
    }
    return np.array([rates.get(_primary(paper), average) for paper in papers])


def _primary(paper: Record) -> str:
    return paper.categories[0] if paper.categories else ""


def _read_listings(path: Path) -> dict[str, date]:
    """Return the day on which each paper was first listed."""
    if not path.exists():
        raise MissingDataError(path)
    first: dict[str, date] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            if not _DAY.fullmatch(line["hf_date"] or ""):
                continue  # The rest of a line that was broken within an address.
            day = date.fromisoformat(line["hf_date"])
            first[line["arxiv_id"]] = min(day, first.get(line["arxiv_id"], day))
    return first


def _headings(metric: str) -> Iterator[str]:
    return (f"{metric}: {name}" for name in RANKERS)


def _row(month: Month) -> Row:
    figures = (*month.auc, *month.precision)
    return (month.name, f"{month.n_papers:,}", f"{month.n_listed}", *(f"{x:.3f}" for x in figures))


def _mean_row(months: Sequence[Month]) -> Row:
    means = np.mean([(*month.auc, *month.precision) for month in months], axis=0)
    papers, listed = sum(m.n_papers for m in months), sum(m.n_listed for m in months)
    return ("mean", f"{papers:,}", f"{listed:,}", *(f"{x:.3f}" for x in means))
