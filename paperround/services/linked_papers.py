"""Papers as the pages behind a reader's links show them: card, own rating, further links.

Links are paths, not addresses: a page works under whatever name it was opened, and leads nowhere
else. Reads only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from digest.model import Card
from paperround.context import App
from paperround.errors import ForgedTokenError
from paperround.services.cards import facts_of, shared_card
from paperround.store.engine import Session
from paperround.store.linked import given_ratings
from paperround.store.models import Reader
from paperround.store.papers import StoredPaper, papers_by_key
from paperround.store.readers import reader_of
from paperround.tokens import Claims, Purpose

__all__ = ["DOWN", "UP", "LinkedPaper", "linked_papers", "page_path", "reader_with"]

UP, DOWN = 1, 2
"""What a rating link suggests; part of links in mails, so they never change."""


@dataclass(frozen=True, slots=True)
class LinkedPaper:
    """One paper on a page of one reader."""

    stored: StoredPaper
    card: Card
    given: int
    """How the reader rated it: 1, -1, or 0 when they have not."""
    rate_path: str
    """Its rating page, on which nothing is preselected."""
    paper_path: str


def reader_with(session: Session, claims: Claims) -> Reader:
    """Return the reader whom a token names.

    Raises:
        ForgedTokenError: There is none any more: links of a reader who was erased say no more
            than links that never were.
    """
    reader = reader_of(session, claims.reader_id)
    if reader is None:
        raise ForgedTokenError
    return reader


def linked_papers(
    app: App, session: Session, reader_id: int, keys: Sequence[int], *, on: date
) -> dict[int, LinkedPaper]:
    """Return papers by their keys, with links as old as the digest that led here.

    Args:
        app: The application.
        session: A reading transaction.
        reader_id: Whose links and ratings.
        keys: Of the papers; unknown ones are left out.
        on: The day from which the links count, so that no page makes old links young.
    """
    given = given_ratings(session, reader_id, keys)
    papers = papers_by_key(session, keys, model=app.settings.model)
    return {
        key: LinkedPaper(
            stored=paper,
            card=shared_card(facts_of(paper), on.year),
            given=given.get(key, 0),
            rate_path=page_path(app, "rate", Purpose.RATE, reader_id, on, object_id=key),
            paper_path=page_path(app, "paper", Purpose.RATE, reader_id, on, object_id=key),
        )
        for key, paper in papers.items()
    }


def page_path(
    app: App, page: str, purpose: Purpose, reader_id: int, on: date, *, object_id: int = 0
) -> str:
    """Return the path of a signed page, below that of the base URL."""
    token = app.tokens.issue(purpose, reader_id, object_id=object_id, on=on)
    return f"{urlsplit(app.settings.base_url).path}/{page}/{token}"
