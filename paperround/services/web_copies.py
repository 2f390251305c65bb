"""The web copy of a digest: what the ledger says that a reader was shown.

It is read from the ledger, not made again: papers, order and scores are those of the mail. Reads
only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from digest.model import SectionKind
from digest.wording import long_date, reason_text
from paperround.context import App
from paperround.services.cards import plain_title
from paperround.services.linked_papers import LinkedPaper, linked_papers, reader_with
from paperround.store.engine import Session
from paperround.store.linked import delivery_to
from paperround.store.models import DeliveryItem
from paperround.store.papers import paper_ids, papers_by_key
from paperround.store.readers import interests_of
from paperround.store.shown import items_of
from paperround.tokens import Purpose

__all__ = ["CopiedEntry", "CopiedSection", "WebCopy", "web_copy"]

_HEADINGS = {
    SectionKind.INTEREST: "An interest of before",
    SectionKind.TRENDING: "Trending",
    SectionKind.OUTSIDE: "A little outside your usual",
}


@dataclass(frozen=True, slots=True)
class CopiedEntry:
    """One paper of the copy."""

    paper: LinkedPaper
    score: str
    """0 to 100 with one decimal, as in the mail."""
    score_label: str
    reason: str


@dataclass(frozen=True, slots=True)
class CopiedSection:
    """A heading and its papers, best first."""

    heading: str
    entries: tuple[CopiedEntry, ...]


@dataclass(frozen=True, slots=True)
class WebCopy:
    """One digest as a page."""

    day: str
    """In full: `Monday, May 4, 2026`."""
    reader_name: str
    sections: tuple[CopiedSection, ...]
    """Empty when the ledger has no papers for it: a preview, or a digest of long ago."""


def web_copy(app: App, token: str) -> WebCopy:
    """Return the digest that a link of its mail names.

    Raises:
        TokenError: It is not a good link, or its reader is gone.
    """
    claims = app.tokens.verify(token, Purpose.WEB_COPY, on=app.clock().date())
    with app.database.read() as session:
        reader = reader_with(session, claims)
        delivery = delivery_to(session, claims.reader_id, claims.object_id)
        on = delivery.local_date if delivery is not None else claims.issued_on
        items = items_of(session, claims.object_id) if delivery is not None else []
        sections = _sections(app, session, claims.reader_id, items, on)
        return WebCopy(long_date(on), reader.name, sections)


def _sections(
    app: App, session: Session, reader_id: int, items: Sequence[DeliveryItem], on: date
) -> tuple[CopiedSection, ...]:
    keys = [item.paper_id for item in items]
    papers = linked_papers(app, session, reader_id, keys, on=on)
    titles = _nearest_titles(app, session, items)
    names = {row.id: row.name for row in interests_of(session, reader_id)}

    def place(item: DeliveryItem) -> str:
        return names.get(item.interest_id) or _HEADINGS[SectionKind(item.section)]

    return tuple(
        CopiedSection(heading, tuple(_entry(papers[it.paper_id], it, titles) for it in found))
        for heading, found in groupby(items, key=place)
    )


def _entry(paper: LinkedPaper, item: DeliveryItem, titles: dict[str, str]) -> CopiedEntry:
    liked = [titles[paper_id] for paper_id in item.reasons.get("nearest", []) if paper_id in titles]
    return CopiedEntry(
        paper=paper,
        score=f"{item.score:.1f}",
        score_label="trending" if item.section == SectionKind.TRENDING else "match",
        reason=reason_text(liked=liked, words=item.reasons.get("words", [])),
    )


def _nearest_titles(app: App, session: Session, items: Iterable[DeliveryItem]) -> dict[str, str]:
    """Return the titles of the liked papers that reasons quote, by their ids."""
    wanted = {paper_id for item in items for paper_id in item.reasons.get("nearest", [])}
    keys = paper_ids(session, wanted)
    found = papers_by_key(session, keys.values(), model=app.settings.model)
    return {paper.paper_id: plain_title(paper.title) for paper in found.values()}
