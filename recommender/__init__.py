"""Papers' texts and readers' ratings in, ranked papers with reasons out.

A leaf: knows no database, no web and no clock; random generators are passed in. Names resolve when
they are first used, so that importing the package costs nothing; only `recommender.embedding`
loads a model, and only when asked to.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recommender.background import Background, Whitening, choose_background, shipped_background
    from recommender.blocks import BlockRanking, BlockReaders, rank_block
    from recommender.calibration import PRIOR, Calibration, fit_calibration
    from recommender.clusters import find_clusters
    from recommender.coreaders import CoReaders
    from recommender.embedding import DEFAULT_MODEL, Embedder, embed_in_batches, load_embedder
    from recommender.errors import RecommenderError
    from recommender.evaluation import (
        Cutoffs,
        Difference,
        Evaluation,
        evaluate,
        evaluate_lists,
        join,
        paired,
        read_scores,
    )
    from recommender.explain import explain_day
    from recommender.interests import InterestConfig, InterestModel, Scores, match_percent
    from recommender.kernel import KernelView
    from recommender.lexical import Lexicon
    from recommender.papers import Candidates, Interest, Mutes, PaperFacts, Papers
    from recommender.ranked import Counts, DayRanking, Policy, Ranked, RankedSection, Reasons
    from recommender.ranking import rank_day, rank_trending
    from recommender.reliability import Reliability, reliability
    from recommender.text import paper_text, prose_text, text_hash
    from recommender.trending import Signals, trending_percentiles
    from recommender.uncertainty import Uncertainty
    from recommender.vectors import pack, unpack, unpack_rows

__all__ = [
    "DEFAULT_MODEL",
    "PRIOR",
    "Background",
    "BlockRanking",
    "BlockReaders",
    "Calibration",
    "Candidates",
    "CoReaders",
    "Counts",
    "Cutoffs",
    "DayRanking",
    "Difference",
    "Embedder",
    "Evaluation",
    "Interest",
    "InterestConfig",
    "InterestModel",
    "KernelView",
    "Lexicon",
    "Mutes",
    "PaperFacts",
    "Papers",
    "Policy",
    "Ranked",
    "RankedSection",
    "Reasons",
    "RecommenderError",
    "Reliability",
    "Scores",
    "Signals",
    "Uncertainty",
    "Whitening",
    "choose_background",
    "embed_in_batches",
    "evaluate",
    "evaluate_lists",
    "explain_day",
    "find_clusters",
    "fit_calibration",
    "join",
    "load_embedder",
    "match_percent",
    "pack",
    "paired",
    "paper_text",
    "prose_text",
    "rank_block",
    "rank_day",
    "rank_trending",
    "read_scores",
    "reliability",
    "shipped_background",
    "text_hash",
    "trending_percentiles",
    "unpack",
    "unpack_rows",
]

_HOMES = {
    "background": (
        "Background",
        "Whitening",
        "choose_background",
        "shipped_background",
    ),
    "blocks": (
        "BlockRanking",
        "BlockReaders",
        "rank_block",
    ),
    "calibration": (
        "PRIOR",
        "Calibration",
        "fit_calibration",
    ),
    "clusters": ("find_clusters",),
    "coreaders": ("CoReaders",),
    "embedding": (
        "DEFAULT_MODEL",
        "Embedder",
        "embed_in_batches",
        "load_embedder",
    ),
    "errors": ("RecommenderError",),
    "evaluation": (
        "Cutoffs",
        "Difference",
        "Evaluation",
        "evaluate",
        "evaluate_lists",
        "join",
        "paired",
        "read_scores",
    ),
    "explain": ("explain_day",),
    "interests": (
        "InterestConfig",
        "InterestModel",
        "Scores",
        "match_percent",
    ),
    "kernel": ("KernelView",),
    "lexical": ("Lexicon",),
    "papers": (
        "Candidates",
        "Interest",
        "Mutes",
        "PaperFacts",
        "Papers",
    ),
    "ranked": (
        "Counts",
        "DayRanking",
        "Policy",
        "Ranked",
        "RankedSection",
        "Reasons",
    ),
    "ranking": (
        "rank_day",
        "rank_trending",
    ),
    "reliability": (
        "Reliability",
        "reliability",
    ),
    "text": (
        "paper_text",
        "prose_text",
        "text_hash",
    ),
    "trending": (
        "Signals",
        "trending_percentiles",
    ),
    "uncertainty": ("Uncertainty",),
    "vectors": (
        "pack",
        "unpack",
        "unpack_rows",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the module that a public name lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
