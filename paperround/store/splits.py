"""Moving papers and ratings from one interest of a reader to another."""

from collections.abc import Sequence

from sqlalchemy import and_, literal, or_, update
from sqlmodel import Session, col

from paperround.store.models import InterestPaper, Rating

__all__ = ["move_named", "move_ratings"]


def move_named(session: Session, from_id: int, to_id: int, paper_keys: Sequence[int]) -> None:
    """Let another interest name these papers; it must not name any of them yet."""
    session.execute(
        update(InterestPaper)
        .where(
            col(InterestPaper.interest_id) == from_id, col(InterestPaper.paper_id).in_(paper_keys)
        )
        .values(interest_id=to_id)
    )


def move_ratings(
    session: Session,
    from_id: int,
    to_id: int,
    paper_keys: Sequence[int],
    *,
    reader_id: int,
    unassigned: bool,
) -> None:
    """Let a reader's ratings of these papers teach another interest than they did.

    Args:
        session: A writing transaction.
        from_id: The interest that they teach now.
        to_id: The one that they are to teach.
        paper_keys: Of which papers.
        reader_id: Whose ratings.
        unassigned: Whether those count too that teach no interest of their own.
    """
    taught = col(Rating.interest_id)
    session.execute(
        update(Rating)
        .where(
            col(Rating.reader_id) == reader_id,
            col(Rating.paper_id).in_(paper_keys),
            or_(taught == from_id, and_(taught.is_(None), literal(unassigned))),
        )
        .values(interest_id=to_id)
    )
