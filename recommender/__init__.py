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
    from recommender.embedding import DEFAULT_MODEL, Embedder, embed_in_batches, load_embedder
    from recommender.errors import RecommenderError
    from recommender.explain import explain_day
    from recommender.interests import (
        TITLES_ONLY,
        InterestConfig,
        InterestModel,
        Scores,
        match_percent,
    )
    from recommender.lexical import Lexicon
    from recommender.papers import Candidates, Interest, Mutes, PaperFacts, Papers
    from recommender.ranked import Counts, DayRanking, Policy, Ranked, RankedSection, Reasons
    from recommender.ranking import rank_day, rank_trending
    from recommender.text import paper_text, prose_text, text_hash
    from recommender.trending import Signals, trending_percentiles
    from recommender.vectors import pack, unpack, unpack_rows

__all__ = [
    "DEFAULT_MODEL",
    "TITLES_ONLY",
    "Background",
    "BlockRanking",
    "BlockReaders",
    "Candidates",
    "Counts",
    "DayRanking",
    "Embedder",
    "Interest",
    "InterestConfig",
    "InterestModel",
    "Lexicon",
    "Mutes",
    "PaperFacts",
    "Papers",
    "Policy",
    "Ranked",
    "RankedSection",
    "Reasons",
    "RecommenderError",
    "Scores",
    "Signals",
    "Whitening",
    "choose_background",
    "embed_in_batches",
    "explain_day",
    "load_embedder",
    "match_percent",
    "pack",
    "paper_text",
    "prose_text",
    "rank_block",
    "rank_day",
    "rank_trending",
    "shipped_background",
    "text_hash",
    "trending_percentiles",
    "unpack",
    "unpack_rows",
]

_HOMES = {
    "background": ("Background", "Whitening", "choose_background", "shipped_background"),
    "blocks": ("BlockRanking", "BlockReaders", "rank_block"),
    "embedding": ("DEFAULT_MODEL", "Embedder", "embed_in_batches", "load_embedder"),
    "errors": ("RecommenderError",),
    "explain": ("explain_day",),
    "interests": ("TITLES_ONLY", "InterestConfig", "InterestModel", "Scores", "match_percent"),
    "lexical": ("Lexicon",),
    "papers": ("Candidates", "Interest", "Mutes", "PaperFacts", "Papers"),
    "ranked": ("Counts", "DayRanking", "Policy", "Ranked", "RankedSection", "Reasons"),
    "ranking": ("rank_day", "rank_trending"),
    "text": ("paper_text", "prose_text", "text_hash"),
    "trending": ("Signals", "trending_percentiles"),
    "vectors": ("pack", "unpack", "unpack_rows"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the module that a public name lives in."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
