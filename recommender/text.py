"""The text of a paper: what is embedded, its hash, and its sentences.

Does not render: LaTeX stays as the author wrote it, here and in everything that is embedded.
"""

import hashlib
import re
from collections.abc import Sequence

__all__ = ["MAX_CHARS", "normalised_title", "paper_text", "prose_text", "sentences", "text_hash"]

MAX_CHARS = 10_000
"""Characters of a paper's text that are kept; models read far less (MiniLM about 1,300)."""

_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_ENDING = re.compile(r"""[.?!]["'”’)\]]*\s+(?=["'“‘(\[]?[A-Z0-9$\\À-ÖØ-Þ])""")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|al|cf|vs|resp|approx|figs?|eqs?|secs?|sects?|refs?|tabs?|thms?|props?"
    r"|defs?|lems?|chap|vol|nos?|dr|prof|mr|mrs|ms|st|jr|sr|ph\.d|viz|ca|w\.r\.t|[A-Za-z])\.$",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")


def paper_text(title: str, abstract: str) -> str:
    """Join title and abstract into the text that is embedded.

    White space and control characters are folded to single spaces. LaTeX is left as it is: the
    figures of the recipe were measured so, and stripping it would change every stored vector
    whenever the stripping changes.
    """
    title = _fold(title)
    if title and title[-1] not in ".?!:":
        title += "."
    return f"{title} {_fold(abstract)}".strip()[:MAX_CHARS]


def prose_text(prose: str, keywords: Sequence[str] = ()) -> str:
    """Join a reader's sentence and keywords into the text that stands for their interest."""
    said = [_fold(part) for part in (prose, ", ".join(keywords))]
    return ". ".join(part.rstrip(". ") for part in said if part)[:MAX_CHARS]


def text_hash(text: str) -> str:
    """Return the SHA-256 of the text as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def normalised_title(title: str) -> str:
    """Reduce a title to lower-case words, so that twins of a paper compare equal."""
    return _NOT_WORD.sub(" ", title.casefold()).strip()


def sentences(abstract: str) -> list[str]:
    """Split an abstract into its sentences, white space folded, in order.

    A full stop ends a sentence only when a space and then a capital, a digit, a bracket or a
    formula follow, and when what stands before it is neither an abbreviation (`e.g.`, `et al.`,
    `Fig.`) nor an initial.
    """
    text = _fold(abstract)
    found, start = [], 0
    for end in _ENDING.finditer(text):
        if not _ABBREVIATED.search(text[max(start, end.start() - 14) : end.start() + 1]):
            found.append(text[start : end.end()].strip())
            start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _fold(text: str) -> str:
    # Most texts are folded already; finding that out costs a tenth of the substitution.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACE.sub(" ", text).strip()
