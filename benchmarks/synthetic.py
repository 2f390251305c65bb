"""Synthetic papers, readers and days for measuring speed.

What is timed does not depend on what they say; their sizes are those of real ones.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from recommender.blocks import BlockReaders
from recommender.coreaders import CoReaders
from recommender.kernel import LANDMARKS, KernelView
from recommender.papers import Candidates, PaperFacts, Papers
from recommender.vectors import Matrix, unit_rows

__all__ = [
    "DIM",
    "RATED",
    "Day",
    "Size",
    "candidates_of",
    "papers",
    "readers_of",
    "topic_centres",
    "topical_rows",
    "with_words",
]

DIM = 384
TOPICS = 100
TERMS = 45_000
TERMS_OF_A_PAPER = 140
"""As 3,000 papers with abstracts have."""
RATED = 1_000_000
"""Key of the first paper that somebody rated."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each there are."""

    readers: int = 100_000
    liked: int = 50
    """By one reader, on average."""
    pool: int = 20_000
    """Different papers that readers liked."""
    candidates: int = 1_500
    landmarks: int = LANDMARKS


@dataclass(frozen=True, slots=True)
class Day:
    """How large the day of one reader is."""

    candidates: int = 2_000
    reference: int = 1_000
    liked: int = 50
    disliked: int = 10
    landmarks: int = LANDMARKS
    coreaders: int = 1_000


def topic_centres(rng: np.random.Generator) -> Matrix:
    """Return unit rows in random directions, one a topic."""
    return unit_rows(rng.standard_normal((TOPICS, DIM)))


def topical_rows(n: int, centres: Matrix, rng: np.random.Generator) -> Matrix:
    """Return unit rows (n, dim) scattered around random ones of the centres."""
    noise = rng.standard_normal((n, centres.shape[1]), dtype=np.float32) / np.sqrt(DIM)
    return unit_rows(centres[rng.integers(len(centres), size=n)] + 1.5 * noise)


def papers(n: int, first_key: int, centres: Matrix, rng: np.random.Generator) -> Papers:
    """Return synthetic papers without words."""
    keys = np.arange(first_key, first_key + n)
    return Papers(keys, topical_rows(n, centres, rng), csr_array((n, 0), dtype=np.float32))


def with_words(plain: Papers, rng: np.random.Generator) -> Papers:
    """Return papers with synthetic words, a few of which are in most papers and most in few."""
    n = len(plain)
    terms = (TERMS ** rng.random(n * TERMS_OF_A_PAPER)).astype(np.int64) - 1
    paper = np.repeat(np.arange(n), TERMS_OF_A_PAPER)
    ones = np.ones(len(terms), dtype=np.float32)
    counts = csr_array((ones, (paper, terms)), shape=(n, TERMS))
    rarity = np.log1p(n / np.maximum(np.bincount(terms, minlength=TERMS), 1)).astype(np.float32)
    words = counts @ diags_array(rarity)
    length = np.sqrt(words.multiply(words).sum(axis=1)).astype(np.float32)
    return Papers(plain.keys, plain.vectors, csr_array(diags_array(1 / length) @ words))


def readers_of(pool: Papers, size: Size, rng: np.random.Generator) -> BlockReaders:
    """Return readers who like random papers, from half to one and a half of the usual number."""
    least, most = max(size.liked // 2, 1), size.liked + size.liked // 2
    counts = rng.integers(least, most + 1, size=size.readers)
    rows = rng.integers(len(pool), size=int(counts.sum()))
    indptr = np.concatenate([[0], np.cumsum(counts)])
    ones = np.ones(len(rows), dtype=np.float32)
    return BlockReaders(pool, csr_array((ones, rows, indptr), shape=(size.readers, len(pool))))


def candidates_of(day: Day, centres: Matrix, rng: np.random.Generator) -> Candidates:
    """Return a synthetic day with everything that a day can have."""
    n = day.candidates + day.reference
    pool = with_words(papers(n, 0, centres, rng), rng)
    rows = np.arange(n)
    stream = topical_rows(day.landmarks, centres, rng)
    kernel = KernelView.of(stream, pool.vectors)
    read = papers(5 * day.coreaders, RATED, centres, rng)
    size = Size(readers=day.coreaders, liked=40)
    coreaders = CoReaders.of(readers_of(read, size, rng).liked, read)
    return Candidates(
        pool.take(rows[: day.candidates]),
        tuple(PaperFacts(f"Paper {row}", "An abstract.") for row in range(day.candidates)),
        pool.take(rows[day.candidates :]),
        kernel=kernel,
        lent=None if coreaders is None else coreaders.lend(kernel),
    )
