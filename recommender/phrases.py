"""Finding a reader's words, names and categories in papers.

Matches literally, as a reader expects of a word they typed; knows nothing of scores.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["fold_name", "fold_text", "has_author", "has_category", "has_phrase", "phrase_pattern"]

_NAME_GAPS = re.compile(r"[\W\d_]+")
_WORD_GAPS = re.compile(r"[\s\-‐-―]+")


def fold_text(text: str) -> str:
    """Fold case, accents and white space away."""
    text = text.casefold()
    if not text.isascii():
        kept = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = "".join(kept)
    return " ".join(text.split())


def fold_name(name: str) -> str:
    """Fold a name to its words, given name first: `Lovelace, Ada` becomes `ada lovelace`."""
    last, comma, first = name.partition(",")
    ordered = f"{first} {last}" if comma else name
    return _NAME_GAPS.sub(" ", fold_text(ordered)).strip()


def phrase_pattern(phrase: str, *, plural: bool = False) -> re.Pattern[str]:
    """Return a pattern that finds a phrase as whole words in folded text.

    Blanks and hyphens between its words are one. With `plural` a final `s` or `es` may follow.
    """
    first, *others = map(re.escape, _words(phrase))
    # Looking behind after the first word lets the search leap from one such word to the next.
    body = _WORD_GAPS.pattern.join([rf"{first}(?<!\w{first})", *others])
    ending = "(?:e?s)?" if plural else ""
    return re.compile(rf"{body}{ending}(?!\w)")


def has_phrase(
    folded_texts: Sequence[str], phrase: str, *, plural: bool = False
) -> NDArray[np.bool_]:
    """Tell which folded texts contain a phrase: (n,); an empty one is in none."""
    if not re.search(r"[^\s\-‐-―]", phrase):
        return np.zeros(len(folded_texts), dtype=np.bool_)
    # Most texts lack the longest word, which is seen a hundred times faster than by the pattern.
    longest, search = max(_words(phrase), key=len), phrase_pattern(phrase, plural=plural).search
    found = (longest in text and search(text) is not None for text in folded_texts)
    return np.fromiter(found, dtype=np.bool_, count=len(folded_texts))


def has_author(folded_authors: Sequence[frozenset[str]], names: Iterable[str]) -> NDArray[np.bool_]:
    """Tell which papers have one of these authors: (n,)."""
    wanted = {folded for folded in map(fold_name, names) if folded}
    if not wanted:
        return np.zeros(len(folded_authors), dtype=np.bool_)
    found = (not wanted.isdisjoint(authors) for authors in folded_authors)
    return np.fromiter(found, dtype=np.bool_, count=len(folded_authors))


def has_category(categories: Sequence[str], wanted: Iterable[str]) -> bool:
    """Tell whether a paper's categories include one of these, or one of these archives."""
    folded = [category.casefold() for category in categories]
    asked = [w for w in (want.casefold().removesuffix(".*").strip() for want in wanted) if w]
    return any(c == want or c.startswith(f"{want}.") for c in folded for want in asked)


def _words(phrase: str) -> list[str]:
    """Return the words of a phrase as they stand in folded texts."""
    return _WORD_GAPS.split(fold_text(phrase).strip("-"))
