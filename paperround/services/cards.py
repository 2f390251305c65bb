"""Texts of papers made readable once, whatever the number of readers they are shown to.

Turning LaTeX into readable text is most of the work of composing a digest, and the same for
everybody: this keeps what was made, for the papers of a few busy days.
"""

from functools import lru_cache

from digest.cards import PaperFacts, card, key_sentence
from digest.latex import to_text
from digest.model import Card

__all__ = ["plain_title", "readable_sentence", "shared_card"]

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
