"""Small worlds that tests of ranking share: random papers and readers, and days with a kernel."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from recommender.coreaders import CoReaders
from recommender.kernel import KernelView
from recommender.lexical import Sparse
from recommender.papers import Candidates, PaperFacts, Papers
from recommender.testing import TopicCorpus
from recommender.vectors import Matrix, unit_rows

DIM = 16
N_READERS = 120
"""Enough to lend."""


def random_papers(n: int, first_key: int, seed: int, *, words: bool = True) -> Papers:
    """Return random papers, with sparse random words or without any."""
    rng = np.random.default_rng(seed)
    vectors = unit_rows(rng.standard_normal((n, DIM)))
    width = 12 if words else 0
    counts = rng.random((n, width)) * (rng.random((n, width)) < 0.4)
    rows = np.nan_to_num(unit_rows(counts)) if words else counts.astype(np.float32)
    return Papers(np.arange(first_key, first_key + n), vectors, csr_array(rows))


def without_words(vectors: Matrix, first_key: int = 0) -> Papers:
    """Return papers of these vectors and no words."""
    n = len(vectors)
    return Papers(np.arange(first_key, first_key + n), vectors, csr_array((n, 0), dtype=np.float32))


def facts_of(n: int, *, abstracts: bool = True) -> tuple[PaperFacts, ...]:
    """Return facts of papers with abstracts, or with titles only."""
    return tuple(PaperFacts(f"Paper {row}", "An abstract." * abstracts) for row in range(n))


def ratings_of(sizes: Sequence[int], n_pool: int, seed: int) -> Sparse:
    """Return a reader for each size, who rated so many random papers."""
    rng = np.random.default_rng(seed)
    table = np.zeros((len(sizes), n_pool), dtype=np.float32)
    for row, size in zip(table, sizes, strict=True):
        row[rng.choice(n_pool, size=size, replace=False)] = 1
    return csr_array(table)


def lenders(pool: Papers, seed: int, *, most: int = 8) -> CoReaders:
    """Return co-readers who like random papers, two of the pool at least."""
    sizes = np.random.default_rng(seed).integers(2, most + 1, size=N_READERS).tolist()
    found = CoReaders.of(ratings_of(sizes, len(pool), seed), pool)
    assert found is not None
    return found


def topical_lenders(corpus: TopicCorpus) -> CoReaders:
    """Return co-readers who each like five of the first twenty papers of one topic."""
    rng = np.random.default_rng(3)
    table = np.zeros((N_READERS, len(corpus.papers)), dtype=np.float32)
    for number, row in enumerate(table):
        topic = corpus.rows(("parsing", "coding")[number % 2])[:20]
        row[rng.choice(topic, size=5, replace=False)] = 1
    found = CoReaders.of(csr_array(table), corpus.papers)
    assert found is not None
    return found


def seen_through(
    candidates: Candidates, landmarks: Matrix, coreaders: CoReaders | None
) -> Candidates:
    """Return the candidates with a kernel and with what co-readers lend, as on a real day."""
    view = KernelView.of(landmarks, candidates.pool.solid)
    lent = None if coreaders is None else coreaders.lend(view)
    return replace(candidates, kernel=view, lent=lent)


def seen_day(corpus: TopicCorpus, candidates: Candidates) -> Candidates:
    """Return candidates of a topic corpus with everything that a day can have."""
    return seen_through(candidates, broad_stream(corpus.papers.dim), topical_lenders(corpus))


def broad_stream(dim: int) -> Matrix:
    """Return landmarks of a stream without topics, which takes no topic out as what all share."""
    return unit_rows(np.random.default_rng(11).standard_normal((200, dim)))
