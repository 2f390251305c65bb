"""Libraries of kinds that cannot be read yet, known by their first lines.

Says what a text looks like, so that its owner knows what to export instead.
"""

import re

from paperround.errors import LibraryError

__all__ = ["refuse_other_kinds"]

_KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), look)
    for pattern, look in (
        (r"\A%PDF", "a PDF"),
        (r"\A\{\\rtf", "a rich-text document"),
        (r"\A<(?:!doctype html|html)", "an HTML page"),
        (r"\A<\?xml|\A<[a-z!]", "an XML file (EndNote or PubMed?)"),
        (r"\A\[?\s*\{\s*[\"}]", "JSON (CSL-JSON or Zotero?)"),
        (r"^TY {1,2}- ", "RIS"),
        (r"\A%[0-9A-Z] \S", "an EndNote export (.enw)"),
        (r"\APMID- ?\d", "a MEDLINE export"),
        (r"\A\"?Key\"?,\"?Item Type\"?,", "a Zotero CSV export"),
    )
)
_HEAD = 4096


def refuse_other_kinds(text: str, where: str) -> None:
    """Raise when a text is a library of another kind.

    Args:
        text: The whole text, or at least its first lines.
        where: The file, for the message.

    Raises:
        LibraryError: It is; says which kind it looks like.
    """
    head = text.lstrip()[:_HEAD]
    for pattern, look in _KINDS:
        if pattern.search(head):
            raise LibraryError(
                where, f"looks like {look}; export it as BibTeX, or give a list of arXiv ids"
            )
