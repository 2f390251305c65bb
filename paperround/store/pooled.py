"""What all readers like together, for what they can lend each other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, func, select, union
from sqlmodel import Session, col

from paperround.store.models import Embedding, Interest, InterestPaper, Paper, Rating

__all__ = ["PooledLikes", "pooled_likes", "vectors_of_papers"]

AT_ONCE = 500
"""Keys in one statement; SQLite takes no more than 32,766 variables."""


class PooledLikes(NamedTuple):
    """Pairs of readers and papers that they like."""

    readers: NDArray[np.int64]
    """(n_pairs,)."""
    papers: NDArray[np.int64]
    """Keys (n_pairs,)."""


def pooled_likes(session: Session, *, at_most: int) -> PooledLikes:
    """Return what the readers with the most liked papers like, named or rated.

    Args:
        session: Where to look.
        at_most: So many readers.
    """
    rated = select(col(Rating.reader_id), col(Rating.paper_id)).where(col(Rating.value) > 0)
    # A rating outweighs what an interest named.
    disliked = (
        select(col(Rating.id))
        .where(
            col(Rating.reader_id) == col(Interest.reader_id),
            col(Rating.paper_id) == col(InterestPaper.paper_id),
            col(Rating.value) < 0,
        )
        .exists()
    )
    named = (
        select(col(Interest.reader_id), col(InterestPaper.paper_id))
        .join(Interest, col(Interest.id) == col(InterestPaper.interest_id))
        .where(col(InterestPaper.liked).is_(True), ~disliked)
    )
    pairs = union(rated, named).subquery()
    most = (
        select(pairs.c.reader_id)
        .group_by(pairs.c.reader_id)
        .order_by(func.count().desc(), pairs.c.reader_id)
        .limit(at_most)
        .subquery()
    )
    query = (
        select(pairs.c.reader_id, pairs.c.paper_id)
        .join(most, most.c.reader_id == pairs.c.reader_id)
        .order_by(pairs.c.reader_id, pairs.c.paper_id)
    )
    rows = np.array([tuple(row) for row in session.execute(query)], dtype=np.int64).reshape(-1, 2)
    return PooledLikes(rows[:, 0], rows[:, 1])


def vectors_of_papers(session: Session, model: str, keys: Sequence[int]) -> dict[int, bytes]:
    """Return the packed vectors of papers by key; those without one are left out."""
    found: dict[int, bytes] = {}
    for some in _chunks(keys):
        query = (
            select(col(Paper.id), col(Embedding.vector))
            .join(
                Embedding,
                and_(
                    col(Embedding.text_hash) == col(Paper.text_hash), col(Embedding.model) == model
                ),
            )
            .where(col(Paper.id).in_(some))
        )
        found.update((key, vector) for key, vector in session.execute(query) if key is not None)
    return found


def _chunks(keys: Sequence[int]) -> list[Sequence[int]]:
    return [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
