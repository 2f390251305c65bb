"""What a reader's ratings and words say about papers nobody has rated yet.

An `InterestModel` learns one interest and scores candidates; it neither orders nor filters them.
Scores come in parts that add up, in units of the spread that scores have over the recent stream.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.background import Whitening
from recommender.blend import DEFAULT_CONFIG, InterestConfig
from recommender.calibration import PRIOR
from recommender.cores import one_core
from recommender.dislikes import dislike_part
from recommender.errors import ModelMismatchError, NotFittedError
from recommender.lexical import Sparse
from recommender.liked import LikedPapers, Likeness
from recommender.papers import Candidates, Interest, Papers
from recommender.parts import share, standardise
from recommender.phrases import has_author
from recommender.prose import fused, keyword_bonus
from recommender.vectors import Matrix

__all__ = ["InterestConfig", "InterestModel", "Scores", "match_percent"]

Column = NDArray[np.float64]
Parts = dict[str, Column]


def match_percent(total: ArrayLike) -> Column:
    """Return the score shown, 0 to 100, of totals in standard deviations, before any calibration.

    It is `100 / (1 + exp(3.1 - 3 asinh(total / 3)))`; NaN stays NaN.
    """
    return PRIOR.percent(total)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One interest's view of the candidates."""

    total: Column
    """Standard deviations above the stream's mean (n,); NaN where a paper cannot be judged."""
    parts: Mapping[str, Column]
    """What `total` is the sum of, by name, each (n,)."""
    likenesses: Mapping[str, Likeness] = field(default_factory=lambda: MappingProxyType({}))
    """What the parts that rest on liked papers were made from."""

    @property
    def percent(self) -> Column:
        """The score shown before any calibration, 0 to 100 (n,)."""
        return match_percent(self.total)

    def from_liked(self, row: int) -> Column:
        """Return what each liked paper contributes to the total of a candidate: (n_liked,).

        Together they are the sum of the parts that rest on liked papers; empty without any.
        """
        each = [
            likeness.split(float(self.parts[name][row]), row)
            for name, likeness in self.likenesses.items()
        ]
        return np.sum(each, axis=0) if each else np.empty(0)


