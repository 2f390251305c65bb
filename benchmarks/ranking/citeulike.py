"""CiteULike-a in Heater's public split: titles that no reader in training has touched.

Readers and what they kept come from `train.csv.gz` and `validation.csv.gz`; the test pairs of the
split are not here, and are for others to score. Nobody noted when a paper was kept: the numbers of
the papers, which grew with CiteULike, stand for their age.
"""

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from benchmarks.ranking.corpora import Corpus, Embed, MissingDataError, corpus_of, read_titles
from benchmarks.ranking.tasks import Rows, Slate, Task, relevant_csr
from recommender.lexical import Sparse

__all__ = ["SIZES", "citeulike_tasks", "held_out"]

TRAIN = "ranking/citeulike/train.csv.gz"
VALIDATION = "ranking/citeulike/validation.csv.gz"

SIZES = (1, 3, 5, 10, 20)
"""Liked papers of a small profile, fewer for readers who have no more."""
HELD_OUT_SHARE = 1 / 3
SEED = 20
DRAWS = 3
"""Small profiles drawn of each reader's papers; the larger ones hold the smaller."""


def citeulike_tasks(data: Path, embed: Embed) -> dict[str, Task]:
    """Return the task of all readers, `citeulike`, and of small profiles: `citeulike-1` and so on.

    Raises:
        MissingDataError: the corpus is not there.
    """
    train, wanted = _pairs(data / TRAIN), _pairs(data / VALIDATION)
    papers = np.union1d(train[:, 1], wanted[:, 1])
    titles = read_titles(data)
    corpus = corpus_of("citeulike", (titles[paper] for paper in papers), embed)
    split = _Split(corpus, _on_rows(train, papers), _on_rows(wanted, papers))
    tasks = {"citeulike": split.whole()}
    return tasks | {f"citeulike-{size}": split.small(size) for size in SIZES}


def held_out(readers: Rows) -> Rows:
    """Draw the third of the readers that is left out of all training, ascending."""
    drawn = np.random.default_rng(SEED).permutation(readers)
    return np.sort(drawn[: round(HELD_OUT_SHARE * len(readers))])


class _Split:
    """The pairs of both parts as (reader, row of the corpus)."""

    def __init__(self, corpus: Corpus, train: Rows, wanted: Rows) -> None:
        self.corpus, self.liked, self.wanted = corpus, _by_reader(train), _by_reader(wanted)
        self.train, self.known = train, np.unique(train[:, 1])
        self.slate = Slate("validation", corpus, np.unique(wanted[:, 1]), self.known)
        self.readers = np.intersect1d(train[:, 0], wanted[:, 0])

    def whole(self) -> Task:
        """Return the task of everybody with a pair in both parts."""
        told = f"CiteULike, titles only: {len(self.readers):,} readers, whole profiles"
        profiles = [self.liked[reader] for reader in self.readers.tolist()]
        return self._task("citeulike", told, self.readers, profiles, self._pool(self.train))

    def small(self, size: int) -> Task:
        """Return the task of readers left out of all training, with few papers each."""
        readers = held_out(self.readers)
        told = (
            f"CiteULike, titles only: {len(readers):,} readers left out of all training, at "
            f"most {size} liked, {DRAWS} draws each"
        )
        profiles = [
            np.sort(np.random.default_rng((SEED, reader, draw)).permutation(liked)[:size])
            for reader in readers.tolist()
            for liked in [self.liked[reader]]
            for draw in range(DRAWS)
        ]
        others = self.train[~np.isin(self.train[:, 0], readers)]
        each = np.repeat(readers, DRAWS)
        return self._task(f"citeulike-{size}", told, each, profiles, self._pool(others))

    def _task(
        self, name: str, told: str, readers: Rows, profiles: Sequence[Rows], others: Sparse
    ) -> Task:
        candidates = self.slate.candidates
        wanted = [np.searchsorted(candidates, self.wanted[r]) for r in readers.tolist()]
        return Task(
            name=name,
            told=f"{told}; {len(candidates):,} candidates",
            corpus=self.corpus,
            slates=(self.slate,),
            profiles=tuple(profiles),
            slate=np.zeros(len(readers), dtype=np.int64),
            readers=tuple(map(str, readers.tolist())),
            relevant=relevant_csr(wanted, len(candidates)),
            background=self.known,
            others=others,
        )

    def _pool(self, pairs: Rows) -> Sparse:
        readers, row = np.unique(pairs[:, 0], return_inverse=True)
        ones = np.ones(len(pairs), dtype=np.float32)
        return csr_array((ones, (row, pairs[:, 1])), shape=(len(readers), len(self.corpus)))


def _pairs(path: Path) -> Rows:
    """Return the pairs (n, 2) of reader and paper of a file."""
    if not path.exists():
        raise MissingDataError(path)
    with gzip.open(path, "rt", encoding="ascii") as file:
        pairs = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2)
    return np.unique(pairs, axis=0)


def _on_rows(pairs: Rows, papers: Rows) -> Rows:
    return np.column_stack([pairs[:, 0], np.searchsorted(papers, pairs[:, 1])])


def _by_reader(pairs: Rows) -> dict[int, Rows]:
    readers, starts = np.unique(pairs[:, 0], return_index=True)
    return dict(zip(readers.tolist(), np.split(pairs[:, 1], starts[1:]), strict=True))
