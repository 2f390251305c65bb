"""The words to show as a reason: those that weigh most, in a form that people read.

Ranks terms by what they contribute to a lexical score; knows nothing of vectors.
"""

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from recommender.lexical import Lexicon, Sparse
from recommender.papers import PaperFacts
from recommender.stopwords import BOILERPLATE

__all__ = ["telling_words"]

MAX_WORDS = 4
MIN_SHARE = 0.02
"""Of the lexical score; a term below it is noise."""
PREFIXES = frozenset(
    ("code", "cross", "data", "few", "low", "multi", "post", "pre", "self", "test")
)
"""Boilerplate alone, yet telling before another word: `self supervised`, `data augmentation`."""
LOOKED_AT = 60
"""Contributing terms considered, weightiest first."""
PAIR_SHARE = 0.4
"""A pair of words stands for its words when it contributes at least this share of theirs."""


def telling_words(
    row: Sparse, profile: NDArray[np.float32], facts: PaperFacts, lexicon: Lexicon
) -> tuple[str, ...]:
    """Return up to four terms that a paper shares with an interest, weightiest first.

    Pairs stand for their words, pairs that overlap in the text are one phrase, plurals and
    singulars are one, and terms that any paper could have are left out.

    Args:
        row: the paper's lexical row, csr (1, n_terms).
        profile: weights of the interest's terms (n_terms,), none negative.
        facts: the paper's title and abstract, whose spelling is shown.
        lexicon: the one that made the row.
    """
    shares = _contributions(row, profile, lexicon)
    forms = {term: _surface(term, facts) for term in shares}
    shares = {term: share for term, share in shares.items() if forms[term]}
    pairs = {term: share for term, share in shares.items() if " " in term}
    chosen: list[str] = []
    for term, share in sorted(shares.items(), key=lambda item: (-item[1], item[0])):
        if " " in term:
            chosen = _with_pair(chosen, term, facts)
        elif not _is_in_pair(term, share, pairs):
            chosen.append(term)
    kept = _without_parts(chosen)[:MAX_WORDS]
    return tuple(_surface(term, facts) for term in kept)


def _contributions(row: Sparse, profile: NDArray[np.float32], lexicon: Lexicon) -> dict[str, float]:
    """Return what the weightiest informative terms add to the lexical score, as shares of it."""
    added = row.data * profile[row.indices]
    whole = float(added.sum())
    order = np.argsort(-added, kind="stable")[:LOOKED_AT]
    shares = {lexicon.term(int(row.indices[i])): float(added[i]) / (whole or 1.0) for i in order}
    return {
        term: share
        for term, share in shares.items()
        if share >= MIN_SHARE and _is_informative(term.split())
    }


def _is_informative(words: list[str]) -> bool:
    """Tell whether a term says what a paper is about: `existing PTQ` adds nothing to `PTQ`."""
    if all(word in BOILERPLATE for word in words):
        return False
    return len(words) == 1 or words[0] not in BOILERPLATE or words[0] in PREFIXES


def _is_in_pair(word: str, share: float, pairs: dict[str, float]) -> bool:
    """Tell whether a pair of words says more than this word alone, and weighs enough to."""
    return any(
        word in pair.split() and other >= PAIR_SHARE * share for pair, other in pairs.items()
    )


def _with_pair(chosen: list[str], pair: str, facts: PaperFacts) -> list[str]:
    """Add a pair, or grow the phrase it overlaps; leave it out when it cannot grow that."""
    stems = set(_stems(pair))
    for place, phrase in enumerate(chosen):
        if " " in phrase and stems & set(_stems(phrase)):
            left, right = pair.split(), phrase.split()
            joined = [left + right[1:]] * (left[-1] == right[0])
            joined += [right + left[1:]] * (right[-1] == left[0])
            grown = [" ".join(words) for words in joined if _surface(" ".join(words), facts)]
            return [*chosen[:place], *(grown[:1] or [phrase]), *chosen[place + 1 :]]
    return [*chosen, pair]


def _without_parts(chosen: list[str]) -> list[str]:
    """Drop words that are part of a phrase, and second forms of a word."""
    in_phrases = {stem for term in chosen if " " in term for stem in _stems(term)}
    kept: dict[tuple[str, ...], str] = {}
    for term in chosen:
        if " " in term or _stems(term)[0] not in in_phrases:
            kept.setdefault(_stems(term), term)
    return list(kept.values())


def _stems(term: str) -> tuple[str, ...]:
    return tuple(map(_singular, term.split()))


def _surface(term: str, facts: PaperFacts) -> str:
    """Return a term as the paper spells it; empty when its words never stand together there.

    Where it stands inside a sentence of the abstract its capitals are the authors' own (`Nash
    equilibrium`); elsewhere only capitals inside a word are kept (`LLM`, `mmWave`).
    """
    pattern = r"[\s\-‐-―]+".join(map(re.escape, term.split()))
    whole = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)
    inside = re.compile(rf"(?<=[\w,;)] ){pattern}(?!\w)", re.IGNORECASE)
    within = Counter(inside.findall(facts.abstract))
    found = within or Counter(whole.findall(f"{facts.title} . {facts.abstract}"))
    if not found:
        return ""
    spelling = " ".join(max(sorted(found), key=lambda form: found[form]).split())
    if within:
        return spelling
    words = re.split(r"([\s\-]+)", spelling)
    return "".join(word if re.search(r"\B[A-Z]", word) else word.lower() for word in words)


def _singular(word: str) -> str:
    """Return a word without its plural ending, well enough to tell twins."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