class InterestModel:
    """Scores papers for one interest, by the parts and weights of docs/ranking.md.

    With liked papers: whitened centroid, whitened kernel, nearest liked papers, and the same two by
    words, each a z-score; and what co-readers lend. With words of the reader's own: see
    `recommender.prose`. With both: the reader's words weigh `k / (k + n)` at n liked papers.
    Disliked papers lower what is near them; followed authors add a fixed bonus.

    Learned:
        interest_: what it was fitted on.
        liked_, disliked_: its papers without those that are both.
        n_liked_: liked papers with a vector.
    """

    def __init__(self, config: InterestConfig = DEFAULT_CONFIG) -> None:
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
        self._liked = LikedPapers(self.liked_, whitening, self.config)
        self.n_liked_ = self._liked.n_liked
        self._query = _usable(interest.prose_vector)
        self._query_words = _dense(interest.prose_words)
        self._last: tuple[Candidates, Scores] | None = None
        return self

    def score(self, candidates: Candidates) -> Scores:
        """Score every candidate, in parts that add up to the total; NaN for those it was fitted on.

        The scores of the last candidates are remembered.

        Raises:
            NotFittedError: `fit` has not been called.
        """
        if not hasattr(self, "interest_"):
            raise NotFittedError("InterestModel")
        if self._last is None or self._last[0] is not candidates:
            with one_core():
                self._last = (candidates, self._scores(candidates))
        return self._last[1]

    def liked_cosines(self, vector: Matrix) -> Column:
        """Return the cosine of a paper (dim,) to each liked one; NaN where that has no vector."""
        cosines = (self.liked_.solid @ vector).astype(np.float64)  # (n_liked,)
        return np.where(self.liked_.known, cosines, np.nan)

    def word_profile(self) -> NDArray[np.float32]:
        """Return the weight this interest gives each term (n_terms,), zero where it gives none."""
        known = [w for w in (self._liked.words, self._query_words) if w is not None]
        scaled = [w / max(float(np.linalg.norm(w)), 1e-12) for w in known]
        return sum(scaled, np.zeros(self.interest_.liked.n_terms, dtype=np.float32))

    def _scores(self, candidates: Candidates) -> Scores:
        likenesses = self._liked.likenesses(candidates)
        liked = share(self._liked_parts(candidates, likenesses))
        parts = self._mixed(self._with_lent(liked, candidates), self._prose_parts(candidates))
        likenesses = {name: like.scaled(parts[name]) for name, like in likenesses.items()}
        n = len(candidates)
        parts = self._less_disliked({name: part[:n] for name, part in parts.items()}, candidates)
        total, parts = self._with_followed(parts, candidates)
        return Scores(total, MappingProxyType(parts), MappingProxyType(likenesses))

    def _liked_parts(
        self, candidates: Candidates, likenesses: Mapping[str, Likeness]
    ) -> dict[str, Column]:
        """Return the weighted z-scores that liked papers give; none without any."""
        # What is liked is nearest to itself: it would stretch the spread others are measured by.
        liked = _among(candidates, self.liked_)
        weights = self._liked.weights(candidates)
        return {
            name: weights[name] * standardise(np.where(liked, np.nan, likeness.column))
            for name, likeness in likenesses.items()
        }

    def _with_lent(self, liked: Parts, candidates: Candidates) -> Parts:
        """Add what co-readers of the liked papers lend."""
        if not liked or candidates.lent is None:
            return liked
        column, covered = candidates.lent.score(self._liked.known.keys, self.interest_.reader)
        weight = float(self.config.lent_weight(self.n_liked_, covered))
        if weight == 0:
            return liked
        known = candidates.pool.known & ~_among(candidates, self.liked_)
        lent = weight * standardise(np.where(known, column, np.nan))
        return share({**liked, "coreaders": lent})

    def _prose_parts(self, candidates: Candidates) -> Parts:
        """Return the parts that the reader's own words give; none without any."""
        pool = candidates.pool
        near: Parts = {}
        if self._query is not None:
            near["prose"] = np.where(pool.known, (pool.solid @ self._query).astype(float), np.nan)
        if self._query_words is not None:
            near["prose_words"] = np.asarray(pool.words @ self._query_words, dtype=np.float64)
        parts = fused(near)
        if self.interest_.keywords:
            parts["keywords"] = np.zeros(len(pool))
            parts["keywords"][: len(candidates)] = keyword_bonus(
                candidates, self.interest_.keywords
            )
        return parts

    def _mixed(self, liked: Parts, prose: Parts) -> Parts:
        """Mix what papers and words say, the words the less the more papers are liked."""
        if not liked or not prose:
            return liked or prose
        k = self.config.prose_papers
        said = k / (k + max(self.n_liked_, 1))
        mixed = {name: (1 - said) * part for name, part in liked.items()}
        mixed |= {name: said * part for name, part in prose.items()}
        return share(mixed)

    def _less_disliked(self, parts: Parts, candidates: Candidates) -> Parts:
        """Lower what is near a disliked paper, and nothing else."""
        if not parts or not self.disliked_.known.any():
            return parts
        rated = _among(candidates, self.liked_, self.disliked_)
        cosines = candidates.compared.cosines(self.disliked_.vectors[self.disliked_.known])
        part = dislike_part(self.disliked_, candidates.pool, rated, cosines)
        return {**parts, "disliked": self.config.dislike_weight * part[: len(candidates)]}

    def _with_followed(self, parts: Parts, candidates: Candidates) -> tuple[Column, Parts]:
        """Add the bonus of followed authors, which holds for papers without a vector too."""
        total: Column = sum(parts.values(), np.zeros(len(candidates)))
        if not parts:
            total = np.full(len(candidates), np.nan)
        rated = _among(candidates, self.liked_, self.disliked_)[: len(candidates)]
        if self.interest_.followed_authors:
            followed = has_author(candidates.folded_authors, self.interest_.followed_authors)
            lost = np.isnan(total) & followed
            parts = {name: np.where(lost, 0.0, part) for name, part in parts.items()}
            parts["followed"] = self.config.follow_bonus * followed.astype(np.float64)
            total = np.where(lost, 0.0, total) + parts["followed"]
        total = np.where(rated, np.nan, total)
        unknown = np.isnan(total)
        return total, {name: np.where(unknown, np.nan, part) for name, part in parts.items()}


def _among(candidates: Candidates, *rated: Papers) -> NDArray[np.bool_]:
    """Tell which papers of the pool (n_pool,) are among those rated."""
    return np.isin(candidates.pool.keys, np.concatenate([papers.keys for papers in rated]))


def _require_dim(interest: Interest, dim: int) -> None:
    found = {interest.liked.dim, interest.disliked.dim}
    if interest.prose_vector is not None:
        found.add(len(interest.prose_vector))
    if found != {dim}:
        raise ModelMismatchError(f"{dim} dimensions", f"{sorted(found)} dimensions")


def _usable(vector: Matrix | None) -> Matrix | None:
    """Return a vector (dim,) that can be compared with; None when it is zero or not finite."""
    if vector is None or not np.isfinite(vector).all() or not vector.any():
        return None
    return vector


def _dense(row: Sparse | None) -> NDArray[np.float32] | None:
    """Return a lexical row (1, n_terms) as (n_terms,); None when there is not one word."""
    if row is None or row.nnz == 0:
        return None
    dense: NDArray[np.float32] = row.toarray()[0]
    return dense
