"""arXiv's announcements of a day, as its RSS and Atom feeds give them.

The parser is pure: bytes in, records out. When to ask, how often, and whether this is the same
batch as yesterday's is not decided here.

Source: https://info.arxiv.org/help/rss_specifications.html
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from paperround.errors import IdentityError, SourceUnreachableError
from paperround.folding import fold
from paperround.identity import arxiv_id, paper_url
from paperround.names import author_list
from paperround.records import PaperRecord
from paperround.sources.code_links import find_repository
from paperround.sources.protocol import Fetch, SkipLog, Skipped
from paperround.taxonomy import categories_among, check_category

__all__ = ["ArxivFeed", "FeedBatch", "parse_feed"]

_NAME = "arxiv-feed"
_ADDRESS = "https://rss.arxiv.org/rss/"
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ARXIV_ZONE = ZoneInfo("America/New_York")
_NEW = "new"
_KINDS = (_NEW, "cross", "replace", "replace-cross")  # in the order in which one outranks the next
_LEAD = re.compile(r"arXiv:\S+\s+Announce Type:\s*(?P<kind>[a-z-]+)\s*(?:Abstract:\s*)?", re.ASCII)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ERROR_TITLE = "Feed error"


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """What one feed announced."""

    records: tuple[PaperRecord, ...]
    """One for each paper; new ones and first versions cross-listed carry `announced_on`."""
    announced_on: date | None
    """The day the feed stands for; None when it does not say."""
    skipped: Skipped
    counts: Mapping[str, int]
    """Papers by announce type: new, cross, replace, replace-cross."""


class ArxivFeed:
    """The announcements of the present day in some categories; a `Source`.

    Asks once for all categories together, as arXiv's feeds allow. An empty feed is a day without
    announcements (a weekend, a holiday) and yields nothing.
    """

    name = _NAME

    def __init__(self, categories: Sequence[str], fetch: Fetch) -> None:
        self.categories = tuple(dict.fromkeys(check_category(code) for code in categories))
        self.skips = SkipLog()
        self._fetch = fetch

    def fetch(self, since: date | None = None) -> Iterator[PaperRecord]:
        """Yield the papers of the present feed; nothing when it is older than `since`.

        Raises:
            SourceUnreachableError: arXiv did not answer, or not with a feed.
        """
        self.skips.clear()
        if not self.categories:
            return
        batch = parse_feed(self._fetch(_ADDRESS + "+".join(self.categories)), self.skips)
        if since is None or batch.announced_on is None or batch.announced_on >= since:
            yield from batch.records


def parse_feed(body: bytes, skips: SkipLog | None = None) -> FeedBatch:
    """Return the announcements of one RSS or Atom body.

    A paper that stands in it several times (new in one category, cross-listed in another) is one
    record, of the announce type that comes first in: new, cross, replace, replace-cross.

    Args:
        body: The feed as arXiv sent it.
        skips: Where malformed entries are logged; a log of its own when None.

    Raises:
        SourceUnreachableError: The body is no feed, is cut off, or is an error in a feed's dress.
    """
    log = SkipLog() if skips is None else skips
    root = _root(body)
    items = root.findall("channel/item") or root.findall(f"{_ATOM}entry")
    announced_on = _announced_on(root, items)
    best: dict[str, tuple[int, PaperRecord]] = {}
    for number, item in enumerate(items, start=1):
        try:
            rank, record = _read(item, announced_on)
        except (IdentityError, ValueError) as problem:
            log.add(f"item {number}", str(problem))
            continue
        if record.paper_id not in best or rank < best[record.paper_id][0]:
            best[record.paper_id] = (rank, record)
    counts = Counter(_KINDS[rank] for rank, _ in best.values())
    return FeedBatch(
        tuple(record for _, record in best.values()), announced_on, log.summary(), counts
    )


class _PlainTree(ElementTree.TreeBuilder):
    """Builds the tree of a document without DOCTYPE, and so without entities."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse the document."""
        raise SourceUnreachableError(_NAME, f"answered with a {name} page instead of a feed")


