"""Characters that may stand in a mail, and where a text may be cut.

Knows nothing of LaTeX, of HTML or of mail headers; all of them build on it.
"""

import re
import unicodedata

__all__ = ["clean", "one_line", "shorten"]

# What would break a line: C0 and C1 spaces, next line, line and paragraph separator.
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
# What is never text: other controls, direction overrides and isolates (they reorder what follows
# them, also outside of the title they came in), byte order mark, interlinear annotation,
# non-characters and surrogates without their half.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s{2,}|[^\S ]")
_ELLIPSIS = "…"
_ZERO_WIDTH_JOINER = "\u200d"


def clean(text: str) -> str:
    """Return the text without control characters; a line break becomes a space.

    Tabs and line breaks of every kind become one space each; NUL and other C0/C1 controls,
    bidirectional overrides and isolates, and lone surrogates go. Never raises.
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub("", _BREAKS.sub(" ", text))


def one_line(text: str) -> str:
    """Return the clean text with its white space folded and its ends stripped."""
    return _SPACES.sub(" ", clean(text)).strip()


def shorten(text: str, limit: int) -> str:
    """Return the text cut to at most `limit` characters, the last one an ellipsis.

    The cut is at a word where one ends in the second half of what fits, else between two
    characters that a reader sees as separate. A text that fits is returned as it is.

    Raises:
        ValueError: `limit` is below 1.
    """
    if limit < 1:
        raise ValueError(f"a text cannot be shortened to {limit} characters")
    if len(text) <= limit:
        return text
    cut = limit - 1
    space = text.rfind(" ", 0, cut + 1)
    if space > cut // 2:
        cut = space
    while cut > 0 and _is_joined(text, cut):
        cut -= 1
    return text[:cut].rstrip(" ,;:([–—-") + _ELLIPSIS


def _is_joined(text: str, cut: int) -> bool:
    """Tell whether a cut before `text[cut]` would split what is seen as one character."""
    before, after = text[cut - 1], text[cut]
    return (
        unicodedata.category(after).startswith("M")  # accents, variation selectors, keycaps
        or _ZERO_WIDTH_JOINER in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # tags, of the flags of Scotland and others
        or (_is_regional(after) and _flag_letters_before(text, cut) % 2 == 1)
    )


def _is_regional(character: str) -> bool:
    """Tell whether the character is one half of a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters_before(text: str, cut: int) -> int:
    """Count the halves of flags that stand directly before the cut."""
    start = cut
    while start > 0 and _is_regional(text[start - 1]):
        start -= 1
    return cut - start
