"""What a reader's ratings and words say about papers nobody has rated yet.

An `InterestModel` learns one interest and scores candidates; it neither orders nor filters them.
Scores come in parts that add up, in units of the spread that scores have over the recent stream.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.background import Whitening
from recommender.errors import ModelMismatchError, NotFittedError
from recommender.lexical import Sparse
from recommender.papers import Candidates, Interest, Papers
from recommender.parts import Floats, regularisation, share, standardise, top_mean
from recommender.phrases import has_author
from recommender.prose import fused, keyword_strength
from recommender.vectors import Matrix

__all__ = ["TITLES_ONLY", "InterestConfig", "InterestModel", "Scores", "match_percent"]

Column = NDArray[np.float64]

PERCENT_MIDPOINT = 3.1
PERCENT_BEND = 3.0
"""Prior of the shown score: 4 at the mean of the stream, 23 at two standard deviations above it, 39
at three, 68 at five, 93 at ten. The best papers of a focused interest stand at eight to fifteen, so
totals are bent beyond `PERCENT_BEND`. Calibration on ratings is to replace it."""


def match_percent(total: ArrayLike) -> Column:
    """Return the score shown, 0 to 100, of totals in standard deviations.

    It is `100 / (1 + exp(3.1 - 3 asinh(total / 3)))`; NaN stays NaN.
    """
    bent = PERCENT_BEND * np.arcsinh(np.asarray(total, dtype=np.float64) / PERCENT_BEND)
    percent: Column = 100.0 / (1.0 + np.exp(PERCENT_MIDPOINT - bent))
    return percent


@dataclass(frozen=True, slots=True)
class InterestConfig:
    """Weights of the parts; the defaults are for titles with abstracts."""

    nearest_weight: float = 0.5
    """Of the mean cosine to the three nearest liked papers; the centroid's weight is one."""
    words_weight: float = 1.0
    """Of the lexical cosine to the liked papers' centroid."""
    nearest_words_weight: float = 0.5
    """Of the mean lexical cosine to the three liked papers nearest by words."""
    dislike_weight: float = 0.3
    """Share of the disliked papers' mean that is taken off a profile."""
    prose_papers: float = 3.0
    """Liked papers that weigh as much as the reader's own sentence: k in `k / (k + n)`."""
    follow_bonus: float = 8.0
    """Standard deviations added for a followed author: above all but the rarest match."""


TITLES_ONLY = InterestConfig(words_weight=0.1, nearest_words_weight=0.0)
"""Where papers have no abstracts, words tell little."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One interest's view of the candidates."""

    total: Column
    """Standard deviations above the stream's mean (n,); NaN where a paper cannot be judged."""
    parts: Mapping[str, Column]
    """What `total` is the sum of, by name, each (n,)."""

    @property
    def percent(self) -> Column:
        """The score shown, 0 to 100 (n,)."""
        return match_percent(self.total)


