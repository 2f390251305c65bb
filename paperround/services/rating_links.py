"""Ratings by the links of a digest: what a link is about, and what it stores.

A link can rate one paper for one reader, both of which its signature names. Looking changes
nothing; see `rate_by_link` for what does.
"""

from dataclasses import dataclass
from typing import Literal

from digest.latex import to_text
from paperround.context import App
from paperround.errors import UnknownPaperError
from paperround.services.linked_papers import (
    DOWN,
    UP,
    LinkedPaper,
    linked_papers,
    reader_with,
)
from paperround.store.engine import Session
from paperround.store.linked import digest_showing
from paperround.store.ratings import save_rating
from paperround.store.shown import items_of
from paperround.tokens import Claims, Purpose

__all__ = ["RatingPage", "rate_by_link", "rating_of"]

NAMED_AUTHORS = 100
"""Collaborations have thousands; nobody reads on."""

Verdict = Literal[-1, 1]
_SUGGESTIONS: dict[int, Verdict] = {UP: 1, DOWN: -1}


@dataclass(frozen=True, slots=True)
class RatingPage:
    """A paper that a reader may rate, and what else of its digest waits for a rating."""

    paper: LinkedPaper
    suggested: int
    """What the link suggests: 1, -1, or 0 for nothing."""
    unrated: tuple[LinkedPaper, ...]
    """The other papers of the same digest without a rating of this reader, in its order."""
    abstract: str
    """The whole of it, readable."""
    authors: str

    @property
    def preselected(self) -> int:
        """The answer that the form begins with: the link's own, else the one given before."""
        return self.suggested or self.paper.given


def rating_of(app: App, token: str) -> RatingPage:
    """Return what a rating link is about; nothing is changed.

    Raises:
        TokenError: It is not a good link, or its reader is gone.
        UnknownPaperError: The paper is not here any more.
    """
    claims = _verified(app, token)
    with app.database.read() as session:
        return _page(app, session, claims)


def rate_by_link(app: App, token: str, value: Verdict | None) -> RatingPage:
    """Keep the rating that a reader gives by a link, and return what is then to be seen.

    The same again changes nothing; another value replaces the first. It teaches the interest
    under which the paper was shown, else all of the reader's interests.

    Args:
        app: The application.
        token: Of the link; it alone says whose rating of which paper this is.
        value: 1 or -1; None takes the link's suggestion, and without one nothing is kept.

    Raises:
        TokenError: It is not a good link, or its reader is gone.
        UnknownPaperError: The paper is not here any more.
    """
    claims = _verified(app, token)
    rating = value or _SUGGESTIONS.get(claims.value)
    if rating is None:
        return rating_of(app, token)
    reader_id, key = claims.reader_id, claims.object_id
    with app.database.write() as session:
        reader_with(session, claims)
        _paper(app, session, claims)
        digest = digest_showing(session, reader_id, key)
        interest = digest.interest_id if digest is not None else None
        save_rating(session, reader_id, key, rating, interest_id=interest, now=app.clock())
    return rating_of(app, token)


def _verified(app: App, token: str) -> Claims:
    return app.tokens.verify(token, Purpose.RATE, on=app.clock().date())


def _page(app: App, session: Session, claims: Claims) -> RatingPage:
    reader_id, key = claims.reader_id, claims.object_id
    reader_with(session, claims)
    paper = _paper(app, session, claims)
    digest = digest_showing(session, reader_id, key)
    others = items_of(session, digest.delivery_id) if digest is not None else []
    keys = [item.paper_id for item in others if item.paper_id != key]
    found = linked_papers(app, session, reader_id, keys, on=claims.issued_on)
    named = ", ".join(to_text(name) for name in paper.stored.authors[:NAMED_AUTHORS])
    more = len(paper.stored.authors) - NAMED_AUTHORS
    return RatingPage(
        paper=paper,
        suggested=_SUGGESTIONS.get(claims.value, 0),
        unrated=tuple(found[it] for it in keys if it in found and not found[it].given),
        abstract=to_text(paper.stored.abstract),
        authors=f"{named} and {more:,} more" if more > 0 else named,
    )


def _paper(app: App, session: Session, claims: Claims) -> LinkedPaper:
    key = claims.object_id
    found = linked_papers(app, session, claims.reader_id, [key], on=claims.issued_on)
    if key not in found:
        raise UnknownPaperError(f"number {key}")
    return found[key]
