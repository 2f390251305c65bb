"""Candidates against a reader's own words: vectors, terms and keywords.

Knows no liked papers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.papers import TITLE_END, Candidates
from recommender.parts import share, standardise
from recommender.phrases import has_phrase

__all__ = ["KEYWORD_BONUS", "fused", "keyword_bonus"]

Column = NDArray[np.float64]

WEIGHTS = {"prose": 2.5, "prose_words": 1.0}
"""Of the cosine to the text and of its words. Between 2 and 3 nothing changes much (author replay
of April 2026, profiles of 5 and of 8 to 25 titles, nDCG@10: .100 to .104 and .151 to .152; words
alone .088 and .139, cosine alone .079 and .085, reciprocal rank fusion .103 and .127)."""
KEYWORD_BONUS = 3.0
"""Standard deviations that a keyword in the title adds: as much as a good match."""
ABSTRACT_SHARE = 0.5
"""What a keyword in the abstract is worth, of one in the title."""


def fused(near: Mapping[str, Column]) -> dict[str, Column]:
    """Fuse similarities to a reader's text into parts whose sum is in standard deviations.

    Args:
        near: `prose` and `prose_words`, or one of them, each (n,), NaN where unknown.

    Returns:
        Parts by name, each (n,); none when nothing was given.
    """
    parts = {name: WEIGHTS[name] * standardise(values) for name, values in near.items()}
    return share(parts)


def keyword_bonus(candidates: Candidates, keywords: Sequence[str]) -> Column:
    """Return what keywords add to the score of candidates: (n,), in standard deviations.

    Plurals count, case and hyphens do not; several keywords add no more than one.
    """
    texts = candidates.folded_texts
    strength = np.zeros(len(candidates))
    for keyword in keywords:
        rows = np.flatnonzero(candidates.having(keyword, plural=True))
        titles = [texts[row].partition(TITLE_END)[0] for row in rows.tolist()]
        in_title = has_phrase(titles, keyword, plural=True)
        strength[rows] = np.maximum(strength[rows], np.where(in_title, 1.0, ABSTRACT_SHARE))
    return KEYWORD_BONUS * strength
