"""Lists of papers by id: one a line, comma separated, with titles, in links, in prose.

Any text is such a list if it names a paper.
"""

import re

from paperround.errors import IdentityError
from paperround.folding import fold
from paperround.identity import arxiv_id, doi, find_arxiv_ids
from paperround.library.model import Library
from paperround.records import LibraryItem

__all__ = ["parse"]

_COMMENT = ("#", "%", "//")
_DOI = re.compile(r"(?<![\w/.])10\.\d{4,9}/[^\s\",;]+")
_LED_BY_ID = re.compile(
    r"[-*\u2022\s]*(?:\d{1,4}[.)]\s)?\[?(?P<id>[^\s\],;|]+)\]?[\s,;:|\u2013-]*(?P<title>.*)"
)
_SHORTEST_TITLE = 8
_SHORT_LINE = 60


def parse(text: str) -> Library:
    """Return the papers that a text names, each once, in its order.

    A line that begins with an id gives the rest as title (`[2203.02155] Training language ...`).
    Lines that begin with `#`, `%` or `//` are comments. A line without any id is a problem when it
    looks as if it was meant to hold one: it is short, or has digits.
    """
    items: dict[str, LibraryItem] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = fold(line)
        if not stripped or stripped.startswith(_COMMENT):
            continue
        found = _items(stripped, f"line {number}")
        for item in found:
            items.setdefault(item.arxiv_id or item.doi or "", item)
        if not found and (len(stripped) <= _SHORT_LINE or any(map(str.isdigit, stripped))):
            problems.append(f"line {number}: no arXiv id or DOI in {stripped[:_SHORT_LINE]!r}")
    return Library(tuple(items.values()), tuple(problems), "ids")


def _items(line: str, where: str) -> list[LibraryItem]:
    """Return the papers that one line names."""
    titled = _titled(line, where)
    if titled:
        return [titled]
    items = [LibraryItem("", arxiv_id=name, key=where) for name, _ in find_arxiv_ids(line)]
    names = [match[0] for match in _DOI.finditer(line) if "arxiv." not in match[0].lower()]
    return items + [LibraryItem("", doi=doi(name), key=where) for name in names]


def _titled(line: str, where: str) -> LibraryItem | None:
    """Return the paper of a line that is one id and a title, None for any other line."""
    match = _LED_BY_ID.fullmatch(line)
    if (
        match is None
        or len(match["title"]) < _SHORTEST_TITLE
        or any(find_arxiv_ids(match["title"]))
    ):
        return None
    try:
        name, _ = arxiv_id(match["id"])
    except IdentityError:
        return None
    return LibraryItem(match["title"], arxiv_id=name, key=where)
