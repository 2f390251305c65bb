"""Ratings: a reader's thumbs up or down, which tunes the next digest."""

from typing import Literal

from paperround.context import App
from paperround.errors import UnknownPaperError
from paperround.identity import canonical
from paperround.store.papers import paper_ids
from paperround.store.ratings import save_rating
from paperround.store.readers import interest_named, reader_at
from paperround.store.shown import section_interest

__all__ = ["rate"]


def rate(
    app: App,
    address: str,
    paper: str,
    value: Literal[-1, 1],
    *,
    interest: str | None = None,
    dry_run: bool = False,
) -> str:
    """Keep a reader's rating of a paper and return the paper's canonical id.

    It teaches the interest named, else the one under which the paper was shown, else all of the
    reader's interests. The same rating again changes nothing; another one replaces it.

    Raises:
        IdentityError: The text names no paper.
        UnknownPaperError: The paper is not here.
        UnknownReaderError: No reader has this address.
        UnknownInterestError: The reader has no such interest.
    """
    paper_id = canonical(paper)
    context = app.database.read() if dry_run else app.database.write()
    with context as session:
        reader = reader_at(session, address)
        assert reader.id is not None
        key = paper_ids(session, [paper_id]).get(paper_id)
        if key is None:
            raise UnknownPaperError(paper_id)
        taught = (
            interest_named(session, reader.id, interest).id
            if interest is not None
            else section_interest(session, reader.id, key)
        )
        if not dry_run:
            save_rating(session, reader.id, key, value, interest_id=taught, now=app.clock())
    return paper_id
