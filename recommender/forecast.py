"""Which of today's papers will be talked about: learned from papers of past days, never later ones.

A ridge logistic regression on the words, the form and the categories of a paper as it was
announced. It learns whether a paper was listed on the Hugging Face daily page; authors count by
number only. Knows no reader, and does not choose which papers it may learn from: whoever calls
`fit` leaves out those whose fate is not settled.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, hstack

from recommender.errors import BlobError
from recommender.lexical import Sparse, tokens
from recommender.paper_form import FORM, Announcement, form_rows
from recommender.text import paper_text

__all__ = ["MIN_LISTED", "SETTLED_DAYS", "Announcement", "Forecast"]

Column = NDArray[np.float64]
Rows = NDArray[np.float64]

SETTLED_DAYS = 7
"""After so many days a paper's fate is taken as known: 96 % of the papers that are ever listed on
the daily page are listed by then (3,849 papers announced from March 2025 to May 2026)."""
MIN_LISTED = 50
"""Listed papers to learn from; with 60 of them the following month's AUC was .86."""

MIN_TEXTS = 10
"""Texts that must share a word, or papers a category, before it counts."""
FORM_SCALE = 0.15
CATEGORY_SCALE = 0.5
STRENGTH = 0.7
"""How far form and categories count beside words, and the inverse of the ridge (scikit-learn's C).
Halving or doubling any of them moves the AUC of no month by more than .01."""
MAX_ITERATIONS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """What was learned; the same papers give the same forecast, in any order."""

    words: tuple[str, ...]
    """Ascending."""
    idf: Column
    """Of each word (n_words,)."""
    categories: tuple[str, ...]
    """Each as such, and with a star in front as the primary one; ascending."""
    centre: Column
    """Mean of each measure of form (n_form,)."""
    spread: Column
    """Standard deviation of each (n_form,); 1 for a measure that never varied."""
    weights: Column
    """Of the words, the form and the categories (n_words + n_form + n_categories,)."""
    bias: float
    n_papers: int
    """How many papers it has learned from."""
    n_listed: int
    """How many of them were listed."""

    @classmethod
    def fit(cls, papers: Sequence[Announcement], listed: ArrayLike) -> Self | None:
        """Learn from papers whose fate is settled.

        Takes about ten seconds for 40,000 papers, most of it to read their words.

        Args:
            papers: announced at least `SETTLED_DAYS` ago, in any order.
            listed: whether each was listed (n_papers,).

        Returns:
            None when less than `MIN_LISTED` were listed, or as few were not.

        Raises:
            ValueError: papers and labels differ in number.
        """
        known = np.asarray(listed, dtype=bool)
        if known.shape != (len(papers),):
            raise ValueError(f"{len(papers)} papers have labels of the shape {known.shape}")
        n_listed = int(known.sum())
        if min(n_listed, len(papers) - n_listed) < MIN_LISTED:
            return None
        # Only this function needs it, and importing it takes a second.
        from sklearn.linear_model import LogisticRegression

        blank, form, texts = _untaught(papers)
        model = LogisticRegression(C=STRENGTH, max_iter=MAX_ITERATIONS)
        model.fit(blank._rows(papers, form, texts), known)
        return cls(
            words=blank.words,
            idf=blank.idf,
            categories=blank.categories,
            centre=blank.centre,
            spread=blank.spread,
            weights=np.asarray(model.coef_[0], dtype=np.float64),
            bias=float(model.intercept_[0]),
            n_papers=len(papers),
            n_listed=n_listed,
        )

    def points(self, papers: Sequence[Announcement]) -> Column:
        """Return how likely each paper is to be listed, as log odds (n_papers,).

        Only their order means anything: the share of listed papers that it was taught with may be
        higher than the stream's.
        """
        rows = self._rows(papers, form_rows(papers), [_tokens(paper) for paper in papers])
        points: Column = rows @ self.weights + self.bias
        return points

    def _rows(
        self, papers: Sequence[Announcement], form: Rows, texts: Sequence[Sequence[str]]
    ) -> Sparse:
        """Return what is weighed of each paper: csr float64 (n_papers, n_weights)."""
        # A number far beyond all that were seen is no stronger evidence than the largest of them.
        form = np.clip((form - self.centre) / self.spread, -5.0, 5.0) * FORM_SCALE
        named = _counts([_filed(paper) for paper in papers], self.categories) * CATEGORY_SCALE
        words = _weighed(_counts(texts, self.words), self.idf)
        return csr_array(hstack([words, csr_array(form), named], format="csr"))

    def to_bytes(self) -> bytes:
        """Return the forecast as a compressed numpy archive, some 200 KB."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            form=_packed(FORM),
            words=_packed(self.words),
            idf=self.idf,
            categories=_packed(self.categories),
            centre=self.centre,
            spread=self.spread,
            weights=self.weights,
            bias=self.bias,
            counts=np.array([self.n_papers, self.n_listed]),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Self:
        """Return the forecast that `to_bytes` wrote.

        Raises:
            BlobError: the bytes are something else, or were written when papers were measured by
                another form.
        """
        try:
            with np.load(io.BytesIO(blob), allow_pickle=False) as kept:
                if _unpacked(kept["form"]) != FORM:
                    raise ValueError("another form")
                n_papers, n_listed = (int(count) for count in kept["counts"])
                return cls(
                    words=_unpacked(kept["words"]),
                    idf=kept["idf"],
                    categories=_unpacked(kept["categories"]),
                    centre=kept["centre"],
                    spread=kept["spread"],
                    weights=kept["weights"],
                    bias=float(kept["bias"]),
                    n_papers=n_papers,
                    n_listed=n_listed,
                )
        except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
            raise BlobError("forecast", len(blob)) from error


def _untaught(papers: Sequence[Announcement]) -> tuple[Forecast, Rows, list[list[str]]]:
    """Return a forecast that knows its columns but weighs nothing yet; the papers' form and words.

    Reading 40,000 papers is most of the time of learning, so it is done once.
    """
    texts = [_tokens(paper) for paper in papers]
    words, frequency = _shared(texts)
    categories, _ = _shared([_filed(paper) for paper in papers])
    form = form_rows(papers)
    spread = form.std(axis=0)
    columns = len(words) + form.shape[1] + len(categories)
    blank = Forecast(
        words=words,
        idf=1.0 + np.log((1.0 + len(papers)) / (1.0 + frequency)),
        categories=categories,
        centre=form.mean(axis=0),
        spread=np.where(spread > 1e-9, spread, 1.0),
        weights=np.zeros(columns),
        bias=0.0,
        n_papers=0,
        n_listed=0,
    )
    return blank, form, texts


def _tokens(paper: Announcement) -> list[str]:
    return tokens(paper_text(paper.title, paper.abstract))


def _filed(paper: Announcement) -> list[str]:
    """Return the categories, and the primary one a second time with a star."""
    return [f"*{paper.categories[0]}", *dict.fromkeys(paper.categories)] if paper.categories else []


def _shared(texts: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], Column]:
    """Return what at least `MIN_TEXTS` of the texts have, ascending, and how many have it."""
    frequency = Counter(chain.from_iterable(set(text) for text in texts))
    kept = sorted(term for term, n in frequency.items() if n >= MIN_TEXTS)
    return tuple(kept), np.array([frequency[term] for term in kept], dtype=np.float64)


def _counts(texts: Sequence[Sequence[str]], terms: Sequence[str]) -> Sparse:
    """Return how often each text has each term, csr float64 (n_texts, n_terms)."""
    column = {term: number for number, term in enumerate(terms)}
    found = [[column[term] for term in text if term in column] for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in found])])
    indices = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=int(indptr[-1]))
    shape = (len(texts), len(terms))
    counts = csr_array((np.ones(len(indices)), indices, indptr), shape=shape)
    counts.sum_duplicates()
    return counts


def _weighed(counts: Sparse, idf: Column) -> Sparse:
    """Turn counts into unit rows of sublinear TF-IDF; a text without a known word stays empty."""
    weights = (1.0 + np.log(counts.data)) * idf[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(row, weights=weights**2, minlength=counts.shape[0])
    weights = weights / np.sqrt(squares)[row]
    return csr_array((weights, counts.indices, counts.indptr), shape=counts.shape)


def _packed(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> tuple[str, ...]:
    text = packed.tobytes().decode()
    return tuple(text.split("\n")) if text else ()