class InterestModel:
    """Scores papers for one interest, by the recipe of docs/ranking.md.

    With liked papers: `z(s1) + 0.5 z(s2) + z(s3) + 0.5 z(s4)`, where s1 is the whitened centroid,
    s2 the mean of the three nearest liked papers, s3 the lexical centroid and s4 the three nearest
    by words. With words of the reader's own: reciprocal rank fusion of the papers' lexical rank and
    vector rank, see `recommender.prose`. With both: the reader's words weigh `k / (k + n)` at n
    liked papers. Followed authors add a fixed bonus.

    Learned:
        interest_: what it was fitted on.
        n_liked_: liked papers with a vector.
    """

    def __init__(self, config: InterestConfig = InterestConfig()) -> None:
        self.config = config

    def fit(self, interest: Interest, whitening: Whitening) -> Self:
        """Learn an interest; a paper both liked and disliked counts as neither.

        Raises:
            ModelMismatchError: vectors and whitening have different dimensions.
        """
        _require_dim(interest, len(whitening.mean))
        undecided = np.intersect1d(interest.liked.keys, interest.disliked.keys)
        self.interest_ = interest
        self.liked_ = interest.liked.take(~np.isin(interest.liked.keys, undecided))
        self.disliked_ = interest.disliked.take(~np.isin(interest.disliked.keys, undecided))
        self.n_liked_ = int(self.liked_.known.sum())
        self._profile = self._whitened(whitening)
        self._words = self._less_disliked_words(_mean_words(self.liked_))
        self._query = self._prose_query(whitening)
        self._query_words = self._less_disliked_words(_dense(interest.prose_words))
        return self

    def score(self, candidates: Candidates) -> Scores:
        """Score every candidate, in parts that add up to the total; NaN for those it was fitted on.

        Raises:
            NotFittedError: `fit` has not been called.
        """
        if not hasattr(self, "interest_"):
            raise NotFittedError("InterestModel")
        pool = candidates.pool
        liked = share(self._liked_parts(pool))
        parts = self._mixed(liked, self._prose_parts(candidates))
        parts = {name: part[: len(candidates)] for name, part in parts.items()}
        return self._with_followed(parts, candidates)

    def liked_cosines(self, vector: Matrix) -> Column:
        """Return the cosine of a paper (dim,) to each liked one; NaN where that has no vector."""
        cosines = (self.liked_.solid @ vector).astype(np.float64)  # (n_liked,)
        return np.where(self.liked_.known, cosines, np.nan)

    def word_profile(self) -> NDArray[np.float32]:
        """Return the weight this interest gives each term (n_terms,), zero where it gives none."""
        known = [w for w in (self._words, self._query_words) if w is not None]
        scaled = [w / max(float(np.linalg.norm(w)), 1e-12) for w in known]
        return sum(scaled, np.zeros(self.interest_.liked.n_terms, dtype=np.float32))

    def _whitened(self, whitening: Whitening) -> Matrix | None:
        if self.n_liked_ == 0:
            return None
        offset = self.liked_.solid[self.liked_.known].mean(axis=0) - whitening.mean  # (dim,)
        offset = offset - self._disliked_offset(whitening)
        return whitening.profile(offset, regularisation(self.n_liked_))

    def _disliked_offset(self, whitening: Whitening) -> Matrix:
        rows = self.disliked_.solid[self.disliked_.known]
        if len(rows) == 0:
            return np.zeros_like(whitening.mean)
        away: Matrix = self.config.dislike_weight * (rows.mean(axis=0) - whitening.mean)
        return away

    def _less_disliked_words(self, words: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        disliked = _mean_words(self.disliked_)
        if words is None or disliked is None:
            return words
        return words - self.config.dislike_weight * disliked

    def _prose_query(self, whitening: Whitening) -> Matrix | None:
        vector = self.interest_.prose_vector
        if vector is None or not np.isfinite(vector).all() or not vector.any():
            return None
        return vector - self._disliked_offset(whitening)

    def _liked_parts(self, pool: Papers) -> dict[str, Column]:
        """Return the weighted z-scores that liked papers give; none without any."""
        parts: dict[str, Column] = {}
        config = self.config
        if self._profile is not None:
            liked = self.liked_.solid[self.liked_.known]
            parts["centroid"] = _known(pool, pool.solid @ self._profile)
            parts["nearest"] = _known(pool, top_mean(liked @ pool.solid.T))
        if self._words is not None:
            shared = (self.liked_.words @ pool.words.T).toarray()  # (n_liked, n_pool)
            parts["words"] = (pool.words @ self._words).astype(np.float64)
            parts["nearest_words"] = top_mean(shared).astype(np.float64)
            if self._profile is not None:
                # What has no vector gets no score, so it should not shape those of the others.
                for name in ("words", "nearest_words"):
                    parts[name] = _known(pool, parts[name])
        weights = {
            "centroid": 1.0,
            "nearest": config.nearest_weight,
            "words": config.words_weight,
            "nearest_words": config.nearest_words_weight,
        }
        # What was rated is nearest to itself: it would stretch the spread others are measured by.
        rated = np.isin(pool.keys, np.concatenate([self.liked_.keys, self.disliked_.keys]))
        return {
            name: weights[name] * standardise(np.where(rated, np.nan, part))
            for name, part in parts.items()
        }

    def _prose_parts(self, candidates: Candidates) -> dict[str, Column]:
        """Return the parts that the reader's own words give; none without any."""
        pool = candidates.pool
        near: dict[str, Column] = {}
        if self._query is not None:
            near["prose"] = _known(pool, pool.solid @ self._query)
        if self._query_words is not None:
            near["prose_words"] = np.asarray(pool.words @ self._query_words, dtype=np.float64)
        named = np.zeros(len(pool), dtype=np.float64)
        named[: len(candidates)] = keyword_strength(candidates, self.interest_.keywords)
        return fused(near, named if self.interest_.keywords else None)

    def _mixed(self, liked: dict[str, Column], prose: dict[str, Column]) -> dict[str, Column]:
        """Mix what papers and words say, the words the less the more papers are liked."""
        if not liked or not prose:
            return liked or prose
        k = self.config.prose_papers
        said = k / (k + max(self.n_liked_, 1))
        mixed = {name: (1 - said) * part for name, part in liked.items()}
        mixed |= {name: said * part for name, part in prose.items()}
        return share(mixed)

    def _with_followed(self, parts: dict[str, Column], candidates: Candidates) -> Scores:
        """Add the bonus of followed authors, which holds for papers without a vector too."""
        total: Column = sum(parts.values(), np.zeros(len(candidates)))
        if not parts:
            total = np.full(len(candidates), np.nan)
        if self.interest_.followed_authors:
            followed = has_author(candidates.folded_authors, self.interest_.followed_authors)
            lost = np.isnan(total) & followed
            parts = {name: np.where(lost, 0.0, part) for name, part in parts.items()}
            parts["followed"] = self.config.follow_bonus * followed.astype(np.float64)
            total = np.where(lost, 0.0, total) + parts["followed"]
        unknown = np.isnan(total)
        parts = {name: np.where(unknown, np.nan, part) for name, part in parts.items()}
        return Scores(total, MappingProxyType(parts))


def _require_dim(interest: Interest, dim: int) -> None:
    found = {interest.liked.dim, interest.disliked.dim}
    if interest.prose_vector is not None:
        found.add(len(interest.prose_vector))
    if found != {dim}:
        raise ModelMismatchError(f"{dim} dimensions", f"{sorted(found)} dimensions")


def _known(papers: Papers, values: Floats) -> Column:
    """Return values (n,) as float64, NaN for papers without a vector."""
    return np.where(papers.known, values.astype(np.float64), np.nan)


def _dense(row: Sparse | None) -> NDArray[np.float32] | None:
    """Return a lexical row (1, n_terms) as (n_terms,); None when there is not one word."""
    if row is None or row.nnz == 0:
        return None
    dense: NDArray[np.float32] = row.toarray()[0]
    return dense


def _mean_words(papers: Papers) -> NDArray[np.float32] | None:
    """Return the mean lexical row (n_terms,); None when there is not one word."""
    if papers.words.nnz == 0:
        return None
    mean: NDArray[np.float32] = (papers.words.sum(axis=0) / len(papers)).astype(np.float32)
    return mean
