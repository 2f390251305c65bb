"""The values that ranking works on: papers as rows, a reader's interest, the day's candidates.

Holds and checks shapes; computes nothing but what follows from the fields alone.
"""

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, vstack

from recommender.background import Whitening
from recommender.compared import Compared
from recommender.errors import ModelMismatchError
from recommender.kernel import KernelView
from recommender.lexical import Sparse
from recommender.phrases import fold_name, fold_text, has_phrase
from recommender.text import normalised_title
from recommender.uncertainty import Prior
from recommender.vectors import Matrix

if TYPE_CHECKING:
    from recommender.coreaders import Lent

__all__ = ["TITLE_END", "TWIN_COSINE", "Candidates", "Interest", "Mutes", "PaperFacts", "Papers"]

TWIN_COSINE = 0.95
"""Above this two papers say the same."""
TITLE_END = " \n "
"""Stands between title and abstract in a folded text, where no phrase can cross it."""
MAX_PHRASES = 4_096
"""Phrases whose papers a day remembers: 8 MB for 2,000 papers."""


@dataclass(frozen=True, eq=False)
class Papers:
    """Papers as rows of numbers, all by one model and one lexicon."""

    keys: NDArray[np.int64]
    """The caller's own numbers for the papers, (n,)."""
    vectors: Matrix
    """Embeddings, float32 (n, dim), unit length; a row of NaN where a paper has none."""
    words: Sparse
    """Lexical rows, csr float32 (n, n_terms), unit length; no columns where none are wanted."""

    def __post_init__(self) -> None:
        n = len(self.keys)
        if self.vectors.ndim != 2 or len(self.vectors) != n or self.words.shape[0] != n:
            raise ValueError(
                f"{n} keys, vectors {self.vectors.shape} and words {self.words.shape} "
                "must have one row per paper"
            )

    @classmethod
    def none(cls, dim: int, n_terms: int = 0) -> "Papers":
        """Return no papers, of the given widths."""
        return cls(
            np.empty(0, dtype=np.int64),
            np.empty((0, dim), dtype=np.float32),
            csr_array((0, n_terms), dtype=np.float32),
        )

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def dim(self) -> int:
        """Dimensions of the vectors."""
        return int(self.vectors.shape[1])

    @property
    def n_terms(self) -> int:
        """Columns of the lexical rows."""
        return int(self.words.shape[1])

    @functools.cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which papers (n,) have a usable vector: finite and not zero."""
        usable = np.isfinite(self.vectors).all(axis=1) & self.vectors.any(axis=1)
        return np.asarray(usable, dtype=np.bool_)

    @functools.cached_property
    def solid(self) -> Matrix:
        """Vectors (n, dim) with zeros where unknown: safe to multiply, never to believe."""
        if self.known.all():
            return self.vectors
        return np.where(self.known[:, None], self.vectors, np.float32(0))

    def take(self, rows: ArrayLike) -> "Papers":
        """Return the papers of these rows, or where this mask (n,) is true, in that order."""
        index = np.asarray(rows)
        if index.dtype == np.bool_:
            if index.all():
                return self
            index = np.flatnonzero(index)
        index = index.astype(np.int64)
        return Papers(self.keys[index], self.vectors[index], self.words[index])

    def followed_by(self, other: "Papers") -> "Papers":
        """Return these papers and then the others.

        Raises:
            ModelMismatchError: they come from different models or lexicons.
        """
        if (self.dim, self.n_terms) != (other.dim, other.n_terms):
            raise ModelMismatchError(
                f"{self.dim} dimensions and {self.n_terms} terms",
                f"{other.dim} dimensions and {other.n_terms} terms",
            )
        return Papers(
            np.concatenate([self.keys, other.keys]),
            np.concatenate([self.vectors, other.vectors]),
            csr_array(vstack([self.words, other.words], format="csr")),
        )


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What is printed of a paper, for mutes, keywords, authors and reasons."""

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mutes:
    """What a reader never wants to see; absolute, whatever the score."""

    words: tuple[str, ...] = ()
    """Whole words or phrases, in title or abstract, in any case."""
    authors: tuple[str, ...] = ()
    """Full names, in any case, with or without accents, either name first."""
    categories: tuple[str, ...] = ()
    """Codes such as `cs.CL`, or a whole archive: `cs`; cross-lists count."""


