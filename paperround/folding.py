"""Text from outside, folded to one line that every part of the house can keep.

Does not touch LaTeX or markup: that is `digest.latex`, and only for showing.
"""

import re

__all__ = ["fold", "is_text"]

# Neither XML nor PostgreSQL keeps control characters, and no UTF-8 holds half a surrogate pair.
_UNKEEPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def fold(text: str) -> str:
    r"""Return the text on one line, white space single, unkeepable characters gone.

    A control character counts as white space; half a surrogate pair (`\ud800` in JSON) as nothing.
    """
    # Most names and titles are fit as they come; finding that out costs a tenth of folding.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    return " ".join(_UNKEEPABLE.sub(" ", folded).split())


def is_text(text: str) -> bool:
    """Return whether a text can be written as UTF-8.

    What the system hands over as arguments and environment may hold bytes that are none.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
