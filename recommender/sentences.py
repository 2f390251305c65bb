"""The sentence of an abstract that tells this reader most.

Compares by words, with mild preferences; cuts what is too long. Splitting text into sentences is
the part of `recommender.text`.
"""

import re

import numpy as np
from numpy.typing import NDArray

from recommender.lexical import Lexicon
from recommender.text import sentences

__all__ = ["key_sentence", "shorten"]

MIN_CHARS = 40
MAX_CHARS = 280
ROOM_TO_CUT = 120
"""A cut at a clause may not leave less than this."""

_DOES = re.compile(
    r"\b(we|this (paper|work|article|study|letter)|our (method|approach|results?|analysis|model"
    r"|framework|experiments?|theory|algorithm)|here)\b[^.]{0,40}?\b(propose|present|introduce|show"
    r"|prove|find|develop|demonstrate|derive|establish|study|investigate|describe|achieve|report"
    r"|design|construct|provide|characteri[sz]e|reveal|outperform|improve|obtain)",
    re.IGNORECASE,
)
_AVAILABLE = re.compile(
    r"https?://|github|(code|data|dataset|models?|page)\b[^.]{0,60}\bavailable", re.IGNORECASE
)
_BACKGROUND = re.compile(
    r"^(recent|existing|current|traditional|conventional|however|despite|although|while|prior"
    r"|previous|most|many|unfortunately|in recent years|nowadays|modern)\b"
    r"|\b(has|have) (emerged|become|achieved|shown|demonstrated|attracted|gained|enabled)\b"
    r"|\b(remains?|is|are) (\w+ )?(challenging|essential|crucial|critical|important|difficult"
    r"|limited|unclear|unaddressed|underexplored|a struggle|an open)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]\s|\s[–—-]+\s")

DOES_BONUS = 0.3
OPENING_PENALTY = 0.35
BACKGROUND_PENALTY = 0.25
AVAILABLE_PENALTY = 0.8
FRAGMENT_PENALTY = 0.6
LONG_PENALTY = 0.1
"""In units of the best sentence's lexical cosine."""


def key_sentence(abstract: str, profile: NDArray[np.float32], lexicon: Lexicon) -> str:
    """Return the sentence nearest to an interest; empty for an empty abstract.

    Nearness is the lexical cosine. What is done or found is preferred to background, which opens
    most abstracts, and to notes on where the code is.

    Args:
        abstract: LaTeX as the author wrote it.
        profile: weights of the interest's terms (n_terms,).
        lexicon: the one the weights belong to.
    """
    found = sentences(abstract)
    if not found:
        return ""
    near = np.asarray(lexicon.transform(found) @ profile, dtype=np.float64)  # (n_sentences,)
    peak = float(near.max())
    near = near / peak if peak > 0 else np.zeros(len(found))
    worth = near + [_prior(text, place, len(found)) for place, text in enumerate(found)]
    return shorten(found[int(np.argmax(worth))])


def shorten(sentence: str, limit: int = MAX_CHARS) -> str:
    """Return a sentence within a limit of characters, cut at a clause or a word and marked."""
    if len(sentence) <= limit:
        return sentence
    head = sentence[: limit - 1]
    clauses = [cut.start() for cut in _CLAUSE.finditer(head) if cut.start() >= ROOM_TO_CUT]
    words = head.rfind(" ")
    end = clauses[-1] if clauses else words if words > 0 else len(head)
    return head[:end].rstrip(" ,;:–—-") + "…"


def _prior(sentence: str, place: int, n: int) -> float:
    prior = 0.0
    if _DOES.search(sentence):
        prior += DOES_BONUS
    elif place == 0 and n > 2:
        prior -= OPENING_PENALTY
    if _BACKGROUND.search(sentence):
        prior -= BACKGROUND_PENALTY
    if _AVAILABLE.search(sentence):
        prior -= AVAILABLE_PENALTY
    if len(sentence) < MIN_CHARS:
        prior -= FRAGMENT_PENALTY
    if len(sentence) > MAX_CHARS:
        prior -= LONG_PENALTY
    return prior
