"""Candidates against a reader's own words: rank fusion of vectors, terms and keywords.

Scores of words and of vectors are not on one scale, their ranks are; so ranks are fused, and only
the spread of the result is taken from the scores. Knows no liked papers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.papers import TITLE_END, Candidates
from recommender.parts import RANK_OFFSET, reciprocal_rank, share, standardise
from recommender.phrases import has_phrase

__all__ = ["fused", "keyword_strength"]

Column = NDArray[np.float64]

ABSTRACT_SHARE = 0.5
"""What a keyword in the abstract is worth, of one in the title."""
HEAD_SHARE = 0.01
"""Share of the best papers whose mean says how far a day's best stand out."""


def fused(near: Mapping[str, Column], named: Column | None) -> dict[str, Column]:
    """Fuse ranks into parts whose sum is in standard deviations.

    The order is that of `sum(1 / (60 + rank)) + named`. Fused ranks stand out equally far on every
    day, whether or not anything fits; so they are scaled to stand out as far as the summed z-scores
    of the similarities do: the mean of the best hundredth is the same.

    Args:
        near: similarities by name, each (n,), NaN where unknown.
        named: what keywords add (n,), see `keyword_strength`; None without keywords.

    Returns:
        Parts by name, each (n,); none when nothing was given.
    """
    ranks = {name: reciprocal_rank(values) for name, values in near.items()}
    parts = share(ranks if named is None else {**ranks, "keywords": named})
    if not near:
        return parts
    similar = share({name: standardise(values) for name, values in near.items()})
    from_ranks, from_scores = _head(share(ranks)), _head(similar)
    scale = from_scores / from_ranks if from_ranks > 0 else 1.0
    return {name: scale * part for name, part in parts.items()}


def keyword_strength(candidates: Candidates, keywords: Sequence[str]) -> Column:
    """Return what keywords add to the fused ranks of candidates: (n,).

    A paper that names one in its title counts as first in a list of its own, one that names it in
    the abstract as `ABSTRACT_SHARE` of that. Plurals count, case and hyphens do not.
    """
    titles = [text.partition(TITLE_END)[0] for text in candidates.folded_texts]
    strength = np.zeros(len(candidates))
    for keyword in keywords:
        anywhere = has_phrase(candidates.folded_texts, keyword, plural=True)
        in_title = has_phrase(titles, keyword, plural=True)
        strength = np.maximum(strength, np.where(in_title, 1.0, ABSTRACT_SHARE * anywhere))
    return strength / (RANK_OFFSET + 1)


def _head(parts: Mapping[str, Column]) -> float:
    """Return the mean of the best hundredth of the summed parts, of one paper at least."""
    total = sum(parts.values(), np.zeros(1))
    known = np.sort(total[np.isfinite(total)])
    size = max(1, round(HEAD_SHARE * len(known)))
    return float(known[-size:].mean()) if len(known) else 0.0
