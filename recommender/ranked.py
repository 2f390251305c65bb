"""The values that ranking returns: what was chosen, in which order, with which score and why.

Nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["Counts", "DayRanking", "Policy", "Ranked", "RankedSection", "Reasons"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How a day's papers are chosen, beyond their scores."""

    diversity: float = 1.5
    """Standard deviations that a copy of a paper already chosen loses."""
    outside_slots: int = 2
    """Papers a little outside the reader's usual, chosen by how little is known of them."""
    outside_share: float = 0.1
    """Those come from so large a share of the papers left, the best of them."""
    doubt_weight: float = 4.0
    """Standard deviations that a paper gains of which nothing at all is known, in choosing those;
    after a few dozen ratings papers differ by a tenth of that. By replay two such slots of ten cost
    0.3 % of a day's nDCG@10 and the profile afterwards is worth 1 % more (+.0031 ± .0014); at 16
    they cost 2 % and gain nothing (`benchmarks.ranking.exploration`, 600 readers)."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a paper is here."""

    nearest: tuple[tuple[int, float], ...] = ()
    """Keys of the liked papers that gave most to its total with their cosines, most first."""
    words: tuple[str, ...] = ()
    """The terms that it shares with the interest and that weigh most, weightiest first."""
    sentence: str = ""
    """The sentence of its abstract nearest to the interest, LaTeX as the author wrote it."""
    followed: tuple[str, ...] = ()
    """Its authors whom the reader follows, as the paper spells them."""
    keywords: tuple[str, ...] = ()
    """The reader's keywords that it contains, as the reader spells them."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One paper chosen for one reader."""

    key: int
    """The caller's number of the paper."""
    row: int
    """Its row among the candidates."""
    rank: int
    """Place in its section from 1, in the order of choice."""
    score: float
    """Shown, 0 to 100: the match, or the trending percentile in a trending section."""
    total: float
    """Standard deviations above the stream's mean; NaN in a trending section."""
    interest: int = -1
    """Number of the interest that ranks it best; -1 in a trending section."""
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """What `total` is the sum of."""
    reasons: Reasons | None = None
    """Filled in by `recommender.explain.explain_day`."""


@dataclass(frozen=True, slots=True)
class RankedSection:
    """The papers of one interest; none on a quiet day."""

    interest: int
    """Number of the interest, in the order given."""
    name: str
    entries: tuple[Ranked, ...]
    omitted: int
    """Papers that cleared the threshold but not the quota."""
    best_score: float | None
    """Highest score of the day for this interest; None when no paper could be judged."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the day's candidates; a paper can be in several of these."""

    candidates: int
    seen: int
    """Already sent to this reader, or rated by them."""
    muted: int
    """By at least one interest."""
    not_embedded: int
    """Without a usable vector."""
    duplicates: int
    """Left out for a better twin."""
    below_threshold: int
    """Judged, and too low for every interest."""


@dataclass(frozen=True, slots=True)
class DayRanking:
    """Everything decided for one reader and one day."""

    sections: tuple[RankedSection, ...]
    """One per interest, in the order given, empty ones too."""
    outside: tuple[Ranked, ...]
    """A little outside the usual: good, and least known; empty when there is nothing fit."""
    counts: Counts
    best_score: float | None
    """Highest score of any paper that could have been sent; None when there was none."""
    withheld: frozenset[int]
    """Keys of muted and seen papers and of lesser twins: not for any other section either."""

    @property
    def shown(self) -> frozenset[int]:
        """Keys of all papers chosen."""
        chosen = [*self.outside, *(entry for part in self.sections for entry in part.entries)]
        return frozenset(entry.key for entry in chosen)
