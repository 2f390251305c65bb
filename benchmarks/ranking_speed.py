"""Fit and rank: for many readers, as a multiple of the matrix products in it, and for one.

Vectors are synthetic unit vectors around shared topics, seed 1; what is timed does not depend on
them. The bare products are pool x candidates once and readers x candidates in blocks, on the same
arrays and threads; all products are those and what else the parts of the model multiply. Lexical
parts are in it for one reader only: for many they have no dense product to be compared with.
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Prepare, Work, in_own_process, median_ratio, take_turns
from benchmarks.report import Goal, Report, Row
from benchmarks.synthetic import (
    DIM,
    RATED,
    Day,
    Size,
    candidates_of,
    papers,
    readers_of,
    topic_centres,
    topical_rows,
    with_words,
)
from recommender.background import Background, Whitening
from recommender.block_scores import BLOCK
from recommender.blocks import THREADS, BlockReaders, rank_block
from recommender.cores import one_core
from recommender.interests import InterestModel
from recommender.papers import Interest
from recommender.ranking import rank_day
from recommender.vectors import Matrix

__all__ = [
    "ALONE",
    "PARTS",
    "Spent",
    "all_products",
    "bare_products",
    "compare",
    "one_reader",
    "run",
]

SEED = 1
ROUNDS = 3
REFITS = 30

PARTS = (
    "bare products",
    "all products",
    "fit and rank",
    "all products, kernel",
    "fit and rank, kernel",
)
ALONE = ("one reader, first ranking of a day", "one reader, after one more rating")


@dataclass(frozen=True, slots=True)
class Spent:
    """What the rounds of one part took."""

    seconds: list[float]
    cpu_s: list[float]
    """Of all cores together; a machine that is busy with something else stretches these less."""


def run(size: Size | None = None, day: Day | None = None, rounds: int = ROUNDS) -> Report:
    """Let the parts take turns in one process, and each once in its own for its memory."""
    size, day = size or Size(), day or Day()
    spent = in_own_process(compare, size, rounds).value
    peaks = {name: in_own_process(compare, size, 0, (name,)).peak_mb for name in PARTS}
    alone = in_own_process(one_reader, day, REFITS).value
    refit_ms = 1_000 * statistics.median(alone[ALONE[1]].seconds)
    strict, fair, with_kernel = (
        _ratio(spent, name, to)
        for name, to in ((PARTS[2], PARTS[0]), (PARTS[2], PARTS[1]), (PARTS[4], PARTS[3]))
    )
    return Report(
        title="Ranking: many readers at once, and one",
        columns=("part", "readers/s", "seconds", "CPU s", "of bare", "of all", "peak memory"),
        rows=(
            *(_row(name, size.readers, spent, peaks[name]) for name in PARTS),
            *(_row_alone(name, each) for name, each in alone.items()),
        ),
        goals=(
            Goal("multiple of the bare products' time", strict, 3.0, at_least=False),
            Goal("multiple of all products' time", fair, 3.0, at_least=False),
            Goal("the same with the kernel", with_kernel, 3.0, at_least=False),
            Goal("most memory, MB", max(peaks.values()), 2_000, at_least=False),
            Goal("one reader, ms after one more rating", refit_ms, 10.0, at_least=False),
        ),
        notes=(
            f"{size.readers:,} synthetic readers with about {size.liked} liked papers each of a "
            f"pool of {size.pool:,}; {size.candidates:,} candidates; {DIM} dimensions; "
            f"{size.landmarks:,} landmarks of the kernel.",
            "All products: besides the bare ones, liked papers x vectors, liked papers x "
            "candidates and, with the kernel, pool x landmarks x candidates and liked x kernel.",
            f"One reader: {day.liked} liked and {day.disliked} disliked papers, "
            f"{day.candidates:,} candidates, a reference of {day.reference:,}, words, kernel, "
            f"{day.coreaders:,} co-readers.",
            f"Medians of {rounds} rounds in which all take turns; of {REFITS} for one reader. The "
            "multiples are of seconds, in brackets of CPU seconds.",
        ),
    )


def compare(size: Size, rounds: int, names: Sequence[str] = PARTS) -> dict[str, Spent]:
    """Return what each of the named parts took in each round."""
    rng = np.random.default_rng(SEED)
    centres = topic_centres(rng)
    pool = papers(size.pool, 0, centres, rng)
    candidates = papers(size.candidates, size.pool, centres, rng)
    readers = readers_of(pool, size, rng)
    stream = topical_rows(size.landmarks, centres, rng)
    whitening = Whitening.of(Background.empty(DIM).add(candidates.vectors))
    works: Sequence[Work] = (
        lambda: bare_products(pool.vectors, candidates.vectors, size.readers),
        lambda: all_products(readers, candidates.vectors),
        lambda: rank_block(readers, candidates, whitening),
        lambda: all_products(readers, candidates.vectors, stream),
        lambda: rank_block(readers, candidates, whitening, landmarks=stream),
    )
    parts = dict(zip(PARTS, works, strict=True))
    return _timed({name: partial(_itself, parts[name]) for name in names}, rounds)


def _itself(work: Work) -> Work:
    return work


def _timed(parts: Mapping[str, Prepare], rounds: int) -> dict[str, Spent]:
    """Let parts take turns, after one round that does not count."""
    cpu_s: dict[str, list[float]] = {name: [] for name in parts}

    def watched(name: str) -> Work:
        work = parts[name]()

        def watch() -> None:
            start = time.process_time()
            work()
            cpu_s[name].append(time.process_time() - start)

        return watch

    watches: dict[str, Prepare] = {name: partial(watched, name) for name in parts}
    take_turns(watches, rounds=1)
    seconds = take_turns(watches, rounds)
    return {name: Spent(seconds[name], cpu_s[name][1:]) for name in parts}


def bare_products(pool: Matrix, candidates: Matrix, n_readers: int) -> None:
    """Do the two matrix products and nothing else."""
    columns = np.ascontiguousarray(candidates.T)  # (dim, n)
    _ = pool @ columns
    profiles = np.resize(pool, (1_024, DIM))
    for start in range(0, n_readers, 1_024):
        _ = profiles[: n_readers - start] @ columns


def all_products(readers: BlockReaders, candidates: Matrix, stream: Matrix | None = None) -> None:
    """Do every product in which the parts of the model consist, on two threads, and no more.

    Of the nearest liked papers this is the sum in place of the three largest: a product of the
    same shape.
    """
    pool, columns = readers.pool.vectors, np.ascontiguousarray(candidates.T)
    tables = [pool @ columns]  # (n_pool, n)
    if stream is not None:
        tables.append((pool @ stream.T) @ (stream @ columns))

    def multiply(start: int) -> None:
        liked = readers.liked[start : start + BLOCK]
        _ = (liked @ pool) @ columns
        for table in tables:
            _ = liked @ table

    with one_core(), ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(multiply, range(0, readers.liked.shape[0], BLOCK)))


def one_reader(day: Day, rounds: int) -> dict[str, Spent]:
    """Fit and rank for one reader: as their first ranking of a day, and after one more rating."""
    rng = np.random.default_rng(SEED)
    centres = topic_centres(rng)
    candidates = candidates_of(day, centres, rng)
    whitening = Whitening.of(Background.empty(DIM).add(candidates.pool.vectors))
    rated = with_words(papers(day.disliked + day.liked + rounds + 2, RATED, centres, rng), rng)
    disliked, liked = rated.take(np.arange(day.disliked)), np.arange(day.disliked, len(rated))
    today, further = candidates, iter(liked[day.liked :].tolist())

    def rank(rows: NDArray[np.int64]) -> None:
        interest = Interest("x", rated.take(rows), disliked)
        model = InterestModel().fit(interest, whitening)
        rank_day([model], today, rng=np.random.default_rng(SEED), whitening=whitening)

    def first() -> Work:
        # Somebody else has been served: what is made once a day is there, and no rated paper is.
        nonlocal today
        today = replace(candidates)
        rank(liked[-1:])
        return lambda: rank(liked[: day.liked])

    def again() -> Work:
        rank(liked[: day.liked])
        return lambda: rank(np.append(liked[1 : day.liked], next(further)))

    return _timed({ALONE[0]: first, ALONE[1]: again}, rounds)


def _ratio(spent: dict[str, Spent], name: str, to: str) -> float:
    return median_ratio(spent[name].seconds, spent[to].seconds)


def _row(name: str, readers: int, spent: dict[str, Spent], peak_mb: float) -> Row:
    usual = statistics.median(spent[name].seconds)
    every = PARTS[3] if name in PARTS[3:] else PARTS[1]
    return (
        name,
        f"{readers / usual:,.0f}",
        f"{usual:.2f}",
        f"{statistics.median(spent[name].cpu_s):.2f}",
        _multiples(spent, name, PARTS[0]),
        _multiples(spent, name, every),
        f"{peak_mb:.0f} MB",
    )


def _multiples(spent: dict[str, Spent], name: str, to: str) -> str:
    cpu = median_ratio(spent[name].cpu_s, spent[to].cpu_s)
    return f"{_ratio(spent, name, to):.2f} x ({cpu:.2f})"


def _row_alone(name: str, spent: Spent) -> Row:
    usual, cpu = statistics.median(spent.seconds), statistics.median(spent.cpu_s)
    return (name, f"{1 / usual:,.0f}", f"{usual:.4f}", f"{cpu:.4f}", "", "", "")