def _root(body: bytes) -> ElementTree.Element:
    """Return the root of a feed; anything else is an error."""
    # Abstracts now and then hold control characters, which would cost the whole day.
    clean = _CONTROLS.sub(b" ", body) if body.lstrip()[:1] == b"<" else body
    try:
        parser = ElementTree.XMLParser(target=_PlainTree())  # noqa: S314 -- DOCTYPE is refused
        parser.feed(clean)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise SourceUnreachableError(_NAME, f"answer is no feed or is cut off ({error})") from error
    if root.tag not in ("rss", f"{_ATOM}feed"):
        raise SourceUnreachableError(_NAME, f"answered with <{root.tag[:40]}> instead of a feed")
    title = _text(root, "channel/title") or _text(root, f"{_ATOM}title")
    if title.startswith(_ERROR_TITLE):
        words = _text(root, "channel/description") or _text(root, f"{_ATOM}subtitle")
        raise SourceUnreachableError(_NAME, words or title)
    if not title:
        raise SourceUnreachableError(_NAME, "answered with a feed that has no title")
    return root


def _read(item: ElementTree.Element, announced_on: date | None) -> tuple[int, PaperRecord]:
    """Return the rank of an entry's announce type, and its paper."""
    words = _text(item, "description") or _text(item, f"{_ATOM}summary")
    lead = _LEAD.match(words)
    kind = _text(item, f"{_ARXIV}announce_type") or (lead["kind"] if lead else "")
    if kind not in _KINDS:
        raise ValueError(f"unknown announce type {kind[:20]!r}")
    title = _text(item, "title") or _text(item, f"{_ATOM}title")
    if not title:
        raise ValueError("no title")
    name, version = _identity(item)
    abstract = words[lead.end() :] if lead else words
    return _KINDS.index(kind), PaperRecord(
        paper_id=f"arxiv:{name}",
        source=_NAME,
        title=title,
        abstract=abstract,
        authors=author_list(", ".join(_texts(item, f"{_DC}creator"))),
        categories=_categories(item),
        version=version,
        announced_on=announced_on if _is_news(kind, version) else None,
        licence=_text(item, f"{_DC}rights") or None,
        url=paper_url(f"arxiv:{name}"),
        code_url=find_repository([abstract]),
    )


def _is_news(kind: str, version: int | None) -> bool:
    """Tell whether an entry is a paper's first word in the categories asked for.

    A paper of a category nobody asked for is seen here first as a cross-list; where it was new
    before, the store keeps that earlier day.
    """
    return kind == _NEW or (kind == "cross" and version in (1, None))


def _identity(item: ElementTree.Element) -> tuple[str, int | None]:
    """Return id and version from the guid, or from the link when there is no guid."""
    given = _text(item, "guid") or _text(item, f"{_ATOM}id") or _text(item, "link")
    return arxiv_id(given)


def _categories(item: ElementTree.Element) -> tuple[str, ...]:
    """Return the categories, primary first, none twice."""
    terms = [element.get("term", "") for element in item.findall(f"{_ATOM}category")]
    return categories_among([*_texts(item, "category"), *terms])


def _announced_on(root: ElementTree.Element, items: list[ElementTree.Element]) -> date | None:
    """Return the day the feed stands for, in arXiv's own zone."""
    times = [_text(item, "pubDate") or _text(item, f"{_ATOM}published") for item in items[:1]]
    times += [_text(root, "channel/pubDate"), _text(root, f"{_ATOM}updated")]
    return next(filter(None, map(_day, times)), None)


def _day(text: str) -> date | None:
    """Return arXiv's calendar day at an RFC 822 or ISO time, None when it is neither."""
    try:
        instant = datetime.fromisoformat(text) if "-" in text[:5] else parsedate_to_datetime(text)
        return (instant.astimezone(_ARXIV_ZONE) if instant.tzinfo else instant).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _text(element: ElementTree.Element, path: str) -> str:
    """Return the folded text at a path; empty when there is none."""
    return fold(element.findtext(path) or "")


def _texts(element: ElementTree.Element, path: str) -> list[str]:
    """Return the folded texts at a path, empty ones left out."""
    return [text for found in element.findall(path) if (text := fold(found.text or ""))]
