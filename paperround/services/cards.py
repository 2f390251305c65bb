"""Texts of papers made readable once, whatever the number of readers they are shown to.

Turning LaTeX into readable text is most of the work of composing a digest, and the same for
everybody: this keeps what was made, for the papers of a few busy days.
"""

from functools import lru_cache

from digest.cards import PaperFacts, card, key_sentence
from digest.latex import to_text
from digest.model import Card
from paperround.store.papers import StoredPaper

__all__ = ["facts_of", "plain_title", "readable_sentence", "shared_card"]

CARDS = 8_192
TEXTS = 32_768
"""Some 30 MB at the most, cards and texts together."""


@lru_cache(maxsize=CARDS)
def shared_card(facts: PaperFacts, year: int) -> Card:
    """Return what every reader sees of a paper; see `digest.cards.card`."""
    return card(facts, year=year)


@lru_cache(maxsize=TEXTS)
def readable_sentence(sentence: str) -> str:
    """Return a key sentence as it is shown; see `digest.cards.key_sentence`."""
    return key_sentence(sentence)


@lru_cache(maxsize=TEXTS)
def plain_title(title: str) -> str:
    """Return a title without LaTeX, as reasons quote it."""
    return to_text(title)


def facts_of(paper: StoredPaper) -> PaperFacts:
    """Return what a card says of a paper, whoever it is for."""
    return PaperFacts(
        paper_id=paper.paper_id,
        title=paper.title,
        url=paper.url,
        abstract=paper.abstract,
        authors=paper.authors,
        affiliations=paper.affiliations,
        category=paper.categories[0] if paper.categories else "",
        announced_on=paper.announced_on,
        code_url=paper.code_url or "",
    )
