"""Fit and rank for many readers, as a multiple of the bare matrix products that this contains.

Vectors are synthetic unit vectors around shared topics, seed 1; what is timed does not depend on
them. The bare products are the two that the work contains, on the same arrays and with the same
threads: pool x candidates once, readers x candidates in the same blocks. Lexical parts are left
out: they have no dense product to be compared with.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from benchmarks.measure import Work, in_own_process, median_ratio, take_turns
from benchmarks.report import Goal, Report, Row
from recommender.background import Background, Whitening
from recommender.blocks import BLOCK, BlockReaders, rank_block
from recommender.papers import Papers
from recommender.vectors import Matrix, unit_rows

__all__ = ["Size", "bare_products", "compare", "papers", "readers_of", "run"]

DIM = 384
TOPICS = 100
SEED = 1
ROUNDS = 7

Seconds = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each there are."""

    readers: int = 10_000
    liked: int = 20
    """By one reader, on average."""
    pool: int = 20_000
    """Different papers that readers liked."""
    candidates: int = 1_500


def run(size: Size | None = None, rounds: int = ROUNDS) -> Report:
    """Let both take turns in one process, and each once in a process of its own for its memory."""
    size = size or Size()
    seconds = in_own_process(compare, size, rounds).value
    peaks = {
        name: in_own_process(compare, size, 0, (name,)).peak_mb for name in ("bare", "ranking")
    }
    ratio = median_ratio(seconds["ranking"], seconds["bare"])
    return Report(
        title="Ranking: readers per second",
        columns=("part", "readers/s", "seconds", "ratio", "peak memory"),
        rows=(
            _row("bare matrix products", size, seconds["bare"], 1.0, peaks["bare"]),
            _row("fit and rank", size, seconds["ranking"], ratio, peaks["ranking"]),
        ),
        goals=(Goal("multiple of the bare products' time", ratio, 3.0, at_least=False),),
        notes=(
            f"{size.readers:,} synthetic readers with about {size.liked} liked papers each of a "
            f"pool of {size.pool:,}; {size.candidates:,} candidates; {DIM} dimensions.",
            f"The median of {rounds} rounds in which both take turns.",
        ),
    )


def compare(size: Size, rounds: int, names: Sequence[str] = ("bare", "ranking")) -> Seconds:
    """Return the seconds of each round for each of the named parts."""
    rng = np.random.default_rng(SEED)
    centres = unit_rows(rng.standard_normal((TOPICS, DIM)))
    pool = papers(size.pool, 0, centres, rng)
    candidates = papers(size.candidates, size.pool, centres, rng)
    readers = readers_of(pool, size, rng)
    whitening = Whitening.of(Background.empty(DIM).add(candidates.vectors))
    works: dict[str, Work] = {
        "bare": lambda: bare_products(pool.vectors, candidates.vectors, size.readers),
        "ranking": lambda: rank_block(readers, candidates, whitening),
    }
    parts = {name: lambda name=name: works[name] for name in names}
    take_turns(parts, rounds=1)
    return take_turns(parts, rounds)


def topical_rows(n: int, centres: Matrix, rng: np.random.Generator) -> Matrix:
    """Return unit rows (n, dim) scattered around random ones of the centres."""
    noise = rng.standard_normal((n, centres.shape[1]), dtype=np.float32) / np.sqrt(DIM)
    return unit_rows(centres[rng.integers(len(centres), size=n)] + 1.5 * noise)


def papers(n: int, first_key: int, centres: Matrix, rng: np.random.Generator) -> Papers:
    """Return synthetic papers without words."""
    keys = np.arange(first_key, first_key + n)
    return Papers(keys, topical_rows(n, centres, rng), csr_array((n, 0), dtype=np.float32))


def readers_of(pool: Papers, size: Size, rng: np.random.Generator) -> BlockReaders:
    """Return readers who like random papers, from half to one and a half of the usual number."""
    least, most = max(size.liked // 2, 1), size.liked + size.liked // 2
    counts = rng.integers(least, most + 1, size=size.readers)
    rows = rng.integers(len(pool), size=int(counts.sum()))
    indptr = np.concatenate([[0], np.cumsum(counts)])
    ones = np.ones(len(rows), dtype=np.float32)
    return BlockReaders(pool, csr_array((ones, rows, indptr), shape=(size.readers, len(pool))))


def bare_products(pool: Matrix, candidates: Matrix, n_readers: int) -> None:
    """Do the two matrix products and nothing else."""
    columns = np.ascontiguousarray(candidates.T)  # (dim, n)
    _ = pool @ columns
    profiles = np.resize(pool, (BLOCK, DIM))
    for start in range(0, n_readers, BLOCK):
        _ = profiles[: n_readers - start] @ columns


def _row(label: str, size: Size, seconds: Sequence[float], ratio: float, peak_mb: float) -> Row:
    usual = statistics.median(seconds)
    return (
        label,
        f"{size.readers / usual:,.0f}",
        f"{usual:.2f}",
        f"{ratio:.2f} x",
        f"{peak_mb:.0f} MB",
    )
