"""Ratings: one per reader and paper, and the last one counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from paperround.store.dialect import insert_into
from paperround.store.models import Rating

__all__ = ["Votes", "ratings_of", "save_rating", "votes_on"]


class Votes(NamedTuple):
    """How the readers here rated one paper."""

    likes: int
    dislikes: int


def save_rating(
    session: Session,
    reader_id: int,
    paper_key: int,
    value: Literal[-1, 1],
    *,
    interest_id: int | None,
    now: datetime,
) -> None:
    """Keep a rating; a repeated one changes nothing, another one replaces the first."""
    insert = insert_into(session, Rating).values(
        reader_id=reader_id,
        paper_id=paper_key,
        value=value,
        interest_id=interest_id,
        rated_at=now,
    )
    excluded = insert.excluded
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["reader_id", "paper_id"],
            set_={
                "value": excluded.value,
                "interest_id": excluded.interest_id,
                "rated_at": excluded.rated_at,
            },
            where=col(Rating.value) != excluded.value,
        )
    )


def ratings_of(session: Session, reader_id: int) -> list[Rating]:
    """Return a reader's ratings, oldest first."""
    query = (
        select(Rating)
        .where(col(Rating.reader_id) == reader_id)
        .order_by(col(Rating.rated_at), col(Rating.id))
    )
    return list(session.execute(query).scalars())


def votes_on(session: Session, paper_keys: Sequence[int]) -> dict[int, Votes]:
    """Return the votes on these papers; those without any are left out."""
    value = col(Rating.value)
    query = (
        select(
            col(Rating.paper_id),
            func.sum(case((value > 0, 1), else_=0)),
            func.sum(case((value < 0, 1), else_=0)),
        )
        .where(col(Rating.paper_id).in_(paper_keys))
        .group_by(col(Rating.paper_id))
    )
    return {
        key: Votes(int(likes), int(dislikes)) for key, likes, dislikes in session.execute(query)
    }