@dataclass(frozen=True, slots=True, eq=False)
class Interest:
    """One of a reader's interests: what they said and what they rated."""

    name: str
    liked: Papers
    disliked: Papers
    prose: str = field(default="", kw_only=True)
    """A sentence in the reader's words."""
    keywords: tuple[str, ...] = field(default=(), kw_only=True)
    prose_vector: Matrix | None = field(default=None, kw_only=True)
    """Embedding (dim,) of `recommender.text.prose_text(prose, keywords)`."""
    prose_words: Sparse | None = field(default=None, kw_only=True)
    """Lexical row of the same text, csr float32 (1, n_terms)."""
    followed_authors: tuple[str, ...] = field(default=(), kw_only=True)
    mutes: Mutes = field(default=Mutes(), kw_only=True)
    threshold: float = field(default=25.0, kw_only=True)
    """Score from 0 to 100 that a paper needs."""
    quota: int = field(default=10, kw_only=True)
    """Most papers a day."""
    reader: int = field(default=-1, kw_only=True)
    """The caller's own number for the reader, so that nobody lends to themselves; -1 for none."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """The papers of a day, in any order, and what scores are measured against."""

    papers: Papers
    facts: tuple[PaperFacts, ...]
    """One per paper."""
    reference: Papers | None = None
    """Papers of the recent stream (500 to 3,000) that are not up for selection: with the day's own
    they give the mean and spread of every score, so that a small day gets sensible scores too."""
    trending: NDArray[np.float64] | None = None
    """Trending percentile 0 to 100 of every paper (n,); NaN where nothing is known."""
    kernel: KernelView | None = None
    """The papers of `pool` as its columns; None where too little is known of the stream."""
    lent: "Lent | None" = None
    """What co-readers make of the papers of `pool`; None where they are too few."""

    def __post_init__(self) -> None:
        n = len(self.papers)
        if len(self.facts) != n or (self.trending is not None and self.trending.shape != (n,)):
            raise ValueError(f"{n} candidates need {n} facts and trending percentiles")
        n_pool = n if self.reference is None else n + len(self.reference)
        seen = [len(self.kernel.columns)] if self.kernel is not None else []
        seen += [self.lent.scores.shape[1]] if self.lent is not None else []
        if set(seen) - {n_pool}:
            raise ValueError(f"a kernel of {seen[0]} papers does not fit a day of {n_pool}")

    def __len__(self) -> int:
        return len(self.papers)

    @functools.cached_property
    def pool(self) -> Papers:
        """The candidates and after them the reference."""
        return self.papers if self.reference is None else self.papers.followed_by(self.reference)

    @functools.cached_property
    def compared(self) -> Compared:
        """How alike rated papers and those of `pool` are."""
        return Compared(self.pool, self.kernel)

    @functools.cached_property
    def _directions(self) -> dict[Whitening, Matrix]:
        return {}

    def directions(self, whitening: Whitening) -> Matrix:
        """Return the candidates (n, dim) as `recommender.uncertainty.Prior.directions` does."""
        if whitening not in self._directions:
            # A day has one; another one takes its place.
            self._directions.clear()
            self._directions[whitening] = Prior.of(whitening).directions(self.papers.vectors)
        return self._directions[whitening]

    @functools.cached_property
    def have_abstracts(self) -> bool:
        """Whether most of them have an abstract, not only a title."""
        return 2 * sum(bool(fact.abstract.strip()) for fact in self.facts) > len(self.facts)

    @functools.cached_property
    def folded_texts(self) -> tuple[str, ...]:
        """Title and abstract of every paper, folded for matching phrases."""
        return tuple(f"{fold_text(f.title)}{TITLE_END}{fold_text(f.abstract)}" for f in self.facts)

    @functools.cached_property
    def _found(self) -> dict[tuple[str, bool], NDArray[np.bool_]]:
        return {}

    def having(self, phrase: str, *, plural: bool = False) -> NDArray[np.bool_]:
        """Tell which candidates (n,) have a phrase, as `recommender.phrases.has_phrase` does.

        Remembered: a reader who rates a paper has the same keywords and mutes as before.
        """
        asked = (phrase, plural)
        if asked not in self._found:
            if len(self._found) >= MAX_PHRASES:
                self._found.clear()
            self._found[asked] = has_phrase(self.folded_texts, phrase, plural=plural)
        return self._found[asked].copy()

    @functools.cached_property
    def twins(self) -> NDArray[np.int64]:
        """Pairs of rows (n_pairs, 2) that are one paper to a reader.

        Nearly the same vector, or the same title but for case and punctuation.
        """
        vectors = self.papers.solid
        pairs = np.argwhere(np.triu(vectors @ vectors.T > TWIN_COSINE, k=1))
        first: dict[str, int] = {}
        for row, fact in enumerate(self.facts):
            title = normalised_title(fact.title)
            if title and first.setdefault(title, row) != row:
                pairs = np.vstack([pairs, [first[title], row]])
        return pairs.astype(np.int64)

    @functools.cached_property
    def folded_authors(self) -> tuple[frozenset[str], ...]:
        """Authors of every paper, folded for matching names."""
        return tuple(frozenset(map(fold_name, f.authors)) for f in self.facts)
