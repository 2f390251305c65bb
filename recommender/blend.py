"""How much each part of a score weighs, by how much is known of a reader.

Decides weights only. Every constant was chosen on CiteULike's validation pairs (titles) and on
author replay of April 2026 (abstracts), see docs/ranking.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DEFAULT_CONFIG", "InterestConfig"]

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class InterestConfig:
    """Weights of the parts."""

    nearest_weight: float = 0.5
    """Of the mean cosine to the three nearest liked papers; the centroid's weight is one."""
    words_weight: float = 1.0
    """Of the lexical cosine to the liked papers' centroid, where papers have abstracts."""
    nearest_words_weight: float = 0.5
    """Of the mean lexical cosine to the three liked papers nearest by words, with abstracts."""
    title_words_weight: float = 0.1
    """Of the lexical cosine where there are titles only, which tell little by their words."""
    kernel_weight: float = 1.0
    """Of the whitened kernel for a large profile; it takes half of that from the centroid."""
    kernel_papers: float = 10.0
    """Liked papers at which the kernel has half its weight."""
    coreaders_weight: float = 10.0
    """Of what co-readers lend, over the number of liked papers: c in `c / (n + 1.5)`, where all
    other parts together have one."""
    dislike_weight: float = 0.5
    """Taken off for each standard deviation that a paper is nearer than usual to a disliked one."""
    prose_papers: float = 3.0
    """Liked papers that weigh as much as the reader's own sentence: k in `k / (k + n)`."""
    follow_bonus: float = 8.0
    """Standard deviations added for a followed author: above all but the rarest match."""

    def kernel_share(self, n_liked: ArrayLike) -> Numbers:
        """Return how far the kernel has come in, 0 to 1: it needs some papers to be better."""
        n = np.asarray(n_liked, dtype=np.float64)
        share: Numbers = n / (n + self.kernel_papers)
        return share

    def liked_weights(
        self, n_liked: ArrayLike, *, kernel: bool, abstracts: bool
    ) -> dict[str, Numbers]:
        """Return the weight of each part that rests on liked papers, for profiles of these sizes.

        Args:
            n_liked: liked papers with a vector, a number or (n_readers,).
            kernel: whether the day has a kernel.
            abstracts: whether papers have abstracts, not titles only.
        """
        share = self.kernel_share(n_liked) if kernel else np.zeros(np.shape(n_liked))
        one = np.ones(np.shape(n_liked))
        return {
            "centroid": 1.0 - 0.5 * share,
            "kernel": self.kernel_weight * share,
            "nearest": self.nearest_weight * one,
            "words": (self.words_weight if abstracts else self.title_words_weight) * one,
            "nearest_words": (self.nearest_words_weight if abstracts else 0.0) * one,
        }

    def lent_weight(self, n_liked: ArrayLike, covered: ArrayLike) -> Numbers:
        """Return the weight of what co-readers lend.

        Args:
            n_liked: liked papers.
            covered: share of them that a co-reader likes too, 0 to 1.
        """
        n = np.asarray(n_liked, dtype=np.float64)
        weight: Numbers = self.coreaders_weight * np.asarray(covered) / (n + 1.5)
        return weight


DEFAULT_CONFIG = InterestConfig()
